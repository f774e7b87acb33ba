// A mask: selected pixels of an image. Masks are combined like sets.
import { Matrix } from "ml-matrix";
import { toVector } from "../compute/matrix.js";
import { ArgumentError, quote, ShapeError } from "../errors.js";
import { checkOptions, type OptionNames, requireOptions } from "../options.js";
import { whole } from "./check.js";
import { type Components, components, type Neighbors } from "./components.js";
import { intervalMask } from "./masks.js";

/** Input of a mask. */
export interface MaskInput {
  /**
   * One entry per pixel, row-major, from the top row; true or above 0 where selected, NaN where the pixel has
   * no value. A `Matrix` has its own size.
   */
  readonly values: ArrayLike<number | boolean> | Matrix;
  /** Columns. */
  readonly width?: number;
  /** Rows. */
  readonly height?: number;
  /** Description of the selection: "dose rate in [0.7, 1) kGy/s". */
  readonly label?: string;
}

const NAMES: OptionNames<MaskInput> = { values: true, width: true, height: true, label: true };

/** Connectivity of pixels. */
interface NeighborOptions {
  /** The 4 pixels that share a side (default), or the 8 that share at least a corner. */
  readonly neighbors?: Neighbors;
}

const NEIGHBORS: OptionNames<NeighborOptions> = { neighbors: true };

type Interval = readonly [number, number];

/**
 * Selected pixels of an image; immutable: every method returns a new mask.
 *
 * A pixel without a value is in neither the mask nor its complement. `or` and `and` follow Kleene's
 * three-valued logic: the other mask may decide.
 *
 * @example
 * const low = new Mask({ values: [1, 1, 0, 0], width: 2, height: 2, label: "low" });
 * const top = new Mask({ values: [1, 0, 1, 0], width: 2, height: 2, label: "left" });
 * low.and(top).count; // 1
 * low.or(top.not()).values; // [1, 1, 0, 1]
 */
export class Mask {
  readonly width: number;
  readonly height: number;
  /** 1 where selected, 0 elsewhere; row-major, [height, width]. Read-only. */
  readonly values: Uint8Array;
  /** 1 where a pixel has no value, 0 elsewhere; same shape as `values`. */
  readonly missing: Uint8Array;
  /** Number of selected pixels. */
  readonly count: number;
  readonly label: string;

  /** @throws ShapeError when there is not one value per pixel; ArgumentError for other invalid input */
  constructor(input: MaskInput) {
    const { values, label = "mask" } = requireOptions("Mask", input, NAMES);
    const isMatrix = Matrix.isMatrix(values);
    const list = isMatrix ? values.to1DArray() : values;
    this.width = whole("Mask", "width", isMatrix ? values.columns : input.width, "pixels");
    this.height = whole("Mask", "height", isMatrix ? values.rows : input.height, "pixels");
    if (list?.length !== this.width * this.height) {
      throw new ShapeError(
        `Mask: expected ${this.width} x ${this.height} = ${this.width * this.height} values, got ${list?.length ?? quote(list)}; width is the number of columns, height of rows`,
        { expected: this.width * this.height, got: list?.length },
      );
    }
    if (typeof label !== "string")
      throw new ArgumentError(`Mask: expected label as text, got ${quote(label)}`);
    const codes = codesOf(list);
    this.values = Uint8Array.from(codes, (v) => (v > 0 ? 1 : 0));
    this.missing = Uint8Array.from(codes, (v) => (Number.isNaN(v) ? 1 : 0));
    this.count = this.values.reduce((n, v) => n + v, 0);
    this.label = label;
    Object.freeze(this);
  }

  /**
   * Pixels whose value is in [low, high), or in one of several such intervals. Pixels without a value are not
   * selected.
   *
   * @param map values and their shape; the interval is in the same unit
   * @throws ArgumentError when low is not below high
   */
  static where(map: MaskInput, interval: Interval | readonly Interval[]): Mask {
    if (typeof map !== "object" || map === null) {
      throw new ArgumentError(`Mask.where: expected { values, width, height, label? }, got ${quote(map)}`);
    }
    const { values } = map;
    const list = (Array.isArray(interval?.[0]) ? interval : [interval]) as readonly Interval[];
    const isMatrix = Matrix.isMatrix(values);
    const numbers = toVector(
      (isMatrix ? values.to1DArray() : values) as ArrayLike<number>,
      "Mask.where",
      "values",
    );
    const [width, height] = isMatrix ? [values.columns, values.rows] : [map.width, map.height];
    const selected = list
      .map((one) => new Mask({ width, height, label: map.label, values: intervalMask(numbers, one) }))
      .reduce((all, one) => all.or(one, map.label));
    return selected.from(map.label ?? selected.label, (v, p) => (Number.isNaN(numbers[p]) ? Number.NaN : v));
  }

  /** Pixels in either mask. */
  or(other: Mask, label = `${this.label} or ${other.label}`): Mask {
    return this.with("or", other, label, (a, b) => (a === 1 || b === 1 ? 1 : a + b));
  }

  /** Pixels in both masks. */
  and(other: Mask, label = `${this.label} and ${other.label}`): Mask {
    return this.with("and", other, label, (a, b) => (a === 0 || b === 0 ? 0 : a * b));
  }

  /** The complement: pixels that have a value and are not selected. */
  not(label = `not (${this.label})`): Mask {
    return this.from(label, (v) => 1 - v);
  }

  /**
   * The mask without connected components of fewer than `smallest` pixels. To fill holes, apply it to the
   * complement: `mask.not().withoutSpecks(20).not()`.
   *
   * @param options.neighbors 4 (sides, the default) or 8 (sides and corners)
   */
  withoutSpecks(smallest: number, options: NeighborOptions = {}): Mask {
    const { neighbors } = checkOptions("mask.withoutSpecks", options, NEIGHBORS);
    whole("mask.withoutSpecks", "smallest", smallest, "pixels");
    const { labels, sizes } = this.components({ neighbors });
    return this.from(`${this.label}, at least ${smallest} connected pixels`, (v, p) =>
      v === 1 && sizes[labels[p] - 1] < smallest ? 0 : v,
    );
  }

  /**
   * Connected components of the selected pixels. @param options.neighbors 4 (sides, the default) or 8 (sides
   * and corners)
   */
  components(options: NeighborOptions = {}): Components {
    const { neighbors = 4 } = checkOptions("mask.components", options, NEIGHBORS);
    if (neighbors !== 4 && neighbors !== 8) {
      throw new ArgumentError(`mask.components: expected neighbors of 4 or 8, got ${quote(neighbors)}`, {
        neighbors,
      });
    }
    return components(this.values, this.width, neighbors);
  }

  /**
   * Run lengths of pixels that are not selected and selected, alternately: a compact JSON form of the mask.
   * Pixels without a value count as not selected.
   */
  runs(): number[] {
    const runs = [0];
    let selected = 0;
    for (const v of this.values) {
      if (v !== selected) {
        runs.push(0);
        selected = v;
      }
      runs[runs.length - 1]++;
    }
    return runs;
  }

  /** The mask of {@link Mask.runs}. @throws ShapeError when the runs do not fill the image */
  static fromRuns(runs: readonly number[], shape: Omit<MaskInput, "values">): Mask {
    checkOptions("Mask.fromRuns", shape, { width: true, height: true, label: true });
    const lengths = Array.from(toVector(runs, "Mask.fromRuns", "runs"));
    const bad = lengths.find((n) => !(Number.isInteger(n) && n >= 0));
    if (bad !== undefined) {
      throw new ArgumentError(`Mask.fromRuns: expected runs as whole numbers from 0, got ${quote(bad)}`, {
        runs: bad,
      });
    }
    const values = lengths.flatMap((n, i) => new Array<number>(n).fill(i % 2));
    return new Mask({ ...shape, values });
  }

  private with(call: string, other: Mask, label: string, join: (a: number, b: number) => number): Mask {
    const { width, height } = this;
    if (!(other instanceof Mask) || other.width !== width || other.height !== height) {
      const got = other instanceof Mask ? `${other.width} x ${other.height}` : quote(other);
      throw new ShapeError(`mask.${call}: expected a Mask of ${width} x ${height} pixels, got ${got}`);
    }
    return this.from(label, (v, p) => join(v, other.code(p)));
  }

  // 1, 0, or NaN where there is no value.
  private code(pixel: number): number {
    return this.missing[pixel] ? Number.NaN : this.values[pixel];
  }

  // A mask of the same image from codes 1, 0 and NaN.
  private from(label: string, change: (code: number, pixel: number) => number): Mask {
    const values = Float64Array.from(this.values, (_, p) => change(this.code(p), p));
    return new Mask({ width: this.width, height: this.height, label, values });
  }
}

/** Numbers and booleans as numbers, with NaN for missing values. */
function codesOf(list: ArrayLike<number | boolean>): ArrayLike<number> {
  const plain = Array.isArray(list) ? list.map((v) => (typeof v === "boolean" ? Number(v) : v)) : list;
  return toVector(plain as ArrayLike<number>, "Mask", "values");
}

// Where the sample was in each cube, and within its scan.
import type { TimeStep } from "../plan.js";
import type { Provenance } from "../provenance.js";
import type { MapShape } from "./map.js";
import { cell, Result } from "./result.js";
import { middlesOf, timeColumn } from "./rows.js";
import type { Columns } from "./save.js";

/** Pixels or um: [x, y]. */
type Pair = readonly [number, number];

/**
 * Shifts of the sample in the images, one row for each cube and piece of its scan.
 *
 * @example
 * const known = Cube.load().schema.times.map((_, t) => [0.05 * t, -0.02 * t] as const); // pixels
 * const shifts = await Cube.load().absorb().align({ shifts: known }).shifts();
 * shifts.x[1]; // 0.05 pixels
 * shifts.errors[1]; // standard errors; NaN, because these shifts were given
 * Cube.load().absorb().align({ shifts }); // undoes the same shifts
 */
export class ShiftsResult extends Result {
  readonly kind = "shifts";
  readonly height: number;
  readonly width: number;
  /** um; undefined where it is not known. */
  readonly pixelSize: number | undefined;

  constructor(
    provenance: Provenance,
    /**
     * Pixels, [time][piece]: what is at (x, y) of the aligned image was at (x + dx, y + dy) of the recorded one.
     */
    readonly shifts: readonly (readonly Pair[])[],
    /** Standard errors of both, pixels; NaN where shifts were given. */
    readonly errors: readonly (readonly Pair[])[],
    readonly times: readonly TimeStep[],
    /** Mean energy of each piece of a scan, eV. */
    readonly energies: Float64Array,
    shape: MapShape,
  ) {
    super(provenance);
    this.height = shape.height;
    this.width = shape.width;
    this.pixelSize = shape.pixelSize;
  }

  /** Shift along x of each cube, the mean over its pieces, pixels. */
  get x(): Float64Array {
    return this.#mean(0);
  }

  /** The same along y. */
  get y(): Float64Array {
    return this.#mean(1);
  }

  #mean(axis: 0 | 1): Float64Array {
    return Float64Array.from(this.shifts, (own) => own.reduce((sum, v) => sum + v[axis], 0) / own.length);
  }

  summary(): string {
    const f = (v: number): string => `${Number(v.toPrecision(2))}`;
    const { pixelSize } = this;
    const all = this.shifts.flat();
    const spans = ([0, 1] as const).map((axis) => {
      const [low, high] = [Math.min, Math.max].map((of) => of(...all.map((one) => one[axis])));
      const um = pixelSize === undefined ? "" : ` (${f((high - low) * pixelSize)} um)`;
      return `${f(high - low)} pixels${um}`;
    });
    const errors = this.errors.flat(2).filter(Number.isFinite);
    const error = Math.sqrt(errors.reduce((sum, v) => sum + v * v, 0) / errors.length);
    const pieces = this.energies.length > 1 ? ` in ${this.energies.length} pieces of each scan` : "";
    const sure = errors.length > 0 ? `standard error ${f(error)} pixels` : "as given";
    return `Shifts of the sample in ${this.times.length} cube${this.times.length === 1 ? "" : "s"}${pieces}: over ${spans[0]} along x and ${spans[1]} along y, ${sure}`;
  }

  columns(): Columns {
    const { times, energies, shifts, errors, pixelSize } = this;
    const rows = <T>(value: (t: number, piece: number) => T): T[] =>
      times.flatMap((_, t) => Array.from(energies, (__, piece) => value(t, piece)));
    const [[name, time]] = Object.entries(timeColumn({ of: "time", times }));
    const list = (of: readonly (readonly Pair[])[], axis: 0 | 1, scale = 1): (number | null)[] =>
      rows((t, piece) => cell(of[t][piece][axis] * scale)) as (number | null)[];
    return {
      [name]: rows((t) => (time as readonly number[])[t]),
      energy: rows((_, piece) => energies[piece]),
      x: list(shifts, 0),
      y: list(shifts, 1),
      "x error": list(errors, 0),
      "y error": list(errors, 1),
      ...(pixelSize !== undefined && {
        "x (um)": list(shifts, 0, pixelSize),
        "y (um)": list(shifts, 1, pixelSize),
        "x error (um)": list(errors, 0, pixelSize),
        "y error (um)": list(errors, 1, pixelSize),
      }),
    };
  }

  /** Middle of each cube, s; NaN where times are not known. */
  get time(): Float64Array {
    return middlesOf(this.times);
  }
}

// A value for each pixel: an image at one energy, a dose-rate map, a concentration map.
import { type DoseBudget, scaleRange } from "../../dose/budget/index.js";
import { Mask } from "../../dose/mask.js";
import { type Histogram, histogram } from "../../dose/masks.js";
import { type RegionStatistics, regionStatistics } from "../../dose/regions.js";
import { ArgumentError, quote, ShapeError } from "../../errors.js";
import { checkOptions, refuseNull } from "../../options.js";
import { displayUnit } from "../../units.js";
import type { InvalidCount } from "../invalid.js";
import { invalidText } from "../invalid.js";
import type { Provenance } from "../provenance.js";
import { followedText, uncounted } from "../verbs/dose.js";
import { cell, Result } from "./result.js";
import type { Columns, NamedArray } from "./save.js";

/** Geometry of a map. */
export interface MapShape {
  readonly height: number;
  readonly width: number;
  /** um at the sample; undefined where it is not known. */
  readonly pixelSize?: number;
}

type Interval = readonly [number, number];

/**
 * Values on the pixels of an image.
 *
 * @example
 * const rate = await Cube.load().doseRate(rockCell()).map("doseRate");
 * const { n, max, area } = rate.statistics(); // pixels, Gy/s, um2
 * const { edges, counts } = rate.histogram({ step: 0.5 }); // kGy/s
 * const mask = rate.mask([0.7, 1.0]); // kGy/s
 * mask.label; // "dose rate in [0.7, 1) kGy/s"
 * rate.within(mask).statistics().max < 1000; // true: Gy/s
 */
export class MapResult extends Result implements MapShape {
  readonly kind = "map";
  readonly height: number;
  readonly width: number;
  readonly pixelSize: number | undefined;
  constructor(
    provenance: Provenance,
    /** Row-major, [height, width], first row on top; NaN where a pixel has no value or is not selected. */
    readonly values: Float64Array,
    shape: MapShape,
    /** Displayed name: "Dose rate". */
    readonly label: string,
    /** Unit of `values`; "" for pure numbers. */
    readonly unit: string,
    /** How well the scale of all values together is known; see {@link MapResult.withBudget}. */
    readonly budget?: DoseBudget,
    /** What the spectra lack that the values were made from; undefined where they were made from none. */
    readonly invalid?: InvalidCount,
  ) {
    super(provenance);
    this.height = shape.height;
    this.width = shape.width;
    this.pixelSize = shape.pixelSize;
  }

  /**
   * Pixels, extremes, mean, median, standard deviation (in `unit`) and area (um2, NaN without a pixel size)
   * of the pixels with a finite value.
   */
  statistics(): RegionStatistics {
    return regionStatistics(this.values, { pixelSize: this.pixelSize });
  }

  /**
   * Pixels in each step of the value.
   *
   * @param options.step width of a bin, in kGy/s for dose rates (default 0.3, as in the paper), MGy for
   *   doses, otherwise in the map's unit
   */
  histogram(options: { readonly step?: number } = {}): Histogram {
    refuseNull("histogram", checkOptions("histogram", options, { step: true }));
    return histogram(this.values, { ...options, unit: displayUnit(this.unit).scale });
  }

  /**
   * The pixels whose value lies in [low, high), or in one of several such intervals: a Mask, for `cube.mask`,
   * for {@link MapResult.within}, and to be joined with others.
   *
   * @param interval in kGy/s for dose rates, MGy for doses, otherwise in the map's unit, as in `cube.mask`
   * @throws ArgumentError when low is not below high
   */
  mask(interval: Interval | readonly Interval[]): Mask {
    const list = (Array.isArray(interval?.[0]) ? interval : [interval]) as readonly Interval[];
    const { unit, scale } = displayUnit(this.unit);
    const ends = list.map((one) => (Array.isArray(one) ? `[${one.join(", ")})` : quote(one)));
    const label = `${this.label.toLowerCase()} in ${ends.join(" or ")}${unit ? ` ${unit}` : ""}`;
    const scaled = list.map(
      (one) => (Array.isArray(one) ? one.map((v) => v * scale) : one) as unknown as Interval,
    );
    const { values, width, height } = this;
    return Mask.where({ values, width, height, label }, scaled);
  }

  /**
   * The part of the map that a mask selects; elsewhere NaN. @throws ShapeError for a mask of another image
   */
  within(mask: Mask): MapResult {
    if (!(mask instanceof Mask) || mask.width !== this.width || mask.height !== this.height) {
      const got = mask instanceof Mask ? `${mask.width} x ${mask.height}` : quote(mask);
      throw new ShapeError(
        `map.within: expected a Mask of ${this.width} x ${this.height} pixels, got ${got}; make it from a map of the same binning and crop`,
      );
    }
    const values = this.values.map((v, p) => (mask.values[p] ? v : Number.NaN));
    return new MapResult(
      this.provenance,
      values,
      this,
      `${this.label}, ${mask.label}`,
      this.unit,
      this.budget,
      this.invalid,
    );
  }

  /**
   * The same map with the uncertainty of its scale: flux, thickness, porosity and the like move all of its pixels together.
   * The values stay as they are.
   *
   * @throws ArgumentError for a map that is no dose or dose rate
   * @example
   * const rate = await Cube.load().doseRate(rockCell()).map("doseRate");
   * const beam = { energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5 }; // eV, photons/s, um
   * const budget = doseBudget(rockCell(), beam, { uncertainties: { flux: 0.05 }, quantity: "doseRate" });
   * rate.withBudget(budget).summary(); // says how well the scale of all pixels is known
   */
  withBudget(budget: DoseBudget): MapResult {
    if (this.unit !== "Gy" && this.unit !== "Gy/s") {
      throw new ArgumentError(
        `map.withBudget: expected a map in Gy or Gy/s, got ${this.label} in ${quote(this.unit)}`,
      );
    }
    return new MapResult(this.provenance, this.values, this, this.label, this.unit, budget, this.invalid);
  }

  summary(): string {
    const { n, min, max, mean } = this.statistics();
    const f = (v: number): string => `${Number(v.toPrecision(4))}`;
    const values =
      n > 0 ? `, ${f(min)} to ${f(max)}${this.unit ? ` ${this.unit}` : ""}, mean ${f(mean)}` : "";
    const scale = this.budget ? `; scale known to ${scaleRange(this.budget)}` : "";
    return `${this.label}: ${this.width} x ${this.height} pixels${this.pixelSize === undefined ? "" : ` of ${f(this.pixelSize)} um`}, ${n} with a value${values}${scale}${this.unit.startsWith("Gy") ? this.#doseNotes() : ""}${this.invalid ? invalidText(this.invalid) : ""}`;
  }

  /** What the steps say of a dose, also those before a cube was saved. */
  #doseNotes(): string {
    const { steps, saved } = this.provenance;
    const all = [...(saved?.steps ?? []), ...steps];
    if (this.unit === "Gy") return uncounted(all) + followedText(all);
    const isFollowed = all.some(({ verb }) => verb === "align");
    return isFollowed ? "; the mean over the places where the sample was in each cube" : "";
  }

  columns(): Columns {
    return {
      ...places(
        this.values.map((_, i) => i),
        this,
      ),
      value: Array.from(this.values, cell),
    };
  }

  override arrays(): Record<string, NamedArray> {
    const { values, height, width, unit } = this;
    const { value: _, ...axes } = super.arrays();
    const [[xName, x], [yName, y]] = Object.entries(axes);
    return {
      value: { data: values, shape: [height, width], ...(unit && { units: unit }) },
      [xName]: { ...x, data: x.data.slice(0, width), shape: [width] },
      [yName]: {
        ...y,
        data: Float64Array.from({ length: height }, (_, r) => y.data[r * width]),
        shape: [height],
      },
    };
  }
}

/**
 * Centers of pixels as columns x and y in um or, where the size of a pixel is not known, xPixel and yPixel.
 */
export function places(pixels: ArrayLike<number>, { width, pixelSize }: MapShape): Columns {
  const x = Array.from(pixels, (p) => ((p % width) + 0.5) * (pixelSize ?? 1));
  const y = Array.from(pixels, (p) => (Math.floor(p / width) + 0.5) * (pixelSize ?? 1));
  return pixelSize === undefined ? { xPixel: x, yPixel: y } : { x, y };
}

/** Values of selected pixels spread over the whole image. */
export function spread(
  values: ArrayLike<number>,
  pixels: Int32Array,
  { height, width }: MapShape,
  stride = 1,
  offset = 0,
): Float64Array {
  const out = new Float64Array(height * width).fill(Number.NaN);
  for (let i = 0; i < pixels.length; i++) out[pixels[i]] = values[i * stride + offset];
  return out;
}

// A value for each pixel: an image at one energy, a dose-rate map, a concentration map.

import { type BenchmarkDose, type BenchmarkOptions, benchmarkDose } from "../../dose/benchmark-dose.js";
import { type DoseBudget, scaleRange } from "../../dose/budget/index.js";
import { Mask } from "../../dose/mask.js";
import { type Histogram, histogram } from "../../dose/masks.js";
import { type RegionStatistics, regionStatistics } from "../../dose/regions.js";
import { type DoseThreshold, doseThreshold, type ThresholdOptions } from "../../dose/threshold.js";
import { ArgumentError, quote, SchemaError, ShapeError } from "../../errors.js";
import { checkOptions, refuseNull } from "../../options.js";
import { displayUnit } from "../../units.js";
import type { InvalidCount } from "../invalid.js";
import { invalidText } from "../invalid.js";
import type { Provenance } from "../provenance.js";
import { followedText, uncounted } from "../verbs/dose.js";
import { checkDose } from "./check-dose.js";
import { DoseCurve, type DoseCurveOptions, doseCurveNames } from "./dose-curve.js";
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
    /**
     * Standard error of each value from the counts, in `unit`; null where it is not known. It contains the noise of
     * this pixel, through the normalization of its spectrum, and nothing that all pixels have in common.
     */
    readonly standardErrors: Float64Array | null = null,
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
      this.standardErrors?.map((v, p) => (mask.values[p] ? v : Number.NaN)),
    );
  }

  /**
   * Standard error of each value as a map.
   *
   * @throws SchemaError for a map without standard errors
   * @example
   * const step = await Cube.load({ part: "holdC" }).absorb().bin(4).map("edgeStep");
   * step.errorMap().statistics().median < 0.1 * step.statistics().median; // true
   */
  errorMap(): MapResult {
    if (!this.standardErrors) {
      throw new SchemaError(
        `map.errorMap: expected a map with standard errors, got ${this.label} without; those of the spectra have them, as .map("whiteLine")`,
      );
    }
    return new MapResult(
      this.provenance,
      this.standardErrors,
      this,
      `Standard error of ${this.label}`,
      this.unit,
      undefined,
      this.invalid,
    );
  }

  /**
   * Mean of the values in steps of dose, as `fit.against` gives it for concentrations. The only name of the curve is
   * the label of the map.
   *
   * @param dose a dose map of the same cube, Gy
   * @throws SchemaError for a map that is no dose, ShapeError for one of another image
   * @example
   * const spotC = Cube.load({ part: "holdC" }).calibrate().absorb().bin(4).doseRate(rockCell()).dose();
   * const energy = await spotC.map("edgeEnergy");
   * energy.against(await spotC.map("dose"), { step: 10 }).components[energy.label]; // eV, one per step
   */
  against(dose: MapResult, options: DoseCurveOptions = {}): DoseCurve {
    refuseNull("against", checkOptions("against", options, doseCurveNames));
    checkDose("against", dose, this);
    return DoseCurve.from(this.provenance, dose, [this.label], [this], [this], options, "");
  }

  /**
   * Onset (MGy): the dose up to which the values are level, over all pixels; see doseThreshold. Pixels are weighted
   * by their standard errors where the map has them.
   *
   * @example
   * const spotC = Cube.load({ part: "holdC" }).calibrate().absorb().bin(4).doseRate(rockCell()).dose();
   * const whiteLine = await spotC.map("whiteLine");
   * console.log(whiteLine.threshold(await spotC.map("dose"), { bootstrap: 50 }).verdict);
   */
  threshold(dose: MapResult, options: ThresholdOptions = {}): DoseThreshold {
    checkDose("threshold", dose, this);
    return doseThreshold(dose, this, this.#weighted(options));
  }

  /**
   * Dose (MGy) at which a share of the value is lost, over all pixels; see benchmarkDose.
   *
   * @throws SchemaError for energies, of which a share means nothing
   * @example
   * const spotC = Cube.load({ part: "holdC" }).calibrate().absorb().bin(4).doseRate(rockCell()).dose();
   * const height = await spotC.map("whiteLineHeight");
   * height.benchmarkDose(await spotC.map("dose"), { loss: 0.01 }).interval; // MGy
   */
  benchmarkDose(dose: MapResult, options: BenchmarkOptions = {}): BenchmarkDose {
    checkDose("benchmarkDose", dose, this);
    if (this.unit === "eV") {
      throw new SchemaError(
        `map.benchmarkDose: expected values of which a share can be lost, got ${this.label} in eV; use .threshold(dose)`,
      );
    }
    return benchmarkDose(dose, this, this.#weighted(options));
  }

  #weighted<Options extends ThresholdOptions>(options: Options): Options {
    const { standardErrors } = this;
    if (!standardErrors || options?.sigma || options?.covariance) return options;
    return { ...options, sigma: standardErrors };
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
    const { provenance, values, label, unit, invalid, standardErrors } = this;
    return new MapResult(provenance, values, this, label, unit, budget, invalid, standardErrors);
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
      ...(this.standardErrors && { "value error": Array.from(this.standardErrors, cell) }),
    };
  }

  override arrays(): Record<string, NamedArray> {
    const { values, standardErrors, height, width, unit } = this;
    const { value: _, "value error": __, ...axes } = super.arrays();
    const [[xName, x], [yName, y]] = Object.entries(axes);
    return {
      value: { data: values, shape: [height, width], ...(unit && { units: unit }) },
      ...(standardErrors && {
        "value error": { data: standardErrors, shape: [height, width], ...(unit && { units: unit }) },
      }),
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

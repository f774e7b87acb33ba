// Concentration against dose: pixels sorted into steps of dose, the mean and its standard error in each.

import { type BenchmarkDose, type BenchmarkOptions, benchmarkDose } from "../../dose/benchmark-dose.js";
import { positive, whole } from "../../dose/check.js";
import type { MapLike } from "../../dose/threshold/maps.js";
import { meansOfPixels } from "../../dose/threshold/pixels.js";
import { type DoseThreshold, doseThreshold, type ThresholdOptions } from "../../dose/threshold.js";
import { ArgumentError, DataError, quote } from "../../errors.js";
import type { OptionNames } from "../../options.js";
import { MGY } from "../../units.js";
import type { InvalidCount } from "../invalid.js";
import { invalidText } from "../invalid.js";
import type { Provenance } from "../provenance.js";
import { cell, Result } from "./result.js";
import type { Columns } from "./save.js";

/** How pixels are sorted into steps of dose. */
export interface DoseCurveOptions {
  /** Width of a step, MGy. Default 5. */
  readonly step?: number;
  /** Steps with fewer pixels are left out. Default 8. */
  readonly least?: number;
}

/** All of them. */
export const doseCurveNames: OptionNames<DoseCurveOptions> = { step: true, least: true };

/** What is averaged: concentrations, or another map with what its spectra lack. */
interface Response extends MapLike {
  readonly invalid?: InvalidCount;
}

/** Means of concentrations that may leave 0..1, and what their errors have in common. */
export interface UnboundedMeans {
  /** Mean of each component in each step. */
  readonly components: Readonly<Record<string, Float64Array>>;
  /** Covariance of those means, [nSteps, nSteps], row-major, with what neighboring pixels have in common. */
  readonly covariance: Readonly<Record<string, Float64Array>>;
}

/**
 * Mean concentrations in steps of dose.
 *
 * @example
 * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
 * const spotC = Cube.load({ part: "holdC" }).calibrate().absorb().bin(2).doseRate(rockCell()).dose();
 * const curve = (await resolved.fit(spotC)).against(await spotC.map("dose"), { step: 10 });
 * curve.threshold("Cp3").verdict; // one sentence, with the interval
 * curve.benchmarkDose("Cp3", { loss: 0.05 }).interval; // MGy
 */
export class DoseCurve extends Result {
  readonly kind = "doseCurve";
  constructor(
    provenance: Provenance,
    /** MGy: mean dose of the pixels in each step. */
    readonly dose: Float64Array,
    /** Pixels in each step. */
    readonly nPixels: Int32Array,
    /** Mean of each component in each step. */
    readonly components: Readonly<Record<string, Float64Array>>,
    /** Standard error of those means without bounds, with what neighboring pixels have in common. */
    readonly standardErrors: Readonly<Record<string, Float64Array>>,
    /** What the spectra lack that were fitted. */
    readonly invalid: InvalidCount | undefined = undefined,
    /** What thresholds are read from: a bound hides how a response begins to change. */
    readonly unbounded: UnboundedMeans | null = null,
    /** Width of a step, MGy; 0 where the doses are not means over steps. */
    readonly step = 0,
    /** What is added to verdicts: where the values come from. */
    readonly origin = unbounded ? "; from fits that may leave 0..1" : "",
  ) {
    super(provenance);
  }

  /** @internal */
  static from(
    provenance: Provenance,
    dose: MapLike,
    names: readonly string[],
    maps: readonly Response[],
    unbounded: readonly MapLike[],
    { step = 5, least = 8 }: DoseCurveOptions,
    origin?: string,
  ): DoseCurve {
    positive("against", "step", step, "MGy");
    whole("against", "least", least, "pixels");
    const bins = new Map<number, number[]>();
    for (let p = 0; p < dose.values.length; p++) {
      const bin = Math.floor(dose.values[p] / MGY / step);
      if (!Number.isFinite(bin) || [...maps, ...unbounded].some((m) => !Number.isFinite(m.values[p])))
        continue;
      const known = bins.get(bin);
      if (known) known.push(p);
      else bins.set(bin, [p]);
    }
    const kept = [...bins.keys()]
      .sort((a, b) => a - b)
      .map((b) => bins.get(b) as number[])
      .filter((b) => b.length >= least);
    if (kept.length === 0) {
      throw new DataError(
        `against: expected a step of dose with at least ${least} fitted pixels, got none; give a larger { step } or a smaller { least }`,
      );
    }
    // The step that a pixel is in, by rising dose.
    const sorted = kept.map((pixels) => pixels.sort((a, b) => dose.values[a] - dose.values[b]));
    const index = Int32Array.from(sorted.flat());
    const bounds = new Int32Array(sorted.length + 1);
    sorted.forEach((pixels, k) => {
      bounds[k + 1] = bounds[k] + pixels.length;
    });
    const x = Float64Array.from(index, (p) => dose.values[p] / MGY);
    const image = { width: dose.width, nPixels: dose.values.length };
    const free: Record<"components" | "covariance", Record<string, Float64Array>> = {
      components: {},
      covariance: {},
    };
    const components: Record<string, Float64Array> = {};
    const standardErrors: Record<string, Float64Array> = {};
    for (const [i, name] of names.entries()) {
      const y = Float64Array.from(index, (p) => unbounded[i].values[p]);
      const means = meansOfPixels({ x, y, sigma: null, index }, bounds, image);
      const n = sorted.length;
      free.components[name] = means.y;
      free.covariance[name] = means.covariance;
      components[name] = Float64Array.from(sorted, (pixels) => mean(pixels.map((p) => maps[i].values[p])));
      standardErrors[name] = Float64Array.from({ length: n }, (_, k) =>
        Math.sqrt(means.covariance[k * n + k]),
      );
    }
    const doses = Float64Array.from(sorted, (pixels) => mean(pixels.map((p) => dose.values[p])) / MGY);
    const counts = Int32Array.from(sorted, (pixels) => pixels.length);
    return new DoseCurve(
      provenance,
      doses,
      counts,
      components,
      standardErrors,
      maps[0]?.invalid,
      free,
      step,
      origin,
    );
  }

  /**
   * Onset (MGy): the dose up to which a component's mean concentration is level; see doseThreshold. It is
   * read from fits that may leave 0..1, with the errors that neighboring pixels have in common; the width of
   * a step counts. `fit.threshold` reads the pixels instead of means over steps.
   *
   * @throws ArgumentError for an unknown component
   */
  threshold(name: string, options: ThresholdOptions = {}): DoseThreshold {
    const band = options?.band as
      | (ThresholdOptions["band"] & { unbounded?: ThresholdOptions["band"] })
      | undefined;
    const own = {
      ...this.#errors(name, options),
      step: this.step,
      ...chosen(options),
      band: band?.unbounded ?? band,
    };
    const found = doseThreshold(this.dose, this.#response("threshold", name), own);
    return { ...found, verdict: `${found.verdict}${this.origin}` };
  }

  /**
   * Dose (MGy) at which a share of a component's mean concentration is lost; see benchmarkDose.
   *
   * @throws ArgumentError for an unknown component
   */
  benchmarkDose(name: string, options: BenchmarkOptions = {}): BenchmarkDose {
    const response = this.#response("benchmarkDose", name);
    const found = benchmarkDose(this.dose, response, { ...this.#errors(name, options), ...chosen(options) });
    return { ...found, verdict: `${found.verdict}${this.origin}` };
  }

  #response(call: string, name: string): Float64Array {
    const response = (this.unbounded?.components ?? this.components)[name];
    if (response) return response;
    throw new ArgumentError(
      `${call}: expected a component (${Object.keys(this.components).join(", ")}), got ${quote(name)}`,
      { name },
    );
  }

  #errors(name: string, options: ThresholdOptions): ThresholdOptions {
    if (options?.sigma) return { unit: "MGy" };
    const covariance = this.unbounded?.covariance[name];
    return { unit: "MGy", ...(covariance ? { covariance } : { sigma: this.standardErrors[name] }) };
  }

  summary(): string {
    const last = this.dose.length - 1;
    const what = this.origin === "" ? Object.keys(this.components).join(", ") : "Concentrations";
    return `${what} in ${this.dose.length} steps of dose, ${this.dose[0].toFixed(1)} to ${this.dose[last].toFixed(1)} MGy${this.invalid ? invalidText(this.invalid) : ""}`;
  }

  columns(): Columns {
    const columns: Columns = { dose: Array.from(this.dose), nPixels: Array.from(this.nPixels) };
    for (const [name, values] of Object.entries(this.components)) columns[name] = Array.from(values, cell);
    for (const [name, values] of Object.entries(this.standardErrors))
      columns[`${name} error`] = Array.from(values, cell);
    for (const [name, values] of Object.entries(this.unbounded?.components ?? {}))
      columns[`${name} unbounded`] = Array.from(values, cell);
    return columns;
  }
}

/** The options that have a value: null and undefined count as not given. */
function chosen<Options extends object>(options: Options): Partial<Options> {
  return Object.fromEntries(
    Object.entries(options ?? {}).filter(([, value]) => value != null),
  ) as Partial<Options>;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

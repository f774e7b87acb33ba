// Concentration against dose: pixels sorted into steps of dose, the mean and its standard error in each.

import { positive, whole } from "../../dose/check.js";
import { type DoseThreshold, doseThreshold, type ThresholdOptions } from "../../dose/threshold.js";
import { ArgumentError, DataError, quote } from "../../errors.js";
import type { OptionNames } from "../../options.js";
import { MGY } from "../../units.js";
import type { InvalidCount } from "../engine/job.js";
import { invalidText } from "./invalid.js";
import type { MapResult } from "./map.js";
import type { Provenance } from "./provenance.js";
import { type Columns, cell, Result } from "./result.js";

/** How pixels are sorted into steps of dose. */
export interface DoseCurveOptions {
  /** Width of a step, MGy. Default 5. */
  readonly step?: number;
  /** Steps with fewer pixels are left out. Default 8. */
  readonly least?: number;
}

/** All of them. */
export const doseCurveNames: OptionNames<DoseCurveOptions> = { step: true, least: true };

/** Mean concentrations in steps of dose. */
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
    /** Standard error of those means, as if pixels were independent: a lower bound where neighbours share a fate. */
    readonly standardErrors: Readonly<Record<string, Float64Array>>,
    /** What the spectra lack that were fitted. */
    readonly invalid?: InvalidCount,
  ) {
    super(provenance);
  }

  /** @internal */
  static from(
    provenance: Provenance,
    dose: MapResult,
    names: readonly string[],
    maps: readonly MapResult[],
    { step = 5, least = 8 }: DoseCurveOptions,
  ): DoseCurve {
    positive("against", "step", step, "MGy");
    whole("against", "least", least, "pixels");
    const bins = new Map<number, number[]>();
    for (let p = 0; p < dose.values.length; p++) {
      const bin = Math.floor(dose.values[p] / MGY / step);
      if (!Number.isFinite(bin) || maps.some((m) => !Number.isFinite(m.values[p]))) continue;
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
    const moments = (values: Float64Array) =>
      kept.map((pixels) => meanAndError(pixels.map((p) => values[p])));
    const components: Record<string, Float64Array> = {};
    const standardErrors: Record<string, Float64Array> = {};
    for (const [i, name] of names.entries()) {
      const all = moments(maps[i].values);
      components[name] = Float64Array.from(all, (m) => m.mean);
      standardErrors[name] = Float64Array.from(all, (m) => m.error);
    }
    return new DoseCurve(
      provenance,
      Float64Array.from(moments(dose.values), (m) => m.mean / MGY),
      Int32Array.from(kept, (b) => b.length),
      components,
      standardErrors,
      maps[0]?.invalid,
    );
  }

  /** Dose (MGy) from which on a component's mean concentration changes; see doseThreshold. */
  threshold(name: string, options: ThresholdOptions = {}): DoseThreshold {
    const response = this.components[name];
    if (!response) {
      throw new ArgumentError(
        `threshold: expected a component (${Object.keys(this.components).join(", ")}), got ${quote(name)}`,
        { name },
      );
    }
    return doseThreshold(this.dose, response, { sigma: this.standardErrors[name], ...options });
  }

  summary(): string {
    const last = this.dose.length - 1;
    return `Concentrations in ${this.dose.length} steps of dose, ${this.dose[0].toFixed(1)} to ${this.dose[last].toFixed(1)} MGy${this.invalid ? invalidText(this.invalid) : ""}`;
  }

  columns(): Columns {
    const columns: Columns = { dose: Array.from(this.dose), nPixels: Array.from(this.nPixels) };
    for (const [name, values] of Object.entries(this.components)) columns[name] = Array.from(values, cell);
    for (const [name, values] of Object.entries(this.standardErrors))
      columns[`${name} error`] = Array.from(values, cell);
    return columns;
  }
}

function meanAndError(values: readonly number[]): { mean: number; error: number } {
  const n = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}

// Known components fitted to a cube: concentrations, R-factors, and the curve against dose that the threshold is read from.
import { type DoseThreshold, doseThreshold, type ThresholdOptions } from "../../dose/threshold.js";
import { quote, SchemaError, ShapeError } from "../../errors.js";
import { MGY } from "../../units.js";
import { Concentrations, type ConcentrationsInit } from "./concentrations.js";
import { DoseCurve } from "./dose-curve.js";
import type { MapResult } from "./map.js";
import type { Provenance } from "./provenance.js";

/** Concentrations of given components. */
export class FitResult extends Concentrations {
  readonly kind = "fit";
  constructor(
    provenance: Provenance,
    init: ConcentrationsInit,
    /** sum (d - c S)^2 / sum d^2 of each row; NaN where it could not be fitted. */
    readonly rFactor: Float64Array,
    /** FitFlag of each row: 0 fitted, otherwise why not. */
    readonly flags: Uint8Array,
  ) {
    super(provenance, init);
  }

  /** Rows that could not be fitted. */
  get nFlagged(): number {
    return this.flags.reduce((n, f) => n + (f === 0 ? 0 : 1), 0);
  }

  /** R-factor of each pixel: diamond glitches and dead pixels stand out. */
  rFactorMap(): MapResult {
    return this.pixelMap("rFactorMap", this.rFactor, "R-factor", "");
  }

  /**
   * Mean concentration of each component in steps of dose: the paper's Figs. 8 and 13.
   *
   * @param dose a dose map of the same cube, Gy
   * @param options.step width of a dose bin, MGy; default 5
   * @param options.least bins with fewer pixels are left out; default 8
   */
  against(dose: MapResult, options: { step?: number; least?: number } = {}): DoseCurve {
    const maps = this.names.map((name) => this.map(name));
    checkDose("against", dose, maps[0]);
    return DoseCurve.from(this.provenance, dose, this.names, maps, options);
  }

  /** Dose (MGy) from which on a component's concentration changes, over all pixels; see doseThreshold. */
  threshold(dose: MapResult, name: string, options: ThresholdOptions = {}): DoseThreshold {
    const map = this.map(name);
    checkDose("threshold", dose, map);
    return doseThreshold(
      Array.from(dose.values, (v) => v / MGY),
      map.values,
      options,
    );
  }

  summary(): string {
    const rows = this.rows.of === "time" ? "time steps" : "pixels";
    const flagged = this.nFlagged > 0 ? `, ${this.nFlagged} flagged` : "";
    return `Fit of ${this.names.join(", ")} to ${this.C.rows} ${rows}${flagged}, median R-factor ${medianOf(this.rFactor).toExponential(2)}`;
  }
}

/** A dose map in Gy of the same image; a dose-rate map would give a curve with wrong numbers and no warning. */
function checkDose(call: string, dose: MapResult, own: MapResult): void {
  if (dose?.unit !== "Gy") {
    throw new SchemaError(
      `${call}: expected a dose map in Gy, got ${quote(dose?.label)} in ${quote(dose?.unit)}; take .dose().map("dose")`,
    );
  }
  if (own.width !== dose.width || own.height !== dose.height) {
    throw new ShapeError(
      `${call}: expected a dose map of ${own.width} x ${own.height} pixels, got ${dose.width} x ${dose.height}; take it from the same chain, .map("dose")`,
    );
  }
}

function medianOf(values: Float64Array): number {
  const sorted = values.filter((v) => !Number.isNaN(v)).sort();
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1];
}

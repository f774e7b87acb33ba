// Known components fitted to a cube: concentrations, R-factors, and the curve against dose that the threshold
// is read from.
import type { Glitches } from "../../chemometrics/fit/fit-components.js";
import type { FitOptions } from "../../chemometrics/fit/fit-options.js";
import { type BenchmarkDose, type BenchmarkOptions, benchmarkDose } from "../../dose/benchmark-dose.js";
import { type DoseThreshold, doseThreshold, type ThresholdOptions } from "../../dose/threshold.js";
import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { checkOptions, refuseNull } from "../../options.js";
import type { RunOptions } from "../engine/stream.js";
import { invalidText } from "../invalid.js";
import type { Provenance } from "../provenance.js";
import { checkDose } from "./check-dose.js";
import { Concentrations, type ConcentrationsInit } from "./concentrations.js";
import { DoseCurve, type DoseCurveOptions, doseCurveNames } from "./dose-curve.js";
import type { MapResult } from "./map.js";

/** What components are fitted to: a `Cube`. */
export interface Fittable {
  fit(components: Concentrations, options?: FitOptions & RunOptions): Promise<FitResult>;
}

/** The cube. @throws ArgumentError for what is none */
export function fittable(call: string, cube: Fittable): Fittable {
  if (typeof cube?.fit === "function") return cube;
  throw new ArgumentError(`${call}: expected a cube, got ${quote(cube)}; use .fit(Cube.load(...).absorb())`, {
    value: cube,
  });
}

/** Optional results of a fit; null where they were not computed. */
export interface FitDetails {
  /** Standard errors of the concentrations, [nRows, nComponents]. */
  readonly standardErrors?: Float64Array | null;
  /** Sum of ((d - c S) / sigma)^2 of each row. */
  readonly chiSquare?: Float64Array | null;
  /**
   * What a robust fit found to be a glitch: each entry, or (pixels of a cube) how many there are in each row.
   */
  readonly glitches?: Glitches | ArrayLike<number> | null;
  /**
   * Concentrations that may be negative, row-major, [nRows, nComponents]; null where those of the fit may be.
   */
  readonly unbounded?: Float64Array | null;
}

/**
 * Concentrations of given components.
 *
 * @example
 * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
 * const fit = await resolved.fit(Cube.load({ part: "holdC" }).calibrate().absorb().bin(2), {
 *   sigma: 0.02,
 *   robust: true,
 * });
 * fit.rFactorMap(); // misfit of each pixel
 * fit.chiSquareMap(); // near one where noise explains the misfit
 * fit.standardErrorMap("Cp3"); // of the concentration
 * fit.glitchMap(); // energies that the robust fit left out
 * fit.flagMap(); // zero where a pixel could be fitted
 */
export class FitResult extends Concentrations {
  readonly kind = "fit";
  /** Standard errors of C, row-major, [nRows, nComponents]; null where the fit did not give them. */
  readonly standardErrors: Float64Array | null;
  /** Sum of ((d - c S) / sigma)^2 of each row; null where sigma was not given. */
  readonly chiSquare: Float64Array | null;
  /**
   * Number of energies in each row that a robust fit found to be glitches; null where the fit was not robust.
   */
  readonly glitchCounts: Int32Array | null;
  /** Which rows and energies those are; null where the fit kept only their number. */
  readonly glitches: Glitches | null;
  /**
   * The same fit with concentrations that may be negative, row-major, [nRows, nComponents]; null where those
   * of the fit may be.
   */
  readonly unbounded: Float64Array | null;

  constructor(
    provenance: Provenance,
    init: ConcentrationsInit,
    /** sum (d - c S)^2 / sum d^2 of each row; NaN where it could not be fitted. */
    readonly rFactor: Float64Array,
    /** FitFlag of each row: 0 fitted, otherwise why not. */
    readonly flags: Uint8Array,
    { standardErrors = null, chiSquare = null, glitches = null, unbounded = null }: FitDetails = {},
  ) {
    super(provenance, init);
    this.standardErrors = standardErrors;
    this.chiSquare = chiSquare;
    this.unbounded = unbounded;
    const listed = glitches !== null && "perRow" in glitches ? glitches : null;
    this.glitches = listed;
    this.glitchCounts = listed?.perRow ?? (glitches && Int32Array.from(glitches as ArrayLike<number>));
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
   * Chi-square of each pixel over its degrees of freedom: about one where noise explains what the components
   * leave.
   *
   * @throws SchemaError where the fit was not given sigma
   */
  chiSquareMap(): MapResult {
    const chiSquare = computed(this.chiSquare, "chiSquareMap", "a fit with known noise", "{ sigma }");
    const freedom = this.energies.length - this.names.length;
    return this.pixelMap(
      "chiSquareMap",
      chiSquare.map((v) => v / freedom),
      "Reduced chi-square",
      "",
    );
  }

  /**
   * Standard error of one component's concentration in each pixel.
   *
   * @throws SchemaError where the fit did not give standard errors; ArgumentError for an unknown component
   */
  standardErrorMap(name: string): MapResult {
    const errors = computed(
      this.standardErrors,
      "standardErrorMap",
      "a fit with standard errors",
      "{ sigma }",
    );
    const n = this.names.length;
    const j = this.names.indexOf(name);
    if (j < 0) {
      throw new ArgumentError(
        `standardErrorMap: expected a component (${this.names.join(", ")}), got ${quote(name)}`,
        { name },
      );
    }
    const own = Float64Array.from(this.rFactor, (_, row) => errors[row * n + j]);
    return this.pixelMap("standardErrorMap", own, `Standard error of ${name}`, "");
  }

  /** Why a pixel could not be fitted: a FitFlag, 0 where it could. */
  flagMap(): MapResult {
    return this.pixelMap("flagMap", this.flags, "Flag", "");
  }

  /**
   * Number of energies in each pixel that a robust fit found to be glitches.
   *
   * @throws SchemaError where the fit was not robust
   */
  glitchMap(): MapResult {
    const counts = computed(this.glitchCounts, "glitchMap", "a robust fit", "{ robust: true }");
    return this.pixelMap("glitchMap", counts, "Energies with a glitch", "");
  }

  /**
   * Mean concentration of each component in steps of dose: the paper's Figs. 8 and 13.
   *
   * @param dose a dose map of the same cube, Gy
   * @param options.step width of a dose bin, MGy; default 5
   * @param options.least bins with fewer pixels are left out; default 8
   * @example
   * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
   * const spotC = Cube.load({ part: "holdC" }).calibrate().absorb().bin(2).doseRate(rockCell()).dose();
   * const curve = (await resolved.fit(spotC)).against(await spotC.map("dose"), { step: 10 });
   * curve.dose; // MGy, mean of each step
   * curve.components.Cp3; // its mean concentration in each step
   */
  against(dose: MapResult, options: DoseCurveOptions = {}): DoseCurve {
    refuseNull("against", checkOptions("against", options, doseCurveNames));
    const maps = this.names.map((name) => this.map(name));
    checkDose("against", dose, maps[0]);
    const unbounded = this.names.map((name) => this.unboundedMap(name));
    return DoseCurve.from(this.provenance, dose, this.names, maps, unbounded, options);
  }

  /**
   * One component's concentration in each pixel from the fit that may leave 0..1. Its mean is not pushed inward where the concentration is
   * near 0 or 1, as that of bounded ones is: what thresholds are read from.
   *
   * @throws ArgumentError for an unknown component
   * @example
   * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
   * const fit = await resolved.fit(Cube.load({ part: "holdC" }).calibrate().absorb().bin(2));
   * fit.unboundedMap("Cp3").statistics().max; // may exceed 1 by the noise
   */
  unboundedMap(name: string): MapResult {
    const bounded = this.map(name);
    const { unbounded } = this;
    if (!unbounded) return bounded;
    const n = this.names.length;
    const j = this.names.indexOf(name);
    const own = Float64Array.from(this.rFactor, (_, row) => unbounded[row * n + j]);
    return this.pixelMap("unboundedMap", own, `Relative concentration of ${name}, without bounds`, "");
  }

  /**
   * Onset (MGy): the dose up to which a component's concentration is level, over all pixels; see doseThreshold. It is read from the fit
   * that may leave 0..1; noise that neighboring pixels have in common counts.
   *
   * @example
   * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
   * const spotC = Cube.load({ part: "holdC" }).calibrate().absorb().bin(2).doseRate(rockCell()).dose();
   * const fit = await resolved.fit(spotC);
   * console.log(fit.threshold(await spotC.map("dose"), "Cp3").verdict);
   */
  threshold(dose: MapResult, name: string, options: ThresholdOptions = {}): DoseThreshold {
    const found = doseThreshold(dose, this.#response("threshold", dose, name), options);
    return { ...found, verdict: `${found.verdict}; from fits that may leave 0..1` };
  }

  /**
   * Dose (MGy) at which a share of a component's concentration is lost, over all pixels; see benchmarkDose.
   *
   * @example
   * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
   * const spotC = Cube.load({ part: "holdC" }).calibrate().absorb().bin(2).doseRate(rockCell()).dose();
   * const fit = await resolved.fit(spotC);
   * fit.benchmarkDose(await spotC.map("dose"), "Cp3", { loss: 0.05 }).interval; // MGy
   */
  benchmarkDose(dose: MapResult, name: string, options: BenchmarkOptions = {}): BenchmarkDose {
    const found = benchmarkDose(dose, this.#response("benchmarkDose", dose, name), options);
    return { ...found, verdict: `${found.verdict}; from fits that may leave 0..1` };
  }

  #response(call: string, dose: MapResult, name: string): MapResult {
    const map = this.unboundedMap(name);
    checkDose(call, dose, map);
    return map;
  }

  summary(): string {
    const rows = this.rows.of === "time" ? "time steps" : "pixels";
    const flagged = this.nFlagged > 0 ? `, ${this.nFlagged} flagged` : "";
    const glitches = this.glitchCounts ? `, ${this.glitchCounts.reduce((a, b) => a + b, 0)} glitches` : "";
    return `Fit of ${this.names.join(", ")} to ${this.C.rows} ${rows}${flagged}${glitches}, median R-factor ${medianOf(this.rFactor).toExponential(2)}${invalidText(this.invalid)}`;
  }
}

function computed<T>(value: T | null, call: string, wanted: string, option: string): T {
  if (value !== null) return value;
  throw new SchemaError(`${call}: expected ${wanted}, got one without; fit(components, ${option})`);
}

function medianOf(values: Float64Array): number {
  const sorted = values.filter((v) => !Number.isNaN(v)).sort();
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1];
}

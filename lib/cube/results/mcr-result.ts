// Components that MCR-ALS resolved from a cube.
import type { Matrix } from "ml-matrix";
import { type FeasibleBandsOptions, feasibleBands } from "../../chemometrics/bands/feasible-bands.js";
import type { FitOptions } from "../../chemometrics/fit/fit-options.js";
import type { McrAls } from "../../chemometrics/mcr/mcr-als.js";
import {
  type McrErrors,
  type McrErrorsOptions,
  mcrErrors,
  mcrErrorsNames,
} from "../../chemometrics/mcr/mcr-errors.js";
import type { McrAlsOptions } from "../../chemometrics/mcr/mcr-options.js";
import { SchemaError } from "../../errors.js";
import { checkOptions, refuseNull } from "../../options.js";
import type { RunOptions } from "../engine/stream.js";
import { invalidText } from "../invalid.js";
import type { Provenance } from "../provenance.js";
import { bandsOfPart } from "./bands-of-part.js";
import { BandsResult } from "./bands-result.js";
import { Concentrations, type ConcentrationsInit } from "./concentrations.js";
import { type FitResult, type Fittable, fittable } from "./fit-result.js";
import type { MapResult } from "./map.js";
import type { SpectraResult } from "./spectra.js";

/**
 * Resolved components: D = C S + E.
 *
 * @example
 * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
 * const spotC = Cube.load({ part: "holdC" }).calibrate().absorb().bin(4);
 * await resolved.fit(spotC); // the same components in another cube
 * resolved.rFactor(); // misfit of each spectrum
 * resolved.bands().component("Cp2"); // other solutions that fit as well
 * resolved.errors({ replicates: 20 }).C.standardError; // what the noise does
 */
export class McrResult extends Concentrations {
  readonly kind = "mcrAls";
  /** In %, against the data and against its reconstruction from as many principal components. */
  readonly lackOfFit: McrAls["lackOfFit"];
  readonly r2: number;
  readonly iterations: number;
  readonly stop: McrAls["stop"];
  /** What to do about a fit that did not converge, or lost a component; empty when there is nothing. */
  readonly advice: string;
  /** Components that the data do not need: indices, their concentrations are zero. */
  readonly vanished: McrAls["vanished"];
  /** Components that grew beyond any data: indices, their spectra and concentrations are no finding. */
  readonly runaway: McrAls["runaway"];
  /** Lack of fit (%) after each iteration. */
  readonly trace: McrAls["trace"];
  /** Constraints as they were given; what was left out has its default. */
  readonly constraints: McrAls["constraints"];
  /** Names of the constraints in the order of application. */
  readonly order: McrAls["order"];
  /** How far C and S are from each constraint; 0 = satisfied. */
  readonly violations: McrAls["violations"];
  /** What constraints found beside C and S: rates, calibration lines. */
  readonly found: McrAls["found"];
  /** How much each component explains, and how much of that they share. */
  readonly variance: McrAls["variance"];
  /**
   * The same fit's results for the cubes that were resolved with this one (`together`): S in common, C of
   * their own.
   */
  readonly together: readonly McrResult[];
  readonly #resolved: McrAls;
  readonly #settings: McrErrorsOptions;
  readonly #first: number;

  constructor(
    provenance: Provenance,
    init: ConcentrationsInit,
    resolved: McrAls,
    /** The spectra that were resolved. */
    readonly data: SpectraResult,
    /** Pixels without a value at some energy, which were left out. */
    readonly nDropped = 0,
    /** What it was resolved with, where it counts for its errors. */
    settings: Pick<McrAlsOptions, "weights" | "tolerance" | "maxIterations"> = {},
    /** Where `resolved` is about several cubes: the first row of this one, and the results of the others. */
    { first = 0, together = [] }: { readonly first?: number; readonly together?: readonly McrResult[] } = {},
  ) {
    super(provenance, init);
    this.lackOfFit = resolved.lackOfFit;
    this.r2 = resolved.r2;
    this.iterations = resolved.iterations;
    this.stop = resolved.stop;
    this.advice = resolved.advice;
    this.vanished = resolved.vanished;
    this.runaway = resolved.runaway;
    this.trace = resolved.trace;
    this.constraints = resolved.constraints;
    this.order = resolved.order;
    this.violations = resolved.violations;
    this.found = resolved.found;
    this.variance = resolved.variance;
    this.together = together;
    this.#first = first;
    this.#resolved = resolved;
    const { weights, tolerance, maxIterations } = settings;
    this.#settings = { weights, tolerance, maxIterations };
  }

  /** D - C S, shape [nRows, nEnergies]; computed on first access. */
  get residual(): Matrix {
    const { residual } = this.#resolved;
    if (!this.isPart) return residual;
    return residual.subMatrix(this.#first, this.#first + this.C.rows - 1, 0, residual.columns - 1);
  }

  /**
   * Whether the fit is about other cubes, too: lack of fit, trace, variance and constraints are those of all
   * of them.
   */
  get isPart(): boolean {
    return this.#resolved.C.rows > this.C.rows;
  }

  /** R-factor of each row, sum e^2 / sum d^2 over what is not missing. */
  rFactor(): Float64Array {
    const { residual, data } = this;
    const squares = (values: ArrayLike<number>): number =>
      Array.from(values).reduce((sum, v) => (Number.isNaN(v) ? sum : sum + v * v), 0);
    return Float64Array.from(
      { length: residual.rows },
      (_, i) => squares(residual.getRow(i)) / squares(data.row(i)),
    );
  }

  /**
   * The R-factor of each pixel: where the components do not do.
   *
   * @example
   * const resolved = await Cube.load({ part: "holdC" }).calibrate().absorb().bin(4).mcrAls(2);
   * resolved.residualMap(); // misfit of each pixel
   */
  residualMap(): MapResult {
    return this.pixelMap("residualMap", this.rFactor(), "R-factor", "");
  }

  /**
   * The same components fitted to another cube, as the paper does for high dose, the closer focus and all
   * maps: `cube.fit(result, options)`.
   */
  async fit(cube: Fittable, options?: FitOptions & RunOptions): Promise<FitResult> {
    return fittable("fit", cube).fit(this, options);
  }

  /**
   * What the noise does to C and S: standard errors and intervals by bootstrap or jackknife; see `mcrErrors`.
   *
   * @throws SchemaError where several cubes were resolved together
   */
  errors(options: McrErrorsOptions = {}): McrErrors {
    refuseNull("errors", checkOptions("errors", options, mcrErrorsNames));
    if (this.isPart) {
      throw new SchemaError(
        "errors: expected a cube resolved by itself, got several together; resolve this one with their spectra as it is fitted: " +
          "cube.mcrAls(n, { fixedS: result.S.to2DArray() }).errors()",
      );
    }
    return mcrErrors(this.data.toRows(), this.#resolved, { ...this.#settings, ...options });
  }

  /**
   * Which other components fit as well under the same constraints, at their extremes; see `feasibleBands`.
   */
  bands(options: FeasibleBandsOptions = {}): BandsResult {
    const part = { whole: this.#resolved, first: this.#first, rows: this.C.rows };
    return new BandsResult(this, this.isPart ? bandsOfPart(part, options) : feasibleBands(this, options));
  }

  summary(): string {
    const rows = this.rows.of === "time" ? `time steps (mean of ${this.nPixels} pixels)` : "pixels";
    return `MCR-ALS: ${this.names.length} components from ${this.C.rows} ${rows}${this.isPart ? `, resolved with ${this.#resolved.C.rows - this.C.rows} rows of other cubes` : ""}, lack of fit ${this.lackOfFit.experimental.toPrecision(3)} %, r2 ${(100 * this.r2).toFixed(4)} %, ${this.iterations} iterations, ${this.stop}${this.nDropped > 0 ? `; ${this.nDropped} pixels without a value left out` : ""}${this.advice ? `; ${this.advice}` : ""}${invalidText(this.invalid)}`;
  }
}

// Components that MCR-ALS resolved from a cube.
import type { McrAls } from "../../chemometrics/mcr-als.js";
import type { Cube } from "../cube.js";
import { Concentrations, type ConcentrationsInit } from "./concentrations.js";
import type { FitResult } from "./fit-result.js";
import type { Provenance } from "./provenance.js";
import type { SpectraResult } from "./spectra.js";

/** Resolved components: D = C S + E. */
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
  /** Lack of fit (%) after each iteration. */
  readonly trace: McrAls["trace"];

  constructor(
    provenance: Provenance,
    init: ConcentrationsInit,
    resolved: McrAls,
    /** The spectra that were resolved. */
    readonly data: SpectraResult,
    /** Pixels without a value at some energy, which were left out. */
    readonly nDropped = 0,
  ) {
    super(provenance, init);
    this.lackOfFit = resolved.lackOfFit;
    this.r2 = resolved.r2;
    this.iterations = resolved.iterations;
    this.stop = resolved.stop;
    this.advice = resolved.advice;
    this.vanished = resolved.vanished;
    this.trace = resolved.trace;
  }

  /** The same components fitted to another cube, as the paper does for high dose, the closer focus and all maps. */
  fit(cube: Cube): Promise<FitResult> {
    return cube.fit(this);
  }

  summary(): string {
    const rows = this.rows.of === "time" ? `time steps (mean of ${this.nPixels} pixels)` : "pixels";
    return `MCR-ALS: ${this.names.length} components from ${this.C.rows} ${rows}, lack of fit ${this.lackOfFit.experimental.toPrecision(3)} %, r2 ${(100 * this.r2).toFixed(4)} %, ${this.iterations} iterations, ${this.stop}${this.nDropped > 0 ? `; ${this.nDropped} pixels without a value left out` : ""}${this.advice ? `; ${this.advice}` : ""}`;
  }
}

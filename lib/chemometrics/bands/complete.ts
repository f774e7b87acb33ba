// From a rotation to a solution whose constraints hold exactly, with its lack of fit.
import { Matrix } from "ml-matrix";
import { toMatrix } from "../../compute/matrix.js";
import type { McrConstraints } from "../mcr/constraints/index.js";
import type { Blocks } from "../mcr/data.js";
import { mcrAls } from "../mcr/mcr-als.js";
import { type Reading, type Resolved, unscaled } from "./read-result.js";
import type { Rotation } from "./rotation.js";

/** One of the solutions with an equally good fit. */
export interface FeasibleSolution {
  /** Shape [nSpectra, nComponents]. */
  readonly C: Matrix;
  /** Shape [nComponents, nEnergies]; fitted to other data if the S of the result is. */
  readonly S: Matrix;
  /** Experimental lack of fit in %, as in `mcrAls`. */
  readonly lackOfFit: number;
}

/** Converts rotations to solutions. */
export class Completion {
  readonly #product: Matrix | Blocks;
  readonly #constraints: McrConstraints;

  constructor(
    readonly result: Resolved,
    readonly reading: Reading,
  ) {
    const product = result.C.mmul(result.S);
    this.#product = result.blocks ? inBlocks(product, reading.rowBounds, reading.columnBounds) : product;
    const { constraints = {}, vanished = [] } = result;
    const zero = constraints.zero ?? [];
    // Components that vanished from the result are zero in every other solution.
    this.#constraints =
      vanished.length === 0
        ? constraints
        : { ...constraints, zero: [...[zero].flat(), { on: "C", components: vanished }] };
  }

  /**
   * The rotated pair after one iteration of MCR-ALS on the data reconstructed by the result. The iteration
   * removes violations within the noise (such as a spectrum below zero by a standard error), and its fit is
   * the least-squares fit.
   *
   * It starts from spectra that are not clipped, because clipped ones no longer describe the part of the
   * other components.
   */
  solution(rotation: Rotation): FeasibleSolution {
    const { lackOfFit } = this.result;
    const projected = mcrAls(this.#product, {
      initial: this.matrices(rotation, false).S,
      constraints: this.#constraints,
      maxIterations: 1,
      tolerance: 0,
    });
    return {
      C: projected.C,
      S: projected.S,
      // The residual of the result is noise, independent of the residual of this projection.
      lackOfFit: Math.hypot(lackOfFit.experimental, projected.lackOfFit.experimental),
    };
  }

  /** The rotated pair, clipped at its limits or not; zeros for components that vanished from the result. */
  matrices(rotation: Rotation, cut = true): { C: Matrix; S: Matrix } {
    const { space, present, scales, limits } = this.reading;
    const { rows, n, columns } = space;
    const raw = { C: space.concentrations(rotation), S: space.spectra(rotation) };
    if (cut) limits.clip(raw);
    const { C, S } = unscaled(raw.C, raw.S, space, scales);
    const wanted = this.result.C.columns;
    if (n === wanted) return { C: toMatrix(C, rows, n), S: toMatrix(S, n, columns) };
    const outC = Matrix.zeros(rows, wanted);
    const outS = Matrix.zeros(wanted, columns);
    present.forEach((j, place) => {
      for (let i = 0; i < rows; i++) outC.set(i, j, C[i * n + place]);
      for (let k = 0; k < columns; k++) outS.set(j, k, S[place * columns + k]);
    });
    return { C: outC, S: outS };
  }
}

function inBlocks(D: Matrix, rowBounds: readonly number[], columnBounds: readonly number[]): Blocks {
  const between = (bounds: readonly number[]): [number, number][] =>
    bounds.slice(1).map((to, b) => [bounds[b], to - 1]);
  return {
    blocks: between(rowBounds).map(([top, bottom]) =>
      between(columnBounds).map(([left, right]) => D.subMatrix(top, bottom, left, right)),
    ),
  };
}

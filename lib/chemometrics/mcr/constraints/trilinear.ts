// Trilinear multisets: the profiles of a component in all blocks are proportional.
import { symmetricEigen } from "../../../compute/solvers/eigen.js";
import type { Active, Constraint } from "./constraint.js";
import type { Factors, Problem, Side } from "./problem.js";
import { distance, readProfile, writeProfile } from "./profile.js";
import { blockBounds, parts, places, refuse, side } from "./read.js";

/** Components with one profile shape in all blocks. */
export interface TrilinearOptions {
  /** Default "C": blocks that are stacked. "S": blocks side by side. */
  readonly on?: Side;
  /** Counted from 0; default all. */
  readonly components?: readonly number[];
}

/**
 * The nearest set of proportional profiles: the first singular vector of the matrix of profiles.
 *
 * @see R. Tauler, I. Marques, E. Casassas, Journal of Chemometrics 12 (1998) 55
 */
export const trilinear: Constraint<TrilinearOptions | readonly TrilinearOptions[]> = {
  read(option, problem): Active | null {
    if (option === undefined) return null;
    const pieces = parts("trilinear", option, { on: true, components: true }).flatMap((part) => {
      const on = side("trilinear", part.on ?? "C");
      const bounds = blockBounds(on, problem);
      const lengths = bounds.slice(1).map((to, b) => to - bounds[b]);
      if (lengths.length < 2 || lengths.some((length) => length !== lengths[0])) {
        throw refuse(
          "trilinear",
          "used with two or more blocks of the same length",
          lengths,
          "give { blocks }",
        );
      }
      return places("trilinear", part.components, problem).map((place) => ({
        on,
        place,
        blocks: lengths.length,
      }));
    });
    const values = (factors: Factors, on: Side, place: number): Float64Array =>
      profile(factors, problem, on, place);
    return {
      named: [option].flat().some((part) => part.components !== undefined),
      apply(on, factors) {
        for (const piece of pieces) {
          if (piece.on !== on) continue;
          const x = values(factors, on, piece.place);
          makeProportional(x, piece.blocks);
          writeProfile(factors, problem, on, piece.place, 0, x.length, x);
        }
      },
      violation(on, factors) {
        let worst = 0;
        for (const piece of pieces) {
          if (piece.on !== on) continue;
          const x = values(factors, on, piece.place);
          const moved = x.slice();
          makeProportional(moved, piece.blocks);
          worst = Math.max(worst, distance(x, moved));
        }
        return worst;
      },
    };
  },
};

function profile(factors: Factors, problem: Problem, on: Side, place: number): Float64Array {
  const out = new Float64Array(on === "C" ? problem.rows : problem.columns);
  readProfile(factors, problem, on, place, 0, out.length, out);
  return out;
}

/** Nearest matrix of rank 1, for values in the layout [blocks, length], in place. */
function makeProportional(x: Float64Array, blocks: number): void {
  const length = x.length / blocks;
  const gram = new Float64Array(blocks * blocks);
  for (let a = 0; a < blocks; a++) {
    for (let b = 0; b < blocks; b++) {
      for (let i = 0; i < length; i++) gram[a * blocks + b] += x[a * length + i] * x[b * length + i];
    }
  }
  const { vectors } = symmetricEigen(gram, blocks);
  for (let i = 0; i < length; i++) {
    let along = 0;
    for (let a = 0; a < blocks; a++) along += vectors[a] * x[a * length + i];
    for (let a = 0; a < blocks; a++) x[a * length + i] = vectors[a] * along;
  }
}

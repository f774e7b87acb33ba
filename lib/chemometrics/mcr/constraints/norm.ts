// Spectra (or profiles) of a given size. The other factor is scaled inversely, so the fit does not change.
import type { Active, Constraint } from "./constraint.js";
import type { Factors, Problem, Side } from "./problem.js";
import { readProfile, writeProfile } from "./profile.js";
import { choice, parts, places, positive, refuse, side } from "./read.js";

/**
 * Quantity with the value `size`: the largest absolute value, the sum of absolute values, or the root of the
 * sum of squares.
 */
export type Norm = "maximum" | "area" | "euclidean";

/** Size of profiles. */
export interface NormOptions {
  /** Default "S". */
  readonly on?: Side;
  /** Counted from 0; default all. */
  readonly components?: readonly number[];
  readonly by: Norm;
  /** Default 1. */
  readonly size?: number;
}

/** Without it, spectra whose scale is free get the maximum 1 at the end. */
export type NormOption = Norm | NormOptions | readonly NormOptions[];

interface Piece {
  readonly on: Side;
  readonly place: number;
  readonly by: Norm;
  readonly size: number;
}

export const norm: Constraint<NormOption> = {
  read(option, problem): Active | null {
    if (option === undefined) return null;
    const list: NormOption = typeof option === "string" ? { by: option } : option;
    const pieces = parts("norm", list as NormOptions, {
      on: true,
      components: true,
      by: true,
      size: true,
    }).flatMap((part) => {
      const on = side("norm", part.on ?? "S");
      const by = choice("norm.by", part.by, ["maximum", "area", "euclidean"] as const);
      const size = positive("norm.size", part.size, 1);
      return places("norm", part.components, problem).map((place): Piece => ({ on, place, by, size }));
    });
    const scaled = pieces.map(({ place }) => place);
    if (new Set(scaled).size < scaled.length) {
      throw refuse("norm", "one size per component", option, "C and S of a component have one free factor");
    }
    return {
      scaled,
      named: typeof list === "object" && [list].flat().some((part) => part.components !== undefined),
      apply(on, factors) {
        for (const piece of pieces) if (piece.on === on) rescale(factors, problem, piece);
      },
      violation(on, factors) {
        let worst = 0;
        for (const piece of pieces) {
          const now = piece.on === on ? sizeOf(factors, problem, piece) : 0;
          if (now > 0) worst = Math.max(worst, Math.abs(now / piece.size - 1));
        }
        return worst;
      },
    };
  },
};

function sizeOf(factors: Factors, problem: Problem, { on, place, by }: Piece): number {
  const values = profile(factors, problem, on, place);
  let sum = 0;
  for (const v of values) {
    if (by === "maximum") sum = Math.max(sum, Math.abs(v));
    else sum += by === "area" ? Math.abs(v) : v * v;
  }
  return by === "euclidean" ? Math.sqrt(sum) : sum;
}

/** A zero component has no size and is not changed. */
function rescale(factors: Factors, problem: Problem, piece: Piece): void {
  const now = sizeOf(factors, problem, piece);
  if (now === 0) return;
  const { on, place, size } = piece;
  for (const at of ["C", "S"] as const) {
    const values = profile(factors, problem, at, place);
    const factor = at === on ? size / now : now / size;
    for (let i = 0; i < values.length; i++) values[i] *= factor;
    writeProfile(factors, problem, at, place, 0, values.length, values);
  }
}

function profile(factors: Factors, problem: Problem, on: Side, place: number): Float64Array {
  const out = new Float64Array(on === "C" ? problem.rows : problem.columns);
  readProfile(factors, problem, on, place, 0, out.length, out);
  return out;
}

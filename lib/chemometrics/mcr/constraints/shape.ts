// Common part of constraints on the shape of profiles: each profile is projected separately, block by block.

import type { OptionNames } from "../../../options.js";
import type { Active } from "./constraint.js";
import type { Factors, Problem, Side } from "./problem.js";
import { distance, readProfile, writeProfile } from "./profile.js";
import { block, blockBounds, parts, places, side } from "./read.js";

/** Common options of constraints on shapes. */
export interface OnProfiles {
  /** Default "C". */
  readonly on?: Side;
  /** Counted from 0; default all. */
  readonly components?: readonly number[];
  /** Only in this block of a multiset; default in each block separately. */
  readonly block?: number;
}

const ON_PROFILES: OptionNames<OnProfiles> = { on: true, components: true, block: true };

/** Projects a profile onto the shape, in place. */
export type Projection = (profile: Float64Array) => void;

interface Piece {
  readonly on: Side;
  readonly place: number;
  readonly from: number;
  readonly to: number;
  readonly project: Projection;
}

/** A constraint that projects profiles one by one. */
export function shapeConstraint<Part extends OnProfiles>(
  name: string,
  option: Part | readonly Part[],
  names: OptionNames<Omit<Part, keyof OnProfiles>>,
  problem: Problem,
  projection: (part: Part) => Projection,
): Active {
  const list = parts(name, option, { ...ON_PROFILES, ...names } as OptionNames<Part>);
  const pieces = list.flatMap((part): Piece[] => {
    const on = side(name, part.on ?? "C");
    const only = block(name, part.block, on, problem);
    const bounds = blockBounds(on, problem);
    const project = projection(part);
    return places(name, part.components, problem).flatMap((place) =>
      bounds
        .slice(1)
        .map((to, b) => ({ on, place, from: bounds[b], to, project }))
        .filter((_, b) => only === undefined || b === only),
    );
  });
  const profile = (factors: Factors, { on, place, from, to }: Piece): Float64Array => {
    const out = new Float64Array(to - from);
    readProfile(factors, problem, on, place, from, to, out);
    return out;
  };
  return {
    named: list.some((part) => part.components !== undefined),
    apply(on, factors) {
      for (const piece of pieces) {
        if (piece.on !== on) continue;
        const values = profile(factors, piece);
        piece.project(values);
        writeProfile(factors, problem, on, piece.place, piece.from, piece.to, values);
      }
    },
    violation(on, factors) {
      let worst = 0;
      for (const piece of pieces) {
        if (piece.on !== on) continue;
        const values = profile(factors, piece);
        const moved = values.slice();
        piece.project(moved);
        worst = Math.max(worst, distance(values, moved));
      }
      return worst;
    },
  };
}

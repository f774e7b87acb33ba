// Zero concentrations or intensities: selectivity, zero regions, and blocks of a multiset without a
// component.

import type { OptionNames } from "../../../options.js";
import type { Active, Constraint } from "./constraint.js";
import type { Problem, Side } from "./problem.js";
import { block, blockBounds, components, parts, refuse, side } from "./read.js";

/** A region in which some components are zero. */
export interface ZeroOptions {
  /** Rows of C or energies of S. */
  readonly on: Side;
  /** Components that are zero in the region, counted from 0. Either this or `only`. */
  readonly components?: readonly number[];
  /** All other components are zero in the region: it is selective for these. */
  readonly only?: readonly number[];
  /** Indices [first, last) of rows or energies, counted within the block if one is given. Default all. */
  readonly range?: readonly [number, number];
  /**
   * In one block of a multiset, counted from 0 along the stack (C) or side by side (S). Default everywhere.
   */
  readonly block?: number;
}

/** Names of all options. */
export const ZERO_NAMES: OptionNames<ZeroOptions> = {
  on: true,
  components: true,
  only: true,
  range: true,
  block: true,
};

export const zero: Constraint<ZeroOptions | readonly ZeroOptions[]> = {
  read(option, problem): Active | null {
    if (option === undefined) return null;
    const regions = parts("zero", option, ZERO_NAMES).map((part) => readRegion(part, problem));
    return {
      named: true,
      linear(on, linear) {
        for (const { on: own, places, from, to } of regions) {
          if (own !== on) continue;
          for (const place of places) for (let i = from; i < to; i++) linear.know(i, place, 0);
        }
      },
      violation(on, { C, S }) {
        const values = on === "C" ? C : S;
        const most = values.reduce((a, v) => Math.max(a, Math.abs(v)), 0);
        let worst = 0;
        for (const { on: own, places, from, to } of regions) {
          if (own !== on) continue;
          for (const place of places) {
            for (let i = from; i < to; i++) {
              const at = on === "C" ? i * problem.n + place : place * problem.columns + i;
              worst = Math.max(worst, Math.abs(values[at]));
            }
          }
        }
        return worst > 0 ? worst / most : 0;
      },
    };
  },
};

function readRegion(
  part: ZeroOptions,
  problem: Problem,
): { on: Side; places: readonly number[]; from: number; to: number } {
  const on = side("zero", part.on);
  if ((part.components === undefined) === (part.only === undefined)) {
    throw refuse(
      "zero",
      "a region with either components (zero there) or only (the others are zero there)",
      part,
    );
  }
  const listed = components("zero", part.components ?? part.only, problem);
  const all = Array.from({ length: problem.wanted }, (_, j) => j);
  const absent = part.components === undefined ? all.filter((j) => !listed.includes(j)) : listed;
  const bounds = blockBounds(on, problem);
  const index = block("zero", part.block, on, problem);
  const low = index === undefined ? 0 : bounds[index];
  const high = index === undefined ? bounds[bounds.length - 1] : bounds[index + 1];
  const [first, last] = part.range ?? [0, high - low];
  if (
    !(Number.isInteger(first) && Number.isInteger(last) && first >= 0 && first < last && last <= high - low)
  ) {
    throw refuse(
      "zero.range",
      `indices [first, last) from 0 to ${high - low} of the ${on === "C" ? "rows" : "energies"}`,
      part.range,
    );
  }
  return {
    on,
    places: absent.map((j) => problem.places[j]).filter((place) => place >= 0),
    from: low + first,
    to: low + last,
  };
}

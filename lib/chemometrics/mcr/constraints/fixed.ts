// Known spectra and concentrations, complete or partial, as values or as upper bounds.

import { toVector } from "../../../compute/matrix.js";
import { DataError, ShapeError } from "../../../errors.js";
import type { Active, Constraint } from "./constraint.js";
import type { Problem, Side } from "./problem.js";
import { parts } from "./read.js";

/** A spectrum or profile that is known, partly known (NaN where it is not) or unknown (null or undefined). */
export type KnownProfile = ArrayLike<number> | null | undefined;

/** One known spectrum (S) or concentration profile (C) for each component, by index. */
export interface Known {
  readonly C?: readonly KnownProfile[];
  readonly S?: readonly KnownProfile[];
}

/** Known values. */
export interface FixedOptions extends Known {
  /** Upper bounds of C or S. */
  readonly upper?: Known;
}

export const fixed: Constraint<FixedOptions> = {
  read(option, problem): Active | null {
    if (option === undefined) return null;
    const [given] = parts("fixed", option, { C: true, S: true, upper: true });
    const [upper] = parts("fixed.upper", given.upper ?? {}, { C: true, S: true });
    const sides = (["C", "S"] as const).map((on) => ({
      on,
      values: readProfiles(given[on], on, problem, `fixed.${on}`),
      limits: readProfiles(upper[on], on, problem, `fixed.upper.${on}`),
    }));
    if (sides.every(({ values, limits }) => values.length + limits.length === 0)) return null;
    return {
      scaled: sides.flatMap(({ values, limits }) => [...values, ...limits].map(({ place }) => place)),
      named: sides.some(({ on, values, limits }) => limits.length > 0 || (on === "C" && values.length > 0)),
      linear(on, linear) {
        const own = sides.find((s) => s.on === on);
        for (const { place, profile } of own?.values ?? []) {
          for (let i = 0; i < profile.length; i++)
            if (!Number.isNaN(profile[i])) linear.know(i, place, profile[i]);
        }
        for (const { place, profile } of own?.limits ?? []) {
          for (let i = 0; i < profile.length; i++)
            if (!Number.isNaN(profile[i])) linear.limit(i, place, profile[i]);
        }
      },
      violation(on, factors) {
        const own = sides.find((s) => s.on === on);
        const x = factors[on];
        let most = 0;
        let worst = 0;
        for (const v of x) most = Math.max(most, Math.abs(v));
        const compare = (list: readonly Placed[], beyond: (x: number, limit: number) => number): void => {
          for (const { place, profile } of list) {
            for (let i = 0; i < profile.length; i++) {
              const at = on === "C" ? i * problem.n + place : place * problem.columns + i;
              if (!Number.isNaN(profile[i])) worst = Math.max(worst, beyond(x[at], profile[i]));
            }
          }
        };
        compare(own?.values ?? [], (v, known) => Math.abs(v - known));
        compare(own?.limits ?? [], (v, limit) => v - limit);
        return worst > 0 ? worst / (most || 1) : 0;
      },
    };
  },
};

/** A known profile and the place of its component. */
interface Placed {
  readonly component: number;
  readonly place: number;
  readonly profile: ArrayLike<number>;
}

/**
 * Known profiles of C or S, for components that are resolved.
 *
 * @throws ShapeError for more profiles than components, or another length; DataError for infinite numbers
 */
function readProfiles(
  given: readonly KnownProfile[] | undefined,
  on: Side,
  problem: Problem,
  option: string,
): Placed[] {
  const length = on === "C" ? problem.rows : problem.columns;
  const [what, along] = on === "C" ? ["profile", "row"] : ["spectrum", "energy"];
  const many = on === "C" ? "profiles" : "spectra";
  if (given === undefined) return [];
  if (given.length > problem.wanted) {
    throw new ShapeError(
      `mcrAls: expected at most ${problem.wanted} fixed ${many}, one per component, got ${given.length}`,
      { option: `constraints.${option}`, expected: problem.wanted, got: given.length },
    );
  }
  return Array.from(given).flatMap((known, j): Placed[] => {
    if (known === null || known === undefined) return [];
    const profile = toVector(known, "mcrAls", `${option}[${j}]`);
    if (profile.length !== length) {
      throw new ShapeError(
        `mcrAls: expected fixed ${what} ${j} to have ${length} ${on === "C" ? "rows" : "energies"} as D has, got ${profile.length}`,
        { option: `constraints.${option}`, component: j, expected: length, got: profile.length },
      );
    }
    for (let i = 0; i < length; i++) {
      if (Number.isNaN(profile[i]) || Number.isFinite(profile[i])) continue;
      throw new DataError(
        `mcrAls: expected fixed ${what} ${j} to hold numbers or NaN (free), got ${profile[i]} at ${along} ${i}`,
        { component: j, at: i, value: profile[i] },
      );
    }
    return problem.places[j] < 0 ? [] : [{ component: j, place: problem.places[j], profile }];
  });
}

/** Known spectra of all requested components, shape [wanted, columns], NaN where free; null without any. */
export function knownSpectra(option: FixedOptions | undefined, problem: Problem): Float64Array | null {
  const placed = readProfiles(option?.S, "S", problem, "fixed.S");
  if (placed.length === 0) return null;
  const out = new Float64Array(problem.wanted * problem.columns).fill(Number.NaN);
  for (const { component, profile } of placed) out.set(profile, component * problem.columns);
  return out;
}

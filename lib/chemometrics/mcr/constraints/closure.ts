// Closure (mass balance): the concentrations of a row, or of a group of components in it, have a fixed sum.
import type { Active, Constraint } from "./constraint.js";
import { clipsConcentrations } from "./non-negative.js";
import type { Problem } from "./problem.js";
import { choice, components, parts, positive, refuse } from "./read.js";

/**
 * `true` is an equality and `"at most"` an upper bound, both in the least squares. `"scale"` divides each row
 * by its sum afterwards, which is not a least-squares solution. `false` is no constraint.
 */
export type Closure = boolean | "at most" | "scale";

/** A group of components with its own sum; groups have no component in common. */
export interface ClosureOptions {
  /** Counted from 0; default all. */
  readonly components?: readonly number[];
  /** Default true. */
  readonly by?: Exclude<Closure, false>;
  /** Default 1. */
  readonly total?: number;
}

/** Default true: the rows of C sum to 1. */
export type ClosureOption = Closure | ClosureOptions | readonly ClosureOptions[];

interface Group {
  readonly members: readonly number[];
  readonly by: Exclude<Closure, false>;
  readonly total: number;
}

export const closure: Constraint<ClosureOption> = {
  read(option = true, problem, all): Active | null {
    const groups = readGroups(option, problem);
    if (groups.length === 0) return null;
    // Clipping after the least squares changes the sums.
    const clipped = clipsConcentrations(all.nonNegative, problem);
    const scaled = groups.filter((group) => group.by === "scale" || clipped);
    return {
      scaled: groups.flatMap(({ members }) => members),
      named: typeof option === "object" && [option].flat().some((part) => part.components !== undefined),
      linear(on, linear) {
        if (on === "S") return;
        for (const { members, by, total } of groups) {
          if (by !== "scale") linear.sums.push({ members, total, equal: by === true });
        }
      },
      apply:
        scaled.length > 0
          ? (on, { C }) => {
              if (on === "C") for (const group of scaled) scaleRows(C, problem, group);
            }
          : undefined,
      violation(on, { C }) {
        if (on === "S") return 0;
        let worst = 0;
        for (const { members, by, total } of groups) {
          for (let i = 0; i < problem.rows; i++) {
            const sum = sumOf(C, i * problem.n, members);
            // A row without these components cannot be scaled.
            if (by === "scale" && sum === 0) continue;
            worst = Math.max(worst, by === "at most" ? sum - total : Math.abs(sum - total));
          }
        }
        return worst / (groups[0]?.total ?? 1);
      },
    };
  },
};

/** Whether the concentrations of all n components sum to 1 by an equality or by scaling. */
export function isClosed(option: unknown, n: number): boolean {
  if (typeof option !== "object" || option === null) {
    return option === undefined || option === true || option === "scale";
  }
  const [only, ...others] = [option].flat() as readonly ClosureOptions[];
  if (only === undefined || others.length > 0) return false;
  const { components, by = true, total = 1 } = only;
  return by !== "at most" && total === 1 && (components === undefined || components.length === n);
}

function readGroups(option: ClosureOption, problem: Problem): Group[] {
  if (typeof option !== "object" || option === null) {
    const by = choice<Closure>("closure", option, [true, false, "at most", "scale"]);
    return by === false ? [] : [{ members: Array.from({ length: problem.n }, (_, j) => j), by, total: 1 }];
  }
  const taken = new Set<number>();
  return parts("closure", option as ClosureOptions, { components: true, by: true, total: true }).map(
    (part) => {
      const members = components("closure", part.components, problem);
      for (const j of members) {
        if (taken.has(j))
          throw refuse("closure", "groups without common components", j, "each component has one sum");
        taken.add(j);
      }
      return {
        members: members.map((j) => problem.places[j]).filter((place) => place >= 0),
        by: choice<Group["by"]>("closure.by", part.by ?? true, [true, "at most", "scale"]),
        total: positive("closure.total", part.total, 1),
      };
    },
  );
}

function sumOf(C: Float64Array, from: number, members: readonly number[]): number {
  let sum = 0;
  for (const j of members) sum += C[from + j];
  return sum;
}

function scaleRows(C: Float64Array, { rows, n }: Problem, { members, by, total }: Group): void {
  for (let i = 0; i < rows; i++) {
    const sum = sumOf(C, i * n, members);
    if (sum === 0 || (by === "at most" && sum <= total)) continue;
    for (const j of members) C[i * n + j] *= total / sum;
  }
}

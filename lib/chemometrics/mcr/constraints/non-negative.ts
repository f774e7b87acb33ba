// Non-negative concentrations and spectra.
import type { Active, Constraint } from "./constraint.js";
import type { Problem, Side } from "./problem.js";
import { choice, parts, places, side } from "./read.js";

/**
 * `true` is non-negative least squares. `"clip"` sets negative results of ordinary least squares to zero,
 * which is not a least-squares solution. `false` is no constraint.
 */
export type NonNegativity = boolean | "clip";

/** Some components only; others may be negative. */
export interface NonNegativeOptions {
  /** Default both. */
  readonly on?: Side;
  /** Counted from 0; default all. */
  readonly components?: readonly number[];
  /** Default true. */
  readonly by?: NonNegativity;
}

/** Default true for C and S. */
export type NonNegativeOption =
  | NonNegativity
  | { readonly C?: NonNegativity; readonly S?: NonNegativity }
  | NonNegativeOptions
  | readonly NonNegativeOptions[];

export const nonNegative: Constraint<NonNegativeOption> = {
  read(option, problem): Active | null {
    const rules = readRules(option, problem);
    const named = typeof option === "object" && [option].flat().some((p) => "components" in p);
    if (rules.C.every((by) => by === false) && rules.S.every((by) => by === false)) return null;
    const clips = (on: Side): boolean => rules[on].includes("clip");
    return {
      named,
      linear(on, linear) {
        rules[on].forEach((by, place) => {
          if (by === true) linear.lower[place] = 0;
        });
      },
      apply:
        clips("C") || clips("S")
          ? (on, factors) => {
              if (!clips(on)) return;
              each(on, factors, problem, (values, at, place) => {
                if (rules[on][place] === "clip" && values[at] < 0) values[at] = 0;
              });
            }
          : undefined,
      violation(on, factors) {
        let most = 0;
        let worst = 0;
        each(on, factors, problem, (values, at, place) => {
          most = Math.max(most, Math.abs(values[at]));
          if (rules[on][place] !== false) worst = Math.max(worst, -values[at]);
        });
        return worst > 0 ? worst / most : 0;
      },
    };
  },
};

/** Whether negative entries of C are clipped after the least squares, which violates its sums. */
export function clipsConcentrations(option: unknown, problem: Problem): boolean {
  return readRules(option as NonNegativeOption | undefined, problem).C.includes("clip");
}

function readRules(option: NonNegativeOption | undefined, problem: Problem): Record<Side, NonNegativity[]> {
  const all = (by: NonNegativity): NonNegativity[] => new Array<NonNegativity>(problem.n).fill(by);
  if (option === undefined) return { C: all(true), S: all(true) };
  if (typeof option !== "object" || option === null) {
    const by = read("nonNegative", option);
    return { C: all(by), S: all(by) };
  }
  if (!Array.isArray(option) && ("C" in option || "S" in option || Object.keys(option).length === 0)) {
    const [sides] = parts("nonNegative", option as { C?: NonNegativity; S?: NonNegativity }, {
      C: true,
      S: true,
    });
    return { C: all(read("nonNegative", sides.C ?? true)), S: all(read("nonNegative", sides.S ?? true)) };
  }
  const rules = { C: all(false), S: all(false) };
  for (const part of parts("nonNegative", option as NonNegativeOptions, {
    on: true,
    components: true,
    by: true,
  })) {
    const by = read("nonNegative.by", part.by ?? true);
    const sides = part.on === undefined ? (["C", "S"] as const) : [side("nonNegative", part.on)];
    for (const on of sides)
      for (const place of places("nonNegative", part.components, problem)) rules[on][place] = by;
  }
  return rules;
}

function read(name: string, value: unknown): NonNegativity {
  return choice<NonNegativity>(name, value, [true, false, "clip"]);
}

function each(
  on: Side,
  { C, S }: { readonly C: Float64Array; readonly S: Float64Array },
  { n, columns }: Problem,
  visit: (values: Float64Array, at: number, place: number) => void,
): void {
  const values = on === "C" ? C : S;
  for (let at = 0; at < values.length; at++) {
    visit(values, at, on === "C" ? at % n : Math.floor(at / columns));
  }
}

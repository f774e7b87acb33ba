// A dose threshold with the uncertainty of the dose itself: the break's interval says how well the curve is known, the budget
// how well its axis is.
import { ArgumentError, quote } from "../../errors.js";
import type { DoseThreshold } from "../threshold.js";
import { scaleRange, short } from "./summary.js";
import type { DoseBudget } from "./types.js";

/** A threshold whose interval holds both. */
export interface BudgetedThreshold {
  /** As it was found; in the unit of the doses that it was found with. */
  readonly threshold: number | null;
  /** From the response alone: where the curve breaks. */
  readonly statistical: readonly [number, number] | null;
  /** From the scale of the doses alone. */
  readonly systematic: readonly [number, number] | null;
  /** 95 %, of both together. */
  readonly interval: readonly [number, number] | null;
  readonly verdict: string;
}

/**
 * Joins the interval of a threshold with a dose budget. The budget's systematic part is a factor on all doses, so the two
 * add in quadrature on the logarithm, each side on its own. The random part is in the threshold's own interval already.
 *
 * @param found what `doseThreshold` returned, in any unit; without an interval, the budget's alone
 * @throws ArgumentError for something that is no threshold
 * @example
 * const beam = { energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5 };
 * const budget = doseBudget(rockCell(), beam, { uncertainties: { flux: 0.05 }, quantity: "doseRate" });
 * thresholdWithBudget({ threshold: 35, interval: [33, 37] }, budget).interval?.[0]; // 31.08 MGy
 */
export function thresholdWithBudget(
  found: Pick<DoseThreshold, "threshold" | "interval">,
  budget: DoseBudget,
): BudgetedThreshold {
  const { threshold, interval } = found ?? {};
  if (threshold === null) {
    const verdict = "no threshold was found, so that there is none to scale";
    return { threshold, statistical: null, systematic: null, interval: null, verdict };
  }
  if (!(typeof threshold === "number" && threshold > 0 && Number.isFinite(threshold))) {
    throw new ArgumentError(
      `thresholdWithBudget: expected a result of doseThreshold or { threshold, interval }, got ${quote(found)}`,
    );
  }
  const factors = budget?.scale?.interval;
  if (!Array.isArray(factors)) {
    throw new ArgumentError(
      `thresholdWithBudget: expected a result of doseBudget after the threshold, got ${quote(budget)}`,
    );
  }
  const statistical = interval ?? null;
  const systematic = [threshold * factors[0], threshold * factors[1]] as const;
  const joined = [0, 1].map((side) => {
    // A scale that linear propagation lets reach zero has no logarithm; then nothing bounds the threshold from below.
    if (!(factors[side] > 0) || (statistical && !(statistical[side] > 0))) return 0;
    const parts = [Math.log(factors[side]), statistical ? Math.log(statistical[side] / threshold) : 0];
    return threshold * Math.exp((side === 0 ? -1 : 1) * Math.hypot(...parts));
  });
  const both = [joined[0], joined[1]] as const;
  const range = (ends: readonly [number, number]): string => `${short(ends[0])} to ${short(ends[1])}`;
  const verdict =
    `threshold ${short(threshold)}: ${statistical ? `${range(statistical)} from the response alone, ` : ""}` +
    `${range(systematic)} from the scale of the doses alone (${scaleRange(budget)}), ${range(both)} together`;
  return { threshold, statistical, systematic, interval: both, verdict };
}

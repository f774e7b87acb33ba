// Time in the beam until a dose is reached, with the uncertainties of the dose and of the dose rate.
import { duration } from "../compute/format.js";
import { ArgumentError, quote } from "../errors.js";
import { type OptionNames, requireOptions } from "../options.js";
import { MGY } from "../units.js";
import type { DoseBudget } from "./budget/index.js";
import { positive } from "./check.js";

/** A dose, and the dose rate in the same density convention. */
export interface TimeToDoseOptions {
  /** Gy, such as a threshold or a benchmark dose. */
  readonly dose: number;
  /** Lower and upper limit of this dose, Gy. */
  readonly interval?: readonly [number, number];
  /** Gy/s, or the budget of a dose rate: `doseBudget(stack, beam, { quantity: "doseRate", ... })`. */
  readonly rate: number | DoseBudget;
  /** Dose rate of the brightest pixel relative to the mean of the beam; 1 for a uniform beam. */
  readonly peak: number;
}

/** Time until a dose is reached; all times in s. */
export interface TimeToDose {
  readonly time: number;
  /** From the interval of the dose alone; null where none was given. */
  readonly ofDose: readonly [number, number] | null;
  /** From the budget of the dose rate alone; null without a budget. */
  readonly ofRate: readonly [number, number] | null;
  /** From both; null where neither was given. Infinity where the dose rate may be zero. */
  readonly interval: readonly [number, number] | null;
  readonly verdict: string;
}

const CALL = "timeToDose";
const NAMES: OptionNames<TimeToDoseOptions> = { dose: true, interval: true, rate: true, peak: true };

/**
 * Time of beam on one spot after which its brightest pixel has taken a dose.
 *
 * The uncertainties of dose and dose rate are independent. They add in quadrature on a logarithmic scale,
 * separately for each side. Limits of a benchmark dose (5 % and 95 % quantiles) and a 95 % interval of the
 * rate give a level between 90 and 95 %.
 *
 * @throws ArgumentError for a dose, rate or peak that is not above zero, a peak below 1, an interval that
 *   does not contain the dose, or a budget of a dose
 * @example
 * const beam = { energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5 };
 * const uncertainties = { flux: 0.05, thickness: { Cathode: 0.1 } };
 * const rate = doseBudget(rockCell(), beam, { quantity: "doseRate", uncertainties });
 * const found = timeToDose({ dose: 35e6, interval: [32e6, 39e6], rate, peak: 1 });
 * found.time / 3600; // 2.35 h
 * found.verdict;
 */
export function timeToDose(options: TimeToDoseOptions): TimeToDose {
  const { dose, interval, rate, peak } = requireOptions(CALL, options, NAMES);
  positive(CALL, "dose", dose, "Gy");
  positive(CALL, "peak", peak, "(brightest pixel to mean)");
  if (peak < 1) {
    throw new ArgumentError(
      `${CALL}: expected peak of at least 1 (brightest pixel to mean), got ${quote(peak)}`,
      { peak },
    );
  }
  const budget = typeof rate === "object" ? budgetOf(rate) : null;
  const mean = positive(CALL, "rate", budget ? budget.value : rate, "Gy/s");
  const time = dose / (mean * peak);
  const ofDose = interval === undefined ? null : factorsOf(dose, interval);
  // A rate that may be zero has no latest time.
  const ofRate = budget && ([1, 0] as const).map((end) => mean / Math.max(0, budget.interval[end]));
  const both = ofDose || ofRate ? [-1, 1].map((side, i) => joined(side, ofDose?.[i], ofRate?.[i])) : null;
  const scaled = (factors: readonly number[] | null): readonly [number, number] | null =>
    factors && [time * factors[0], time * factors[1]];
  const ends = scaled(both);
  return {
    time,
    ofDose: scaled(ofDose),
    ofRate: scaled(ofRate),
    interval: ends,
    verdict: `${Number((dose / MGY).toPrecision(3))} MGy are reached after ${duration(time)}${rangeText(ends)}`,
  };
}

function joined(side: number, ...factors: readonly (number | undefined)[]): number {
  return Math.exp(side * Math.hypot(...factors.map((one) => Math.log(one ?? 1))));
}

function rangeText(ends: readonly [number, number] | null): string {
  if (!ends) return "";
  return Number.isFinite(ends[1])
    ? ` (${duration(ends[0])} to ${duration(ends[1])})`
    : ` (at least ${duration(ends[0])})`;
}

function budgetOf(rate: DoseBudget): DoseBudget {
  if (rate?.quantity === "doseRate" && Array.isArray(rate.interval)) return rate;
  throw new ArgumentError(
    `${CALL}: expected rate in Gy/s or as a doseBudget of the quantity doseRate, got ${quote(rate?.quantity ?? rate)}`,
    { option: "rate" },
  );
}

function factorsOf(dose: number, interval: readonly [number, number]): readonly [number, number] {
  const [low, high] = Array.isArray(interval) ? interval : [Number.NaN, Number.NaN];
  if (low > 0 && low <= dose && high >= dose && Number.isFinite(high)) return [low / dose, high / dose];
  throw new ArgumentError(
    `${CALL}: expected interval as [low, high] in Gy around the dose of ${dose}, got ${quote(interval)}`,
    { option: "interval", value: interval },
  );
}

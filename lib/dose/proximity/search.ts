// Search over all combinations of length, onset, exponent and weight by cross-validation over blocks.

import { startProgress } from "../../compute/progress.js";
import { random } from "../../compute/random.js";
import { type AnalysisGrid, type Beyond, spreaderOf } from "./configurations.js";
import { CurveFit, curveAt, knotsFor, type Shape } from "./dose-curve.js";

/** Parameters of the equivalent dose. */
export interface Spreading {
  /** Root mean square distance over which damage spreads, um; 0 for none. */
  readonly length: number;
  /** Only dose above this spreads, in the unit of the dose. */
  readonly onset: number;
  /** Exponent of the dose that reaches a place. */
  readonly exponent: number;
  /** Fraction of spread dose in the equivalent dose where it is largest: 0 (dose alone) to 1. */
  readonly weight: number;
}

/** Grid of all combinations. */
export interface Choices {
  readonly lengths: readonly number[];
  readonly onsets: readonly number[];
  readonly exponents: readonly number[];
  readonly weights: readonly number[];
}

/** Result for one length. */
export interface Trial {
  /** The parameters with the best prediction for this length, fitted to all pixels. */
  readonly spreading: Spreading;
  /** Sum of squared errors of each block, predicted from the other folds with their best combination. */
  readonly errors: Float64Array;
}

/** Common settings of all trials. */
export interface Setting {
  readonly grid: AnalysisGrid;
  readonly density: (q: number) => number;
  readonly beyond: Beyond;
  readonly shape: Shape;
  readonly knots: number;
  readonly folds: number;
  readonly seed: number;
}

/** Trials of all lengths with their best onset, exponent and weight, then of more lengths near the best. */
export function search(setting: Setting, choices: Choices): Trial[] {
  const pool = poolOf(setting);
  const bar = startProgress("proximity");
  let done = 0;
  const tryAll = (lengths: readonly number[]): Trial[] =>
    lengths.map((length) => {
      bar.update(done++ / (choices.lengths.length + FINER.length), `length ${Math.round(length)} um`);
      return trial(setting, pool, length, choices);
    });
  try {
    const trials = tryAll(choices.lengths);
    return [...trials, ...tryAll(between(trials))].sort((a, b) => a.spreading.length - b.spreading.length);
  } finally {
    bar.done();
  }
}

/** Fractions of the logarithmic step from the best length to its neighbors. */
const FINER = [-0.67, -0.33, 0.33, 0.67];

function between(trials: readonly Trial[]): number[] {
  const totals = trials.map(({ errors }) => errors.reduce((sum, v) => sum + v, 0));
  const best = totals.indexOf(Math.min(...totals));
  const lengths = trials.map((t) => t.spreading.length);
  return FINER.flatMap((share) => {
    const neighbor = lengths[best + Math.sign(share)];
    return neighbor > 0 && best > 0 ? [lengths[best] * (neighbor / lengths[best]) ** Math.abs(share)] : [];
  });
}

/** Equivalent dose of all pixels of all configurations, concatenated. */
function equivalentDose(setting: Setting, spreading: Spreading): Float64Array {
  const pool = poolOf(setting);
  const reached = reachedOver(setting, spreading.length)(spreading.onset);
  const out = new Float64Array(pool.dose.length);
  mix(pool.dose, powered(reached, spreading.exponent, pool.highest), spreading.weight, out);
  return out;
}

/** f of one combination, fitted to all pixels. */
export function curveOf(setting: Setting, spreading: Spreading) {
  const pool = poolOf(setting);
  const u = equivalentDose(setting, spreading);
  const fit = new CurveFit(setting.knots, setting.shape);
  const knots = knotsFor(u, setting.knots);
  const sums = new Float64Array(setting.knots * 5);
  fit.gather(u, pool.response, new Int32Array(u.length), knots, sums);
  const values = new Float64Array(setting.knots + 1);
  fit.solve(sums, values);
  return { u, knots, values };
}

interface Pool {
  readonly dose: Float64Array;
  readonly response: Float64Array;
  readonly block: Int32Array;
  readonly fold: Int32Array;
  readonly highest: number;
}

function poolOf({ grid: { configurations, nBlocks }, folds, seed }: Setting): Pool {
  const size = configurations.reduce((sum, one) => sum + one.pixels.length, 0);
  const [dose, response, block] = [new Float64Array(size), new Float64Array(size), new Int32Array(size)];
  let n = 0;
  for (const one of configurations) {
    for (let i = 0; i < one.pixels.length; i++, n++) {
      dose[n] = one.dose[one.pixels[i]];
      response[n] = one.response[one.pixels[i]];
      block[n] = one.block[i];
    }
  }
  const foldOf = shuffled(nBlocks, seed).map((place) => place % folds);
  return {
    dose,
    response,
    block,
    fold: block.map((b) => foldOf[b]),
    highest: dose.reduce((a, b) => Math.max(a, b), 0),
  };
}

/** A random permutation of 0 .. n - 1. */
function shuffled(n: number, seed: number): Int32Array {
  const draw = random(seed, n);
  const out = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(draw.uniform() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

/** Dose that reaches all pixels, as a function of the onset. */
function reachedOver(
  { grid: { configurations, pixelSize }, density, beyond }: Setting,
  length: number,
): (onset: number) => Float64Array {
  const spreaders = configurations.map((one) => spreaderOf(one, length / pixelSize, density, beyond));
  return (onset) => {
    const maps = spreaders.map((spread) => spread(onset));
    return Float64Array.from(configurations.flatMap((one, s) => Array.from(one.pixels, (p) => maps[s][p])));
  };
}

/** Power of the dose that reaches each place, scaled so that its maximum equals the largest dose. */
function powered(reached: Float64Array, exponent: number, highest: number): Float64Array {
  const most = reached.reduce((a, b) => Math.max(a, b), 0);
  if (!(most > 0)) return reached;
  const out = new Float64Array(reached.length);
  for (let i = 0; i < out.length; i++) {
    const share = reached[i] / most;
    out[i] = highest * (exponent === 1 ? share : share ** exponent);
  }
  return out;
}

/** Trials of several weights and then of weights near the best, because onset and weight are correlated. */
function closestWeight(weights: readonly number[], gain: (weight: number) => number): void {
  const gains = weights.map(gain);
  let most = Math.max(...gains);
  let best = weights[gains.indexOf(most)];
  for (const factor of weights.length > 1 ? CLOSER : []) {
    for (const weight of [timesOdds(best, 1 / factor), timesOdds(best, factor)]) {
      const own = gain(weight);
      if (own > most) [most, best] = [own, weight];
    }
  }
}

/** Factors of the odds, weight / (1 - weight). */
const CLOSER = [1.35, 1.16, 1.08];

function timesOdds(weight: number, factor: number): number {
  const odds = (factor * weight) / Math.max(1 - weight, 1e-3);
  return odds / (1 + odds);
}

function mix(dose: Float64Array, spread: Float64Array, weight: number, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = (1 - weight) * dose[i] + weight * spread[i];
}

function trial(setting: Setting, pool: Pool, length: number, choices: Choices): Trial {
  const { knots: count, folds } = setting;
  const { dose, response, fold, block } = pool;
  const fit = new CurveFit(count, setting.shape);
  const u = new Float64Array(dose.length);
  const size = count * 5;
  const sums = new Float64Array(folds * size);
  const total = new Float64Array(size);
  const rest = new Float64Array(size);
  const values = new Float64Array(count + 1);
  // The best combination for each fold, by what it explains in the others; the last entry is for all pixels.
  const most = new Float64Array(folds + 1).fill(Number.NEGATIVE_INFINITY);
  const best: (Spreading | null)[] = Array(folds + 1).fill(null);
  /**
   * Compares a combination for the folds from `first` to `last`; returns what it explains in the last one.
   */
  const judge = (spread: Float64Array, given: Spreading, first: number, last: number): number => {
    mix(dose, spread, given.weight, u);
    sums.fill(0);
    fit.gather(u, response, fold, knotsFor(u, count), sums);
    total.fill(0);
    for (let i = 0; i < sums.length; i++) total[i % size] += sums[i];
    let explained = 0;
    for (let f = first; f <= last; f++) {
      rest.set(total);
      if (f < folds) for (let i = 0; i < size; i++) rest[i] -= sums[f * size + i];
      explained = fit.solve(rest, values);
      if (explained <= most[f]) continue;
      most[f] = explained;
      best[f] = given;
    }
    return explained;
  };
  // Convolution once per onset, and powers once per exponent of it, because they take most of the time.
  const reachedAbove = once(reachedOver(setting, length));
  const spreadBy = once(([onset, exponent]: readonly [number, number]) =>
    powered(reachedAbove(onset), exponent, pool.highest),
  );
  // Without spreading, onset and weight do not change the order of the pixels, which determines f.
  const still = length === 0;
  for (const onset of still ? [0] : choices.onsets) {
    for (const exponent of still ? [1] : choices.exponents) {
      const spread = still ? dose : spreadBy([onset, exponent]);
      const gain = (weight: number): number => judge(spread, { length, onset, exponent, weight }, 0, folds);
      closestWeight(still ? [0] : choices.weights, gain);
    }
  }
  for (let f = 0; f <= folds && !still; f++) {
    refine(best[f] as Spreading, choices, pool.highest, (given) => {
      judge(spreadBy([given.onset, given.exponent]), given, f, f);
      return best[f] as Spreading;
    });
  }
  const errors = new Float64Array(setting.grid.nBlocks);
  for (let f = 0; f < folds; f++) {
    const { onset, exponent, weight } = best[f] as Spreading;
    mix(dose, still ? dose : spreadBy([onset, exponent]), weight, u);
    const knots = knotsFor(u, count);
    sums.fill(0);
    fit.gather(u, response, fold, knots, sums);
    rest.fill(0);
    for (let g = 0; g < folds; g++) if (g !== f) for (let i = 0; i < size; i++) rest[i] += sums[g * size + i];
    fit.solve(rest, values);
    for (let i = 0; i < u.length; i++)
      if (fold[i] === f) errors[block[i]] += (response[i] - curveAt(knots, values, u[i])) ** 2;
  }
  return { spreading: best[folds] as Spreading, errors };
}

/** Caches results by number, or by list of numbers. */
function once<Of extends number | readonly number[], Result>(compute: (of: Of) => Result) {
  const known = new Map<string, Result>();
  return (of: Of): Result => {
    const key = String(of);
    const result = known.get(key) ?? compute(of);
    known.set(key, result);
    return result;
  };
}

/**
 * Refines onset, weight and exponent near the best combination of a fold. Onset and weight are correlated and
 * change together. Without the refinement the lengths in the interval would depend on the grid of onsets.
 */
function refine(
  from: Spreading,
  choices: Choices,
  highest: number,
  judged: (given: Spreading) => Spreading,
): void {
  let [best, step, odds, power] = [from, highest * FIRST_STEP, 1.3, 1.15];
  const weighed = (weight: number, factor: number): number =>
    choices.weights.length > 1 ? timesOdds(weight, factor) : weight;
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const { onset, weight } = best;
    for (const moved of choices.onsets.length > 1 ? [onset - step, onset + step] : []) {
      if (moved < 0 || moved >= highest) continue;
      for (const factor of [1 / (odds * odds), 1 / odds, 1, odds, odds * odds])
        best = judged({ ...best, onset: moved, weight: weighed(weight, factor) });
    }
    for (const factor of choices.weights.length > 1 ? [1 / odds, odds] : [])
      best = judged({ ...best, weight: weighed(best.weight, factor) });
    for (const factor of choices.exponents.length > 1 ? [1 / power, power] : [])
      best = judged({ ...best, exponent: factor * best.exponent });
    if (round % 2 === 1) [step, odds, power] = [step / 2, Math.sqrt(odds), Math.sqrt(power)];
  }
}

/**
 * First step of the onset relative to the highest dose. All steps end on few values, so that folds can use
 * the same results.
 */
const FIRST_STEP = 1 / 32;

/** Each round halves the steps. */
const ROUNDS = 4;

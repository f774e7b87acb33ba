// From the uncertainties of the inputs to that of the dose: linear propagation, and Monte Carlo.
import { normalQuantile } from "../../compute/distributions.js";
import { random } from "../../compute/random.js";
import { choleskyFactor } from "../../compute/solvers/linear-solve.js";
import { quantile } from "../../compute/stats.js";
import type { Input } from "./inputs.js";

/** Half-width of a normal distribution's 95 % interval, in standard deviations. */
export const NORMAL_95 = 1.959963984540054;

/** The dose as a function of the inputs. */
export type DoseFunction = (x: Float64Array) => number;

/** A dose with its spread. */
export interface Propagated {
  /** Mean of the draws; the value itself in linear propagation. */
  readonly mean: number;
  readonly standard: number;
  /** 95 % */
  readonly interval: readonly [number, number];
}

/** d dose / d input at the nominal inputs, by central differences, one per input. */
export function sensitivities(
  f: DoseFunction,
  nominal: Float64Array,
  inputs: readonly Input[],
): Float64Array {
  return Float64Array.from(inputs, ({ slot, standard, low, high }) => {
    // With a hundredth of the uncertainty, rounding and curvature are both below 1e-6. Steps stay within the
    // bounds.
    const step = Math.min(0.01 * standard, 0.5 * (nominal[slot] - low), 0.5 * (high - nominal[slot]));
    return (
      (at(f, nominal, slot, nominal[slot] + step) - at(f, nominal, slot, nominal[slot] - step)) / (2 * step)
    );
  });
}

/** The dose with one input changed. */
export function at(f: DoseFunction, nominal: Float64Array, slot: number, value: number): number {
  const x = nominal.slice();
  x[slot] = value;
  return f(x);
}

/**
 * Covariance of the effects of the inputs, [n, n] row-major: J_i u_i r_ij u_j J_j. Its sum is the variance of
 * the dose.
 *
 * @param correlation correlation of the inputs, [n, n]
 */
export function effects(
  slopes: ArrayLike<number>,
  inputs: readonly Input[],
  correlation: Float64Array,
): Float64Array {
  const n = inputs.length;
  return correlation.map((r, ij) => {
    const [i, j] = [Math.floor(ij / n), ij % n];
    return r * slopes[i] * inputs[i].standard * slopes[j] * inputs[j].standard;
  });
}

/**
 * Doses for draws of the inputs. A draw outside the bounds (a porosity below 0) is repeated: the
 * distributions are truncated at the bounds.
 *
 * @param factor lower Cholesky factor of the correlation of the inputs, [n, n]
 * @param f dose at the inputs of a draw; the number of the draw selects the choices
 * @returns one dose per draw
 */
export function draw(
  f: (x: Float64Array, draw: number) => number,
  nominal: Float64Array,
  inputs: readonly Input[],
  factor: Float64Array,
  { samples, seed }: { readonly samples: number; readonly seed: number },
): Float64Array {
  const n = inputs.length;
  const source = random(seed, 0);
  const x = nominal.slice();
  const z = new Float64Array(n);
  const fill = (): boolean => {
    for (let i = 0; i < n; i++)
      z[i] = inputs[i].distribution === "normal" ? source.normal() : flat(source.uniform());
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let j = 0; j <= i; j++) s += factor[i * n + j] * z[j];
      const { slot, standard, low, high } = inputs[i];
      x[slot] = nominal[slot] + standard * s;
      if (!(x[slot] > low && x[slot] < high)) return false;
    }
    return true;
  };
  return Float64Array.from({ length: samples }, (_, k) => {
    while (!fill());
    return f(x, k);
  });
}

/** The central 95 % of one input, truncated at its bounds as in {@link draw}. */
export function range95(
  nominal: number,
  { standard, distribution, low, high }: Pick<Input, "standard" | "distribution" | "low" | "high">,
): [number, number] {
  const normal = distribution === "normal";
  const probability = normal ? normalProbability : (z: number): number => clamp(0.5 + z / Math.sqrt(12));
  const place = normal ? normalQuantile : (p: number): number => flat(p);
  const [from, to] = [low, high].map((bound) => probability((bound - nominal) / standard));
  const end = (q: number): number => nominal + standard * place(from + q * (to - from));
  return [end(0.025), end(0.975)];
}

/** Mean, standard deviation and 95 % percentile interval of draws. */
export function summarize(doses: Float64Array): Propagated {
  const mean = doses.reduce((sum, v) => sum + v, 0) / doses.length;
  const square = doses.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return {
    mean,
    standard: Math.sqrt(square / (doses.length - 1)),
    interval: [quantile(doses, 0.025), quantile(doses, 0.975)],
  };
}

/**
 * Lower Cholesky factor of a correlation, [n, n], zeros above the diagonal; null where it is not positive
 * definite.
 */
export function factorOf(correlation: Float64Array, n: number): Float64Array | null {
  const factor = correlation.slice();
  return choleskyFactor(factor, n) ? factor : null;
}

// This inverts normalQuantile.
function normalProbability(z: number): number {
  if (Math.abs(z) > 8) return z > 0 ? 1 : 0;
  let [low, high] = [0, 1];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (normalQuantile(middle) < z) low = middle;
    else high = middle;
  }
  return low;
}

function clamp(share: number): number {
  return Math.max(0, Math.min(1, share));
}

// Uniform with mean 0 and standard deviation 1.
function flat(uniform: number): number {
  return Math.sqrt(3) * (2 * uniform - 1);
}

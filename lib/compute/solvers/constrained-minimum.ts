// Minimum of a smooth function of a few unknowns under many inequalities: sequential quadratic programming.
import { quadraticProgram } from "./quadratic-program.js";

/** A function and the inequalities that its argument has to satisfy. */
export interface ConstrainedProblem {
  /** Number of unknowns, n. */
  readonly unknowns: number;
  /** Number of inequalities, m. */
  readonly inequalities: number;
  /**
   * The function at x; fills `g`, length m: not negative where x is allowed.
   *
   * @returns not finite where the function has no value; the search turns back there
   */
  evaluate(x: Float64Array, g: Float64Array): number;
  /** Fills the gradient of the function, length n, and those of the inequalities, shape [m, n], at x. */
  differentiate(x: Float64Array, gradient: Float64Array, jacobian: Float64Array): void;
}

/** Accuracy. Scale function, unknowns and inequalities to about one. */
export interface ConstrainedOptions {
  /** The deepest violation that is left. Default 1e-8. */
  readonly feasibility?: number;
  /** Step, and gain of the function, relative to its size or one, that end the search. Default 1e-7. */
  readonly accuracy?: number;
  /** Default 60. */
  readonly iterations?: number;
}

/** Where the search ended: a local minimum if `converged`. */
export interface ConstrainedMinimum {
  readonly x: Float64Array;
  readonly value: number;
  /** Deepest violation, 0 where there is none. */
  readonly violation: number;
  readonly converged: boolean;
}

/**
 * Searches a local minimum from x, which need not be feasible.
 *
 * In each step the function is a parabola (BFGS, damped) and the inequalities are straight. One elastic
 * variable keeps that program solvable: it relaxes all inequalities, at a penalty that rises until it is
 * zero. Steps are shortened until function plus penalty of the deepest violation falls.
 *
 * @param start length `problem.unknowns`; the function has a value there
 * @see J. Nocedal, S. J. Wright, Numerical Optimization (2006), chapter 18
 */
export function constrainedMinimum(
  problem: ConstrainedProblem,
  start: ArrayLike<number>,
  { feasibility = 1e-8, accuracy = 1e-7, iterations = 60 }: ConstrainedOptions = {},
): ConstrainedMinimum {
  const n = problem.unknowns;
  const m = problem.inequalities;
  const x = Float64Array.from(start);
  const g = new Float64Array(m);
  const next = new Float64Array(n);
  const nextG = new Float64Array(m);
  let gradient: Float64Array = new Float64Array(n);
  let jacobian: Float64Array = new Float64Array(m * n);
  let nextGradient: Float64Array = new Float64Array(n);
  let nextJacobian: Float64Array = new Float64Array(m * n);
  const hessian = identity(n);
  let fresh = true;
  let price = 1;
  let value = problem.evaluate(x, g);
  problem.differentiate(x, gradient, jacobian);
  let converged = false;
  let idle = 0;
  for (let iteration = 0; iteration < iterations && !converged && idle < IDLE; iteration++) {
    const step = elasticStep(hessian, gradient, jacobian, g, price);
    if (!step) {
      if (fresh) break;
      hessian.set(identity(n));
      fresh = true;
      continue;
    }
    const { direction, multipliers, pressure, miss } = step;
    const depth = depthOf(g);
    // A penalty below the multipliers would leave the inequalities violated.
    if (miss > 0.1 * depth && depth > feasibility && price < MOST) price = Math.min(MOST, 10 * price);
    else price = Math.min(MOST, Math.max(price, 1.5 * pressure));
    const size = Math.hypot(...direction) / Math.max(1, Math.hypot(...x));
    let slope = -price * Math.max(0, depth - miss);
    for (let i = 0; i < n; i++) slope += gradient[i] * direction[i];
    const merit = value + price * depth;
    converged =
      depth <= feasibility &&
      (size <= accuracy || Math.abs(slope) <= accuracy * Math.max(1, Math.abs(value)));
    if (converged) break;
    let length = 1;
    let nextValue = Number.NaN;
    let accepted = false;
    for (let halvings = 0; halvings < 25 && !accepted; halvings++) {
      for (let i = 0; i < n; i++) next[i] = x[i] + length * direction[i];
      nextValue = problem.evaluate(next, nextG);
      accepted = nextValue + price * depthOf(nextG) <= merit + 1e-4 * length * Math.min(slope, 0);
      if (!accepted && halvings === 0 && Number.isFinite(nextValue)) {
        // Second-order correction for curved inequalities (Maratos effect).
        const bent = bentStep(hessian, gradient, jacobian, nextG, direction, price);
        if (bent) {
          for (let i = 0; i < n; i++) next[i] = x[i] + bent[i];
          nextValue = problem.evaluate(next, nextG);
          accepted = nextValue + price * depthOf(nextG) <= merit + 1e-4 * Math.min(slope, 0);
        }
      }
      if (!accepted) length *= 0.4;
    }
    if (!accepted) {
      if (fresh) break;
      hessian.set(identity(n));
      fresh = true;
      continue;
    }
    // Repeated steps of nearly zero gain: only rounding or a kink is left.
    const gain = merit - (nextValue + price * depthOf(nextG));
    idle = gain <= 0.01 * accuracy * Math.max(1, Math.abs(merit)) ? idle + 1 : 0;
    problem.differentiate(next, nextGradient, nextJacobian);
    const change = lagrangianChange(gradient, jacobian, nextGradient, nextJacobian, multipliers, n);
    const moved = next.map((v, i) => v - x[i]);
    updateHessian(hessian, moved, change, fresh);
    fresh = false;
    x.set(next);
    g.set(nextG);
    value = nextValue;
    [gradient, nextGradient] = [nextGradient, gradient];
    [jacobian, nextJacobian] = [nextJacobian, jacobian];
  }
  return { x, value, violation: depthOf(g), converged };
}

/** Steps in a row that gain nothing before the search ends. */
const IDLE = 3;

/** The highest penalty of a violation. */
const MOST = 1e6;

interface Step {
  readonly direction: Float64Array;
  readonly multipliers: Float64Array;
  /** Sum of the multipliers. */
  readonly pressure: number;
  /** Remaining violation of the linearized inequalities. */
  readonly miss: number;
}

/** The step of the quadratic program, with the elastic variable as its last unknown. */
function elasticStep(
  hessian: Float64Array,
  gradient: Float64Array,
  jacobian: Float64Array,
  g: Float64Array,
  price: number,
): Step | null {
  const n = gradient.length;
  const m = g.length;
  const size = n + 1;
  const H = new Float64Array(size * size);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) H[i * size + j] = hessian[i * n + j];
  H[size * size - 1] = 1e-3 * price;
  const c = new Float64Array(size);
  c.set(gradient);
  c[n] = price;
  const A = new Float64Array((m + 1) * size);
  const b = new Float64Array(m + 1);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) A[i * size + j] = jacobian[i * n + j];
    // What is satisfied need not become worse than just that.
    A[i * size + n] = g[i] < 0 ? 1 : 0;
    b[i] = -g[i];
  }
  A[m * size + n] = 1;
  let solution = quadraticProgram({ H, c, A, b });
  if (!solution) {
    for (let i = 0; i < m; i++) A[i * size + n] = 1;
    solution = quadraticProgram({ H, c, A, b });
  }
  if (!solution) return null;
  const multipliers = solution.multipliers.subarray(0, m);
  let pressure = 0;
  for (const v of multipliers) pressure += v;
  return { direction: solution.x.slice(0, n), multipliers, pressure, miss: solution.x[n] };
}

/** The step with the inequalities where the full step found them. */
function bentStep(
  hessian: Float64Array,
  gradient: Float64Array,
  jacobian: Float64Array,
  reached: Float64Array,
  direction: Float64Array,
  price: number,
): Float64Array | null {
  const n = gradient.length;
  const shifted = reached.map((v, i) => {
    let linear = 0;
    for (let j = 0; j < n; j++) linear += jacobian[i * n + j] * direction[j];
    return v - linear;
  });
  return elasticStep(hessian, gradient, jacobian, shifted, price)?.direction ?? null;
}

/** Change of the gradient of function minus weighted inequalities. */
function lagrangianChange(
  gradient: Float64Array,
  jacobian: Float64Array,
  nextGradient: Float64Array,
  nextJacobian: Float64Array,
  multipliers: Float64Array,
  n: number,
): Float64Array {
  const change = nextGradient.map((v, j) => v - gradient[j]);
  multipliers.forEach((weight, i) => {
    if (weight === 0) return;
    for (let j = 0; j < n; j++) change[j] -= weight * (nextJacobian[i * n + j] - jacobian[i * n + j]);
  });
  return change;
}

/** Powell's damped BFGS: the Hessian stays positive definite. */
function updateHessian(H: Float64Array, s: Float64Array, y: Float64Array, fresh: boolean): void {
  const n = s.length;
  let sy = 0;
  let ss = 0;
  let yy = 0;
  for (let i = 0; i < n; i++) {
    sy += s[i] * y[i];
    ss += s[i] * s[i];
    yy += y[i] * y[i];
  }
  if (!(ss > 0)) return;
  if (fresh && sy > 0) {
    H.fill(0);
    for (let i = 0; i < n; i++) H[i * n + i] = Math.min(1e4, Math.max(1e-4, yy / sy));
  }
  const Hs = new Float64Array(n);
  let sHs = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) Hs[i] += H[i * n + j] * s[j];
    sHs += s[i] * Hs[i];
  }
  const damping = sy >= 0.2 * sHs ? 1 : (0.8 * sHs) / (sHs - sy);
  const r = y.map((v, i) => damping * v + (1 - damping) * Hs[i]);
  let sr = 0;
  for (let i = 0; i < n; i++) sr += s[i] * r[i];
  if (!(sr > 1e-14 * ss)) return;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) H[i * n + j] += (r[i] * r[j]) / sr - (Hs[i] * Hs[j]) / sHs;
  }
}

function depthOf(g: Float64Array): number {
  let depth = 0;
  for (let i = 0; i < g.length; i++) {
    if (g[i] >= 0) continue;
    if (-g[i] > depth) depth = -g[i];
  }
  return depth;
}

function identity(n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  return out;
}

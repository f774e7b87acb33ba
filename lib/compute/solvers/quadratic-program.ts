// Small convex quadratic programs with many inequalities: the dual method, which starts at the free minimum
// and adds one violated inequality after another.
import { choleskyFactor, choleskySolve } from "./linear-solve.js";

/** minimize 1/2 x^T H x + c^T x subject to A x >= b. */
export interface QuadraticProgram {
  /** Row-major, shape [n, n], symmetric positive definite. */
  readonly H: Float64Array;
  /** Length n. */
  readonly c: Float64Array;
  /** Row-major, shape [m, n]. */
  readonly A: Float64Array;
  /** Length m. */
  readonly b: Float64Array;
}

/** The solution of a quadratic program with its multipliers. */
export interface QuadraticSolution {
  readonly x: Float64Array;
  /** One per inequality, not negative; zero if it is not active. */
  readonly multipliers: Float64Array;
}

/** Violations below this fraction of the terms they are summed from are rounding. */
const ROUNDING = 1e-11;

/**
 * Solves the program.
 *
 * @returns null where H is not positive definite to rounding, or the inequalities contradict one another
 * @see D. Goldfarb, A. Idnani, Mathematical Programming 27 (1983) 1
 */
export function quadraticProgram({ H, c, A, b }: QuadraticProgram): QuadraticSolution | null {
  const n = c.length;
  const m = b.length;
  const factor = H.slice();
  if (!choleskyFactor(factor, n)) return null;
  const x = c.map((v) => -v);
  choleskySolve(factor, n, x);
  // Length of the path of the solution, which bounds the rounding by cancellation.
  const reach = x.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const multipliers = new Float64Array(m);
  const active: number[] = [];
  // H^-1 times the normal of each active inequality.
  const images: Float64Array[] = [];
  for (let step = 0; step < 50 * (n + 10); step++) {
    const entering = mostViolated(A, b, x, reach, active);
    if (entering < 0) return { x, multipliers };
    const image = A.slice(entering * n, (entering + 1) * n);
    choleskySolve(factor, n, image);
    let gained = 0;
    for (;;) {
      const weights = combination(A, active, images, image, n);
      if (!weights) return null;
      // The direction that moves the entering inequality and leaves the active ones where they are.
      const direction = image.slice();
      active.forEach((_, k) => {
        for (let j = 0; j < n; j++) direction[j] -= weights[k] * images[k][j];
      });
      const normal = entering * n;
      const slope = product(A, normal, direction, n);
      const scale = product(A, normal, image, n);
      let blocking = -1;
      let dual = Number.POSITIVE_INFINITY;
      active.forEach((i, k) => {
        if (weights[k] > 1e-14 && multipliers[i] / weights[k] < dual) {
          dual = multipliers[i] / weights[k];
          blocking = k;
        }
      });
      const free = slope > 1e-12 * scale;
      const primal = free ? (b[entering] - product(A, normal, x, n)) / slope : Number.POSITIVE_INFINITY;
      const length = Math.min(dual, primal);
      if (!Number.isFinite(length)) return null;
      if (free) for (let j = 0; j < n; j++) x[j] += length * direction[j];
      active.forEach((i, k) => {
        multipliers[i] = Math.max(0, multipliers[i] - length * weights[k]);
      });
      gained += length;
      if (primal <= dual) {
        multipliers[entering] = gained;
        active.push(entering);
        images.push(image);
        break;
      }
      multipliers[active[blocking]] = 0;
      active.splice(blocking, 1);
      images.splice(blocking, 1);
    }
  }
  return null;
}

function mostViolated(
  A: Float64Array,
  b: Float64Array,
  x: Float64Array,
  reach: number,
  active: readonly number[],
): number {
  const n = x.length;
  let chosen = -1;
  let worst = 0;
  for (let i = 0; i < b.length; i++) {
    let value = -b[i];
    let size = Math.abs(b[i]);
    for (let j = 0; j < n; j++) {
      const term = A[i * n + j] * x[j];
      value += term;
      size += Math.abs(term) + Math.abs(A[i * n + j]) * reach;
    }
    if (value < worst && value < -ROUNDING * size && !active.includes(i)) {
      worst = value;
      chosen = i;
    }
  }
  return chosen;
}

/** The active normals as which the new one counts, in the metric of H^-1. */
function combination(
  A: Float64Array,
  active: readonly number[],
  images: readonly Float64Array[],
  image: Float64Array,
  n: number,
): Float64Array | null {
  const q = active.length;
  const weights = new Float64Array(q);
  if (q === 0) return weights;
  const gram = new Float64Array(q * q);
  for (let k = 0; k < q; k++) {
    for (let l = 0; l <= k; l++) gram[k * q + l] = product(A, active[k] * n, images[l], n);
    weights[k] = product(A, active[k] * n, image, n);
  }
  if (!choleskyFactor(gram, q)) return null;
  choleskySolve(gram, q, weights);
  return weights;
}

function product(A: Float64Array, from: number, x: Float64Array, n: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) sum += A[from + j] * x[j];
  return sum;
}

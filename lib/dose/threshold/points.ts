// Dose and response as points for the fits: finite pairs, sorted by dose, with weights.
import { choleskyFactor } from "../../compute/solvers/linear-solve.js";
import { ArgumentError, DataError, quote, ShapeError } from "../../errors.js";

/** The finite pairs, sorted by dose. */
export interface Pairs {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Standard deviations, or null where none were given. */
  readonly sigma: Float64Array | null;
  /** Lower Cholesky factor of the covariance of the responses, row-major, or null where none was given. */
  readonly factor: Float64Array | null;
  /** Number of pairs left out because a value is not finite. */
  readonly dropped: number;
  /** Index of each pair in the input. */
  readonly index: Int32Array;
}

/** Fewer pairs, or fewer distinct doses, do not distinguish an onset from noise. */
const LEAST_PAIRS = 8;
const LEAST_DISTINCT = 5;

/** Range of numbers whose fourth powers, sums and inverses neither overflow nor underflow. */
const ORDINARY = [1e-60, 1e60];

/**
 * Sorts the pairs and leaves out those with a value that is not finite.
 *
 * @throws ShapeError when the lengths differ; ArgumentError for a negative sigma; DataError for too few pairs
 *   or doses, or for numbers outside the range of ordinary size
 */
export function readPairs(
  call: string,
  dose: ArrayLike<number>,
  response: ArrayLike<number>,
  sigma: ArrayLike<number> | undefined,
  covariance?: ArrayLike<number>,
): Pairs {
  for (const [name, values] of Object.entries({ response, ...(sigma && { sigma }) })) {
    if (values?.length === dose.length) continue;
    throw new ShapeError(
      `${call}: expected ${name} to have one number per dose (${dose.length}), got ${quote(values?.length)}`,
      { expected: dose.length, got: values?.length },
    );
  }
  const kept: number[] = [];
  for (let i = 0; i < dose.length; i++) {
    if (sigma && sigma[i] < 0) {
      throw new ArgumentError(
        `${call}: expected sigma to be standard deviations, got ${quote(sigma[i])} at index ${i}`,
        { index: i, value: sigma[i] },
      );
    }
    const finite = Number.isFinite(dose[i]) && Number.isFinite(response[i]);
    if (finite && (!sigma || Number.isFinite(sigma[i]))) kept.push(i);
  }
  const dropped = dose.length - kept.length;
  if (kept.length < LEAST_PAIRS) {
    throw new DataError(
      `${call}: expected at least ${LEAST_PAIRS} pairs of dose and response, got ${kept.length}` +
        `${dropped > 0 ? ` and ${dropped} that are not finite` : ""}; use finer steps of dose`,
      { pairs: kept.length, dropped },
    );
  }
  kept.sort((a, b) => dose[a] - dose[b] || a - b);
  const x = Float64Array.from(kept, (i) => dose[i]);
  const distinct = x.reduce((count, v, i) => (i === 0 || v > x[i - 1] ? count + 1 : count), 0);
  if (distinct < LEAST_DISTINCT) {
    throw new DataError(
      `${call}: expected at least ${LEAST_DISTINCT} distinct doses, got ${distinct} ` +
        `(${x[0]} to ${x[x.length - 1]}); an onset cannot be placed between so few`,
      { distinct },
    );
  }
  const y = Float64Array.from(kept, (i) => response[i]);
  const deviations = sigma ? Float64Array.from(kept, (i) => sigma[i]) : null;
  ordinary(call, "the range of doses", x[x.length - 1] - x[0]);
  ordinary(call, "the range of responses", y.reduce((most, v) => Math.max(most, Math.abs(v - y[0])), 0)); // biome-ignore format: one line
  if (deviations) ordinary(call, "the largest sigma", deviations.reduce((most, v) => Math.max(most, v), 1)); // biome-ignore format: one line
  const factor = covariance ? factorOf(call, covariance, dose.length, kept) : null;
  return { x, y, sigma: deviations, factor, dropped, index: Int32Array.from(kept) };
}

/**
 * Checks a covariance. @throws ShapeError for another size; ArgumentError for a matrix that is no covariance
 */
function factorOf(
  call: string,
  covariance: ArrayLike<number>,
  n: number,
  kept: readonly number[],
): Float64Array {
  if (covariance.length !== n * n) {
    throw new ShapeError(
      `${call}: expected covariance with ${n} x ${n} numbers, row-major, got ${quote(covariance.length)}`,
      { expected: n * n, got: covariance.length },
    );
  }
  const m = kept.length;
  const factor = new Float64Array(m * m);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < m; j++) factor[i * m + j] = covariance[kept[i] * n + kept[j]];
  if (factor.every(Number.isFinite) && choleskyFactor(factor, m)) return factor;
  throw new ArgumentError(`${call}: expected covariance to be positive definite`, { option: "covariance" });
}

/** Refuses a size whose square would overflow or underflow; zero is allowed. */
function ordinary(call: string, what: string, size: number): void {
  if (size === 0 || (size > ORDINARY[0] && size < ORDINARY[1])) return;
  throw new DataError(
    `${call}: expected ${what} to be between ${ORDINARY[0]} and ${ORDINARY[1]}, got ${quote(size)}; choose another unit`,
    { size },
  );
}

// Profiles without features shorter than a given length.
import type { Constraint } from "./constraint.js";
import { positive, refuse } from "./read.js";
import { type OnProfiles, shapeConstraint } from "./shape.js";

/** Limit of the roughness of profiles. */
export interface SmoothOptions extends OnProfiles {
  /**
   * Period of a wave in points (rows of C, energies of S), above 2. The sum of squared second differences of
   * a profile, relative to its sum of squares, is at most that of a wave of this period.
   */
  readonly length: number;
}

/**
 * The nearest profile that is smooth enough: Whittaker's smoother with the smallest sufficient penalty. A
 * profile that is smooth enough is not changed.
 *
 * @see P. H. C. Eilers, Analytical Chemistry 75 (2003) 3631
 */
export const smooth: Constraint<SmoothOptions | readonly SmoothOptions[]> = {
  read(option, problem) {
    if (option === undefined) return null;
    return shapeConstraint("smooth", option, { length: true }, problem, ({ length }) => {
      if (!(positive("smooth.length", length, Number.NaN) > 2)) {
        throw refuse(
          "smooth.length",
          "a number of points above 2",
          length,
          "10 leaves no feature shorter than 10 points",
        );
      }
      const limit = (2 * Math.sin(Math.PI / length)) ** 4;
      return (profile) => makeSmooth(profile, limit);
    });
  },
};

/**
 * Projects onto the profiles with a sum of squared second differences of at most `limit` times their sum of
 * squares, in place.
 *
 * Lagrange's condition for the nearest one is (1 - m limit) z + m P z = y, where P is the squared second
 * difference: a multiple of Whittaker's z = (1 + p P)^-1 y, with p such that the limit is just reached.
 */
export function makeSmooth(y: Float64Array, limit: number): void {
  // The tolerance exceeds rounding errors, so that the projection is idempotent.
  if (y.length < 3 || !(roughness(y) > limit * (1 + 1e-10))) return;
  const z = new Float64Array(y.length);
  const roughnessAt = (penalty: number): number => {
    whittaker(y, penalty, z);
    return roughness(z);
  };
  let low = 0;
  let high = 1 / limit;
  while (roughnessAt(high) > limit) {
    low = high;
    high *= 16;
    // A profile without any smooth part.
    if (high > 1e10 / limit) {
      y.fill(0);
      return;
    }
  }
  while (high - low > 1e-11 * high) {
    const middle = low > 0 ? Math.sqrt(low * high) : high / 32;
    if (roughnessAt(middle) > limit) low = middle;
    else high = middle;
    if (high < 1e-10 / limit) break;
  }
  whittaker(y, high, z);
  let onto = 0;
  let square = 0;
  for (let i = 0; i < y.length; i++) {
    onto += y[i] * z[i];
    square += z[i] * z[i];
  }
  for (let i = 0; i < y.length; i++) y[i] = (onto / square) * z[i];
}

function roughness(y: Float64Array): number {
  let rough = 0;
  let square = y[0] * y[0] + y[1] * y[1];
  for (let i = 2; i < y.length; i++) {
    rough += (y[i] - 2 * y[i - 1] + y[i - 2]) ** 2;
    square += y[i] * y[i];
  }
  return square > 0 ? rough / square : 0;
}

/** Solves (1 + penalty P) z = y, P = second differences squared: five diagonals, factored as L D L^T. */
function whittaker(y: Float64Array, penalty: number, z: Float64Array): void {
  const n = y.length;
  const d = new Float64Array(n);
  const first = new Float64Array(n);
  const second = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    // Number of times that a point is the end (1) or the middle (-2) of a second difference, and the products
    // with its neighbors.
    const ends = (i >= 2 ? 1 : 0) + (i < n - 2 ? 1 : 0);
    const isMiddle = i >= 1 && i < n - 1;
    let diagonal = 1 + penalty * (ends + (isMiddle ? 4 : 0));
    let one = i < n - 1 ? penalty * -2 * ((isMiddle ? 1 : 0) + (i < n - 2 ? 1 : 0)) : 0;
    const two = i < n - 2 ? penalty : 0;
    z[i] = y[i];
    if (i >= 1) {
      diagonal -= first[i - 1] ** 2 * d[i - 1];
      one -= first[i - 1] * second[i - 1] * d[i - 1];
      z[i] -= first[i - 1] * z[i - 1];
    }
    if (i >= 2) {
      diagonal -= second[i - 2] ** 2 * d[i - 2];
      z[i] -= second[i - 2] * z[i - 2];
    }
    d[i] = diagonal;
    first[i] = one / diagonal;
    second[i] = two / diagonal;
  }
  for (let i = n - 1; i >= 0; i--) {
    z[i] /= d[i];
    if (i < n - 1) z[i] -= first[i] * z[i + 1];
    if (i < n - 2) z[i] -= second[i] * z[i + 2];
  }
}

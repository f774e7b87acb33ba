import { describe, expect, test } from "vitest";
import { leastSquares, polynomialFit, polynomialMap, polynomialValue } from "../../lib/compute/polynomial.js";
import { random } from "../../lib/compute/random.js";
import { DataError, ShapeError } from "../../lib/errors.js";

const rng = random(7);

describe("leastSquares", () => {
  test("leaves a residual that is orthogonal to every column", () => {
    const A = Float64Array.from({ length: 40 * 5 }, () => rng.normal());
    const b = Float64Array.from({ length: 40 }, () => rng.normal());
    const x = leastSquares(A, b, 5);
    const left = b.map((v, i) => v - x.reduce((sum, c, j) => sum + c * A[i * 5 + j], 0));
    for (let j = 0; j < 5; j++) {
      expect(Math.abs(left.reduce((sum, r, i) => sum + r * A[i * 5 + j], 0))).toBeLessThan(1e-12);
    }
  });

  test("solves a square system", () => {
    const x = leastSquares([2, 1, 1, 3], [3, 5], 2);
    expect(x[0]).toBeCloseTo(0.8, 14);
    expect(x[1]).toBeCloseTo(1.4, 14);
  });

  test("refuses dependent columns, too few rows and wrong lengths", () => {
    expect(() => leastSquares([1, 2, 2, 4, 3, 6], [1, 2, 3], 2)).toThrow(DataError);
    expect(() => leastSquares([1, 2, 2, 4, 3, 6], [1, 2, 3], 2)).toThrow("singular system at column 1");
    expect(() => leastSquares([1, 2], [1], 2)).toThrow(ShapeError);
    expect(() => leastSquares([1, 2, 3], [1, 2], 2)).toThrow("expected 2 columns");
  });
});

describe("polynomials", () => {
  const x = Float64Array.from({ length: 60 }, (_, i) => 50 + 8 * i + 3 * rng.uniform());

  test("recover their coefficients in powers of x, far from the origin too", () => {
    for (const shift of [0, 8000]) {
      const truth = [1.3, -5e-4, 2e-7];
      const at = x.map((v) => v + shift);
      const fit = polynomialFit(
        at,
        at.map((v) => polynomialValue(truth, v)),
        2,
      );
      for (const v of at) {
        expect(Math.abs(polynomialValue(fit, v) - polynomialValue(truth, v))).toBeLessThan(1e-11);
      }
      if (shift === 0)
        for (const [d, c] of truth.entries()) expect(Math.abs(fit[d] / c - 1)).toBeLessThan(1e-9);
    }
  });

  test("are the same by map and by fit", () => {
    for (const degree of [0, 1, 3]) {
      const y = x.map(() => rng.normal());
      const map = polynomialMap(x, degree);
      const fit = polynomialFit(x, y, degree);
      for (let d = 0; d <= degree; d++) {
        const value = y.reduce((sum, v, i) => sum + map[d * x.length + i] * v, 0);
        expect(Math.abs(value - fit[d])).toBeLessThan(1e-12 * Math.max(1, Math.abs(fit[d])));
      }
    }
  });

  test("need as many distinct points as coefficients", () => {
    expect(() => polynomialFit([1, 2], [1, 2], 2)).toThrow("at least 3 points for degree 2, got 2");
    expect(() => polynomialFit([1, 1, 1], [1, 2, 3], 1)).toThrow(DataError);
    expect(() => polynomialMap([], 0)).toThrow(DataError);
  });
});

import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { choleskyFactor, choleskySolve } from "../../lib/compute/solvers/linear-solve.js";

describe("choleskyFactor, choleskySolve", () => {
  test("solve A x = b for random positive definite A", () => {
    for (let n = 1; n <= 8; n++) {
      const draw = random(n);
      const B = Array.from({ length: n }, () => Array.from({ length: n }, () => draw.normal()));
      const A = B.map((r, i) => B.map((c, j) => r.reduce((s, v, k) => s + v * c[k], i === j ? 0.1 : 0)));
      const x = Array.from({ length: n }, () => draw.normal());
      const b = Float64Array.from(A, (r) => r.reduce((s, v, k) => s + v * x[k], 0));
      const flat = Float64Array.from(A.flat());
      expect(choleskyFactor(flat, n)).toBe(true);
      choleskySolve(flat, n, b);
      for (let i = 0; i < n; i++) expect(b[i]).toBeCloseTo(x[i], 8);
    }
  });

  test("says when a matrix is singular, zero or indefinite", () => {
    expect(choleskyFactor(Float64Array.of(1, 2, 2, 4), 2)).toBe(false);
    expect(choleskyFactor(Float64Array.of(0), 1)).toBe(false);
    expect(choleskyFactor(Float64Array.of(1, 2, 2, 1), 2)).toBe(false);
    expect(choleskyFactor(Float64Array.of(Number.NaN), 1)).toBe(false);
  });
});

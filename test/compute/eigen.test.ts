import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { symmetricEigen } from "../../lib/compute/solvers/eigen.js";

describe("symmetricEigen", () => {
  test("gives A v = lambda v with orthonormal rows, values falling", () => {
    const n = 7;
    const draw = random(3);
    const A = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const v = draw.normal();
        A[i * n + j] = v;
        A[j * n + i] = v;
      }
    }
    const { values, vectors } = symmetricEigen(A, n);
    for (let a = 0; a < n; a++) {
      if (a > 0) expect(values[a]).toBeLessThanOrEqual(values[a - 1]);
      for (let i = 0; i < n; i++) {
        let product = 0;
        let overlap = 0;
        for (let k = 0; k < n; k++) {
          product += A[i * n + k] * vectors[a * n + k];
          overlap += vectors[i * n + k] * vectors[a * n + k];
        }
        expect(product).toBeCloseTo(values[a] * vectors[a * n + i], 10);
        expect(overlap).toBeCloseTo(i === a ? 1 : 0, 10);
      }
    }
  });
});

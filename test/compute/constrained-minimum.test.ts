import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { constrainedMinimum } from "../../lib/compute/solvers/constrained-minimum.js";
import { quadraticProgram } from "../../lib/compute/solvers/quadratic-program.js";

describe("quadraticProgram", () => {
  test("finds the nearest point of a corner, with its multipliers", () => {
    // Nearest to (2, 1) with x <= 1 and y <= 0.5.
    const solution = quadraticProgram({
      H: Float64Array.from([1, 0, 0, 1]),
      c: Float64Array.from([-2, -1]),
      A: Float64Array.from([-1, 0, 0, -1]),
      b: Float64Array.from([-1, -0.5]),
    });
    expect(Array.from(solution!.x)).toEqual([1, 0.5]);
    expect(Array.from(solution!.multipliers)).toEqual([1, 0.5]);
  });

  test("says that contradictions have no solution", () => {
    const A = Float64Array.from([1, -1]);
    const one = Float64Array.from([1]);
    expect(quadraticProgram({ H: one, c: one, A, b: Float64Array.from([1, 1]) })).toBeNull();
  });

  test("satisfies the conditions of Kuhn and Tucker on random programs, doubled inequalities included", () => {
    const draw = random(3);
    for (let trial = 0; trial < 200; trial++) {
      const n = 1 + Math.floor(6 * draw.uniform());
      const m = 4 * n;
      const root = Float64Array.from({ length: n * n }, () => draw.normal());
      const H = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          for (let k = 0; k < n; k++) H[i * n + j] += root[k * n + i] * root[k * n + j];
          if (i === j) H[i * n + j] += 0.1;
        }
      }
      const c = Float64Array.from({ length: n }, () => 3 * draw.normal());
      const A = Float64Array.from({ length: m * n }, () => draw.normal());
      A.copyWithin(n, 0, n);
      // Zero is allowed, so that there is a solution.
      const b = Float64Array.from({ length: m }, (_, i) => (i === 1 ? 0 : -Math.abs(draw.normal())));
      b[0] = b[1];
      const { x, multipliers } = quadraticProgram({ H, c, A, b })!;
      for (let j = 0; j < n; j++) {
        let gradient = c[j];
        for (let k = 0; k < n; k++) gradient += H[j * n + k] * x[k];
        for (let i = 0; i < m; i++) gradient -= multipliers[i] * A[i * n + j];
        expect(Math.abs(gradient)).toBeLessThan(1e-8);
      }
      for (let i = 0; i < m; i++) {
        let value = -b[i];
        for (let j = 0; j < n; j++) value += A[i * n + j] * x[j];
        expect(value).toBeGreaterThan(-1e-8);
        expect(multipliers[i]).toBeGreaterThanOrEqual(0);
        expect(Math.abs(multipliers[i] * value)).toBeLessThan(1e-7);
      }
    }
  });
});

describe("constrainedMinimum", () => {
  test("solves a textbook problem of four unknowns from a start that is not allowed (Hock and Schittkowski 43)", () => {
    const found = constrainedMinimum(
      {
        unknowns: 4,
        inequalities: 3,
        evaluate([a, b, c, d], g) {
          g[0] = 8 - a * a - b * b - c * c - d * d - a + b - c + d;
          g[1] = 10 - a * a - 2 * b * b - c * c - 2 * d * d + a + d;
          g[2] = 5 - 2 * a * a - b * b - c * c - 2 * a + b + d;
          return a * a + b * b + 2 * c * c + d * d - 5 * a - 5 * b - 21 * c + 7 * d;
        },
        differentiate([a, b, c, d], gradient, jacobian) {
          gradient.set([2 * a - 5, 2 * b - 5, 4 * c - 21, 2 * d + 7]);
          jacobian.set([-2 * a - 1, -2 * b + 1, -2 * c - 1, -2 * d + 1]);
          jacobian.set([-2 * a + 1, -4 * b, -2 * c, -4 * d + 1], 4);
          jacobian.set([-4 * a - 2, -2 * b + 1, -2 * c, 1], 8);
        },
      },
      [3, 3, 3, 3],
    );
    expect(found.converged).toBe(true);
    expect(found.value).toBeCloseTo(-44, 5);
    for (const [i, v] of [0, 1, 2, -1].entries()) expect(found.x[i]).toBeCloseTo(v, 3);
    expect(found.violation).toBeLessThan(1e-7);
  });

  test("turns back where the function has no value", () => {
    // x - ln x with x <= 0.5; no value at zero and below.
    const { x } = constrainedMinimum(
      {
        unknowns: 1,
        inequalities: 1,
        evaluate([v], g) {
          g[0] = 0.5 - v;
          return v > 0 ? v - Math.log(v) : Number.NaN;
        },
        differentiate([v], gradient, jacobian) {
          gradient[0] = 1 - 1 / v;
          jacobian[0] = -1;
        },
      },
      [1e-3],
    );
    expect(x[0]).toBeCloseTo(0.5, 6);
  });

  test("ends at the least violation, and says so, where nothing is allowed", () => {
    const { violation, converged } = constrainedMinimum(
      {
        unknowns: 1,
        inequalities: 2,
        evaluate([v], g) {
          g[0] = v - 1;
          g[1] = -1 - v;
          return 0;
        },
        differentiate(_, gradient, jacobian) {
          gradient[0] = 0;
          jacobian.set([1, -1]);
        },
      },
      [5],
    );
    expect(converged).toBe(false);
    expect(violation).toBeCloseTo(1, 3);
  });
});

import { describe, expect, test } from "vitest";
import { type Random, random } from "../../lib/compute/random.js";
import { BoundedLeastSquares, type Sum } from "../../lib/compute/solvers/bounded.js";
import { GramLeastSquares } from "../../lib/compute/solvers/nnls.js";

/** Gram matrix of n vectors in `rank` dimensions, and products with a target. */
function problem(draw: Random, n: number, rank: number): { G: Float64Array; b: Float64Array } {
  const A = Array.from({ length: rank }, () => Array.from({ length: n }, () => draw.normal()));
  const t = A.map(() => 2 * draw.normal());
  const G = new Float64Array(n * n);
  const b = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) G[i * n + j] = A.reduce((sum, row) => sum + row[i] * row[j], 0);
    b[i] = A.reduce((sum, row, k) => sum + row[i] * t[k], 0);
  }
  return { G, b };
}

const objective = (G: Float64Array, b: Float64Array, x: Float64Array): number =>
  x.reduce((sum, v, i) => sum + v * (0.5 * x.reduce((s, w, j) => s + G[i * x.length + j] * w, 0) - b[i]), 0);

/** A random point within bounds and sums, by moving pairs of a group against each other. */
function neighbor(
  draw: Random,
  x: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  sums: readonly Sum[],
) {
  const y = x.slice();
  const size = 10 ** (-4 * draw.uniform());
  for (let i = 0; i < x.length; i++) {
    const sum = sums.find(({ members }) => members.includes(i));
    const moved = Math.min(Math.max(y[i] + size * draw.normal(), lower[i]), upper[i]) - y[i];
    if (!sum) y[i] += moved;
    else {
      const other = sum.members[Math.floor(draw.uniform() * sum.members.length)];
      const total = sum.members.reduce((s, j) => s + y[j], 0);
      if (!sum.equal && total + moved <= sum.total && draw.uniform() < 0.5) y[i] += moved;
      else if (other !== i && y[other] - moved >= lower[other] && y[other] - moved <= upper[other]) {
        y[i] += moved;
        y[other] -= moved;
      }
    }
  }
  return y;
}

describe("BoundedLeastSquares", () => {
  test("keeps bounds and sums, and no other point that does is better, singular problems included", () => {
    const draw = random(11);
    let atBounds = 0;
    for (let trial = 0; trial < 400; trial++) {
      const n = 1 + Math.floor(6 * draw.uniform());
      const { G, b } = problem(draw, n, draw.uniform() < 0.2 ? Math.max(1, n - 1) : n + 3);
      const half = Math.ceil(n / 2);
      const sums: Sum[] = [
        { members: Array.from({ length: half }, (_, j) => j), total: 1, equal: draw.uniform() < 0.5 },
      ];
      if (n > half && draw.uniform() < 0.5) {
        sums.push({
          members: Array.from({ length: n - half }, (_, j) => half + j),
          total: 0.7,
          equal: false,
        });
      }
      const lower = new Float64Array(n);
      const upper = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
      for (let j = 0; j < n; j++) {
        if (draw.uniform() < 0.2) lower[j] = -0.5;
        if (draw.uniform() < 0.3) upper[j] = 1.2;
        if (j === 0 && half > 1 && draw.uniform() < 0.3) lower[j] = upper[j] = 0.25;
      }
      const x = new Float64Array(n);
      new BoundedLeastSquares(n, sums).solve(G, b, lower, upper, x);
      for (let j = 0; j < n; j++) {
        expect(x[j]).toBeGreaterThanOrEqual(lower[j]);
        expect(x[j]).toBeLessThanOrEqual(upper[j]);
        if (x[j] === lower[j] || x[j] === upper[j]) atBounds++;
      }
      for (const { members, total, equal } of sums) {
        const sum = members.reduce((s, j) => s + x[j], 0);
        if (equal) expect(Math.abs(sum - total)).toBeLessThan(1e-12);
        else expect(sum).toBeLessThan(total + 1e-12);
      }
      const lowest = objective(G, b, x);
      for (let k = 0; k < 60; k++) {
        const y = neighbor(draw, x, lower, upper, sums);
        expect(objective(G, b, y)).toBeGreaterThan(lowest - 1e-11 * (1 + Math.abs(lowest)));
      }
    }
    expect(atBounds).toBeGreaterThan(300);
  });

  test("gives what the plain solvers give, with one sum over all and without", () => {
    const draw = random(12);
    for (let trial = 0; trial < 300; trial++) {
      const n = 1 + Math.floor(6 * draw.uniform());
      const { G, b } = problem(draw, n, n + 2);
      const infinite = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
      const members = Array.from({ length: n }, (_, j) => j);
      for (const closure of [false, true]) {
        for (const nonNegative of [false, true]) {
          const plain = new Float64Array(n);
          const x = new Float64Array(n);
          new GramLeastSquares(n, { nonNegative, closure }).solve(G, b, 0, 1, plain, 0, 1);
          const lower = nonNegative ? new Float64Array(n) : infinite.map((v) => -v);
          const sums = closure ? [{ members, total: 1, equal: true }] : [];
          new BoundedLeastSquares(n, sums).solve(G, b, lower, infinite, x);
          plain.forEach((v, j) => {
            expect(Math.abs(v - x[j])).toBeLessThan(1e-8 * (1 + Math.abs(v)));
          });
        }
      }
    }
  });
});

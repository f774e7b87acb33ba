import { describe, expect, test } from "vitest";
import { clusterRows } from "../../lib/chemometrics/diagnostics/clusters.js";
import { outlierDiagnostics } from "../../lib/chemometrics/diagnostics/outliers.js";
import { pca } from "../../lib/chemometrics/pca/pca.js";
import { random } from "../../lib/compute/random.js";
import { mix, spectra } from "./series.js";

/** Normally distributed mixtures of two directions about a mean, in white noise. */
function ordinary(rows: number, columns: number, seed: number): number[][] {
  const draw = random(seed);
  const S = spectra(columns);
  const C = Array.from({ length: rows }, () => [
    1 + 0.05 * draw.normal(),
    0.1 * draw.normal(),
    0.02 * draw.normal(),
  ]);
  return mix(C, S, 0.01, draw);
}

describe("outlierDiagnostics", () => {
  test("has limits that as many ordinary spectra stay below as it says", () => {
    let above = { T2: 0, Q: 0 };
    const trials = 8;
    for (let seed = 1; seed <= trials; seed++) {
      const D = ordinary(250, 40, seed);
      const { T2, Q, limits } = outlierDiagnostics(D, pca(D), { components: 3, level: 0.95 });
      above = {
        T2: above.T2 + T2.filter((v) => v > limits.T2).length,
        Q: above.Q + Q.filter((v) => v > limits.Q).length,
      };
    }
    expect(Math.abs(above.T2 / (250 * trials) - 0.05)).toBeLessThan(0.015);
    expect(Math.abs(above.Q / (250 * trials) - 0.05)).toBeLessThan(0.02);
  });

  test("keeps the identities that define T2 and Q", () => {
    const D = ordinary(60, 30, 3);
    for (const options of [{}, { scale: true }, { center: false }]) {
      const found = pca(D, options);
      const { T2, Q } = outlierDiagnostics(D, found, { components: 2 });
      // Sum over N spectra of T2 is n (N - 1); sum of Q is what the components leave.
      expect(T2.reduce((a, b) => a + b, 0)).toBeCloseTo(2 * 59, 6);
      const left = found.singularValues.slice(2).reduce((sum, s) => sum + s * s, 0);
      expect(Q.reduce((a, b) => a + b, 0) / left).toBeCloseTo(1, 6);
    }
  });

  test("tells a glitch from an extreme mixture, and many glitches do not hide one another", () => {
    const D = ordinary(200, 40, 5);
    const bad = [3, 50, 51, 52, 120, 130, 140, 150];
    // At the same energy they would be a component of their own.
    for (const i of bad) D[i][5 + (i % 30)] += 0.15;
    const S = spectra(40);
    D[77] = S[0].map((v, k) => v + 0.9 * S[1][k]);
    const found = outlierDiagnostics(D, pca(D, { components: 6 }), { components: 1 });
    for (const i of bad) expect(found.Q[i]).toBeGreaterThan(found.limits.Q);
    expect(found.T2[77]).toBeGreaterThan(2 * found.limits.T2);
    expect(found.outlying[77]).toBe(1);
    expect(found.outlying.reduce((a, b) => a + b, 0)).toBeLessThan(bad.length + 12);
  });

  test("takes a flat array, and refuses what the components do not belong to", () => {
    const D = ordinary(30, 20, 1);
    const found = pca(D);
    const flat = { data: Float32Array.from(D.flat()), rows: 30, columns: 20 };
    const a = outlierDiagnostics(flat, found, { components: 2 });
    expect(a.Q[4]).toBeCloseTo(outlierDiagnostics(D, found, { components: 2 }).Q[4], 6);
    expect(() => outlierDiagnostics(D.slice(1), found, { components: 2 })).toThrow(
      "outlierDiagnostics: expected the spectra that the components come from, 30 x 20, got 29 x 20",
    );
    expect(() => outlierDiagnostics(D, found, { components: 29 })).toThrow("from 1 to 20, got 29");
    expect(() => outlierDiagnostics(D, found, { components: 1, level: 1 })).toThrow(
      "from 0.5 to below 1, got 1",
    );
  });
});

describe("clusterRows", () => {
  test("finds groups that are there, in the order of the first score, the same for the same seed", () => {
    const draw = random(2);
    const D = Array.from({ length: 90 }, (_, i) =>
      [i % 3, (i % 3) ** 2, 1].map((v) => v + 0.05 * draw.normal()),
    );
    const { scores } = pca(D);
    const found = clusterRows(scores, { clusters: 3 });
    expect(Array.from(found.sizes)).toEqual([30, 30, 30]);
    const first = found.centers.getColumn(0);
    expect(first).toEqual([...first].sort((a, b) => a - b));
    const ofGroup = [0, 1, 2].map(
      (g) => new Set(D.flatMap((_, i) => (found.labels[i] === g ? [i % 3] : []))),
    );
    for (const group of ofGroup) expect(group.size).toBe(1);
    expect(found.within).toBeLessThan(0.02);
    expect(clusterRows(scores, { clusters: 3 })).toEqual(found);
    expect(clusterRows(scores, { clusters: 1 }).within).toBeCloseTo(1, 9);
  });

  test("sorts many rows as it sorts few", () => {
    const draw = random(4);
    const D = Array.from({ length: 9000 }, (_, i) => [i % 2 ? 3 : 0, 1].map((v) => v + 0.3 * draw.normal()));
    const { labels } = clusterRows(pca(D, { components: 1 }).scores, { clusters: 2 });
    const wrong = labels.filter((label, i) => (label === labels[1]) !== (i % 2 === 1)).length;
    expect(wrong).toBe(0);
  });

  test("refuses more groups than there are different rows", () => {
    const { scores } = pca([[1, 2], [1, 2], [3, 4], [3, 4]]); // biome-ignore format: one line
    expect(clusterRows(scores, { clusters: 2 }).within).toBeCloseTo(0, 12);
    expect(() => clusterRows(scores, { clusters: 3 })).toThrow(
      "clusters: expected at least 3 different spectra, got fewer",
    );
    expect(() => clusterRows(scores, { clusters: 5 })).toThrow("from 1 to 4, got 5");
  });
});

test("a forgotten result is refused by name", () => {
  expect(() => outlierDiagnostics([[1, 2]], { components: 1 } as never, undefined as never)).toThrow(
    "expected (D, pca(D), { components }), got",
  );
});

import { describe, expect, test } from "vitest";
import { matchComponents, spectralAngle } from "../../lib/chemometrics/diagnostics/match.js";
import { fitComponents } from "../../lib/chemometrics/fit/fit-components.js";
import { type McrAls, mcrAls } from "../../lib/chemometrics/mcr/mcr-als.js";
import type { McrAlsOptions } from "../../lib/chemometrics/mcr/mcr-options.js";
import { random } from "../../lib/compute/random.js";
import { ArgumentError } from "../../lib/errors.js";
import { ask, peer } from "../support/peers.js";
import { lackOfFit, mix, reversed, series, spectra } from "./series.js";

const columnMax = ({ C }: McrAls): number[] =>
  Array.from({ length: C.columns }, (_, j) => Math.max(...C.getColumn(j)));

/** Random mixtures in which every component is pure somewhere: the one case without rotational ambiguity. */
function withPureRows(n: number, noise: number, seed: number) {
  const draw = random(seed, n);
  const S = Array.from({ length: n }, (_, j) =>
    Array.from({ length: 90 }, (_, k) => Math.exp(-(((k - 10 - (70 * j) / n) / 9) ** 2)) + 0.05),
  );
  const C = Array.from({ length: 40 }, (_, i) => {
    if (i < n) return S.map((_, j) => (i === j ? 1 : 0));
    const c = S.map(() => draw.uniform() ** 2);
    const sum = c.reduce((a, b) => a + b, 0);
    return c.map((v) => v / sum);
  });
  return { C, S, D: mix(C, S, noise, draw) };
}

describe("mcrAls", () => {
  test("finds spectra and concentrations where every component is pure somewhere", () => {
    for (const n of [2, 3, 4]) {
      const truth = withPureRows(n, 1e-4, 7);
      const fit = mcrAls(truth.D, { components: n });
      const order = matchComponents(fit.S, truth.S);
      truth.S.forEach((s, j) => {
        expect(spectralAngle(s, fit.S.getRow(order[j]))).toBeLessThan(5e-3);
        truth.C.forEach((c, i) => {
          expect(Math.abs(fit.C.get(i, order[j]) - c[j])).toBeLessThan(5e-3);
        });
      });
    }
  });

  test("reaches the lack of fit of the truth within 2 %, at every noise, from rows and from given spectra", () => {
    for (const noise of [1e-4, 1e-3, 1e-2]) {
      const { D, C, S } = series(141, 580, noise);
      const truth = lackOfFit(D, C, S);
      const starts: McrAlsOptions[] = [{ components: 3 }, { initial: [D[0], D[70], D[140]] }];
      for (const start of starts) {
        const fit = mcrAls(D, start);
        expect(fit.stop).toBe("converged");
        expect(fit.lackOfFit.experimental / truth).toBeLessThan(1.02);
        expect(fit.lackOfFit.experimental / truth).toBeGreaterThan(0.8);
        expect(fit.lackOfFit.pca).toBeLessThan(fit.lackOfFit.experimental);
      }
    }
  });

  test("resolves a middle species that is never pure: first and last exactly, the middle one as a mixture", () => {
    const { D, C, S } = series(141, 580, 3e-4);
    const truth = Math.max(...C.map((c) => c[1]));
    expect(truth).toBeLessThan(0.6);
    const fit = mcrAls(D, { components: 3 });
    expect(spectralAngle(fit.S.getRow(0), S[0])).toBeLessThan(0.01);
    expect(spectralAngle(fit.S.getRow(2), S[2])).toBeLessThan(0.01);
    // How much of its neighbors its spectrum holds, or lacks, is not in the data: any fit in this range is as good.
    const shares = fitComponents(fit.S, S, { nonNegative: false }).C.getRow(1);
    expect(shares[1]).toBeGreaterThan(0.75);
    expect(columnMax(fit)[1] / truth).toBeGreaterThan(0.8);
    expect(columnMax(fit)[1] / truth).toBeLessThan(1.25);
  });

  test("keeps the constraints to 1e-9, and returns the C that fits D by the S it returns", () => {
    const { D } = series(50, 120, 0.01);
    const fit = mcrAls(D, { components: 3 });
    for (const c of fit.C.to2DArray()) {
      expect(Math.abs(c.reduce((a, b) => a + b, -1))).toBeLessThan(1e-9);
      expect(Math.min(...c)).toBeGreaterThanOrEqual(0);
    }
    expect(Math.min(...fit.S.to1DArray())).toBeGreaterThanOrEqual(0);
    const again = fitComponents(D, fit.S).C.to1DArray();
    fit.C.to1DArray().forEach((v, i) => {
      expect(Math.abs(v - again[i])).toBeLessThan(1e-9);
    });
  });

  test("reports lack of fit and r2 as defined, and a lack of fit that never rises", () => {
    const { D } = series(40, 100, 0.01);
    const fit = mcrAls(D, { components: 3 });
    const direct = lackOfFit(D, fit.C.to2DArray(), fit.S.to2DArray());
    expect(fit.lackOfFit.experimental).toBeCloseTo(direct, 10);
    expect(fit.r2).toBeCloseTo(1 - (direct / 100) ** 2, 12);
    expect(fit.trace.length).toBe(fit.iterations);
    for (let i = 1; i < fit.trace.length; i++) {
      expect(fit.trace[i]).toBeLessThanOrEqual(fit.trace[i - 1] * (1 + 1e-9));
    }
    // The trace leaves out the last step for C, which only makes it better.
    expect(fit.lackOfFit.experimental).toBeLessThanOrEqual(fit.trace[fit.bestIteration - 1] * (1 + 1e-9));
  });

  test("lists components in order of appearance, whatever the order of the rows makes of it", () => {
    const { D } = series(60, 100, 1e-3);
    const forward = mcrAls(D, { components: 3 });
    const backward = mcrAls(reversed(D), { components: 3 });
    for (let i = 0; i < 60; i++) {
      for (let j = 0; j < 3; j++) expect(backward.C.get(59 - i, 2 - j)).toBeCloseTo(forward.C.get(i, j), 5);
    }
    expect(forward.C.get(0, 0)).toBeGreaterThan(0.9);
    expect(forward.C.get(59, 2)).toBeGreaterThan(0.9);
  });

  test("does not depend on the order of energies, nor, for given spectra, on that of rows", () => {
    const { D } = series(30, 80, 1e-3);
    const initial = [D[0], D[14], D[29]];
    const plain = mcrAls(D, { initial });
    const turned = mcrAls(reversed(D).map(reversed), { initial: initial.map(reversed) });
    for (let i = 0; i < 30; i++) {
      for (let j = 0; j < 3; j++) expect(turned.C.get(29 - i, j)).toBeCloseTo(plain.C.get(i, j), 6);
    }
  });

  test("scales with the data: spectra with closure, concentrations without", () => {
    const { D } = series(30, 80, 1e-3);
    const tenfold = D.map((d) => d.map((v) => 10 * v));
    const closed = [mcrAls(D, { components: 3 }), mcrAls(tenfold, { components: 3 })];
    expect(closed[1].S.get(1, 50)).toBeCloseTo(10 * closed[0].S.get(1, 50), 5);
    expect(closed[1].C.get(15, 1)).toBeCloseTo(closed[0].C.get(15, 1), 6);
    const constraints = { closure: false } as const;
    const open = [D, tenfold].map((d) => mcrAls(d, { components: 2, constraints }));
    expect(open[1].C.get(15, 1)).toBeCloseTo(10 * open[0].C.get(15, 1), 5);
    for (const fit of open) {
      for (let j = 0; j < 2; j++) expect(Math.max(...fit.S.getRow(j))).toBeCloseTo(1, 12);
    }
  });

  test("keeps the order of given spectra", () => {
    const { D } = series(40, 100, 1e-3);
    const fit = mcrAls(D, { initial: [D[39], D[0], D[20]] });
    expect(fit.C.get(0, 1)).toBeGreaterThan(0.9);
    expect(fit.C.get(39, 0)).toBeGreaterThan(0.9);
  });

  test("holds fixed spectra, whole and in part, and resolves the rest", () => {
    const { D, S, C } = series(60, 120, 1e-4);
    const part = S[2].map((v, k) => (k < 60 ? v : Number.NaN));
    const fit = mcrAls(D, { components: 3, constraints: { fixed: { S: [S[0], null, part] } } });
    S[0].forEach((v, k) => {
      expect(fit.S.get(0, k)).toBe(v);
      if (k < 60) expect(fit.S.get(2, k)).toBe(S[2][k]);
    });
    expect(spectralAngle(fit.S.getRow(2), S[2])).toBeLessThan(0.01);
    expect(fit.lackOfFit.experimental).toBeLessThan(1.02 * lackOfFit(D, C, S));
    // With the outer two known the middle one is pinned by its neighbors' shapes only; with all three, nothing is left.
    const all = mcrAls(D, { components: 3, fixedS: S });
    expect(all.C.to1DArray().every((v, i) => Math.abs(v - C.flat()[i]) < 5e-3)).toBe(true);
    expect(mcrAls(D, { initial: reversed(S), fixedS: [S[2]] }).S.getRow(0)).toEqual(S[2]);
  });

  test("says that a component vanished when asked for more than there are, never NaN", () => {
    const { D } = series(30, 80, 0);
    for (const closure of [true, false]) {
      for (const estimate of ["purest-rows", "purest-variables"] as const) {
        const fit = mcrAls(D, { components: 5, estimate, constraints: { closure } });
        expect(fit.vanished).toEqual([3, 4]);
        expect(fit.advice).toContain(
          "no spectrum contains components 3, 4 (counted from 0): request fewer components",
        );
        expect([...fit.C.to1DArray(), ...fit.S.to1DArray()].every(Number.isFinite)).toBe(true);
        expect(fit.C.getColumn(3).every((v) => v === 0)).toBe(true);
      }
    }
    const same = Array.from({ length: 6 }, () => spectra(40)[0]);
    const fit = mcrAls(same, { components: 2 });
    expect(fit.vanished.length).toBe(1);
    expect(fit.advice).toMatch(
      /no spectrum contains component \d \(counted from 0\): request fewer components/,
    );
    expect([...fit.C.to1DArray(), ...fit.S.to1DArray()].every(Number.isFinite)).toBe(true);
  });

  test("takes rows and energies of zeros", () => {
    const { D } = series(20, 50, 0);
    for (const d of D) d[10] = 0;
    D[7].fill(0);
    const fit = mcrAls(D, { components: 2, constraints: { closure: false } });
    expect([...fit.C.to1DArray(), ...fit.S.to1DArray()].every(Number.isFinite)).toBe(true);
    expect(fit.C.getRow(7)).toEqual([0, 0]);
    expect(fit.S.getColumn(10)).toEqual([0, 0]);
  });

  test("says why it stopped and what to do", () => {
    const { D } = series(40, 100, 1e-3);
    const done = mcrAls(D, { components: 3 });
    expect(done.stop).toBe("converged");
    expect(done.advice).toMatch(/^converged after \d+ iterations at lack of fit/);
    const seen: number[] = [];
    const short = mcrAls(D, { components: 3, maxIterations: 2, onIteration: (_, lof) => seen.push(lof) });
    expect(short.stop).toBe("max-iterations");
    expect(short.iterations).toBe(2);
    expect(short.advice).toContain("raise maxIterations");
    expect(seen).toEqual(short.trace);
    expect(mcrAls(series(20, 40, 0).D, { components: 3, tolerance: 0, maxIterations: 5000 }).stop).toBe(
      "converged",
    );
  });

  test("returns the best iteration when clipping and scaling make it diverge", () => {
    // Not least squares any more, so the fit may get worse; the one that is returned must not.
    let worse = 0;
    for (let seed = 0; seed < 6; seed++) {
      const { D } = series(40, 60, 0.1, seed);
      const constraints = { nonNegative: "clip", closure: "scale" } as const;
      const fit = mcrAls(D, { components: 3, constraints, tolerance: 1e-12, maxIterations: 200 });
      expect(fit.trace[fit.bestIteration - 1]).toBe(Math.min(...fit.trace));
      if (fit.stop === "diverged") {
        worse++;
        expect(fit.bestIteration).toBe(fit.iterations - 20);
        expect(fit.advice).toContain(`iteration ${fit.bestIteration} is returned`);
      }
      for (const c of fit.C.to2DArray()) expect(c.reduce((a, b) => a + b, -1)).toBeCloseTo(0, 9);
    }
    expect(worse).toBeGreaterThan(0);
  });

  test("starts from the purest energies where components have some", () => {
    const { D, S } = withPureRows(3, 1e-4, 3);
    const fit = mcrAls(D, { components: 3, estimate: "purest-variables" });
    for (const [j, at] of matchComponents(fit.S, S).entries()) {
      expect(spectralAngle(fit.S.getRow(at), S[j])).toBeLessThan(0.1);
    }
  });

  test("refuses what it cannot resolve, and says where", () => {
    const { D } = series(5, 20, 0);
    const bad = D.map((d) => d.slice());
    bad[3][11] = Number.NEGATIVE_INFINITY;
    expect(() => mcrAls(bad, { components: 2 })).toThrow(
      "mcrAls: expected finite numbers in D, or NaN where one is missing, got -Infinity in row 3, column 11",
    );
    expect(() => mcrAls(D, { components: 6 })).toThrow(
      "mcrAls: expected components to be a whole number from 1 to 5, got 6; there cannot be more components than spectra or energies",
    );
    expect(() => mcrAls(D, { components: 0 })).toThrow("got 0");
    expect(() => mcrAls(D, {})).toThrow("got neither");
    for (const none of [undefined, null, 3]) {
      expect(() => mcrAls(D, none as never)).toThrow(ArgumentError);
      expect(() => mcrAls(D, none as never)).toThrow(
        `mcrAls: expected options with components (a number) or initial (spectra), got ${none}; for example { components: 3 }`,
      );
    }
    expect(() => mcrAls(D, { components: 2, initial: D })).toThrow("got both");
    expect(() => mcrAls(D, { initial: [[1, 2]] })).toThrow(
      "expected initial spectra with 20 energies as D has, got 2",
    );
    expect(() => mcrAls([[0, 0], [0, 0]], { components: 1 })).toThrow("expected spectra with signal"); // biome-ignore format: one line
    expect(() => mcrAls(D, { components: 2, estimate: "best" as "purest-rows" })).toThrow(
      /expected estimate to be one of "purest-rows", .*"purest-variables".*, got "best"/,
    );
    expect(() => mcrAls(D, { components: 2, tolerance: -1 })).toThrow("expected tolerance");
    expect(() => mcrAls(D, { components: 2, constraints: { nonNegative: "some" as "clip" } })).toThrow(
      'expected nonNegative to be true, false or "clip", got "some"',
    );
    expect(() => mcrAls(D, { components: 2, fixedS: [[1]] })).toThrow(
      "expected fixed spectrum 0 to have 20 energies as D has, got 1",
    );
    const negative = D[0].map((v) => -v - 1);
    expect(() => mcrAls(D, { components: 2, fixedS: [null, negative] })).toThrow(
      /got at least 0 and at most -.* for component 1 at energy 0/,
    );
  });

  test("agrees with alternating scipy nnls from the same start", (context) => {
    peer("scipy")(context);
    const { D } = series(25, 40, 5e-3);
    const initial = [D[0], D[12], D[24]];
    const theirs = ask<{ C: number[][]; S: number[][] }>(
      `
import numpy as np
from scipy.optimize import nnls
D = np.array(x["D"]); S = np.array(x["initial"])
for _ in range(20):
    C = np.array([nnls(S.T, d)[0] for d in D])
    S = np.array([nnls(C, d)[0] for d in D.T]).T
C = np.array([nnls(S.T, d)[0] for d in D])
print(json.dumps(dict(C=C.tolist(), S=S.tolist())))`,
      { D, initial },
    );
    const ours = mcrAls(D, { initial, constraints: { closure: false }, tolerance: 0, maxIterations: 20 });
    theirs.S.forEach((s, j) => {
      const most = Math.max(...s);
      s.forEach((v, k) => {
        expect(Math.abs(ours.S.get(j, k) - v / most)).toBeLessThan(1e-7);
      });
      theirs.C.forEach((c, i) => {
        expect(Math.abs(ours.C.get(i, j) - c[j] * most)).toBeLessThan(1e-7);
      });
    });
  });
});

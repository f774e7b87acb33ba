import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import {
  checkComponents,
  FitFlag,
  fitComponents,
  fitRows,
} from "../../lib/chemometrics/fit/fit-components.js";
import { random } from "../../lib/compute/random.js";
import { DataError, ShapeError } from "../../lib/errors.js";
import { ask, peer } from "../support/peers.js";
import { mix, reversed, series, spectra } from "./series.js";

describe("fitComponents", () => {
  test("recovers concentrations without noise to rounding, for one to eight components", () => {
    for (let n = 1; n <= 8; n++) {
      const draw = random(5, n);
      const S = Array.from({ length: n }, () => Array.from({ length: 60 }, () => 1 + 0.2 * draw.normal()));
      const C = Array.from({ length: 30 }, () => {
        const c = Array.from({ length: n }, () => (draw.uniform() < 0.4 ? 0 : draw.uniform()));
        if (!c.some((v) => v > 0)) c[0] = 1;
        const sum = c.reduce((a, b) => a + b, 0);
        return c.map((v) => v / sum);
      });
      const D = mix(C, S, 0, draw);
      for (const closure of [true, false]) {
        const fit = fitComponents(D, S, { closure });
        for (let i = 0; i < C.length; i++) {
          for (let j = 0; j < n; j++) expect(Math.abs(fit.C.get(i, j) - C[i][j])).toBeLessThan(1e-9);
          expect(fit.rFactor[i]).toBeLessThan(1e-18);
        }
      }
    }
  });

  test("keeps closure and non-negativity to 1e-9 on noisy spectra, and neither where it is not asked", () => {
    const { D, S } = series(60, 200, 0.05);
    const closed = fitComponents(D, S).C.to2DArray();
    for (const c of closed) {
      expect(Math.min(...c)).toBeGreaterThanOrEqual(0);
      expect(Math.abs(c.reduce((a, b) => a + b, -1))).toBeLessThan(1e-9);
    }
    // Noise puts some shares at the bound and would put them beyond it.
    expect(closed.flat().some((v) => v === 0)).toBe(true);
    const free = fitComponents(D, S, { nonNegative: false }).C.to2DArray();
    expect(Math.min(...free.flat())).toBeLessThan(-0.01);
    for (const c of free) expect(Math.abs(c.reduce((a, b) => a + b, -1))).toBeLessThan(1e-9);
    const open = fitComponents(D, S, { closure: false }).C.to2DArray();
    expect(open.some((c) => Math.abs(c.reduce((a, b) => a + b, -1)) > 1e-3)).toBe(true);
  });

  test("does not depend on the order of components, rows or energies", () => {
    const { D, S } = series(12, 80, 0.02);
    const C = fitComponents(D, S).C;
    const turned = fitComponents(reversed(D), reversed(S)).C;
    const backwards = fitComponents(D.map(reversed), S.map(reversed)).C;
    for (let i = 0; i < 12; i++) {
      for (let j = 0; j < 3; j++) {
        expect(turned.get(11 - i, 2 - j)).toBeCloseTo(C.get(i, j), 9);
        expect(backwards.get(i, j)).toBeCloseTo(C.get(i, j), 9);
      }
    }
  });

  test("gives R = sum (d - c S)^2 / sum d^2", () => {
    const { D, S } = series(5, 40, 0.03);
    const { C, rFactor } = fitComponents(D, S);
    D.forEach((d, i) => {
      const rest = d.map((v, k) => v - S.reduce((sum, s, j) => sum + C.get(i, j) * s[k], 0));
      const r = rest.reduce((sum, e) => sum + e * e, 0) / d.reduce((sum, v) => sum + v * v, 0);
      expect(rFactor[i]).toBeCloseTo(r, 12);
    });
  });

  test("flags rows without signal or with numbers that are not finite, and leaves the others alone", () => {
    const { D, S } = series(4, 30, 0);
    D[1] = D[1].map(() => 0);
    D[2][7] = Number.NaN;
    D[3][0] = Number.POSITIVE_INFINITY;
    const { C, rFactor, flags } = fitComponents(D, S);
    expect(Array.from(flags)).toEqual([FitFlag.ok, FitFlag.noSignal, FitFlag.notFinite, FitFlag.notFinite]);
    for (const i of [1, 2, 3]) expect([...C.getRow(i), rFactor[i]].every(Number.isNaN)).toBe(true);
    expect(C.get(0, 0)).toBeCloseTo(1, 9);
  });

  test("fits float32 rows to 1e-5, in buffers of the caller", () => {
    const { D, S, C } = series(25, 300, 0);
    const data = Float32Array.from(D.flat());
    const outC = new Float32Array(75);
    const outR = new Float32Array(25);
    const flags = new Uint8Array(25);
    fitRows(data, 25, 300, Float64Array.from(S.flat()), {}, outC, outR, flags);
    C.flat().forEach((c, i) => {
      expect(Math.abs(outC[i] - c)).toBeLessThan(1e-5);
    });
    expect(flags.every((f) => f === FitFlag.ok)).toBe(true);
  });

  test("refuses spectra of other lengths, that are not finite or not independent", () => {
    const S = spectra(20);
    expect(() => fitComponents([S[0].slice(1)], S)).toThrow(
      "fitComponents: expected components with 19 energies as the spectra have, got 20; put both on the same energy axis",
    );
    const bad = S.map((s) => s.slice());
    bad[2][5] = Number.NaN;
    expect(() => fitComponents([S[0]], bad)).toThrow("got NaN in row 2, column 5");
    const half = S[0].map((v, k) => (v + S[1][k]) / 2);
    expect(() => fitComponents([S[0]], [S[0], S[1], half])).toThrow(
      "got component 2 (counted from 0), which is a mixture of earlier ones",
    );
    const double = S[0].map((v) => 2 * v);
    expect(() => fitComponents([S[0]], [S[0], double], { closure: false })).toThrow(
      "a combination of earlier ones",
    );
    // With closure a multiple is a component of its own.
    expect(fitComponents([S[0]], [S[0], double]).C.getRow(0)).toEqual([1, 0]);
  });

  test("checks components for others, in their name", () => {
    const S = spectra(20);
    const flat = checkComponents(S, "cube.fit");
    expect([flat.rows, flat.columns]).toEqual([S.length, 20]);
    expect(Array.from(flat.data)).toEqual(S.flat());
    for (const none of [[], new Matrix(0, 20)]) {
      expect(() => checkComponents(none, "cube.fit")).toThrow(ShapeError);
      expect(() => checkComponents(none, "cube.fit")).toThrow(
        "cube.fit: expected at least one component, got none",
      );
    }
    expect(() => fitComponents([S[0]], [])).toThrow("fitComponents: expected at least one component");
    expect(() => checkComponents(null as unknown as number[][], "cube.fit")).toThrow("expected a matrix");
    const bad = S[1].map((v, k) => (k === 4 ? Number.NaN : v));
    expect(() => checkComponents([S[0], bad], "cube.fit")).toThrow(
      "cube.fit: expected finite numbers in S, got NaN in row 1, column 4",
    );
    const double = S[0].map((v) => 2 * v);
    expect(() => checkComponents([S[0], S[0]], "cube.fit")).toThrow(
      "cube.fit: expected components that are independent, got component 1 (counted from 0), which is a mixture",
    );
    expect(checkComponents([S[0], double], "cube.fit").rows).toBe(2);
    expect(() => checkComponents([S[0], double], "cube.fit", false)).toThrow(DataError);
  });

  test("agrees with scipy (nnls; SLSQP with closure)", (context) => {
    peer("scipy")(context);
    const { D, S } = series(20, 50, 0.05);
    const theirs = ask<{ open: number[][]; closed: number[][] }>(
      `
import numpy as np
from scipy.optimize import nnls, minimize
S = np.array(x["S"])
def closed(d):
    f = lambda c: np.sum((d - c @ S) ** 2)
    g = lambda c: -2 * S @ (d - c @ S)
    r = minimize(f, np.full(3, 1 / 3), jac=g, method="SLSQP", bounds=[(0, 1)] * 3, options=dict(ftol=1e-14, maxiter=500),
                 constraints=dict(type="eq", fun=lambda c: c.sum() - 1, jac=lambda c: np.ones(3)))
    return r.x.tolist()
D = np.array(x["D"])
print(json.dumps(dict(open=[nnls(S.T, d)[0].tolist() for d in D], closed=[closed(d) for d in D])))`,
      { D, S },
    );
    const open = fitComponents(D, S, { closure: false }).C;
    const closed = fitComponents(D, S).C;
    for (let i = 0; i < D.length; i++) {
      for (let j = 0; j < 3; j++) {
        expect(Math.abs(open.get(i, j) - theirs.open[i][j])).toBeLessThan(1e-8);
        expect(Math.abs(closed.get(i, j) - theirs.closed[i][j])).toBeLessThan(1e-5);
      }
    }
  });
});

// What a fit with known components may be asked for beyond concentrations: bounds on the sum, noise, weights, glitches.
import { describe, expect, test } from "vitest";
import { fitComponents } from "../../lib/chemometrics/fit/fit-components.js";
import { random } from "../../lib/compute/random.js";
import { ask, peer } from "../support/peers.js";
import { mix, series, spectra } from "./series.js";

/** Rows of shares around 1/3 each of broad bands, so that no bound is near and no few energies decide. */
function inside(rows: number, nEnergies: number, noise: number, seed: number) {
  const S = [0.25, 0.5, 0.75].map((at) =>
    Array.from({ length: nEnergies }, (_, k) => 1 + Math.exp(-(((k / nEnergies - at) / 0.15) ** 2))),
  );
  const C = Array.from({ length: rows }, () => [0.3, 0.4, 0.3]);
  return { S, C, D: mix(C, S, noise, random(seed)) };
}

describe("closure at most one", () => {
  test("is the free fit where that sums to less, and the closed one where it would sum to more", () => {
    const S = spectra(80);
    const draw = random(3);
    const C = Array.from({ length: 60 }, () => {
      const total = 0.7 + 0.6 * draw.uniform();
      const c = [draw.uniform(), draw.uniform(), draw.uniform()];
      return c.map((v) => (total * v) / (c[0] + c[1] + c[2]));
    });
    const D = mix(C, S, 0.01, draw);
    const bounded = fitComponents(D, S, { closure: "at most" }).C;
    const free = fitComponents(D, S, { closure: false }).C;
    const closed = fitComponents(D, S, { closure: true }).C;
    const count = { free: 0, closed: 0 };
    for (let i = 0; i < D.length; i++) {
      const sum = free.getRow(i).reduce((a, b) => a + b, 0);
      const which = sum > 1 ? "closed" : "free";
      count[which]++;
      const want = (which === "free" ? free : closed).getRow(i);
      for (let j = 0; j < 3; j++) expect(bounded.get(i, j)).toBeCloseTo(want[j], 9);
    }
    expect(Math.min(count.free, count.closed)).toBeGreaterThan(15);
  });

  test("agrees with scipy's SLSQP", (context) => {
    peer("scipy")(context);
    const { D, S } = series(20, 50, 0.05);
    const theirs = ask<number[][]>(
      `
import numpy as np
from scipy.optimize import minimize
S = np.array(x["S"])
def bounded(d):
    f = lambda c: np.sum((d - c @ S) ** 2)
    r = minimize(f, np.full(3, 0.3), jac=lambda c: -2 * S @ (d - c @ S), method="SLSQP", bounds=[(0, None)] * 3,
                 options=dict(ftol=1e-14, maxiter=500),
                 constraints=dict(type="ineq", fun=lambda c: 1 - c.sum(), jac=lambda c: -np.ones(3)))
    return r.x.tolist()
print(json.dumps([bounded(d) for d in np.array(x["D"])]))`,
      { D, S },
    );
    const { C } = fitComponents(D, S, { closure: "at most" });
    for (let i = 0; i < D.length; i++) {
      for (let j = 0; j < 3; j++) expect(Math.abs(C.get(i, j) - theirs[i][j])).toBeLessThan(1e-5);
    }
  });
});

describe("noise", () => {
  // 3000 fits: the scatter is known to sqrt(1 / 6000) = 1.3 %, four of which are allowed.
  test.each([{ closure: true }, { closure: false }])(
    "standard errors are the scatter of repeated measurements, with sigma and without, %o",
    ({ closure }) => {
      const { D, S } = inside(3000, 60, 0.01, 7);
      for (const sigma of [undefined, 0.01, new Float64Array(60).fill(0.01)]) {
        const fit = fitComponents(D, S, { closure, sigma });
        for (let j = 0; j < 3; j++) {
          const values = fit.C.getColumn(j);
          const mean = values.reduce((a, b) => a + b, 0) / values.length;
          const scatter = Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / values.length);
          const error = fit.standardError.getColumn(j).reduce((a, b) => a + b, 0) / values.length;
          expect(Math.abs(error / scatter - 1)).toBeLessThan(0.06);
        }
      }
    },
  );

  test("chi-square has as many on average as degrees of freedom, also where noise differs from energy to energy", () => {
    const { S, C } = inside(2000, 60, 0, 1);
    const draw = random(11);
    const sigma = Float64Array.from({ length: 60 }, (_, k) => 0.002 * (1 + (k % 5)));
    const D = C.map((c) =>
      Array.from(sigma, (s, k) => c[0] * S[0][k] + c[1] * S[1][k] + c[2] * S[2][k] + s * draw.normal()),
    );
    for (const [closure, free] of [
      [true, 2],
      [false, 3],
    ] as const) {
      const { chiSquare } = fitComponents(D, S, { closure, sigma, nonNegative: false });
      const mean = (chiSquare as Float64Array).reduce((a, b) => a + b, 0) / 2000;
      // Standard deviation of the mean: sqrt(2 * 58 / 2000) = 0.24.
      expect(Math.abs(mean - (60 - free))).toBeLessThan(1);
    }
    // Using the noise makes the concentrations better.
    const spread = (options: object): number => {
      const values = fitComponents(D, S, options).C.getColumn(0);
      return values.reduce((a, v) => a + (v - 0.3) ** 2, 0);
    };
    expect(spread({ sigma })).toBeLessThan(0.8 * spread({}));
  });

  test("sigma as one number changes no concentration, and is the same as for every energy", () => {
    const { D, S } = series(9, 40, 0.03);
    const plain = fitComponents(D, S);
    const one = fitComponents(D, S, { sigma: 0.03 });
    const each = fitComponents(D, S, { sigma: Array.from({ length: 40 }, () => 0.03) });
    expect(one.C.to2DArray()).toEqual(plain.C.to2DArray());
    expect(plain.chiSquare).toBeNull();
    for (let i = 0; i < 9; i++) {
      expect(each.C.get(i, 0)).toBeCloseTo(one.C.get(i, 0), 10);
      expect(each.chiSquare?.[i]).toBeCloseTo(one.chiSquare?.[i] as number, 8);
      expect(each.standardError.get(i, 1)).toBeCloseTo(one.standardError.get(i, 1), 10);
    }
  });

  test("an energy of weight 0 is as one that was not measured", () => {
    const { D, S } = series(6, 40, 0.03);
    const spoilt = D.map((d) => d.map((v, k) => (k % 4 === 1 ? v + 3 : v)));
    const without = (rows: readonly (readonly number[])[]) =>
      rows.map((row) => row.filter((_, k) => k % 4 !== 1));
    const weighted = fitComponents(spoilt, S, { weights: S[0].map((_, k) => Number(k % 4 !== 1)) });
    const left = fitComponents(without(D), without(S));
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j < 3; j++) {
        expect(weighted.C.get(i, j)).toBeCloseTo(left.C.get(i, j), 10);
        expect(weighted.standardError.get(i, j)).toBeCloseTo(left.standardError.get(i, j), 10);
      }
    }
    const masked = S[0].map((_, k) => Number(k < 1));
    expect(() => fitComponents(D, S, { weights: masked })).toThrow("which is a mixture of earlier ones");
  });
});

describe("glitches", () => {
  const glitched = (closure: boolean) => {
    const { S, C } = inside(200, 150, 0, 2);
    const draw = random(21);
    const D = mix(C, S, 0.005, draw);
    const places = D.map(() => Math.floor(draw.uniform() * 146));
    D.forEach((d, i) => {
      for (let k = 0; k < 3; k++) d[places[i] + k] += 0.8;
    });
    return { D, S, C, places, options: { closure } };
  };

  test.each([true, false])(
    "are found, all of them and hardly any others, and do not pull (closure %s)",
    (closure) => {
      const { D, S, C, places, options } = glitched(closure);
      const off = (robust: boolean | { loss: "huber" }) => {
        const fit = fitComponents(D, S, { ...options, robust });
        let most = 0;
        for (const [i, c] of C.entries()) {
          for (const [j, v] of c.entries()) most = Math.max(most, Math.abs(fit.C.get(i, j) - v));
        }
        return { fit, most };
      };
      const clean = fitComponents(mix(C, S, 0.005, random(21)), S, options);
      const worst = Math.max(...clean.standardErrors);
      const { fit, most } = off(true);
      // 600 errors of normal noise reach 3.5 of themselves; glitches pull without weights, and less with Huber's.
      expect(most).toBeLessThan(6 * worst);
      expect(off(false).most).toBeGreaterThan(3 * most);
      expect(off({ loss: "huber" }).most).toBeLessThan(0.5 * off(false).most);
      const { glitches } = fit;
      if (!glitches) throw new Error("no glitches");
      for (const [i, place] of places.entries()) {
        const own = Array.from(glitches.energies).filter((_, g) => glitches.rows[g] === i);
        expect(own).toEqual(expect.arrayContaining([place, place + 1, place + 2]));
      }
      expect(glitches.rows.length).toBeLessThan(600 + 10);
      expect(glitches.sizes.every((size) => Math.abs(size) > 4.685)).toBe(true);
      expect(glitches.perRow.reduce((a, b) => a + b, 0)).toBe(glitches.rows.length);
      expect(glitches.perEnergy.reduce((a, b) => a + b, 0)).toBe(glitches.rows.length);
    },
  );

  test("cost little where there are none: the fit is nearly the plain one, its errors nearly the scatter", () => {
    const { D, S } = inside(2000, 60, 0.01, 9);
    const plain = fitComponents(D, S);
    const robust = fitComponents(D, S, { robust: true });
    const scatter = (fit: typeof plain) =>
      Math.sqrt(fit.C.getColumn(0).reduce((a, v) => a + (v - 0.3) ** 2, 0) / 2000);
    expect(scatter(robust)).toBeLessThan(1.08 * scatter(plain));
    const error = robust.standardError.getColumn(0).reduce((a, b) => a + b, 0) / 2000;
    expect(Math.abs(error / scatter(robust) - 1)).toBeLessThan(0.08);
    expect(robust.glitches?.rows.length).toBeLessThan(60);
    expect(plain.glitches).toBeNull();
  });

  test("without noise are all found and no other point is, and rows without signal are flagged", () => {
    const { D, S, C } = inside(3, 40, 0, 1);
    D[0][7] += 1;
    D[1].fill(0);
    D[2][3] = Number.NaN;
    const fit = fitComponents(D, S, { robust: true });
    for (let j = 0; j < 3; j++) expect(Math.abs(fit.C.get(0, j) - C[0][j])).toBeLessThan(1e-6);
    expect(Array.from(fit.flags)).toEqual([0, 2, 1]);
    expect([...fit.C.getRow(1), ...fit.C.getRow(2), ...fit.standardError.getRow(1)].every(Number.isNaN)).toBe(
      true,
    );
    expect(Array.from(fit.glitches?.energies ?? [])).toEqual([7]);
  });
});

describe("tall data", () => {
  test("are read where they lie, float32 and float64, and give what rows give", () => {
    const { D, S } = series(30, 50, 0.02);
    const data = Float32Array.from(D.flat());
    const tall = fitComponents({ data, rows: 30, columns: 50 }, S);
    const rows = fitComponents(
      Array.from({ length: 30 }, (_, i) => Array.from(data.subarray(50 * i, 50 * i + 50))),
      S,
    );
    expect(Math.max(...tall.concentrations.map((c, i) => Math.abs(c - rows.concentrations[i])))).toBeLessThan(
      1e-10,
    );
    expect(tall.C.rows).toBe(30);
    expect(tall.C.get(7, 2)).toBe(tall.concentrations[23]);
    expect(() => fitComponents({ data, rows: 31, columns: 50 }, S)).toThrow(
      "fitComponents: expected data of rows x columns numbers, got 1500 for 31 x 50",
    );
  });
});

test("refuses options that mean nothing", () => {
  const { D, S } = series(4, 30, 0.01);
  const asking = (options: object) => () => fitComponents(D, S, options);
  expect(asking({ closure: "atmost" })).toThrow(
    'fitComponents: expected closure to be true, false or "at most", got "atmost"',
  );
  expect(asking({ nonNegative: "clip" })).toThrow("expected nonNegative to be true or false");
  expect(asking({ sigma: 0 })).toThrow("expected sigma to be a positive number, got 0");
  expect(asking({ sigma: [1, 2] })).toThrow(
    "expected sigma for 30 energies, got 2; give one for each energy",
  );
  expect(asking({ sigma: new Float64Array(30) })).toThrow(
    "expected sigma to hold positive numbers, got 0 at energy 0",
  );
  expect(asking({ weights: new Float64Array(30).fill(-1) })).toThrow(
    "numbers that are 0 or more, got -1 at energy 0",
  );
  expect(asking({ sigma: 1, weights: new Float64Array(30) })).toThrow("expected sigma or weights, got both");
  expect(asking({ robust: { loss: "cauchy" } })).toThrow('{ loss: "bisquare" | "huber", cutoff }');
  expect(asking({ robust: "yes" })).toThrow("expected robust to be true, false or");
  expect(asking({ robust: { cutoff: -1 } })).toThrow("expected robust.cutoff to be a positive number");
  expect(() => fitComponents(D, S, 3 as unknown as object)).toThrow(
    "expected options such as { closure: false }, got 3",
  );
});

// What constraints are for: they take ambiguity away, and find what is known to be there.
import { describe, expect, test } from "vitest";
import { spectralAngle } from "../../../lib/chemometrics/diagnostics/match.js";
import type { CorrelationFound, KineticFound } from "../../../lib/chemometrics/mcr/constraints/index.js";
import { makeFalling, makeRising, makeUnimodal } from "../../../lib/chemometrics/mcr/constraints/isotonic.js";
import { makeSmooth } from "../../../lib/chemometrics/mcr/constraints/smooth.js";
import { mcrAls } from "../../../lib/chemometrics/mcr/mcr-als.js";
import { random } from "../../../lib/compute/random.js";
import { ask, peer } from "../../support/peers.js";
import { lackOfFit, mix, series, spectra } from "../series.js";

const worst = (a: number[][], b: number[][]): number =>
  Math.max(...a.map((row, i) => Math.max(...row.map((v, j) => Math.abs(v - b[i][j])))));

describe("constraints that take ambiguity away", () => {
  test("a known selective region and known spectra give back the truth", () => {
    const { D, C, S } = series(60, 100, 1e-5);
    // The series begins pure and ends pure; the middle species has no third one beside it in the first fifth.
    const zero = [
      { on: "C", components: [2], range: [0, 12] },
      { on: "C", components: [0], range: [42, 60] },
    ] as const;
    const fixed = { C: [null, C.map((c) => c[1])] };
    const fit = mcrAls(D, {
      components: 3,
      constraints: { zero, fixed },
      tolerance: 1e-9,
      maxIterations: 3000,
    });
    expect(fit.lackOfFit.experimental / lackOfFit(D, C, S)).toBeLessThan(1.05);
    expect(worst(fit.C.to2DArray(), C)).toBeLessThan(0.01);
    S.forEach((s, j) => {
      expect(spectralAngle(fit.S.getRow(j), s)).toBeLessThan(0.01);
    });
  });

  test("the first concentration alone gives the first spectrum, and the last one the rest", () => {
    // A charge that stops at 70 %: the second species is never pure.
    const S = spectra(80).slice(0, 2);
    const C = Array.from({ length: 40 }, (_, t) => [1 - 0.7 * (t / 39) ** 1.5, 0.7 * (t / 39) ** 1.5]);
    const D = mix(C, S, 1e-4, random(3));
    const rows = (known: Readonly<Record<number, number>>): number[] =>
      C.map((_, t) => known[t] ?? Number.NaN);
    const options = { components: 2, tolerance: 1e-9, maxIterations: 3000 } as const;
    const first = mcrAls(D, {
      ...options,
      constraints: { fixed: { C: [rows({ 0: 1 }), null] } },
    });
    expect(first.C.get(0, 0)).toBe(1);
    expect(first.C.get(0, 1)).toBeCloseTo(0, 12);
    expect(spectralAngle(first.S.getRow(0), S[0])).toBeLessThan(0.005);
    // What the last row is, the data do not tell ...
    expect(Math.abs(first.C.get(39, 1) - 0.7)).toBeGreaterThan(0.05);
    // ... but one measured number does.
    const both = mcrAls(D, {
      ...options,
      constraints: { fixed: { C: [rows({ 0: 1 }), rows({ 39: 0.7 })] } },
    });
    expect(worst(both.C.to2DArray(), C)).toBeLessThan(0.01);
    S.forEach((spectrum, j) => {
      expect(spectralAngle(both.S.getRow(j), spectrum)).toBeLessThan(0.01);
    });
    expect(both.violations.fixed).toBeLessThan(1e-11);
  });

  test("a kinetic model gives its rates and the spectra, from rates that are far off", () => {
    const time = Array.from({ length: 50 }, (_, i) => i);
    const model = (t: ArrayLike<number>, [k1, k2]: ArrayLike<number> & Iterable<number>): number[][] =>
      Array.from(t, (x) => {
        const a = Math.exp(-k1 * x);
        const b = (k1 / (k2 - k1)) * (a - Math.exp(-k2 * x));
        return [a, b, 1 - a - b];
      });
    const S = spectra(80);
    const C = model(time, [0.15, 0.05]);
    const D = mix(C, S, 1e-4, random(2));
    const kinetic = { model, rates: [0.4, 0.02], time };
    const fit = mcrAls(D, { components: 3, constraints: { kinetic }, tolerance: 1e-8, maxIterations: 1000 });
    const [{ rates, misfit }] = fit.found.kinetic as KineticFound[];
    expect(Math.abs(rates[0] / 0.15 - 1)).toBeLessThan(0.02);
    expect(Math.abs(rates[1] / 0.05 - 1)).toBeLessThan(0.02);
    expect(misfit).toBeLessThan(0.02);
    expect(fit.violations.kinetic).toBe(0);
    S.forEach((s, j) => {
      expect(spectralAngle(fit.S.getRow(j), s)).toBeLessThan(0.01);
    });
  });

  test("reference concentrations calibrate a component, and predict the rows that have none", () => {
    const { D, C } = series(40, 80, 1e-4);
    const reference = C.map((c, i) => (i % 6 === 0 ? 12 * c[2] : Number.NaN));
    const correlation = { component: 2, reference };
    const fit = mcrAls(D, {
      components: 3,
      constraints: { correlation, closure: false },
      maxIterations: 200,
    });
    const [line] = fit.found.correlation as CorrelationFound[];
    expect(line.correlation).toBeGreaterThan(0.999);
    C.forEach((c, i) => {
      expect(Math.abs(fit.C.get(i, 2) - 12 * c[2])).toBeLessThan(0.1);
    });
  });

  test("a trilinear component has one profile in all blocks, and is found where bilinear answers are many", () => {
    const S = spectra(60).slice(0, 2);
    const shape = (at: number): number[] =>
      Array.from({ length: 30 }, (_, i) => Math.exp(-(((i - at) / 7) ** 2)));
    const profiles = [shape(12), shape(18)];
    const amounts = [[1, 0.3], [0.4, 1], [0.8, 0.7]]; // biome-ignore format: one line
    const draw = random(6);
    const parts = amounts.map((a) =>
      profiles[0].map((_, i) => [a[0] * profiles[0][i], a[1] * profiles[1][i]]),
    );
    const blocks = parts.map((C) => [mix(C, S, 1e-4, draw)]);
    const options = { components: 2, tolerance: 1e-9, maxIterations: 3000 };
    const fit = mcrAls({ blocks }, { ...options, constraints: { closure: false, trilinear: {} } });
    expect(fit.violations.trilinear).toBeLessThan(1e-9);
    profiles.forEach((p, j) => {
      for (const c of fit.blocks?.C ?? []) expect(spectralAngle(c.getColumn(j), p)).toBeLessThan(0.02);
      expect(spectralAngle(fit.S.getRow(j), S[j])).toBeLessThan(0.02);
    });
  });

  test("without any, kept apart by nothing but their bounds, constraints hold together or it is said that they do not", () => {
    const { D } = series(30, 60, 1e-2);
    const monotonic = [
      { components: [0], direction: "falling" },
      { components: [2], direction: "rising" },
    ] as const;
    const fit = mcrAls(D, { components: 3, constraints: { monotonic, unimodal: {}, smooth: { length: 6 } } });
    expect(Math.max(...Object.values(fit.violations))).toBeLessThan(1e-9);
    expect(fit.order).toEqual(["nonNegative", "closure", "unimodal", "monotonic", "smooth"]);
    const impossible = mcrAls(D, {
      components: 3,
      constraints: {
        correlation: { component: 0, reference: D.map((_, i) => (i < 2 ? i + 5 : Number.NaN)) },
      },
      maxIterations: 3,
    });
    expect(impossible.advice).toMatch(
      /the constraints do not all hold together: .* is off by .*; drop or relax one/,
    );
  });
});

describe("projections", () => {
  const draw = random(21);
  const noisy = (): Float64Array =>
    Float64Array.from({ length: 9 }, (_, i) => Math.sin(i / 3) + 0.5 * draw.normal());

  test("are nearer than any other curve of their shape", () => {
    const shapes = {
      rising: { move: makeRising, ok: (y: Float64Array) => y.every((v, i) => i === 0 || v >= y[i - 1]) },
      falling: { move: makeFalling, ok: (y: Float64Array) => y.every((v, i) => i === 0 || v <= y[i - 1]) },
      unimodal: {
        move: makeUnimodal,
        ok: (y: Float64Array) => {
          const top = y.indexOf(Math.max(...y));
          return y.every((v, i) => i === 0 || (i <= top ? v >= y[i - 1] : v <= y[i - 1]));
        },
      },
    };
    const distance = (a: Float64Array, b: Float64Array): number =>
      a.reduce((s, v, i) => s + (v - b[i]) ** 2, 0);
    for (const { move, ok } of Object.values(shapes)) {
      for (let trial = 0; trial < 40; trial++) {
        const y = noisy();
        const z = y.slice();
        move(z);
        expect(ok(z)).toBe(true);
        for (let k = 0; k < 300; k++) {
          const other = (k % 2 ? noisy() : z).map((v) => v + 0.3 * draw.uniform() ** 3 * draw.normal());
          // A random curve of the shape: any curve with its values put in such an order, or one that happens to have it.
          if (ok(other)) expect(distance(y, other)).toBeGreaterThanOrEqual(distance(y, z) - 1e-12);
        }
      }
    }
  });

  test("agree with scipy's isotonic regression", (context) => {
    peer("sklearn")(context);
    const ys = Array.from({ length: 20 }, () => Array.from(noisy()));
    const theirs = ask<number[][]>(
      "from sklearn.isotonic import isotonic_regression\nprint(json.dumps([isotonic_regression(y).tolist() for y in x]))",
      ys,
    );
    ys.forEach((y, i) => {
      const z = Float64Array.from(y);
      makeRising(z);
      z.forEach((v, k) => {
        expect(Math.abs(v - theirs[i][k])).toBeLessThan(1e-12);
      });
    });
  });

  test("smooth until just smooth enough, and a smooth wave not at all", () => {
    const limit = (length: number): number => (2 * Math.sin(Math.PI / length)) ** 4;
    const rough = (y: Float64Array): number => {
      let a = 0;
      for (let i = 2; i < y.length; i++) a += (y[i] - 2 * y[i - 1] + y[i - 2]) ** 2;
      return a / y.reduce((s, v) => s + v * v, 0);
    };
    const y = Float64Array.from({ length: 80 }, (_, i) => Math.sin(i / 8) + 0.3 * draw.normal());
    const z = y.slice();
    makeSmooth(z, limit(20));
    expect(Math.abs(rough(z) / limit(20) - 1)).toBeLessThan(1e-6);
    // Nearest: along a straight line to anything else as smooth it only gets farther.
    for (let trial = 0; trial < 200; trial++) {
      const other = z.map((v) => v + 0.02 * draw.normal());
      makeSmooth(other, limit(20));
      const distance = (a: Float64Array): number => a.reduce((s, v, i) => s + (v - y[i]) ** 2, 0);
      expect(distance(other)).toBeGreaterThan(distance(z) - 1e-9);
    }
    const wave = Float64Array.from({ length: 80 }, (_, i) => Math.sin((2 * Math.PI * i) / 30));
    const same = wave.slice();
    makeSmooth(same, limit(20));
    expect(same).toEqual(wave);
  });
});

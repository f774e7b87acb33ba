// Errors of C and S against what noise really does: the same measurement, simulated many times.
import { describe, expect, test } from "vitest";
import { mcrAls } from "../../lib/chemometrics/mcr/mcr-als.js";
import { type McrErrorsOptions, mcrErrors } from "../../lib/chemometrics/mcr/mcr-errors.js";
import { mcrRestarts } from "../../lib/chemometrics/mcr/restarts.js";
import { random } from "../../lib/compute/random.js";
import { mix, series } from "./series.js";

const NOISE = 0.02;
const peak = (x: number, at: number): number => Math.exp(-(((x - at) / 4) ** 2) / 2);
// Each species is alone in some rows and at some energies: the factorisation is unique, and only noise is left.
const S = [6, 17].map((at) => Array.from({ length: 24 }, (_, k) => peak(k, at)));
const C = Array.from({ length: 22 }, (_, i) => Math.min(1, Math.max(0, (i - 4) / 13))).map((v) => [1 - v, v]);

/** Shares of intervals that hold the truth, of entries away from the ends of what is allowed. */
function coverage(
  options: McrErrorsOptions,
  trials: number,
): { C: number; S: number; C2: number; S2: number } {
  const inside = { C: 0, S: 0 };
  const total = { C: 0, S: 0 };
  const ratio = { C: 0, S: 0 };
  for (let trial = 0; trial < trials; trial++) {
    const D = mix(C, S, NOISE, random(40, trial));
    const fit = mcrAls(D, { initial: S });
    const errors = mcrErrors(D, fit, { ...options, seed: trial });
    for (const of of ["C", "S"] as const) {
      const truth = of === "C" ? C : S;
      truth.forEach((row, i) => {
        row.forEach((v, j) => {
          if (v < 0.12 || v > 0.88) return;
          total[of]++;
          if (v >= errors[of].low.get(i, j) && v <= errors[of].high.get(i, j)) inside[of]++;
          ratio[of] += (fit[of].get(i, j) - v) ** 2 / errors[of].standardError.get(i, j) ** 2;
        });
      });
    }
  }
  return { C: inside.C / total.C, S: inside.S / total.S, C2: ratio.C / total.C, S2: ratio.S / total.S };
}

describe("mcrErrors", () => {
  test("bootstrap intervals hold the truth as often as they say, where the factorisation is unique", () => {
    const held = coverage({ replicates: 60, level: 0.9 }, 12);
    expect(Math.abs(held.C - 0.9)).toBeLessThan(0.06);
    expect(Math.abs(held.S - 0.9)).toBeLessThan(0.06);
    // Squared deviations in units of the squared standard error are one on average.
    expect(Math.abs(held.C2 - 1)).toBeLessThan(0.35);
    expect(Math.abs(held.S2 - 1)).toBeLessThan(0.35);
  });

  test("jackknife intervals do so, too", () => {
    const held = coverage({ method: "jackknife", groups: 11, level: 0.9 }, 12);
    expect(Math.abs(held.C - 0.9)).toBeLessThan(0.07);
    expect(Math.abs(held.S - 0.9)).toBeLessThan(0.07);
  });

  test("errors grow with the noise, and are the same for the same seed", () => {
    const errorOf = (noise: number): number => {
      const D = mix(C, S, noise, random(3));
      const errors = mcrErrors(D, mcrAls(D, { initial: S }), { replicates: 30 });
      return errors.C.standardError.get(10, 0);
    };
    expect(errorOf(0.02) / errorOf(0.005)).toBeGreaterThan(2.5);
    expect(errorOf(0.01)).toBe(errorOf(0.01));
  });

  test("noise that goes together over energies gives larger errors where the bootstrap is told so", () => {
    const draw = random(8);
    const D = mix(C, S, 0, draw).map((row) => {
      const steps = Array.from({ length: 6 }, () => NOISE * draw.normal());
      return row.map((v, k) => v + steps[Math.floor(k / 4)]);
    });
    const fit = mcrAls(D, { initial: S });
    const mean = (correlation: number): number =>
      mcrErrors(D, fit, { replicates: 40, correlation }).C.standardError.mean();
    expect(mean(4) / mean(1)).toBeGreaterThan(1.3);
  });

  test("is small where answers are far apart, and says so: rotational ambiguity is not in it", () => {
    const { D } = series(40, 60, 3e-4);
    const fit = mcrAls(D, { components: 3 });
    const errors = mcrErrors(D, fit, { replicates: 20 });
    expect(errors.note).toContain("rotational ambiguity is not in them");
    expect([errors.replicates, errors.method, errors.level]).toEqual([20, "bootstrap", 0.95]);
    expect([errors.S.low.rows, errors.C.high.columns]).toEqual([3, 3]);
    const { range } = mcrRestarts(D, { components: 3, starts: 6, maxIterations: 200 });
    const apart = range.C.high.get(20, 1) - range.C.low.get(20, 1);
    expect(errors.C.standardError.get(20, 1)).toBeLessThan(apart / 3);
  });

  test("leaves missing numbers missing", () => {
    const D = mix(C, S, NOISE, random(2));
    D[3][4] = Number.NaN;
    for (const method of ["bootstrap", "jackknife"] as const) {
      const errors = mcrErrors(D, mcrAls(D, { initial: S }), { method, replicates: 20, groups: 6 });
      const all = [errors.C, errors.S].flatMap((e) => [e.standardError, e.low, e.high]);
      expect(all.every((m) => m.to1DArray().every(Number.isFinite))).toBe(true);
    }
  });

  test("refuses what it cannot resample", () => {
    const D = mix(C, S, NOISE, random(1));
    const fit = mcrAls(D, { initial: S });
    expect(() => mcrErrors(D.slice(1), fit)).toThrow(
      "mcrErrors: expected the D that was resolved, 22 x 24, got 21 x 24",
    );
    expect(() => mcrErrors(D, fit, { method: "profile" as "jackknife" })).toThrow(
      '"bootstrap" or "jackknife", got "profile"',
    );
    expect(() => mcrErrors(D, fit, { replicates: 5 })).toThrow("at least 20");
    expect(() => mcrErrors(D, fit, { method: "jackknife", groups: 2 })).toThrow("at least 3");
    expect(() => mcrErrors(D, fit, { level: 1 })).toThrow(
      "expected level to be a fraction from 0.5 to below 1, got 1",
    );
    expect(() => mcrErrors(D, { ...fit, vanished: [1] })).toThrow("got 1 that vanished; resolve fewer");
  });
});

import { describe, expect, test } from "vitest";
import { mcrRestarts } from "../../lib/chemometrics/mcr/restarts.js";
import { random } from "../../lib/compute/random.js";
import { mix, series } from "./series.js";

const peak = (x: number, at: number): number => Math.exp(-(((x - at) / 3) ** 2) / 2);

describe("mcrRestarts", () => {
  test("comes to the same answer from everywhere, where the factorisation is unique", () => {
    const S = [5, 15].map((at) => Array.from({ length: 20 }, (_, k) => peak(k, at)));
    const C = Array.from({ length: 18 }, (_, i) => Math.min(1, Math.max(0, (i - 4) / 10))).map((v) => [
      1 - v,
      v,
    ]);
    const { fits, equallyGood, range } = mcrRestarts(mix(C, S, 1e-3, random(1)), {
      components: 2,
      starts: 6,
    });
    expect(fits.length).toBe(7);
    expect(equallyGood).toBeGreaterThanOrEqual(5);
    expect(range.C.high.clone().sub(range.C.low).max()).toBeLessThan(0.03);
  });

  test("shows ambiguity: fits as good as the best whose middle species differs", () => {
    const { D } = series(40, 60, 3e-4);
    const found = mcrRestarts(D, { components: 3, starts: 8, maxIterations: 200 });
    const lacks = found.fits.map((fit) => fit.lackOfFit);
    expect(lacks).toEqual([...lacks].sort((a, b) => a - b));
    expect(found.best.lackOfFit.experimental).toBe(lacks[0]);
    const maxima = found.fits.filter((f) => f.equallyGood).map((f) => Math.max(...f.C.getColumn(1)));
    expect(Math.max(...maxima) - Math.min(...maxima)).toBeGreaterThan(0.05);
    expect(found.range.C.high.get(20, 1)).toBeGreaterThanOrEqual(found.best.C.get(20, 1));
    expect(found.advice).toContain("this is a lower limit of the ambiguity");
    const again = mcrRestarts(D, { components: 3, starts: 8, maxIterations: 200 });
    expect(again.fits.map((f) => f.lackOfFit)).toEqual(lacks);
  });

  test("refuses what it cannot start from", () => {
    const line = Array.from({ length: 6 }, (_, i) => [1, 2, 3, 4].map((v) => v * (1 + i)));
    expect(() => mcrRestarts(line, { components: 2, starts: 2 })).toThrow("at least 2 independent spectra");
    expect(() => mcrRestarts(line, { components: 9 })).toThrow("mcrRestarts: expected components");
    expect(() => mcrRestarts(line, { components: 1, starts: 0 })).toThrow("expected starts");
    expect(() => mcrRestarts(line, { components: 1, within: -1 })).toThrow(
      "expected within to be a fraction",
    );
    expect(() => mcrRestarts([[1, Number.NaN], [1, 2]], { components: 1 })).toThrow("got NaN in row 0, column 1"); // biome-ignore format: one line
  });
});

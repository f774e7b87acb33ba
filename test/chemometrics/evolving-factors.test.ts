import { describe, expect, test } from "vitest";
import { evolvingFactorAnalysis } from "../../lib/chemometrics/diagnostics/evolving-factors.js";
import { random } from "../../lib/compute/random.js";
import { ask, peer } from "../support/peers.js";
import { mix, reversed, series } from "./series.js";

const peak = (x: number, at: number, width: number): number => Math.exp(-(((x - at) / width) ** 2) / 2);

/** Two species, the first in rows 5 to 24, the second in rows 15 to 34 of 40. */
function comingAndGoing(noise: number): number[][] {
  const S = [12, 24].map((at) => Array.from({ length: 40 }, (_, k) => peak(k, at, 5)));
  const bump = (i: number, from: number): number =>
    Math.max(0, Math.sin((Math.PI * (i - from + 1)) / 21)) * Number(i >= from && i < from + 20);
  return mix(
    Array.from({ length: 40 }, (_, i) => [bump(i, 5), bump(i, 15)]),
    S,
    noise,
    random(3),
  );
}

describe("evolvingFactorAnalysis", () => {
  test("finds when components come and go, and how many there are in a window", () => {
    const found = evolvingFactorAnalysis(comingAndGoing(1e-3), { components: 2, window: 4 });
    expect(Array.from(found.appears)).toEqual([5, 15]);
    expect(Math.abs(found.disappears[0] - 24)).toBeLessThanOrEqual(1);
    expect(Math.abs(found.disappears[1] - 34)).toBeLessThanOrEqual(1);
    expect(found.noise / 1e-3).toBeCloseTo(1, 1);
    const localRank = (i: number): number =>
      found.window.getRow(i).filter((v) => v > found.noise * (2 + Math.sqrt(40)) * 1.2).length;
    expect([0, 8, 18, 28, 36].map(localRank)).toEqual([0, 1, 2, 1, 0]);
    expect([found.window.rows, found.windowCenter[0], found.windowCenter.at(-1)]).toEqual([37, 1.5, 37.5]);
    const largest = [0, 1].map((j) => found.concentrations.getColumn(j));
    largest.forEach((c, j) => {
      expect(Math.max(...c)).toBe(1);
      expect(Math.abs(c.indexOf(1) - [14, 24][j])).toBeLessThanOrEqual(4);
    });
  });

  test("sees the same from both ends: backward is forward of the series turned round", () => {
    const { D } = series(25, 40, 1e-3);
    const there = evolvingFactorAnalysis(D);
    const back = evolvingFactorAnalysis(reversed(D));
    for (let i = 0; i < 25; i++) {
      back.forward.getRow(24 - i).forEach((v, a) => {
        expect(v).toBeCloseTo(there.backward.get(i, a), 9);
      });
    }
    there.forward.getRow(24).forEach((v, a) => {
      expect(v).toBeCloseTo(there.backward.get(0, a), 9);
    });
  });

  test("has curves that never fall: another spectrum takes nothing away", () => {
    const { forward } = evolvingFactorAnalysis(series(30, 50, 0.01).D, { components: 4 });
    for (let i = 1; i < 30; i++) {
      for (let a = 0; a < 5; a++)
        expect(forward.get(i, a)).toBeGreaterThanOrEqual(forward.get(i - 1, a) - 1e-9);
    }
  });

  test("agrees with numpy's SVD", (context) => {
    peer("scipy")(context);
    const { D } = series(20, 30, 0.01);
    const found = evolvingFactorAnalysis(D, { components: 3, window: 5 });
    const [forward, window] = ask<number[][][]>(
      `
import numpy as np
D = np.array(x)
print(json.dumps([[np.linalg.svd(D[:i + 1], compute_uv=False)[:4].tolist() for i in range(20)],
  [np.linalg.svd(D[i:i + 5], compute_uv=False).tolist() for i in range(16)]]))`,
      D,
    );
    forward.forEach((row, i) => {
      row.forEach((v, a) => {
        expect(found.forward.get(i, a)).toBeCloseTo(v, 6);
      });
    });
    window.forEach((row, i) => {
      row.forEach((v, a) => {
        expect(found.window.get(i, a)).toBeCloseTo(v, 6);
      });
    });
  });

  test("refuses what is no series", () => {
    expect(() => evolvingFactorAnalysis([[1, 2]])).toThrow("expected a series of 2 to 600 spectra, got 1");
    expect(() => evolvingFactorAnalysis([[0, 0], [0, 0]])).toThrow("expected spectra with signal, got zeros only"); // biome-ignore format: one line
    expect(() => evolvingFactorAnalysis([[1, Number.NaN], [0, 0]])).toThrow("got NaN in row 0, column 1"); // biome-ignore format: one line
    expect(() => evolvingFactorAnalysis(comingAndGoing(0), { components: 41 })).toThrow(
      "from 1 to 40, got 41; D is 40 x 40",
    );
    expect(() => evolvingFactorAnalysis(comingAndGoing(0), { window: 0 })).toThrow("expected window to be");
  });
});

// What every initial estimate keeps, whatever it looks for.
import { describe, expect, test } from "vitest";
import { matchComponents, spectralAngle } from "../../../lib/chemometrics/diagnostics/match.js";
import { type EstimateName, initialEstimates } from "../../../lib/chemometrics/mcr/initial/index.js";
import { mcrAls } from "../../../lib/chemometrics/mcr/mcr-als.js";
import { leadingSubspace } from "../../../lib/chemometrics/pca/subspace.js";
import { random } from "../../../lib/compute/random.js";
import { mix } from "../series.js";

const names = Object.keys(initialEstimates) as EstimateName[];

function estimate(name: EstimateName, D: number[][], n: number, closure = true, seed = 1): number[][] {
  const [rows, columns] = [D.length, D[0].length];
  const data = Float64Array.from(D.flat());
  const subspace = (): Float64Array => leadingSubspace(data, rows, columns, n);
  const found = initialEstimates[name]({ D: data, rows, columns, n, closure, noise: 0.05, seed, subspace });
  return Array.from({ length: found.length / columns }, (_, j) =>
    Array.from(found.subarray(j * columns, (j + 1) * columns)),
  );
}

const peak = (x: number, at: number, width: number): number => Math.exp(-(((x - at) / width) ** 2) / 2);

/** Three species one after another, each alone somewhere along the rows and at some energy: the factorisation is unique. */
function selective(noise: number, seed = 1): { D: number[][]; S: number[][]; C: number[][] } {
  const S = [10, 25, 40].map((at) => Array.from({ length: 50 }, (_, k) => 0.02 + peak(k, at, 3.5)));
  const C = Array.from({ length: 45 }, (_, i) => {
    const c = [8, 22, 36].map((at) => Math.max(0, 1 - Math.abs(i - at) / 12));
    const sum = c.reduce((a, b) => a + b, 0);
    return sum > 0 ? c.map((v) => v / sum) : i < 20 ? [1, 0, 0] : [0, 0, 1];
  });
  return { D: mix(C, S, noise, random(seed)), C, S };
}

describe.each(names)("the estimate %s", (name) => {
  test("gives n finite spectra, the same for the same input, whatever the scale of the data", () => {
    const { D } = selective(1e-3);
    for (const closure of [true, false]) {
      const first = estimate(name, D, 3, closure);
      expect(first.length).toBe(3);
      expect(first.flat().every(Number.isFinite)).toBe(true);
      expect(estimate(name, D, 3, closure)).toEqual(first);
      const larger = estimate(
        name,
        D.map((d) => d.map((v) => 8 * v)),
        3,
        closure,
      );
      first.forEach((s, j) => {
        expect(spectralAngle(larger[j], s)).toBeLessThan(1e-6);
      });
    }
  });

  test("leads MCR-ALS to the species where the factorisation is unique", () => {
    const { D, S } = selective(1e-3);
    const initial = estimate(name, D, 3);
    const fit = mcrAls(D, { initial });
    matchComponents(fit.S, S).forEach((at, j) => {
      expect(spectralAngle(fit.S.getRow(at), S[j])).toBeLessThan(0.03);
    });
  });

  test("finds no more spectra than D has independent rows", () => {
    const { S } = selective(0);
    const D = mix(
      Array.from({ length: 12 }, (_, i) => [1 - i / 11, i / 11]),
      S.slice(0, 2),
      0,
      random(1),
    );
    const found = estimate(name, D, 4);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(2);
    expect(found.flat().every(Number.isFinite)).toBe(true);
  });

  test("keeps finite numbers with constant data, with rows of zeros, one spectrum, and one energy", () => {
    const cases: [number[][], number][] = [
      [Array.from({ length: 5 }, () => [1, 2, 3, 4]), 2],
      [[[0, 0, 0], [1, 2, 1], [2, 1, 0], [0, 0, 0]], 2], // biome-ignore format: one line
      [[[1, 2, 3]], 1],
      [[[1], [2], [3]], 1],
    ];
    for (const [D, n] of cases) {
      for (const closure of [true, false]) {
        const found = estimate(name, D, n, closure);
        expect(found.length).toBeGreaterThan(0);
        expect(found.flat().every(Number.isFinite)).toBe(true);
        expect(found.flat().some((v) => v !== 0)).toBe(true);
      }
    }
  });
});

describe("what single estimates find", () => {
  test("the pure rows and the pure variables themselves, where there are some", () => {
    const { D, S } = selective(1e-3);
    const estimates = [
      "purest-rows",
      "purest-variables",
      "orthogonal-projection",
      "rotated-components",
    ] as const;
    for (const name of estimates) {
      const found = estimate(name, D, 3);
      matchComponents(found, S).forEach((at, j) => {
        expect(spectralAngle(found[at], S[j]), name).toBeLessThan(0.15);
      });
    }
  });

  test("energies without signal count as pure unless the noise parameter keeps them out", () => {
    const { D, S } = selective(1e-3);
    const draw = random(5);
    const withDead = D.map((d) => [...d, ...[1, 2, 3].map(() => 1e-5 * draw.normal())]);
    const data = Float64Array.from(withDead.flat());
    const [rows, columns] = [withDead.length, withDead[0].length];
    const subspace = (): Float64Array => leadingSubspace(data, rows, columns, 3);
    const worst = (noise: number): number => {
      const input = { D: data, rows, columns, n: 3, closure: false, noise, subspace };
      const found = initialEstimates["purest-variables"](input);
      const spectra = [0, 1, 2].map((j) => Array.from(found.subarray(j * columns, (j + 1) * columns)));
      const truth = S.map((s) => [...s, 0, 0, 0]);
      return Math.max(
        ...matchComponents(spectra, truth).map((at, j) => spectralAngle(spectra[at], truth[j])),
      );
    };
    expect(worst(0.05)).toBeLessThan(0.15);
    expect(worst(0)).toBeGreaterThan(0.5);
  });

  test("other seeds, other random starts", () => {
    const { D } = selective(1e-3);
    expect(estimate("random", D, 3, true, 2)).not.toEqual(estimate("random", D, 3, true, 3));
  });
});

// The arithmetic of the page: packed and unpacked, chosen, averaged, mixed, as the library does it.
import { describe, expect, test } from "vitest";
import { fitComponents } from "../../lib/chemometrics/fit/fit-components.js";
import { random } from "../../lib/compute/random.js";
import { intervalMask } from "../../lib/dose/masks.js";
import { basisOf, concentrationsOf } from "../../lib/explore/page/concentrations.js";
import { multiples, roundStep, tidy, withStep } from "../../lib/explore/page/format.js";
import { binsOf, snapped } from "../../lib/explore/page/histogram.js";
import { moveRegion } from "../../lib/explore/page/image.js";
import { choose, RunningMean } from "../../lib/explore/page/select.js";
import { MISSING, readSpectra } from "../../lib/explore/page/unpack.js";
import { code, noiseOf, stepFor } from "../../lib/explore/quantize.js";
import { groupsOf, reductionFor } from "../../lib/explore/reduce.js";

const rng = random(5);

describe("rounded spectra", () => {
  const nEnergies = 200;
  const noise = 0.003;
  const spectra = Float32Array.from({ length: 100 * nEnergies }, (_, i) => {
    const k = i % nEnergies;
    return 1 / (1 + Math.exp(-(k - 15))) + noise * rng.normal();
  });

  test("come back within half a step, with their gaps", () => {
    const gappy = spectra.slice();
    for (let i = 0; i < gappy.length; i += 17) gappy[i] = Number.NaN;
    gappy.fill(Number.NaN, 3 * nEnergies, 4 * nEnergies);
    gappy[40] = -123456.5;
    gappy[90] = 1e30;
    for (const step of [0.0005, 0.02, 3]) {
      const coded = code(gappy, nEnergies, step);
      const back = readSpectra(coded.bytes, 100, nEnergies);
      // Numbers of a step beyond 2^30 are left out, said in a count of their own.
      expect(coded.leftOut).toBe(1);
      let worst = 0;
      for (const [i, v] of gappy.entries()) {
        if (Number.isNaN(v) || v > 1e29) expect(back[i]).toBe(MISSING);
        else worst = Math.max(worst, Math.abs(v - back[i] * step));
      }
      expect(worst).toBeCloseTo(coded.largestError, 12);
      expect(worst).toBeLessThanOrEqual(step / 2 + 1e-9);
      expect(coded.missing).toBe(gappy.filter((v) => Number.isNaN(v)).length);
    }
  });

  test("have a step of at most half of their noise, of a round size", () => {
    const found = noiseOf(spectra, nEnergies);
    // 19 800 second differences: their median is good to a percent or two; the edge itself adds a little.
    expect(found / noise).toBeGreaterThan(0.93);
    expect(found / noise).toBeLessThan(1.1);
    expect(stepFor(spectra, found)).toBe(0.001);
    // Without noise: a hundred-thousandth of the range.
    const clean = spectra.map((_, i) => (i % nEnergies) / nEnergies);
    expect(stepFor(clean, 0)).toBeLessThanOrEqual(1e-5);
    expect(stepFor(clean, 0)).toBeGreaterThan(1e-6);
    expect(stepFor(new Float32Array(10).fill(Number.NaN), 0)).toBe(1);
  });
});

describe("concentrations in the page", () => {
  test("are those of fitComponents, for one to eight components, at the borders too", () => {
    const nEnergies = 60;
    for (let n = 1; n <= 8; n++) {
      const S = Array.from({ length: n }, (_, i) =>
        Array.from(
          { length: nEnergies },
          (_, k) => Math.exp(-(((k - 6 * i - 5) / 9) ** 2)) + 0.05 * rng.normal(),
        ),
      );
      const basis = basisOf(Float64Array.from(S.flat()), n);
      for (let trial = 0; trial < 30; trial++) {
        // Some components are absent, noise is large: the best mixture often lies on the border.
        const c = Array.from({ length: n }, () => Math.max(0, rng.uniform() - 0.4));
        const sum = c.reduce((a, b) => a + b, 0) || 1;
        const d = Array.from(
          { length: nEnergies },
          (_, k) => c.reduce((v, cj, j) => v + (cj / sum) * S[j][k], 0) + 0.2 * rng.normal(),
        );
        const { concentrations, rFactor } = concentrationsOf(d, basis);
        const reference = fitComponents([d], S);
        for (let j = 0; j < n; j++)
          expect(Math.abs(concentrations[j] - reference.C.get(0, j))).toBeLessThan(1e-9);
        expect(Math.abs(rFactor - reference.rFactor[0])).toBeLessThan(1e-12);
      }
    }
  });

  test("have no value where the spectrum has a gap or no signal", () => {
    const basis = basisOf(Float64Array.of(1, 0, 0, 1), 2);
    expect(concentrationsOf([1, Number.NaN], basis).concentrations).toEqual(
      Float64Array.of(Number.NaN, Number.NaN),
    );
    expect(concentrationsOf([0, 0], basis).rFactor).toBeNaN();
  });

  test("survive components that depend on one another", () => {
    const basis = basisOf(Float64Array.of(1, 2, 1, 2, 3, 1), 3);
    const { concentrations } = concentrationsOf([2, 1.5], basis);
    expect(concentrations.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(concentrations[0] + concentrations[1]).toBeCloseTo(0.5, 12);
  });
});

describe("chosen pixels", () => {
  test("are those of the library's mask, also on the ends", () => {
    const values = Float64Array.from({ length: 300 }, (_, i) => 700 + (i % 30) * 10);
    values[7] = Number.NaN;
    const chosen = choose(30, 10, null, { values, scale: 1e3, low: 0.7, high: 0.85 });
    expect(chosen).toEqual(intervalMask(values, [0.7 * 1e3, 0.85 * 1e3]));
    const region = { x0: 3, y0: 2, x1: 12, y1: 5 };
    const both = choose(30, 10, region, { values, scale: 1e3, low: 0.7, high: 0.85 });
    const count = both.reduce((n, v) => n + v, 0);
    expect(count).toBe(9 * 3);
    expect(both.every((v, p) => v === 0 || chosen[p] === 1)).toBe(true);
  });

  test("give the mean of the values that are there, energy by energy", () => {
    const spectra = Int32Array.of(1, 2, MISSING, 3, MISSING, MISSING, MISSING, MISSING, MISSING, 7, 8, 9);
    const mean = new RunningMean(spectra, 3, 0.5);
    expect(mean.of(Uint8Array.of(1, 1, 1, 0))).toEqual({
      values: Float64Array.of(1, 1, Number.NaN),
      nPixels: 2,
    });
    expect(mean.of(Uint8Array.of(0, 0, 0, 1))).toEqual({ values: Float64Array.of(3.5, 4, 4.5), nPixels: 1 });
    expect(mean.of(new Uint8Array(4)).nPixels).toBe(0);
  });

  test("give the same mean whatever was chosen before", () => {
    const spectra = Int32Array.from({ length: 50 * 20 }, () =>
      rng.uniform() < 0.1 ? MISSING : Math.round(2e9 * (rng.uniform() - 0.5)),
    );
    const running = new RunningMean(spectra, 20, 0.001);
    for (let trial = 0; trial < 40; trial++) {
      const chosen = Uint8Array.from({ length: 50 }, () => (rng.uniform() < 0.5 ? 1 : 0));
      expect(running.of(chosen)).toEqual(new RunningMean(spectra, 20, 0.001).of(chosen));
    }
  });
});

describe("intervals", () => {
  const values = Float64Array.from({ length: 4000 }, () => 7000 * rng.uniform());
  const bins = binsOf(values, 1e3);

  test("have ends that can be written down", () => {
    expect(bins.counts.reduce((a, b) => a + b, 0)).toBe(4000);
    expect(snapped([1.3, 0.7004], bins)).toEqual([0.7, 1.3]);
    expect(snapped([0.7, 0.7], bins)).toEqual([0.7, 0.71]);
    expect(snapped([-5, 99], bins)).toEqual([0, bins.step * bins.counts.length]);
    expect(bins.low + bins.step * bins.counts.length).toBeGreaterThan(Math.max(...values) / 1e3);
  });

  test("have ends whose digits are all shown, whatever the step", () => {
    for (const most of [0.3, 1, 7, 18.6, 40, 120]) {
      const own = binsOf([0.01 * most, most], 1);
      const parts = own.step / own.snap;
      expect(Math.abs(parts - Math.round(parts))).toBeLessThan(1e-9);
      const [low] = snapped([0.37 * most, most], own);
      expect(Number(withStep(low, own.snap))).toBe(low);
    }
  });

  test("have bins also where all values are one, or none is there", () => {
    expect(binsOf([3, 3], 1).counts.reduce((a, b) => a + b, 0)).toBe(2);
    expect(binsOf([Number.NaN], 1).counts.reduce((a, b) => a + b, 0)).toBe(0);
  });
});

describe("keys", () => {
  test("move and resize a region and never leave the image", () => {
    const key = (name: string, shiftKey = false) => ({ key: name, shiftKey });
    const start = moveRegion(null, key("ArrowLeft"), 20, 10);
    expect(start).toEqual({ x0: 9, y0: 4, x1: 11, y1: 5 });
    let region = start;
    for (let i = 0; i < 30; i++) region = moveRegion(region ?? null, key("ArrowRight"), 20, 10);
    expect(region).toEqual({ x0: 18, y0: 4, x1: 20, y1: 5 });
    for (let i = 0; i < 30; i++) region = moveRegion(region ?? null, key("ArrowLeft", true), 20, 10);
    expect(region).toEqual({ x0: 18, y0: 4, x1: 19, y1: 5 });
    expect(moveRegion(region ?? null, key("Escape"), 20, 10)).toBeNull();
    expect(moveRegion(region ?? null, key("a"), 20, 10)).toBeUndefined();
  });
});

describe("reduction", () => {
  const energies = Float64Array.from({ length: 580 }, (_, k) => 8266 + k * 1.056);

  test("does nothing to what fits and makes fit what does not", () => {
    expect(reductionFor({ nTimes: 1, height: 62, width: 170, energies, edge: 8333 })).toEqual({
      energies: 1,
      bin: 1,
      group: 1,
    });
    for (const [nTimes, height, width] of [
      [36, 18, 51],
      [400, 62, 170],
      [1, 1024, 2048],
      [4000, 1, 1],
      [200_000, 1, 1],
    ]) {
      const { energies: by, bin, group } = reductionFor({ nTimes, height, width, energies, edge: 8333 });
      const left = Math.ceil(nTimes / group) * Math.floor(height / bin) * Math.floor(width / bin);
      expect(left * groupsOf(energies, 8333, by).length).toBeLessThanOrEqual(8e6);
      expect(left).toBeGreaterThan(0);
    }
  });

  test("keeps every energy near the edge, and each energy once", () => {
    const groups = groupsOf(energies, 8333, 8);
    expect(groups.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i))).toEqual(
      Array.from(energies.keys()),
    );
    for (const [from, to] of groups) {
      if (energies[from] >= 8293 && energies[from] <= 8433) expect(to - from).toBe(1);
    }
  });
});

describe("round numbers", () => {
  test("are round", () => {
    expect([0.0007, 0.02, 4.9, 5, 1e-7].map(roundStep)).toEqual([0.0005, 0.02, 2, 5, 1e-7]);
    expect(multiples(0.05, 0.72, 0.1)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
    expect(tidy(0.1 * 3)).toBe(0.3);
    expect([withStep(-0.001, 0.1), withStep(-1.25, 0.01), withStep(1200, 100)]).toEqual([
      "0.0",
      "\u22121.25",
      "1200",
    ]);
  });
});

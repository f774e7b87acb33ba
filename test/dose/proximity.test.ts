import { describe, expect, test } from "vitest";
import { resolveConfiguration } from "../../lib/beamline/configurations.js";
import { truth } from "../../lib/beamline/truth.js";
import { besselK } from "../../lib/compute/bessel.js";
import { random } from "../../lib/compute/random.js";
import { expIntegral, kernelOf, neighborWeights } from "../../lib/dose/proximity/kernels.js";
import { type ProximitySet, proximity } from "../../lib/dose/proximity.js";

const [width, height, pixelSize] = [36, 22, 50];
/** A narrow beam (closer) or a wide one (farther), in MGy. */
function beam(peak: number, spread: number): Float64Array {
  return Float64Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [((i % width) - 17) / (8 * spread), (Math.floor(i / width) - 10) / (4 * spread)];
    return 12 + peak * Math.exp(-((x * x + y * y) / 2)) * (1 + 0.1 * Math.sin(i % width));
  });
}
const f = (u: number): number => (u < 40 ? 1 : Math.max(0.05, 1 - (u - 40) / 120));

/** Gaussian of rms distance `length` um, the beam going on beyond the image as at its edge. */
function blurred(dose: Float64Array, length: number): Float64Array {
  if (length === 0) return dose;
  const sigma = length / pixelSize / Math.SQRT2;
  const reach = Math.ceil(4 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-((k - reach) ** 2) / (2 * sigma ** 2)),
  );
  const total = weights.reduce((a, b) => a + b, 0);
  const pass = (a: Float64Array, n: number, stride: number): Float64Array =>
    a.map((_, i) => {
      const at = Math.floor(i / stride) % n;
      let sum = 0;
      for (let k = -reach; k <= reach; k++)
        sum += weights[k + reach] * a[i + (Math.min(n - 1, Math.max(0, at + k)) - at) * stride];
      return sum / total;
    });
  return pass(pass(dose, width, 1), height, width);
}

function sets(length: number, seed: number, noise = 0.02): ProximitySet[] {
  return [beam(100, 2), beam(250, 1)].map((dose, i) => {
    const draw = random(seed, i);
    const image = { width, height, pixelSize };
    const values = blurred(dose, length).map((u) => f(u) + noise * draw.normal());
    return {
      name: ["farther", "closer"][i],
      dose: { ...image, values: dose, unit: "MGy" },
      response: { ...image, values },
    };
  });
}
const plain = { weight: 1, onset: 0, exponent: 1, kernel: "gaussian" } as const;

describe("kernels", () => {
  test("know E1 and K0", () => {
    // M. Abramowitz, I. A. Stegun, tables 5.1 and 9.8
    expect(expIntegral(0.5)).toBeCloseTo(0.5597735948, 9);
    expect(expIntegral(1)).toBeCloseTo(0.2193839344, 9);
    expect(expIntegral(5)).toBeCloseTo(0.001148295591, 11);
    expect(besselK(0, 0.1)).toBeCloseTo(2.4270690247, 8);
    expect(besselK(0, 2)).toBeCloseTo(0.1138938727, 9);
  });

  test.each(["diffusion", "gaussian", "steady"] as const)(
    "%s holds everything that was made, and L is its rms distance",
    (name) => {
      const [length, n] = [12, 110];
      const share = neighborWeights(kernelOf("test", name), length, n, n);
      let [total, square] = [0, 0];
      for (let y = -n + 1; y < n; y++) {
        for (let x = -n + 1; x < n; x++) {
          const s = share[Math.abs(y) * n + Math.abs(x)];
          total += s;
          square += s * (x * x + y * y);
        }
      }
      expect(total).toBeCloseTo(1, 2);
      expect(Math.sqrt(square)).toBeGreaterThan(0.98 * length);
      expect(Math.sqrt(square)).toBeLessThan(1.02 * length);
    },
  );
});

describe("proximity", () => {
  test("holds the length whatever the beam does beyond the image", () => {
    // A beam that is still at 20 to 50 % of its peak at the borders, and goes on to fall beyond them.
    const [wide, tall, left, top] = [width + 60, height + 60, 30, 30];
    const length = 400;
    const list = [1.5, 1].map((spread, i) => {
      const all = Float64Array.from({ length: wide * tall }, (_, p) => {
        const x = ((p % wide) - wide / 2) / (14 * spread);
        const y = (Math.floor(p / wide) - tall / 2) / (9 * spread);
        return (i === 0 ? 110 : 260) * Math.exp(-(x * x + y * y) / 2);
      });
      const sigma = length / pixelSize / Math.SQRT2;
      const reach = Math.ceil(3.5 * sigma);
      const weights = Array.from({ length: 2 * reach + 1 }, (_, k) =>
        Math.exp(-((k - reach) ** 2) / 2 / sigma ** 2),
      );
      const total = weights.reduce((a, b) => a + b, 0);
      const pass = (a: Float64Array, n: number, stride: number): Float64Array =>
        a.map((_, p) => {
          const at = Math.floor(p / stride) % n;
          return weights.reduce((sum, w, k) => {
            const q = at + k - reach;
            return q >= 0 && q < n ? sum + (w / total) * a[p + (q - at) * stride] : sum;
          }, 0);
        });
      const reached = pass(pass(all, wide, 1), tall, wide);
      const cut = (a: Float64Array): Float64Array =>
        Float64Array.from(
          { length: width * height },
          (_, p) => a[(Math.floor(p / width) + top) * wide + (p % width) + left],
        );
      const draw = random(3, i);
      const image = { width, height, pixelSize };
      return {
        dose: { ...image, values: cut(all), unit: "MGy" },
        response: { ...image, values: cut(reached).map((u) => f(u) + 0.01 * draw.normal()) },
      };
    });
    const found = proximity(list, { ...plain, lengths: [100, 200, 300, 400, 600, 900, 1300] });
    expect(found.beyond.map(({ steepness }) => steepness)).toEqual([1, 3 / 4, 4 / 3]);
    expect(found.interval[0]).toBeLessThanOrEqual(length);
    expect(found.interval[1]).toBeGreaterThanOrEqual(length);
    expect(found.interval[0]).toBeGreaterThan(0);
    expect(found.verdict).toContain("three quarters and four thirds as steeply");
  });

  test("finds the length that was put in, within its interval, in the plain model", () => {
    for (const [length, seed] of [
      [150, 1],
      [250, 2],
    ]) {
      const found = proximity(sets(length, seed), { ...plain, lengths: [75, 150, 250, 400, 1000] });
      expect(found.interval[0]).toBeLessThanOrEqual(length);
      expect(found.interval[1]).toBeGreaterThanOrEqual(length);
      // This beam goes on beyond the image as at its edge; the analysis lets it fall, as beams do.
      expect(Math.abs(found.length / length - 1)).toBeLessThan(0.2);
      expect(found.explained.neighborhood).toBeGreaterThan(found.explained.dose);
      expect(found.verdict).toMatch(/^damage spreads over about \d+ um/);
    }
  });

  test("is compatible with no length at all where nothing spreads", () => {
    for (const seed of [1, 2]) {
      const found = proximity(sets(0, seed), { ...plain, lengths: [75, 150, 300, 1000] });
      expect([found.length, found.interval[0]]).toEqual([0, 0]);
      expect(found.interval[1]).toBeLessThan(100);
      expect(found.verdict).toContain("no significant spreading: dose alone predicts 9");
    }
    const mixed = proximity(sets(0, 4), { lengths: [300], onset: 0 });
    expect([mixed.length, mixed.interval[0]]).toEqual([0, 0]);
  });

  test("does not take the blur of a pixel for spreading, however surely it is there", () => {
    const list = sets(0, 3, 0).map((set, i) => {
      const draw = random(8, i);
      const sharp = Float64Array.from(set.response.values);
      const values = blurred(sharp, 0.8 * pixelSize).map((v) => v + 0.002 * draw.normal());
      return { ...set, response: { ...set.response, values } };
    });
    const found = proximity(list, { lengths: [75, 300], onset: 0, exponent: 1 });
    expect(found.crossValidation.excess[0]).toBeGreaterThan(2);
    expect([found.length, found.interval[0]]).toEqual([0, 0]);
    expect(found.verdict).toMatch(/leaves 0\.\d+ % more, by [\d.]+ standard errors; the limits are 0\.5 %/);
  });

  test("finds what spreads from above an onset only, which only the closer configuration reaches", () => {
    const source = (d: number): number => Math.max(0, d - 130);
    const list = sets(0, 5).map((set) => {
      const dose = set.dose.values as Float64Array;
      const reached = blurred(dose.map(source), 500);
      const draw = random(6);
      return {
        ...set,
        response: {
          ...set.response,
          values: dose.map((d, i) => f(d + 4 * reached[i]) + 0.01 * draw.normal()),
        },
      };
    });
    const found = proximity(list, { kernel: "gaussian", lengths: [250, 500, 1000], exponent: 1 });
    expect(found.explained.dose).toBeLessThan(0.9);
    expect(found.explained.neighborhood).toBeGreaterThan(0.97);
    expect(found.interval[0]).toBeLessThanOrEqual(500);
    expect(found.interval[1]).toBeGreaterThanOrEqual(500);
    expect(proximity(list[0], { kernel: "gaussian", lengths: [500], exponent: 1 }).length).toBe(0);
  });

  test("does not mind what is added to the response, or how large it is", () => {
    const options = { ...plain, lengths: [150] };
    const one = proximity(sets(150, 7), options);
    const turned = sets(150, 7).map((set) => ({
      ...set,
      response: { ...set.response, values: Array.from(set.response.values, (v) => 40 - 7 * v) },
    }));
    const other = proximity(turned, options);
    other.crossValidation.error.forEach((e, i) => {
      expect(e / 7).toBeCloseTo(one.crossValidation.error[i], 6);
    });
    expect(other.interval[0]).toBeCloseTo(one.interval[0], 3);
    expect(other.explained.neighborhood).toBeCloseTo(one.explained.neighborhood, 6);
  });

  test("is the same for the same seed, and does not mind the unit of the dose", () => {
    const options = { ...plain, lengths: [100, 200] };
    const given = sets(150, 7);
    const one = proximity(given, options);
    const gray = given.map((s) => ({
      ...s,
      dose: { ...s.dose, unit: "Gy", values: Float64Array.from(s.dose.values, (d) => 1e6 * d) },
    }));
    const other = proximity(gray, options);
    expect(other.unit).toBe("MGy");
    expect(Array.from(other.crossValidation.error)).toEqual(
      Array.from(proximity(gray, options).crossValidation.error),
    );
    one.crossValidation.error.forEach((e, i) => {
      expect(other.crossValidation.error[i]).toBeCloseTo(e, 9);
    });
  });

  test("refuses what it cannot judge", () => {
    const [set] = sets(0, 1);
    expect(() => proximity([])).toThrow("expected { dose, response } or a list of them");
    expect(() => proximity({ ...set, dose: { ...set.dose, pixelSize: undefined } })).toThrow(
      "pixelSize in um",
    );
    expect(() => proximity({ ...set, dose: { ...set.dose, unit: "Gy/s" } })).toThrow('a dose rate in "Gy/s"');
    expect(() => proximity([set, { ...set, dose: { ...set.dose, pixelSize: 20 } }])).toThrow(
      "bin them alike",
    );
    expect(() => proximity(set, { kernel: "box" as never })).toThrow(
      'kernel as diffusion | gaussian | steady, got "box"',
    );
    expect(() => proximity(set, { weight: 2 })).toThrow("weight as a number from 0.001 to 1, got 2");
    expect(() => proximity(set, { lengths: [-1] })).toThrow("lengths in um, 0 or above");
    expect(() => proximity(set, { blockSize: 2000 })).toThrow("at least 12 blocks");
    expect(() => proximity(set, { folds: 1 })).toThrow("folds as a whole number from 2 to 20, got 1");
    for (const blockSize of [-5, 0, Number.NaN, "a" as never])
      expect(() => proximity(set, { blockSize })).toThrow("expected blockSize > 0 um");
    expect(() => proximity(set, { lenghts: [3] } as never)).toThrow('got an option "lenghts"');
    const of = (dose: number | null, response: number | null) => () =>
      proximity({
        dose: { ...set.dose, values: Array.from(set.dose.values, (v) => dose ?? v) },
        response: { ...set.response, values: Array.from(set.response.values, (v) => response ?? v) },
      });
    expect(of(50, null)).toThrow("expected dose maps that vary, in a unit of ordinary size, got 50 to 50");
    expect(of(0, null)).toThrow("expected doses above 0, got 0 to 0");
    expect(of(null, 1)).toThrow("expected response maps that vary, in a unit of ordinary size, got 1 to 1");
    expect(of(null, Number.NaN)).toThrow("at least 12 blocks of pixels with dose and response, got 0");
  });
});

describe("proximity on the simulated experiment", () => {
  /** Cp3 at the end of the hold as the simulation has it, with noise; dose is rate times the 16,720 s of beam. */
  const recorded = (damage: "calibrated" | "threshold" | "none"): ProximitySet[] =>
    (["farther", "closer"] as const).map((name, i) => {
      const image = { width: [32, 25][i], height: 11, pixelSize: 104 };
      const grid = { rows: image.height, columns: image.width, pixelSize: image.pixelSize };
      const what = truth({ ...resolveConfiguration(name), damage }, grid);
      const draw = random(11, i);
      const dose = Float64Array.from(what.doseRate, (rate) => 16.72 * rate);
      const values = Float64Array.from(
        what.concentrations(what.holdCubes.C)[2],
        (c) => c + 0.01 * draw.normal(),
      );
      return { name, dose: { ...image, values: dose, unit: "MGy" }, response: { ...image, values } };
    });

  // Root mean square distance that damage has gone: 4 D age, averaged over the beam from -1320 s to 15,400 s, when the
  // beam leaves (2.6 mm) and when the cubes are taken at 22,900 s (3.6 mm). The reaction ran between the two.
  const simulated = [2600, 3600];

  test("finds that damage spreads, over a length whose interval holds the one that was put in", () => {
    const found = proximity(recorded("calibrated"), { lengths: [1200, 2600, 6000] });
    expect(found.explained.dose).toBeLessThan(0.85);
    expect(found.explained.neighborhood).toBeGreaterThan(0.98);
    expect(found.length).toBeGreaterThan(1000);
    expect(found.interval[0]).toBeGreaterThan(800);
    for (const length of simulated) {
      expect(found.interval[0]).toBeLessThanOrEqual(length);
      expect(found.interval[1]).toBeGreaterThanOrEqual(length);
    }
  });

  test("finds nothing that spreads where the dose of the place alone damages", () => {
    const sets = recorded("threshold");
    const found = proximity(sets, { weight: 1, onset: 0, exponent: 1 });
    expect([found.length, found.interval[0]]).toEqual([0, 0]);
    expect(found.interval[1]).toBeLessThan(150);
    expect(found.verdict).toMatch(/no significant spreading.*spreading over more than [\d.]+ um is excluded/);
    const full = proximity(sets, { lengths: [300, 2600], exponent: 0.55 });
    expect([full.length, full.interval[0]]).toEqual([0, 0]);
  });

  test("finds nothing where nothing damages, and says that this excludes no length", () => {
    const sets = recorded("none");
    for (const options of [
      { weight: 1, onset: 0, exponent: 1 },
      { lengths: [300, 2600], exponent: 0.55 },
    ]) {
      const found = proximity(sets, options);
      expect([found.length, found.interval[0], found.interval[1]]).toEqual([0, 0, Number.POSITIVE_INFINITY]);
      expect(found.explained.dose).toBeLessThan(0.05);
      expect(found.verdict).toContain("none of the lengths is excluded");
      expect(found.verdict).not.toMatch(/NaN|Infinity/);
    }
  });
});

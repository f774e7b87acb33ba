// Features of the edge of single spectra: the truth of synthetic edges, standard errors against the scatter of
// repeated counts, and derivatives against finite differences.
import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { CountingNoise } from "../../lib/xas/counting-noise.js";
import { EDGE_FEATURES, EdgeFeature, type EdgeFeatureName } from "../../lib/xas/edge-features.js";
import { NormalizationGradient } from "../../lib/xas/normalization-gradient.js";
import { normalize } from "../../lib/xas/normalize.js";
import { Normalizer } from "../../lib/xas/normalizer.js";
import { ShiftInterpolator } from "../../lib/xas/shift.js";

const E0 = 8340;
const energies = Array.from({ length: 520 }, (_, k) => 8240 + 1.05 * k);
const options = { e0: E0, pre: [-90, -25], post: [60, 440], preDegree: 1, degree: 2 } as const;

/** A unit step with a white line, which both move with `edge`. */
function edgeAt(edge: number): (e: number) => number {
  return (e) =>
    0.5 + Math.atan((e - edge) / 1.6) / Math.PI + 0.6 * Math.exp(-(((e - edge - 5) / 3.2) ** 2) / 2);
}

/** Absorbance of a sample with that edge. */
function sample(edge: number, step = 0.9): (e: number) => number {
  return (e) => 0.4 - 2e-4 * (e - E0) + step * edgeAt(edge)(e);
}

function feature(name: EdgeFeatureName, axis: readonly number[] = energies): EdgeFeature {
  const found = EdgeFeature.on(name, axis, E0);
  if (!found) throw new Error(name);
  return found;
}

function featureOf(name: EdgeFeatureName, spectrum: ArrayLike<number>, axis = energies): number {
  const own = feature(name, axis);
  return own.find(spectrum) === undefined ? own.value : Number.NaN;
}

/** The highest value of a function, and where it is, by search. */
function maximumOf(f: (e: number) => number, low: number, high: number): [number, number] {
  let best: [number, number] = [low, f(low)];
  for (let e = low; e < high; e += 1e-3) if (f(e) > best[1]) best = [e, f(e)];
  return best;
}

describe("features of an edge", () => {
  const line = edgeAt(8344.3);
  const spectrum = energies.map(line);

  test("are those of the curve", () => {
    const [energy, height] = maximumOf(line, 8340, 8360);
    const [steepest] = maximumOf((e) => line(e + 1e-4) - line(e - 1e-4), 8338, 8350);
    const crossing = energies.find((e) => line(e) >= 0.5) as number;
    let half = crossing;
    while (line(half) > 0.5) half -= 1e-4;
    // A cubic within 6 eV rounds a line with a standard deviation of 3.2 eV and an edge of 1.6 eV by so much.
    expect(Math.abs(featureOf("whiteLine", spectrum) - energy)).toBeLessThan(0.15);
    expect(Math.abs(featureOf("whiteLineHeight", spectrum) - height)).toBeLessThan(0.02);
    expect(Math.abs(featureOf("e0", spectrum) - steepest)).toBeLessThan(0.4);
    // The straight line between points 1.05 eV apart.
    expect(Math.abs(featureOf("edgeEnergy", spectrum) - half)).toBeLessThan(0.1);
    const [low, high] = [energies.find((e) => e >= E0 - 20), energies.findLast((e) => e <= E0 + 40)];
    let integral = 0;
    for (let e = low as number; e < (high as number); e += 1e-3) integral += 1e-3 * line(e + 5e-4);
    expect(Math.abs(featureOf("centroid", spectrum) - ((high as number) - integral))).toBeLessThan(0.02);
  });

  test.each(EDGE_FEATURES)("%s follows a shift of the edge, whatever the direction of the axis", (name) => {
    for (const shift of [-2, -0.4, 0.3, 1.7]) {
      const moved = energies.map(edgeAt(8344.3 + shift));
      const expected = name === "whiteLineHeight" ? 0 : shift;
      const change = featureOf(name, moved) - featureOf(name, spectrum);
      // Points 1.05 eV apart sample the line: exact for the cubics but for the bend of the line between points.
      const cubic = name === "e0" || name.startsWith("whiteLine");
      expect(Math.abs(change - expected)).toBeLessThan(cubic ? 0.02 : 0.1);
      const turned = [energies.slice().reverse(), moved.slice().reverse()];
      expect(featureOf(name, turned[1], turned[0])).toBeCloseTo(featureOf(name, moved), 9);
    }
  });

  test.each(EDGE_FEATURES)(
    "%s has the derivatives of finite differences, through the normalization",
    (name) => {
      const raw = Float64Array.from(energies, sample(8344.3));
      const normalizer = new Normalizer(energies, options);
      const out = new Float64Array(raw.length);
      const of = (mu: Float64Array): number => {
        normalizer.apply(mu, out, true);
        return featureOf(name, out);
      };
      const own = feature(name);
      const step = normalizer.apply(raw, out, true);
      own.find(out);
      new NormalizationGradient(energies, options, true).pull(own.gradient, out, 0, step);
      const largest = own.gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
      for (const k of [20, 70, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 108, 160, 300]) {
        const difference = [1e-5, -1e-5].map((d) => of(raw.map((v, i) => (i === k ? v + d : v))));
        const slope = (difference[0] - difference[1]) / 2e-5;
        expect(Math.abs(own.gradient[k] - slope)).toBeLessThan(1e-4 * largest);
      }
    },
  );

  test("are refused where the edge is missing", () => {
    expect(feature("edgeEnergy").find(energies.map(() => 0.1))).toBe("no edge");
    expect(feature("e0").find(energies.map((e) => -e / 100))).toBe("no edge");
    expect(feature("whiteLine").find(energies.map((e) => e / 100))).toBe("no edge");
    expect(feature("centroid").find(spectrum.map((v, k) => (k === 100 ? Number.NaN : v)))).toBe("missing");
    const noisy = spectrum.map((v, k) => v - (k === 104 ? 1.3 : 0));
    expect(feature("edgeEnergy").find(noisy)).toBe("ambiguous");
    expect(EdgeFeature.on("e0", energies.slice(0, 110), E0)).toBeUndefined();
  });
});

test("the transpose of the shift is the transpose", () => {
  const rng = random(4);
  const axis = energies.slice(0, 60).reverse();
  const interpolator = new ShiftInterpolator(axis);
  const [x, g] = [axis.map(() => rng.normal()), axis.map(() => rng.normal())].map((v) =>
    Float64Array.from(v),
  );
  const [y, back] = [new Float64Array(60), new Float64Array(60)];
  for (const shift of [0, 0.31, -0.77, 2.4]) {
    interpolator.apply(x, shift, y);
    interpolator.transpose(g, shift, back);
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0);
    expect(dot(y, g)).toBeCloseTo(dot(x, back), 10);
  }
});

describe("standard errors from counts", () => {
  const PHOTONS = 3000;
  const REPEATS = 400;
  const SHIFT = 0.42;

  /** ln(I0 / I) of counted photons, `flat` times as many of I0. */
  function counted(rng: ReturnType<typeof random>, mu: (e: number) => number, flat: number): Float64Array {
    const count = (mean: number): number => Math.max(1, mean + Math.sqrt(mean) * rng.normal());
    return Float64Array.from(energies, (e) =>
      Math.log(count(flat * PHOTONS) / flat / count(PHOTONS * Math.exp(-mu(e)))),
    );
  }

  test("the variance is that of the counts, with one flat and with a better one", () => {
    const rng = random(1);
    for (const flat of [1, 25]) {
      const noise = new CountingNoise(energies, E0);
      let [below, above] = [0, 0];
      for (let i = 0; i < 100; i++) {
        noise.estimate(counted(rng, sample(8344), flat));
        below += noise.variance(0.4) / 100;
        above += noise.variance(1.3) / 100;
      }
      const truth = (a: number): number => (1 / flat + Math.exp(a)) / PHOTONS;
      // 100 spectra with 70 and 390 differences each: 1 to 3 %. A good flat has a small a, whose estimate cannot
      // fall below zero: below the edge the mean variance is then somewhat too large.
      expect(Math.abs(below / truth(0.4) - 1)).toBeLessThan(0.1);
      expect(Math.abs(above / truth(1.3) - 1)).toBeLessThan(0.04);
    }
  });

  test.each([...EDGE_FEATURES, "edgeStep"] as const)("of %s are those of its scatter", (name) => {
    const rng = random(7);
    const normalizer = new Normalizer(energies, options);
    const gradient = new NormalizationGradient(energies, options, true);
    const interpolator = new ShiftInterpolator(energies);
    const noise = new CountingNoise(energies, E0);
    const own = name === "edgeStep" ? null : feature(name);
    const shifted = new Float64Array(energies.length);
    const out = new Float64Array(energies.length);
    const back = new Float64Array(energies.length);
    const of = (raw: Float64Array): { value: number; error: number } | null => {
      interpolator.apply(raw, SHIFT, shifted);
      const step = normalizer.apply(shifted, out, true);
      noise.estimate(raw);
      const g = own?.gradient ?? new Float64Array(energies.length);
      if (own) {
        if (own.find(out) !== undefined) return null;
        gradient.pull(g, out, 0, step);
      } else gradient.edgeStep(g);
      interpolator.transpose(g, SHIFT, back);
      const variance = back.reduce((sum, w, k) => sum + w * w * noise.variance(raw[k]), 0);
      return { value: own?.value ?? step, error: Math.sqrt(variance) };
    };
    const truth = of(Float64Array.from(energies, sample(8344)))?.value as number;
    const found = Array.from({ length: REPEATS }, () => of(counted(rng, sample(8344), 1))).flatMap((v) =>
      v ? [v] : [],
    );
    expect(found.length).toBeGreaterThan(0.97 * REPEATS);
    const off = found.map(({ value }) => value - truth);
    const mean = off.reduce((sum, v) => sum + v, 0) / off.length;
    const scatter = Math.sqrt(off.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (off.length - 1));
    const error = Math.sqrt(found.reduce((sum, one) => sum + one.error ** 2, 0) / found.length);
    // 400 repeats know a scatter to 3.5 %; the features bend within the noise.
    expect(Math.abs(error / scatter - 1)).toBeLessThan(0.15);
    expect(Math.abs(mean)).toBeLessThan(0.35 * scatter);
    const within = found.filter(({ error: e }, i) => Math.abs(off[i]) < 1.96 * e).length / found.length;
    // 95 % are expected; 400 repeats scatter by 1.1 %. Noise
    // of a twentieth of the step makes steep edges and inflections lie farther off than linear errors have it.
    expect(within).toBeGreaterThan(0.88);
    expect(within).toBeLessThan(0.98);
  });
});

describe("against SciPy", () => {
  let found: { whiteLine: number; height: number } | null = null;
  const spectrum = Array.from(normalize(energies, energies.map(sample(8344.3)), options).norm);

  beforeAll(() => {
    const program = `
import json, sys
import numpy as np
from scipy.optimize import brentq
e, y = np.array(json.load(sys.stdin))
def cubic(t):
    x = (e - t) / 6
    w = np.where(abs(x) < 1, 1 - x**2, 0)  # polyfit squares its weights
    return np.polyfit(x[w > 0], y[w > 0], 3, w=w[w > 0])
r = brentq(lambda t: cubic(t)[2], 8346, 8353, xtol=1e-10)
print(json.dumps({"whiteLine": float(r), "height": float(cubic(r)[3])}))`;
    const run = spawnSync("python3", ["-c", program], { input: JSON.stringify([energies, spectrum]) });
    if (run.status === 0) found = JSON.parse(String(run.stdout));
  });

  test("the white line is that of the same polynomial", (context) => {
    if (found === null) return context.skip("python3 with scipy is not here");
    expect(featureOf("whiteLine", spectrum)).toBeCloseTo(found.whiteLine, 6);
    expect(featureOf("whiteLineHeight", spectrum)).toBeCloseTo(found.height, 9);
  });
});

import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { random } from "../../lib/compute/random.js";
import { ArgumentError, DataError, ShapeError } from "../../lib/errors.js";
import { normalize } from "../../lib/xas/normalize.js";
import { Normalizer } from "../../lib/xas/normalizer.js";
import { evenAxis, foil, recordingAxis } from "./foil-model.js";

const energy = recordingAxis();
const E0 = 8342;
const pre = (x: number) => 0.4 - 3e-4 * x;
const post = (x: number) => 1.3 - 5e-4 * x + 2e-7 * x * x;
/** Exactly a line below e0 and exactly a quadratic from e0 on. */
const ideal = energy.map((e) => (e < E0 ? pre(e - E0) : post(e - E0)));

const numpy = spawnSync("python3", ["-c", "import numpy"]).status === 0;

function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let out = 0;
  for (let i = 0; i < a.length; i++) out = Math.max(out, Math.abs(a[i] - b[i]));
  return out;
}

describe("normalize", () => {
  it("recovers the lines a spectrum was made of", () => {
    const result = normalize(energy, ideal, { e0: E0 });
    expect(result.e0).toBe(E0);
    expect(result.edgeStep).toBeCloseTo(0.9, 12);
    expect(result.preCoefficients[0]).toBeCloseTo(0.4, 12);
    expect(result.preCoefficients[1]).toBeCloseTo(-3e-4, 14);
    expect(result.postCoefficients[0]).toBeCloseTo(1.3, 12);
    expect(result.postCoefficients[1]).toBeCloseTo(-5e-4, 14);
    expect(result.postCoefficients[2]).toBeCloseTo(2e-7, 16);
    // Without structure the flattened spectrum is a step, and norm keeps the post-edge's curvature.
    expect(
      farthest(
        result.flat,
        energy.map((e) => (e < E0 ? 0 : 1)),
      ),
    ).toBeLessThan(1e-12);
    const far = energy.findIndex((e) => e < 8842);
    expect(Math.abs(result.norm[far] - 1)).toBeGreaterThan(0.05);
  });

  it("finds e0 itself, on a falling axis, and gives the same on a rising one", () => {
    const mu = energy.map(foil);
    const falling = normalize(energy, mu);
    const rising = normalize(energy.toReversed(), mu.toReversed());
    expect(Math.abs(falling.e0 - 8333)).toBeLessThan(0.1);
    expect(rising.e0).toBeCloseTo(falling.e0, 9);
    expect(farthest(rising.flat.toReversed(), falling.flat)).toBeLessThan(1e-10);
  });

  it("does not change with the scale of mu, a line added to it, or a shift of the axis", () => {
    const mu = energy.map(foil);
    const { norm, flat, edgeStep } = normalize(energy, mu, { e0: E0 });
    const scaled = normalize(
      energy,
      mu.map((m, i) => 3 * m + 0.2 + 1e-3 * (energy[i] - E0)),
      { e0: E0 },
    );
    expect(scaled.edgeStep).toBeCloseTo(3 * edgeStep, 10);
    expect(farthest(scaled.norm, norm)).toBeLessThan(1e-11);
    expect(farthest(scaled.flat, flat)).toBeLessThan(1e-11);
    const shifted = normalize(
      energy.map((e) => e + 128),
      mu,
      { e0: E0 + 128 },
    );
    expect(farthest(shifted.norm, norm)).toBeLessThan(1e-11);
  });

  it("includes both ends of a window", () => {
    const axis = evenAxis(8282, 8500, 1);
    const mu = axis.map((e) => (e < E0 ? 0 : 1));
    // Two points, at the two ends of the window, are just enough for the line.
    const options = { e0: E0, pre: [-60, -59] as const, post: [50, 150] as const };
    expect(normalize(axis, mu, options).edgeStep).toBeCloseTo(1, 10);
    expect(() => normalize(axis, mu, { ...options, pre: [-60, -59.01] })).toThrow(DataError);
  });

  it.skipIf(!numpy)("agrees with numpy.polyfit (skipped: python3 with numpy absent)", () => {
    const rng = random(5);
    const mu = energy.map((e) => foil(e) + 0.01 * rng.normal());
    const code = `
import json, sys, numpy as np
d = json.load(sys.stdin); E = np.array(d["E"]); m = np.array(d["mu"]); e0 = d["e0"]; x = E - e0
p = (x >= -60) & (x <= -20); q = (x >= 50) & (x <= 535)
a = np.polyfit(x[p], m[p], 1); b = np.polyfit(x[q], m[q], 2)
step = np.polyval(b, 0) - np.polyval(a, 0)
norm = (m - np.polyval(a, x)) / step
flat = np.where(x < 0, norm, norm - (np.polyval(b, x) - np.polyval(a, x)) / step + 1)
print(json.dumps({"step": step, "norm": norm.tolist(), "flat": flat.tolist(), "a": a[::-1].tolist(), "b": b[::-1].tolist()}))`;
    const input = JSON.stringify({ E: Array.from(energy), mu: Array.from(mu), e0: E0 });
    const theirs = JSON.parse(spawnSync("python3", ["-c", code], { input, encoding: "utf8" }).stdout);
    const ours = normalize(energy, mu, { e0: E0, post: [50, 535] });
    expect(ours.edgeStep).toBeCloseTo(theirs.step, 11);
    expect(farthest(ours.norm, theirs.norm)).toBeLessThan(1e-11);
    expect(farthest(ours.flat, theirs.flat)).toBeLessThan(1e-11);
    expect(farthest(ours.preCoefficients, theirs.a)).toBeLessThan(1e-11);
    expect(farthest(ours.postCoefficients, theirs.b)).toBeLessThan(1e-11);
  });

  it("refuses what it cannot normalise, and says why", () => {
    const mu = energy.map(foil);
    const at = (i: number, value: number) => mu.with(i, value);
    const inPre = energy.findIndex((e) => e < E0 - 40);
    expect(() => normalize(energy, mu.slice(1))).toThrow(ShapeError);
    expect(() => normalize(energy, mu.slice(1))).toThrow(
      "normalize: expected 580 values, one for each energy, got 579",
    );
    expect(() => normalize(energy.with(5, energy[4]), mu)).toThrow(ArgumentError);
    expect(() => normalize(energy.with(5, energy[4]), mu)).toThrow("strictly monotonic");
    expect(() => normalize(energy, mu, { e0: E0, pre: [-150, -100] })).toThrow(
      /at least 2 energies in the pre-edge window 8192\.0\.\.8242\.0 eV, got 0 on an axis of 8266\.0\.\.8878\.0 eV; set pre/,
    );
    expect(() => normalize(energy, mu, { e0: E0, post: [535, 536.5] })).toThrow(
      /3 energies in the post-edge/,
    );
    expect(() => normalize(energy, at(inPre, Number.NaN), { e0: E0 })).toThrow(
      `pre-edge window, got NaN at ${energy[inPre]} eV (index ${inPre})`,
    );
    expect(() =>
      normalize(
        energy,
        mu.map((m) => -m),
        { e0: E0 },
      ),
    ).toThrow(/positive edge step.*got -/);
    expect(() => normalize(energy, mu.fill(0.7), { e0: E0 })).toThrow(DataError);
    expect(() => normalize(energy, mu, { pre: [-20, -60] })).toThrow("expected pre as [low, high]");
    expect(() => normalize(energy, mu, { pre: [60, 100] })).toThrow(ArgumentError);
    expect(() => normalize(energy, mu, { pre: [60, 100] })).toThrow(
      "normalize: expected pre to end at or below e0 (high <= 0), got [60,100]; windows are in eV relative to e0, for example pre: [-60,-20]",
    );
    expect(() => normalize(energy, mu, { post: [-1, 100] })).toThrow(
      "normalize: expected post to start at or above e0 (low >= 0), got [-1,100]",
    );
    expect(() => new Normalizer(energy, { e0: E0, pre: [-60, 1] })).toThrow(
      "Normalizer: expected pre to end",
    );
    // The edge itself may be an end of either.
    expect(normalize(energy, ideal, { e0: E0, pre: [-60, 0], post: [0, 100] }).e0).toBe(E0);
    expect(() => normalize(energy, mu, null as never)).toThrow(ArgumentError);
    expect(() => normalize(energy, mu, null as never)).toThrow(
      "normalize: expected options as { e0?, pre?, post?, degree? }, got null; leave them out",
    );
    expect(() => normalize(energy, mu, { degree: 1.5 })).toThrow("got 1.5");
    expect(() => normalize(energy, mu, { e0: Number.NaN })).toThrow("expected e0 in eV, got NaN");
  });
});

describe("Normalizer", () => {
  it("agrees with normalize for every degree, on either direction of the axis", () => {
    const rng = random(11);
    for (const axis of [energy, energy.toReversed(), evenAxis(8000, 9200, 3.7)]) {
      for (const degree of [0, 1, 2, 3, 4]) {
        const mu = axis.map((e) => 0.3 + 1.7 * foil(e) + 0.05 * rng.normal());
        const plain = normalize(axis, mu, { e0: E0, degree, post: [50, 530] });
        const kernel = new Normalizer(axis, { e0: E0, degree, post: [50, 530] });
        const out = new Float64Array(axis.length);
        expect(Math.abs(kernel.apply(mu, out, false) - plain.edgeStep)).toBeLessThan(1e-12);
        expect(farthest(out, plain.norm)).toBeLessThan(1e-12);
        kernel.apply(mu, out, true);
        expect(farthest(out, plain.flat)).toBeLessThan(1e-12);
      }
    }
  });

  it("works in place and on float32 to float32 precision", () => {
    const mu = Float32Array.from(energy, foil);
    const expected = normalize(energy, mu, { e0: E0 }).flat;
    new Normalizer(energy, { e0: E0 }).apply(mu, mu, true);
    expect(farthest(mu, expected)).toBeLessThan(2e-7);
  });

  it("keeps a NaN outside the windows where it is, and gives up where one is inside or there is no edge", () => {
    const kernel = new Normalizer(energy, { e0: E0 });
    const edge = energy.findIndex((e) => e < E0);
    const post = energy.findIndex((e) => e < E0 + 100);
    const clean = new Float64Array(580);
    const out = new Float64Array(580);
    const step = kernel.apply(energy.map(foil), clean, true);
    expect(kernel.apply(energy.map(foil).fill(Number.NaN, edge, edge + 1), out, true)).toBe(step);
    expect(out.every((v, i) => (i === edge ? Number.isNaN(v) : v === clean[i]))).toBe(true);
    for (const bad of [
      energy.map(foil).fill(Number.NaN, post, post + 1),
      energy.map((e) => -foil(e)),
      energy.map(() => 0.7),
    ]) {
      expect(kernel.apply(bad, out.fill(0), true)).toBeNaN();
      expect(out.every(Number.isNaN)).toBe(true);
    }
  });

  it("refuses a missing e0 and windows without energies when it is made", () => {
    expect(() => new Normalizer(energy, {} as { e0: number })).toThrow(
      "Normalizer: expected e0 in eV, got undefined",
    );
    expect(() => new Normalizer(energy, { e0: 8860 })).toThrow(
      /Normalizer: .*post-edge window 8910\.0\.\.9400\.0 eV/,
    );
  });
});

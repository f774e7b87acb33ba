import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { ArgumentError, ShapeError } from "../../lib/errors.js";
import { ShiftInterpolator } from "../../lib/xas/shift.js";
import { foil, recordingAxis } from "./foil-model.js";

const energy = recordingAxis();
const n = energy.length;

/** A plain reference: looks up the four nodes of each point and multiplies out Lagrange's formula. */
function lagrange(x: Float64Array, y: Float64Array, q: number): number {
  if (q <= x[0]) return y[0];
  if (q >= x[x.length - 1]) return y[x.length - 1];
  const k = x.findLastIndex((e) => e <= q);
  const s = Math.min(Math.max(k - 1, 0), x.length - 4);
  let sum = 0;
  for (let a = s; a < s + 4; a++) {
    let w = y[a];
    for (let b = s; b < s + 4; b++) if (b !== a) w *= (q - x[b]) / (x[a] - x[b]);
    sum += w;
  }
  return sum;
}

describe("ShiftInterpolator", () => {
  test("returns the spectrum bit for bit at shift 0", () => {
    const rng = random(1);
    const y = Float32Array.from({ length: n }, () => rng.normal()).fill(Number.NaN, 40, 43);
    const out = new Float32Array(n);
    new ShiftInterpolator(energy).apply(y, 0, out);
    expect(new Uint32Array(out.buffer)).toEqual(new Uint32Array(y.buffer));
  });

  test("is exact for cubics between the measured ends, on both directions of the axis", () => {
    const cubic = (e: number) => {
      const t = (e - 8570) / 300;
      return 0.3 + t - 0.7 * t ** 2 + 0.4 * t ** 3;
    };
    for (const axis of [energy, energy.toReversed()]) {
      const shifter = new ShiftInterpolator(axis);
      const out = new Float64Array(n);
      for (const shift of [-7.3, -1, 0.01, 2.9]) {
        // What was measured at nominal E was measured at E + shift.
        shifter.apply(
          axis.map((e) => cubic(e + shift)),
          shift,
          out,
        );
        axis.forEach((e, i) => {
          if (e - shift > 8266 && e - shift < 8878) expect(Math.abs(out[i] - cubic(e))).toBeLessThan(1e-11);
        });
      }
    }
  });

  test("agrees with the plain formula on random numbers", () => {
    const rng = random(2);
    const x = energy.toReversed();
    const y = x.map(() => rng.normal());
    const out = new Float64Array(n);
    const shifter = new ShiftInterpolator(x);
    for (let trial = 0; trial < 20; trial++) {
      const shift = 6 * rng.normal();
      shifter.apply(y, shift, out);
      for (let i = 0; i < n; i++) expect(Math.abs(out[i] - lagrange(x, y, x[i] - shift))).toBeLessThan(1e-9);
    }
  });

  test("brings an edge to where it belongs and holds the end values", () => {
    const out = new Float64Array(n);
    const measured = energy.map((e) => foil(e + 2.3));
    new ShiftInterpolator(energy).apply(measured, 2.3, out);
    // 1.1 eV steps across features of 2 eV: cubic interpolation is good to a few 1e-3 there.
    energy.forEach((e, i) => {
      if (e > 8270) expect(Math.abs(out[i] - foil(e))).toBeLessThan(4e-3);
    });
    expect(out[n - 1]).toBe(measured[n - 1]);
    expect(out[n - 2]).toBe(measured[n - 1]);
  });

  test("keeps a NaN local, and gives NaN for an unknown shift", () => {
    const y = energy.map(foil).fill(Number.NaN, 300, 301);
    const out = new Float64Array(n);
    const shifter = new ShiftInterpolator(energy);
    shifter.apply(y, 0.4, out);
    const bad = Array.from(out.keys()).filter((i) => Number.isNaN(out[i]));
    expect(bad.length).toBeGreaterThan(0);
    expect(bad.every((i) => Math.abs(i - 300) <= 2)).toBe(true);
    for (const shift of [Number.NaN, Infinity]) {
      shifter.apply(energy, shift, out);
      expect(out.every(Number.isNaN)).toBe(true);
    }
  });

  test("refuses axes it cannot interpolate on", () => {
    expect(() => new ShiftInterpolator([1, 2, 3])).toThrow(ShapeError);
    expect(() => new ShiftInterpolator([1, 2, 3])).toThrow("at least 4 energies, got 3");
    expect(() => new ShiftInterpolator([1, 2, 2, 3])).toThrow(ArgumentError);
    expect(() => new ShiftInterpolator([4, 3, 3.5, 1])).toThrow("got 3.5 at index 2 after 3");
  });
});

import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { ArgumentError, DataError, ShapeError } from "../../lib/errors.js";
import { calibrateFoil, FoilFlag } from "../../lib/xas/calibrate-foil.js";
import { firstInflection } from "../../lib/xas/edge.js";
import { evenAxis, foil, recordingAxis, twoSteps } from "./foil-model.js";

const energy = recordingAxis();
const nEnergies = energy.length;
const shape: [number, number] = [24, 40];
const nPixels = shape[0] * shape[1];

/** The dispersion of the simulated monochromator over 3.28 x 1.21 mm, eV. */
function truth(pixel: number, [height, width] = shape): number {
  const y = (Math.floor(pixel / width) / (height - 1) - 0.5) * 1.21;
  const x = ((pixel % width) / (width - 1) - 0.5) * 3.28;
  return 3.4 * y + 0.25 * x * x + 0.06 * x - 0.225;
}

/** Foil spectra of an image: thickness and background differ from pixel to pixel. */
function record(noise: number, model = foil, axis: Float64Array = energy): Float32Array {
  const rng = random(21, Math.round(noise * 1e6));
  const out = new Float32Array(nPixels * axis.length);
  for (let p = 0; p < nPixels; p++) {
    const thickness = 1 + 0.1 * rng.normal();
    const offset = 0.2 * rng.normal();
    const slope = 1e-4 * rng.normal();
    for (let k = 0; k < axis.length; k++) {
      const clean = thickness * model(axis[k] + truth(p)) + offset + slope * (axis[k] - 8500);
      out[p * axis.length + k] = clean + noise * rng.normal();
    }
  }
  return out;
}

function rmsOff(map: Float64Array, use: (p: number) => boolean = () => true): number {
  const off = Array.from(map, (v, p) => v - truth(p)).filter((_, p) => use(p));
  return Math.sqrt(off.reduce((sum, d) => sum + d * d, 0) / off.length);
}

describe("calibrateFoil", () => {
  test.each([
    [0, 0.003],
    [0.002, 0.015],
    [0.01, 0.07],
  ])("recovers the dispersion at noise %f: smooth map to 0.02 eV, pixels to %f eV", (noise, perPixel) => {
    const result = calibrateFoil(energy, record(noise), shape, { reference: 8333 });
    const good = (p: number) => result.flags[p] === FoilFlag.good;
    expect(result.flags.filter((f) => f === FoilFlag.good).length).toBeGreaterThan(0.99 * nPixels);
    expect(rmsOff(result.shift)).toBeLessThan(0.02);
    const bias = result.raw.reduce((sum, v, p) => (good(p) ? sum + v - truth(p) : sum), 0) / nPixels;
    expect(Math.abs(bias)).toBeLessThan(0.02);
    expect(result.rms).toBeLessThan(perPixel);
    expect(result.coefficients.length).toBe(10);
    expect(result.exponents.length).toBe(10);
  });

  test("flags pixels that cannot be calibrated, each for its reason, and does without them", () => {
    const spectra = record(0.002);
    const rng = random(22);
    const pixel = (p: number) => spectra.subarray(p * nEnergies, (p + 1) * nEnergies);
    const edge = energy.findIndex((e) => e < 8340);
    const expected = new Map<number, number>();
    for (let p = 3; p < nPixels; p += 11) {
      const values = pixel(p);
      switch ((p / 11) | 0) {
        case 5:
        case 15:
          values.fill(Number.NaN);
          expected.set(p, FoilFlag.invalid);
          break;
        case 6:
          values[edge] = Infinity;
          expected.set(p, FoilFlag.invalid);
          break;
        case 7:
        case 17:
          values.fill(0.7);
          expected.set(p, FoilFlag.noEdge);
          break;
        case 8:
        case 18:
          for (let k = 0; k < nEnergies; k++) values[k] = rng.normal();
          expected.set(p, FoilFlag.noEdge);
          break;
        case 9:
          for (let k = 0; k < nEnergies; k++) values[k] = -values[k];
          expected.set(p, FoilFlag.noEdge);
          break;
        case 10:
          // A foil, but 3 eV from its neighbors.
          for (let k = 0; k < nEnergies; k++) values[k] = foil(energy[k] + truth(p) + 3);
          expected.set(p, FoilFlag.outlier);
          break;
        case 11:
          // A spectrum that rises at the edge but is no foil.
          for (let k = 0; k < nEnergies; k++) values[k] = foil(energy[k]) + 0.3 * Math.sin(energy[k] / 2);
          expected.set(p, FoilFlag.residual);
          break;
        case 12:
          // 30 eV off.
          for (let k = 0; k < nEnergies; k++) values[k] = foil(energy[k] + 30);
          expected.set(p, -1);
          break;
      }
    }
    const result = calibrateFoil(energy, spectra, shape, { reference: 8333 });
    for (const [p, flag] of expected) {
      if (flag < 0) expect(result.flags[p]).not.toBe(FoilFlag.good);
      else expect(result.flags[p]).toBe(flag);
      const measured = result.flags[p] === FoilFlag.outlier || result.flags[p] === FoilFlag.residual;
      expect(Number.isNaN(result.raw[p])).toBe(!measured);
    }
    expect(result.flags.filter((f) => f !== FoilFlag.good).length).toBeLessThan(expected.size + 5);
    expect(rmsOff(result.shift)).toBeLessThan(0.02);
  });

  test("leaves diamond glitches out of the alignment", () => {
    const spectra = record(0.002);
    const rng = random(23);
    const glitched = new Set<number>();
    for (let p = 0; p < nPixels; p += 9) {
      glitched.add(p);
      const at = energy.findIndex((e) => e < 8330 + 30 * rng.uniform());
      const depth = 0.05 + 0.4 * rng.uniform();
      for (let k = at; k < at + 1 + Math.floor(3 * rng.uniform()); k++) spectra[p * nEnergies + k] += depth;
    }
    const result = calibrateFoil(energy, spectra, shape, { reference: 8333 });
    expect(rmsOff(result.shift)).toBeLessThan(0.02);
    // Three lost points on the edge cost some precision: 0.03 instead of 0.01 eV.
    expect(rmsOff(result.raw, (p) => glitched.has(p) && result.flags[p] === FoilFlag.good)).toBeLessThan(
      0.03,
    );
  });

  test("is not fooled by a second inflection that is larger than the first", () => {
    const axis = evenAxis(8270, 8480, 1.06);
    const fine = evenAxis(8300, 8400, 0.1);
    const inflection = firstInflection(fine, fine.map(twoSteps));
    const result = calibrateFoil(axis, record(0.002, twoSteps, axis), shape, { reference: inflection });
    expect(rmsOff(result.shift)).toBeLessThan(0.02);
  });

  test("gives the same on a reversed axis, and moves against a shifted one", () => {
    const spectra = record(0.002);
    const reversed = new Float32Array(spectra.length);
    for (let p = 0; p < nPixels; p++) {
      reversed.set(spectra.slice(p * nEnergies, (p + 1) * nEnergies).reverse(), p * nEnergies);
    }
    const here = calibrateFoil(energy, spectra, shape, { reference: 8333 });
    const there = calibrateFoil(energy.toReversed(), reversed, shape, { reference: 8333 });
    expect(there.shift).toEqual(here.shift);
    const moved = calibrateFoil(
      energy.map((e) => e - 4),
      spectra,
      shape,
      { reference: 8333 },
    );
    expect(moved.inflection).toBeCloseTo(here.inflection - 4, 4);
    for (let p = 0; p < nPixels; p++) expect(Math.abs(moved.shift[p] - here.shift[p] - 4)).toBeLessThan(1e-4);
  });

  test("lowers the degree for few pixels, rows or columns", () => {
    const spectra = record(0.002);
    const row = calibrateFoil(energy, spectra.subarray(0, 40 * nEnergies), [1, 40], { reference: 8333 });
    expect(row.exponents).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    const few = calibrateFoil(energy, spectra.subarray(0, 6 * nEnergies), [2, 3], { reference: 8333 });
    expect(few.exponents).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
    ]);
    expect(calibrateFoil(energy, spectra, shape, { reference: 8333, degree: 1 }).coefficients.length).toBe(3);
  });

  test("refuses what is no foil image, and says what to do", () => {
    const spectra = record(0.002);
    expect(() => calibrateFoil(energy, spectra, [24, 39], { reference: 8333 })).toThrow(ShapeError);
    expect(() => calibrateFoil(energy, spectra, [24, 39], { reference: 8333 })).toThrow(
      "[24 * 39, 580], got 556800 values",
    );
    expect(() => calibrateFoil(energy.with(1, 9000), spectra, shape, { reference: 8333 })).toThrow(
      ArgumentError,
    );
    expect(() => calibrateFoil(energy, spectra, shape, { reference: 8333, degree: -1 })).toThrow(
      "expected degree as an integer",
    );
    expect(() => calibrateFoil(energy, spectra, shape, { reference: 8333, range: [10, 60] })).toThrow(
      "expected range as",
    );
    expect(() => calibrateFoil(energy, spectra, shape, { reference: 0 })).toThrow(
      "expected reference, the true energy",
    );
    // Nothing stands for an energy that was not given, and eV are not keV.
    expect(() => calibrateFoil(energy, spectra, shape, {} as never)).toThrow(
      "expected reference, the true energy",
    );
    expect(() => calibrateFoil(energy, spectra, shape, { reference: 8.333 })).toThrow("did you mean 8333?");
    expect(() => calibrateFoil(energy, spectra, shape, { reference: 8333, near: 8400 })).toThrow(
      /within 10 eV of 8400\.0 eV/,
    );
    expect(() => calibrateFoil(energy, spectra.slice().fill(0.7), shape, { reference: 8333 })).toThrow(
      DataError,
    );
    const dead = spectra.slice().fill(Number.NaN, 5 * nEnergies);
    expect(() => calibrateFoil(energy, dead, shape, { reference: 8333 })).toThrow(
      "calibrateFoil: expected at least 6 pixels that can be calibrated, got 5 of 960 (955 invalid); bin more",
    );
  });
});

// Glitches in made stacks: what is one, and what is the spectrum.
import { describe, expect, test } from "vitest";
import { blocksAround } from "../../lib/compute/glitches/blocks.js";
import { GlitchFinder } from "../../lib/compute/glitches/glitch-finder.js";
import { random } from "../../lib/compute/random.js";

const [height, width, nEnergies] = [32, 40, 90];
const energies = Float64Array.from({ length: nEnergies }, (_, k) => 8300 + k);
const RULES = { longest: 3, size: 8, sigmas: 5 };
const NOISE = 0.005;

/** An edge that moves over the height, thickness that varies, and noise that grows toward the right. */
function stack(change: (v: number, k: number, y: number, x: number) => number = (v) => v): Float32Array[] {
  const rng = random(4);
  return Array.from(energies, (e, k) =>
    Float32Array.from({ length: height * width }, (_, p) => {
      const [y, x] = [Math.floor(p / width), p % width];
      const edge = 0.5 + Math.atan((e - 8340 - 0.05 * y) / 1.5) / Math.PI;
      const whiteLine = 0.5 * Math.exp(-(((e - 8346) / 3) ** 2));
      const v = 0.3 + (1 + 0.05 * Math.sin(x / 3)) * (edge + whiteLine) + NOISE * (1 + x / 10) * rng.normal();
      return change(v, k, y, x);
    }),
  );
}

function found(frames: readonly Float32Array[], rules = RULES): GlitchFinder {
  const part = { top: 0, bottom: height, left: 0, right: width };
  return new GlitchFinder(part, { height, width }, energies, rules, (k) => frames[k]);
}

const all = (finder: GlitchFinder): Uint8Array[] => Array.from(energies, (_, k) => finder.glitches(k));
const count = (flags: readonly Uint8Array[]): number =>
  flags.reduce((sum, one) => sum + one.reduce((n, v) => n + v, 0), 0);

describe("a stack without glitches", () => {
  test("has nearly none, at its edge and in its noisy part, too", () => {
    // 115 200 samples; five standard deviations of normal numbers would be exceeded by none of them.
    expect(count(all(found(stack())))).toBeLessThan(12);
  });

  test("keeps what lasts longer than a glitch: another white line in one place", () => {
    const particle = (v: number, k: number, y: number, x: number) =>
      y > 9 && y < 13 && x > 4 && x < 8 ? v + 0.3 * Math.exp(-(((energies[k] - 8352) / 4) ** 2)) : v;
    const flags = all(found(stack(particle)));
    let inside = 0;
    for (const one of flags)
      for (let y = 10; y < 13; y++) for (let x = 5; x < 8; x++) inside += one[y * width + x];
    expect(inside).toBeLessThan(3);
  });
});

describe("glitches", () => {
  const spot = (k0: number, frames: number, depth: number) => (v: number, k: number, y: number, x: number) =>
    k >= k0 && k < k0 + frames ? v + depth * Math.exp(-((y - 12) ** 2 + (x - 20 - (k - k0)) ** 2) / 8) : v;

  test.each([
    [1, 0.3],
    [2, 0.3],
    [3, 0.3],
    [3, -0.3],
  ])("of %d energies and a depth of %d are found where they are, and not beside them", (frames, depth) => {
    let beside = 0;
    // Noise there is 0.015; where only one side predicts, the deviation has twice as much: twice the depth is needed. Before the edge, on it, on the white line and near both ends.
    for (const k0 of [1, 20, 39, 46, 70, nEnergies - 4]) {
      const flags = all(found(stack(spot(k0, frames, k0 === 1 || k0 > 80 ? 2 * depth : depth))));
      for (let k = k0; k < k0 + frames; k++)
        expect([k0, k, flags[k][12 * width + 20 + k - k0]]).toEqual([k0, k, 1]);
      const own = count(flags);
      // Up to 6 x 6 pixels deviate by more than the noise.
      expect(own).toBeGreaterThan(4 * frames);
      expect(own).toBeLessThan(60 * frames + 12);
      // The axis ends beside the others: there one prediction is spoilt, and the other has to be trusted alone.
      if (k0 < 10 || k0 > 80) continue;
      for (const k of [k0 - 4, k0 + frames + 3]) beside += flags[k][12 * width + 20];
    }
    // Eight places at which one side is spoilt; the other deviates by 2.5 standard deviations in 1 of 160, or one of
    // the nine pixels beside does.
    expect(beside).toBeLessThan(3);
  });

  test("are interpolated between sound values", () => {
    const frames = stack(spot(60, 3, 0.2));
    const finder = found(frames);
    const p = 12 * width + 21;
    expect(finder.glitches(61)[p]).toBe(1);
    expect(Math.abs(finder.between(61, p) - stack()[61][p])).toBeLessThan(6 * NOISE);
    expect(Math.abs(frames[61][p] - stack()[61][p])).toBeGreaterThan(0.15);
  });

  test("of the whole image are energies without beam: dark, or without values", () => {
    const rng = random(8);
    const dark = stack((v, k) => (k === 30 || k === 31 ? 6 + rng.normal() : v));
    const half = stack((v, k) => (k === 50 ? (rng.uniform() < 0.5 ? Number.NaN : 7 + rng.normal()) : v));
    const [inDark, inHalf] = [all(found(dark)), all(found(half))];
    for (const k of [30, 31]) expect(inDark[k].reduce((n, v) => n + v, 0)).toBe(height * width);
    expect(inHalf[50].reduce((n, v) => n + v, 0)).toBe(half[50].filter((v) => !Number.isNaN(v)).length);
    expect(count(inDark) + count(inHalf)).toBeLessThan(height * width * 2.5 + 60);
  });

  test("are the same in a part of the image as in all of it", () => {
    const frames = stack(spot(60, 3, 0.2));
    const whole = all(found(frames));
    const window = { top: 11, bottom: 14, left: 15, right: 30 };
    const part = blocksAround(window, { height, width }, RULES.size);
    expect(part).toEqual({ top: 0, bottom: 16, left: 0, right: 40 });
    const columns = part.right - part.left;
    const cut = (k: number) =>
      Float32Array.from({ length: (part.bottom - part.top) * columns }, (_, i) => {
        return frames[k][(part.top + Math.floor(i / columns)) * width + part.left + (i % columns)];
      });
    const own = new GlitchFinder(part, { height, width }, energies, RULES, cut);
    for (let k = 0; k < nEnergies; k++) {
      const flags = own.glitches(k);
      for (let y = window.top; y < window.bottom; y++) {
        for (let x = window.left; x < window.right; x++) {
          expect(flags[(y - part.top) * columns + x - part.left]).toBe(whole[k][y * width + x]);
        }
      }
    }
  });
});

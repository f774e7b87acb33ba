// Displacements of images with known structure, noise and faults.
import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { bandPass } from "../../lib/compute/registration/band-pass.js";
import { register } from "../../lib/compute/registration/register.js";
import { translate } from "../../lib/compute/registration/translate.js";

/** A sum of waves: known at any place, with structures of some `length` pixels. */
function texture(seed: number, length = 4): (x: number, y: number) => number {
  const rng = random(seed);
  const waves = Array.from({ length: 80 }, () => {
    const [kx, ky] = [rng.normal() / length, rng.normal() / length];
    return [kx, ky, 2 * Math.PI * rng.uniform()] as const;
  });
  return (x, y) =>
    waves.reduce((sum, [kx, ky, phase]) => sum + Math.cos(kx * x + ky * y + phase), 0) / Math.sqrt(40);
}

interface Made {
  readonly height?: number;
  readonly width?: number;
  readonly at?: readonly [number, number];
  readonly noise?: number;
  readonly seed?: number;
  readonly contrast?: number;
}

const scene = texture(3);
function imageOf({ height = 40, width = 56, at = [0, 0], noise = 0, seed = 1, contrast = 1 }: Made) {
  const rng = random(seed);
  return Float64Array.from({ length: height * width }, (_, p) => {
    const [y, x] = [Math.floor(p / width), p % width];
    return 0.7 + contrast * 0.05 * scene(x - at[0], y - at[1]) + noise * rng.normal();
  });
}
const compared = (image: ArrayLike<number>, height = 40, width = 56) => bandPass(image, height, width);

describe("translate", () => {
  const whole = { top: 0, bottom: 40, left: 0, right: 56 };

  test("moves by whole pixels exactly, and leaves what comes from outside without a value", () => {
    const image = imageOf({});
    for (const interpolation of ["spline", "integer"] as const) {
      const out = new Float64Array(image.length);
      translate(image, whole, whole, [3, -2], interpolation, out);
      for (let p = 0; p < out.length; p++) {
        const [y, x] = [Math.floor(p / 56) - 2, (p % 56) + 3];
        if (y < 0 || x > 55) expect(out[p]).toBeNaN();
        else expect(out[p]).toBe(image[y * 56 + x]);
      }
    }
  });

  test("the spline is exact for parabolas and NaN beside a pixel without a value", () => {
    const f = (x: number, y: number): number => 2 + 0.3 * x - 0.1 * y + 0.02 * x * x - 0.03 * x * y;
    const image = Float64Array.from({ length: 40 * 56 }, (_, p) => f(p % 56, Math.floor(p / 56)));
    image[20 * 56 + 30] = Number.NaN;
    const out = new Float64Array(image.length);
    translate(image, whole, whole, [0.37, -1.81], "spline", out);
    let missing = 0;
    for (let p = 0; p < out.length; p++) {
      const [y, x] = [Math.floor(p / 56), p % 56];
      if (Number.isNaN(out[p])) missing++;
      else expect(out[p]).toBeCloseTo(f(x + 0.37, y - 1.81), 10);
    }
    // Rows y - 3 and y + 0 to 3 columns at the borders, and 4 x 4 pixels around the missing one.
    expect(missing).toBe(40 * 56 - (40 - 3) * (56 - 3) + 16);
  });

  test("gives the same in parts as at once", () => {
    const image = imageOf({ noise: 0.01 });
    const at = [1.3, -2.6] as const;
    const once = new Float32Array(image.length);
    translate(image, whole, whole, at, "spline", once);
    const from = { top: 8, bottom: 26, left: 0, right: 56 };
    const to = { top: 12, bottom: 20, left: 5, right: 50 };
    const part = new Float32Array(8 * 45);
    translate(image.subarray(8 * 56, 26 * 56), from, to, at, "spline", part);
    for (let i = 0; i < part.length; i++) {
      expect(part[i]).toBe(once[(12 + Math.floor(i / 45)) * 56 + 5 + (i % 45)]);
    }
  });
});

describe("register", () => {
  test("finds displacements up to the maximum, to 0.02 pixels without noise", () => {
    const reference = compared(imageOf({}));
    for (const at of [
      [0, 0],
      [0.3, -0.45],
      [2.5, 1.7],
      [-6.2, 4.9],
      [9.6, -8.8],
    ] as const) {
      const found = register(compared(imageOf({ at })), reference, { maximum: 10 });
      expect(found?.dx).toBeCloseTo(at[0], 1.4);
      expect(found?.dy).toBeCloseTo(at[1], 1.4);
      expect(found?.significance).toBeGreaterThan(20);
    }
  });

  test("errors are those of repeated measurements", () => {
    const n = 60;
    const found = Array.from({ length: n }, (_, i) => {
      const pair = [0, 1].map((k) =>
        imageOf({ at: k ? [1.4, -0.6] : [0, 0], noise: 0.03, seed: 100 + 2 * i + k }),
      );
      return register(compared(pair[1]), compared(pair[0]), { maximum: 4 });
    });
    for (const [axis, truth] of [
      ["dx", 1.4],
      ["dy", -0.6],
    ] as const) {
      const values = found.map((one) => one?.[axis] ?? Number.NaN);
      const mean = values.reduce((sum, v) => sum + v, 0) / n;
      const scatter = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1));
      const stated = found.reduce((sum, one) => sum + (one?.errors[axis === "dx" ? 0 : 1] ?? 0), 0) / n;
      expect(scatter).toBeLessThan(0.1);
      // The scatter of 60 values is known to 9 %; tiles as clusters are an approximation.
      expect(stated / scatter).toBeGreaterThan(0.7);
      expect(stated / scatter).toBeLessThan(1.4);
      expect(Math.abs(mean - truth)).toBeLessThan(0.02 + 3 * (scatter / Math.sqrt(n)));
    }
  });

  test("does not depend on scale and offset, an inverted contrast only where it is allowed", () => {
    const reference = compared(imageOf({}));
    const image = compared(imageOf({ at: [1.2, 0.7], contrast: -0.4 }).map((v) => v + 3));
    const found = register(image, reference, { maximum: 4, inverted: true });
    expect(found?.dx).toBeCloseTo(1.2, 1.4);
    expect(found?.dy).toBeCloseTo(0.7, 1.4);
    const upright = register(image, reference, { maximum: 4 });
    expect(Math.hypot((upright?.dx ?? 9) - 1.2, (upright?.dy ?? 9) - 0.7)).toBeGreaterThan(1);
  });

  test("is not misled by pixels without a value, dim corners and a fixed gradient", () => {
    const rng = random(9);
    const spoilt = (at: readonly [number, number], seed: number): Float64Array =>
      imageOf({ at, seed, noise: 0.004 }).map((v, p) => {
        const [y, x] = [Math.floor(p / 56), p % 56];
        if (p % 97 === 5 || (y > 12 && y < 17 && x > 20 && x < 26)) return Number.NaN;
        // The gradient does not move with the structure; the noise grows toward a corner.
        return v + 0.02 * y + 0.1 * rng.normal() * Math.max(0, (x + y - 60) / 36);
      });
    const found = register(compared(spoilt([1.6, -1.1], 5)), compared(spoilt([0, 0], 6)), { maximum: 6 });
    expect(Math.abs((found?.dx ?? 9) - 1.6)).toBeLessThan(0.1);
    expect(Math.abs((found?.dy ?? 9) + 1.1)).toBeLessThan(0.1);
  });

  test("has no significance where the images have nothing in common", () => {
    const significances = Array.from({ length: 40 }, (_, i) => {
      const [a, b] = [0, 1].map((k) => imageOf({ noise: 0.03, seed: 500 + 2 * i + k, contrast: 0 }));
      return register(compared(a), compared(b), { maximum: 6 })?.significance ?? 0;
    });
    expect(Math.max(...significances)).toBeLessThan(6);
  });

  test("is null where too few pixels have a value", () => {
    const empty = compared(new Float64Array(40 * 56).fill(Number.NaN));
    expect(register(empty, compared(imageOf({})), { maximum: 4 })).toBeNull();
  });
});

import { describe, expect, test } from "vitest";
import { CubicSpline } from "../../lib/compute/interpolate.js";
import { ArgumentError, ShapeError } from "../../lib/errors.js";

describe("CubicSpline", () => {
  const x = Float64Array.from({ length: 41 }, (_, i) => i * 0.15 + 0.03 * Math.sin(i));
  const spline = new CubicSpline(x, x.map(Math.sin));

  test("passes through its points and is exact for straight lines, beyond the ends too", () => {
    x.forEach((v) => {
      expect(spline.value(v)).toBeCloseTo(Math.sin(v), 14);
    });
    const line = new CubicSpline([0, 1, 3, 4], [1, 3, 7, 9]);
    for (const q of [-2, 0.5, 2.2, 6]) {
      expect(line.value(q)).toBeCloseTo(1 + 2 * q, 13);
      expect(line.derivative(q)).toBeCloseTo(2, 13);
    }
  });

  test("follows a smooth function to fourth order, and its slope to third", () => {
    // Away from the ends, where the natural condition bends it: h^4 / 384 and h^3 / 24 with h = 0.18.
    for (let q = 1.2; q < 4.8; q += 0.013) {
      expect(Math.abs(spline.value(q) - Math.sin(q))).toBeLessThan(1e-5);
      expect(Math.abs(spline.derivative(q) - Math.cos(q))).toBeLessThan(3e-4);
    }
  });

  test("has a slope that is the derivative of its values and continuous at its points", () => {
    for (const q of [0.4, 2.01, 5.2]) {
      const numeric = (spline.value(q + 1e-5) - spline.value(q - 1e-5)) / 2e-5;
      expect(Math.abs(spline.derivative(q) - numeric)).toBeLessThan(1e-8);
    }
    for (const v of x) expect(spline.derivative(v - 1e-9)).toBeCloseTo(spline.derivative(v + 1e-9), 7);
  });

  test("refuses unsorted, unequal and lone points", () => {
    expect(() => new CubicSpline([0, 2, 1], [0, 0, 0])).toThrow(ArgumentError);
    expect(() => new CubicSpline([0, 2, 1], [0, 0, 0])).toThrow("strictly ascending x, got 1 after 2");
    expect(() => new CubicSpline([0, 1], [0])).toThrow(ShapeError);
    expect(() => new CubicSpline([0], [0])).toThrow("at least 2, got 1 and 1");
  });
});

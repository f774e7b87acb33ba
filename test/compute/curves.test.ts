import { describe, expect, test } from "vitest";
import { crossing, interpolate, maximum, peaks } from "../../lib/compute/curves.js";
import { resample } from "../../lib/compute/resample.js";

describe("interpolate", () => {
  test("is exact at points and linear between them, up and down the axis", () => {
    const [xs, ys] = [
      [1, 2, 4],
      [10, 20, 0],
    ];
    expect([1, 1.5, 2, 3, 4].map((x) => interpolate(xs, ys, x))).toEqual([10, 15, 20, 10, 0]);
    expect(interpolate([4, 2, 1], [0, 20, 10], 3)).toBe(10);
    expect(interpolate(xs, ys, 4.1)).toBeNaN();
    expect(interpolate([1, 2], [5, Number.NaN], 1)).toBe(5);
  });
});

describe("crossing", () => {
  test("finds the first passage and says when there is none", () => {
    expect(crossing([0, 1, 2, 3], [0, 2, 0, 2], 1)).toBe(0.5);
    expect(crossing([0, 1, 2, 3], [0, 2, 0, 2], 1, { from: 1 })).toBe(1.5);
    expect(() => crossing([0, 1], [0, 1], 3)).toThrow("expected the curve to pass 3");
    expect(() => crossing([0, 1], [0], 3)).toThrow("as many values as places");
  });
});

describe("places of a curve", () => {
  test("that are unsorted, repeat or are missing are refused", () => {
    for (const xs of [
      [0, 2, 1, 3],
      [0, 1, 1, 2],
      [3, 2, 2.5, 1],
      [0, Number.NaN, 2, 3],
    ]) {
      expect(() => interpolate(xs, [0, 1, 2, 3], 1.5)).toThrow("strictly ascending or descending");
      expect(() => crossing(xs, [0, 1, 2, 3], 1.5)).toThrow("strictly ascending or descending");
    }
    expect(crossing([3, 2, 1, 0], [0, 1, 2, 3], 1.5)).toBe(1.5);
  });
});

describe("maximum", () => {
  test("of a sampled parabola is exact on an uneven axis", () => {
    const xs = [0, 0.7, 1.1, 2];
    const top = maximum(
      xs,
      xs.map((x) => 3 - (x - 0.9) ** 2),
    );
    expect(top.x).toBeCloseTo(0.9, 12);
    expect(top.y).toBeCloseTo(3, 12);
    expect(maximum([0, 1, 2], [3, 2, 1])).toEqual({ x: 0, y: 3 });
  });
});

describe("peaks", () => {
  test("counts what stands out and not the noise", () => {
    expect(peaks([0, 5, 9, 8.8, 9.1, 4, 1, 2, 7, 3, 0])).toEqual([4, 8]);
    expect(peaks([10, 8, 5, 3, 3.2, 3, 2, 1])).toEqual([0]);
    expect(peaks([1, 2, 3, 10])).toEqual([3]);
    expect(peaks([0, 5, 9, 8.8, 9.1, 4, 1, 2, 7, 3, 0], { prominence: 0.8 })).toEqual([4]);
  });

  test("does not change with an offset or the scale, below zero either, and mirrors", () => {
    const curves = [
      [0, 5, 9, 8.8, 9.1, 4, 1, 2, 7, 3, 0],
      [10, 8, 5, 3, 3.2, 3, 2, 1],
      [1, 2, 3, 10],
      [0, 1, 0],
      [7, 0, 7],
    ];
    for (const curve of curves) {
      const found = peaks(curve);
      expect(peaks(curve.map((v) => v + 1000))).toEqual(found);
      expect(peaks(curve.map((v) => v - 1000))).toEqual(found);
      expect(peaks(curve.map((v) => 8 * v))).toEqual(found);
      expect(peaks([...curve].reverse())).toEqual(found.map((i) => curve.length - 1 - i).reverse());
    }
    expect(peaks([7, 0, 7])).toEqual([0, 2]);
    // Noise on a level that is far from zero: the range is what counts.
    expect(peaks([1000, 1001, 1000, 1050, 1000])).toEqual([3]);
    expect(peaks([-5, -1, -5, -4.9, -5])).toEqual([1]);
  });

  test("finds none in a constant or in nothing, and leaves NaN out", () => {
    expect(peaks([5, 5, 5])).toEqual([]);
    expect(peaks([])).toEqual([]);
    expect(peaks([Number.NaN, 1, 5, Number.NaN, 1, Number.NaN])).toEqual([2]);
    expect(() => peaks([1, 2], { prominence: 1 })).toThrow("from 0 to below 1, got 1; 0.1 is the default");
    expect(() => peaks([1, 2], { prominence: Number.NaN })).toThrow("got NaN");
  });

  test("tells the one hump of a histogram from two", () => {
    const farther = [
      153, 312, 710, 620, 598, 495, 449, 427, 357, 325, 334, 303, 366, 360, 356, 295, 311, 380, 530, 525, 707,
      851, 626, 150,
    ];
    const closer = [34, 466, 638, 670, 712, 594, 479, 389, 346, 308, 258, 224, 192, 150, 101, 60, 22, 4];
    expect(peaks(farther)).toEqual([2, 21]);
    expect(peaks(closer)).toEqual([4]);
  });
});

describe("resample", () => {
  test("is exact for cubics on uneven axes in either direction, and holds the ends", () => {
    const f = (x: number): number => 1 - x + 0.5 * x ** 2 - 0.1 * x ** 3;
    const x = [0, 0.4, 1.1, 1.5, 2.7, 3];
    const at = [0.1, 0.9, 2, 2.9];
    for (const axis of [x, [...x].reverse()]) {
      const got = resample(axis, axis.map(f), at);
      for (const [i, q] of at.entries()) expect(got[i]).toBeCloseTo(f(q), 12);
    }
    expect(Array.from(resample(x, x.map(f), [-1, 4]))).toEqual([f(0), f(3)]);
  });
});

import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { MAD_TO_SIGMA, median, medianAbsoluteDeviation, quantile } from "../../lib/compute/stats.js";

describe("order statistics", () => {
  test("interpolate as numpy does, whatever the order, and leave NaN out", () => {
    expect(quantile([3, 1, 2, 4], 0.25)).toBe(1.75);
    expect(quantile([3, 1, Number.NaN, 2, 4], 1)).toBe(4);
    expect(median([5, Number.NaN, 1])).toBe(3);
    expect(median([-10, 9, -1])).toBe(-1);
    expect(median([1, Infinity, Infinity])).toBe(Infinity);
  });

  test("are NaN where there is no value, and leave their input alone", () => {
    expect(median([])).toBeNaN();
    expect(medianAbsoluteDeviation([Number.NaN])).toBeNaN();
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test("estimate sigma in spite of outliers", () => {
    const rng = random(9);
    const values = Array.from({ length: 20000 }, (_, i) => 7 + (i % 10 === 0 ? 100 : 1) * rng.normal());
    expect(median(values)).toBeCloseTo(7, 1);
    // A tenth of gross outliers raises it by an eighth, not a hundredfold.
    expect(MAD_TO_SIGMA * medianAbsoluteDeviation(values)).toBeGreaterThan(1);
    expect(MAD_TO_SIGMA * medianAbsoluteDeviation(values)).toBeLessThan(1.25);
  });
});

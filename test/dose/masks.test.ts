import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { histogram, intervalMask } from "../../lib/dose/masks.js";
import { ArgumentError, DataError } from "../../lib/errors.js";
import { KGY } from "../../lib/units.js";

describe("intervalMask", () => {
  test("is half-open; NaN is never selected", () => {
    const mask = intervalMask([0.69, 0.7, 0.85, 1, Number.NaN, Number.POSITIVE_INFINITY], [0.7, 1]);
    expect(mask).toEqual(Uint8Array.of(0, 1, 1, 0, 0, 0));
    const everything = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
    expect(intervalMask([0, 1, Number.NaN], everything)).toEqual(Uint8Array.of(1, 1, 0));
  });

  test("intervals that meet split the pixels: each is in one", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 2, noNaN: true })),
        fc.double({ min: 0.1, max: 1.9, noNaN: true }),
        (values, at) => {
          const [below, above] = [intervalMask(values, [0, at]), intervalMask(values, [at, 3])];
          values.forEach((_, i) => void expect(below[i] + above[i]).toBe(1));
        },
      ),
    );
  });

  test.each([[[1, 0.7]], [[1, 1]], [[Number.NaN, 1]], [[0.7]], [0.7], [["0.7", "1"]]])(
    "refuses %j",
    (interval) => {
      expect(() => intervalMask([1], interval as [number, number])).toThrow(ArgumentError);
      expect(() => intervalMask([1], interval as [number, number])).toThrow(
        "expected [low, high] with low < high",
      );
    },
  );
});

describe("histogram", () => {
  test("bins of 0.3 kGy/s from multiples of 0.3, with edges that read as such", () => {
    const { edges, counts } = histogram([700, 899.9, 900, 1000, 1800, Number.NaN]);
    expect(Array.from(edges)).toEqual([0.6, 0.9, 1.2, 1.5, 1.8, 2.1]);
    expect(Array.from(counts)).toEqual([2, 2, 0, 0, 1]);
  });

  test("each bin counts what a mask between its edges selects, and all finite values are in one", () => {
    const unit = fc.constantFrom(1, KGY);
    const step = fc.constantFrom(0.1, 0.3, 0.7, 2);
    // tenths, so that many values lie exactly on an edge
    const values = fc.array(
      fc.oneof(
        fc.integer({ min: -50, max: 200 }).map((i) => i / 10),
        fc.constant(Number.NaN),
      ),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(values, step, unit, (inUnits, step, unit) => {
        const finite = inUnits.filter(Number.isFinite);
        fc.pre(finite.length > 0);
        const given = inUnits.map((value) => value * unit);
        const { edges, counts } = histogram(given, { step, unit });
        expect(counts.reduce((a, b) => a + b)).toBe(finite.length);
        counts.forEach((count, i) => {
          const mask = intervalMask(
            given.map((value) => value / unit),
            [edges[i], edges[i + 1]],
          );
          expect(mask.reduce((a, b) => a + b, 0)).toBe(count);
        });
        expect(counts[0] * counts[counts.length - 1]).toBeGreaterThan(0);
      }),
    );
  });

  test.each([
    [[1], { step: 0 }, ArgumentError, "histogram: expected step > 0 units, got 0"],
    [
      [1],
      { unit: Number.NaN },
      ArgumentError,
      "histogram: expected unit > 0 in the unit of the values, got NaN",
    ],
    [[0, 1e9], { step: 1e-3 }, ArgumentError, "at most 100000 bins, got 0.001"],
    [[Number.NaN], {}, DataError, "expected at least one finite value"],
    [[], {}, DataError, "expected at least one finite value"],
  ])("refuses %j with %j", (values, options, type, message) => {
    expect(() => histogram(values, options)).toThrow(type);
    expect(() => histogram(values, options)).toThrow(message);
  });
});

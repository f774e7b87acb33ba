import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { Mask } from "../../lib/dose/mask.js";
import { regionStatistics } from "../../lib/dose/regions.js";
import { ArgumentError, ShapeError } from "../../lib/errors.js";
import { ask, peer } from "../support/peers.js";

/** A mask from rows of text: # is selected. */
const drawn = (...rows: string[]) =>
  new Mask({
    values: [...rows.join("")].map((c) => c === "#"),
    width: rows[0].length,
    height: rows.length,
    label: "drawn",
  });
const text = (mask: Mask) =>
  Array.from({ length: mask.height }, (_, y) =>
    Array.from(mask.values.subarray(y * mask.width, (y + 1) * mask.width), (v) => (v ? "#" : ".")).join(""),
  );

const someMask = fc
  .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }), seed: fc.nat() })
  .map(({ width, height, seed }) => {
    const { uniform } = random(seed);
    const one = () =>
      new Mask({ values: Array.from({ length: width * height }, () => uniform() < 0.5), width, height });
    return [one(), one()] as const;
  });

describe("Mask", () => {
  test("takes booleans, numbers, and a matrix with its own shape", () => {
    const mask = drawn("#..", ".##");
    expect([mask.width, mask.height, mask.count, mask.label]).toEqual([3, 2, 3, "drawn"]);
    expect(new Mask({ values: mask.values, width: 3, height: 2 }).values).toEqual(mask.values);
    const matrix = new Matrix([
      [2, 0, Number.NaN],
      [-1, 1, 0.5],
    ]);
    expect(text(new Mask({ values: matrix }))).toEqual(["#..", ".##"]);
  });

  test("where: half-open, one interval or several, never where there is no value", () => {
    const map = { values: [0.7, 0.99, 1, Number.NaN, 6.7, 7], width: 3, height: 2 };
    expect(text(Mask.where(map, [0.7, 1]))).toEqual(["##.", "..."]);
    const both = Mask.where(map, [
      [0.7, 1],
      [6.7, Number.POSITIVE_INFINITY],
    ]);
    expect(text(both)).toEqual(["##.", ".##"]);
    expect(text(both.not())).toEqual(["..#", "..."]); // the pixel without a value is in neither
    expect(Array.from(both.missing)).toEqual([0, 0, 0, 1, 0, 0]);
    expect(text(Mask.where({ values: new Matrix([[1, 2, 3]]) }, [2, 3]))).toEqual([".#."]);
  });

  test("is an algebra of sets", () => {
    fc.assert(
      fc.property(someMask, ([a, b]) => {
        expect(a.not().not().values).toEqual(a.values);
        expect(a.or(a.not()).count).toBe(a.width * a.height);
        expect(a.and(a.not()).count).toBe(0);
        expect(a.or(b).not().values).toEqual(a.not().and(b.not()).values);
        expect(a.or(b).count + a.and(b).count).toBe(a.count + b.count);
      }),
    );
  });

  test("pixels without a value stay out of complements, however masks are combined", () => {
    const someGaps = fc.array(
      fc.tuple(fc.constantFrom(0, 1, Number.NaN), fc.constantFrom(0, 1, Number.NaN)),
      {
        minLength: 1,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(someGaps, (pixels) => {
        const [a, b] = [0, 1].map(
          (i) => new Mask({ values: pixels.map((p) => p[i]), width: pixels.length, height: 1 }),
        );
        expect(a.not().not().values).toEqual(a.values);
        expect(a.count + a.not().count).toBe(pixels.filter(([v]) => !Number.isNaN(v)).length);
        const both = [a.or(b).not(), a.not().and(b.not())];
        expect(both[0].values).toEqual(both[1].values);
        expect(both[0].missing).toEqual(both[1].missing);
        // decided where one mask decides, whatever the other would be
        expect(Array.from(a.or(b).values)).toEqual(pixels.map(([v, w]) => (v === 1 || w === 1 ? 1 : 0)));
        expect(Array.from(a.and(b).not().values)).toEqual(
          pixels.map(([v, w]) => (v === 0 || w === 0 ? 1 : 0)),
        );
        expect(a.withoutSpecks(3).missing).toEqual(a.missing);
      }),
    );
    const holed = Mask.where({ values: [1, 1, 1, 1, Number.NaN, 1, 1, 1, 1], width: 3, height: 3 }, [0, 2]);
    expect(text(holed.not().withoutSpecks(2).not())).toEqual(["###", "#.#", "###"]); // no hole: nothing is known of it
  });

  test("intervals that share an end share no pixel, and their union is the interval over both", () => {
    const values = Array.from({ length: 60 }, (_, i) => i / 10);
    const map = { values, width: 10, height: 6 };
    const [low, high] = [Mask.where(map, [1, 2.5]), Mask.where(map, [2.5, 4])];
    expect(low.and(high).count).toBe(0);
    expect(low.or(high).values).toEqual(Mask.where(map, [1, 4]).values);
  });

  test("runs give the mask back", () => {
    fc.assert(
      fc.property(someMask, ([mask]) => {
        const { width, height } = mask;
        const runs = mask.runs();
        expect(runs.reduce((a, b) => a + b)).toBe(width * height);
        expect(Mask.fromRuns(JSON.parse(JSON.stringify(runs)), { width, height }).values).toEqual(
          mask.values,
        );
      }),
    );
    expect(drawn("##.").runs()).toEqual([0, 2, 1]);
    expect(() => Mask.fromRuns([1, 2], { width: 2, height: 2 })).toThrow("expected 2 x 2 = 4 values, got 3");
  });

  test("components by sides or corners; the border does not wrap", () => {
    const mask = drawn("#..#", ".#..", "#..#");
    expect(Array.from(mask.components().sizes)).toEqual([1, 1, 1, 1, 1]);
    expect(Array.from(mask.components({ neighbors: 8 }).sizes)).toEqual([3, 1, 1]);
    expect(Array.from(drawn("..#", "#..").components({ neighbors: 8 }).sizes)).toEqual([1, 1]);
  });

  test("withoutSpecks keeps components of the smallest size on, and fills holes on the complement", () => {
    const mask = drawn("##..#", "##...", "...##");
    expect(text(mask.withoutSpecks(2))).toEqual(["##...", "##...", "...##"]);
    expect(text(mask.withoutSpecks(3))).toEqual(["##...", "##...", "....."]);
    expect(text(mask.withoutSpecks(1))).toEqual(text(mask));
    const ring = drawn("####.", "#.##.", "####.");
    expect(text(ring.not().withoutSpecks(2).not())).toEqual(["####.", "####.", "####."]);
    expect(mask.withoutSpecks(2).label).toBe("drawn, at least 2 connected pixels");
  });

  test("components are those of scipy.ndimage.label", (context) => {
    peer("scipy")(context);
    const { uniform } = random(3);
    const [width, height] = [61, 43];
    const mask = new Mask({
      values: Array.from({ length: width * height }, () => uniform() < 0.55),
      width,
      height,
    });
    const code = `import numpy as np
from scipy.ndimage import label
a = np.array(x).reshape(${height}, ${width})
print(json.dumps([sorted(np.bincount(label(a, s)[0].ravel())[1:].tolist()) for s in (None, np.ones((3, 3)))]))`;
    const sizes = ([4, 8] as const).map((neighbors) =>
      Array.from(mask.components({ neighbors }).sizes).sort((a, b) => a - b),
    );
    expect(sizes).toEqual(ask(code, Array.from(mask.values)));
  });

  test.each([
    [
      () => new Mask({ values: [1, 2, 3], width: 2, height: 2 }),
      ShapeError,
      "Mask: expected 2 x 2 = 4 values, got 3",
    ],
    [
      () => new Mask({ values: [1], height: 1 }),
      ArgumentError,
      "Mask: expected width as a whole number of pixels",
    ],
    [() => new Mask(undefined as never), ArgumentError, "Mask: expected { values, width, height, label }"],
    [() => Mask.where({ values: [1], width: 1, height: 1 }, [2, 1]), ArgumentError, "low < high, got [2,1]"],
    [() => drawn("#").or(drawn("##")), ShapeError, "mask.or: expected a Mask of 1 x 1 pixels, got 2 x 1"],
    [() => drawn("#").and([1] as never), ShapeError, "mask.and: expected a Mask of 1 x 1 pixels, got [1]"],
    [() => drawn("#").withoutSpecks(0), ArgumentError, "whole number of pixels above 0, got 0"],
    [() => drawn("#").components({ neighbors: 6 as never }), ArgumentError, "neighbors of 4 or 8, got 6"],
  ])("refuses %#", (call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });
});

describe("regionStatistics", () => {
  test("of a region of known numbers", () => {
    const values = [1, 2, 3, 4, 100, Number.NaN, 7, 8];
    const mask = drawn("####", ".#..");
    expect({ ...regionStatistics(values, { mask, pixelSize: 6.5 }) }).toEqual({
      n: 4,
      min: 1,
      max: 4,
      mean: 2.5,
      median: 2.5,
      sd: Math.sqrt(5 / 3),
      area: 4 * 6.5 ** 2,
    });
  });

  test("shifts and scales with the values, and areas add up", () => {
    const { normal, uniform } = random(5);
    const values = Float64Array.from({ length: 400 }, () => 5 + normal());
    const mask = new Mask({ values: Array.from(values, () => uniform() < 0.3), width: 20, height: 20 });
    const [a, b] = [values, values.map((v) => 2 * v + 3)].map((v) =>
      regionStatistics(v, { mask, pixelSize: 2 }),
    );
    for (const key of ["min", "max", "mean", "median"] as const)
      expect(b[key]).toBeCloseTo(2 * a[key] + 3, 12);
    expect(b.sd).toBeCloseTo(2 * a.sd, 12);
    const rest = regionStatistics(values, { mask: mask.not(), pixelSize: 2 });
    expect(a.area + rest.area).toBe(1600);
    const all = regionStatistics(values);
    expect((a.n * a.mean + rest.n * rest.mean) / 400).toBeCloseTo(all.mean, 12);
    expect(all.area).toBeNaN();
  });

  test("nothing is no number", () => {
    const none = regionStatistics([Number.NaN, 1], { mask: drawn("#."), pixelSize: 1 });
    expect({ ...none }).toEqual({
      n: 0,
      min: Number.NaN,
      max: Number.NaN,
      mean: Number.NaN,
      median: Number.NaN,
      sd: Number.NaN,
      area: 0,
    });
    expect(regionStatistics([4]).sd).toBeNaN();
  });

  test("refuses a mask of another image, and what is no array", () => {
    expect(() => regionStatistics([1, 2], { mask: drawn("#") })).toThrow(
      "expected a mask of 2 pixels, got 1 x 1",
    );
    expect(() => regionStatistics(5 as never)).toThrow(
      "regionStatistics: expected values as an array of numbers, got 5",
    );
    expect(() => regionStatistics([1], { pixelSize: 0 })).toThrow("expected pixelSize > 0 um, got 0");
  });
});

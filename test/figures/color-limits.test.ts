import { describe, expect, test } from "vitest";
import { map, maps } from "../../lib/figures/index.js";
import { clippedBy, clippedText, robustLimits } from "../../lib/figures/parts/color-limits.js";
import { texts } from "./picture.js";

const [width, height] = [40, 25];
const grid = (of: (x: number, y: number) => number): Float64Array =>
  Float64Array.from({ length: width * height }, (_, p) => of(p % width, Math.floor(p / width)));

describe("limits of a color scale", () => {
  test("a stripe of dead pixels at -0.2 does not hide a map from 0.9 to 2.1, and its share is told", () => {
    const values = grid((x, y) => (x === 7 ? -0.2 : 0.9 + (1.2 * (x + y)) / (width + height - 2)));
    const [low, high] = robustLimits(values)!;
    expect(low).toBeCloseTo(0.9, 1);
    expect(high).toBeCloseTo(2.1, 6);
    const figure = map({ values, width, height, label: "Absorbance" });
    const note = "Colors clipped at 0.9: 2.5 % below";
    expect(texts(figure.svg)).toContain(note);
    expect(figure.description).toContain(`${note}.`);
    const pair = maps({ maps: [[values, values]], width, height, label: "Absorbance" });
    expect(texts(pair.svg)).toContain(note);
  });

  test("single pixels with noise of any size do not either", () => {
    const values = grid((x, y) => Math.sin(x) + (x === 3 && y < 8 ? 10 ** (y - 2) : 0));
    const [low, high] = robustLimits(values)!;
    expect(low).toBeCloseTo(-1, 1);
    expect(high).toBeLessThan(4);
  });

  test("keep the peak of a beam and a feature of more than 5 % of the pixels whole", () => {
    const beam = grid((x, y) => 320 * Math.exp(-(((x - 20) / 6) ** 2) - ((y - 12) / 4) ** 2));
    expect(robustLimits(beam)).toEqual([Math.min(...beam), Math.max(...beam)]);
    const particle = grid((x) => (x < 3 ? 5 : 0.01 * x));
    expect(robustLimits(particle)![1]).toBe(5);
    expect(texts(map({ values: beam, width, height, label: "Dose" }).svg).join()).not.toContain("clipped");
  });

  test("are those of the data for few values and for a constant; null without values", () => {
    expect(robustLimits(Float64Array.of(1, 2, 3, 1000))).toEqual([1, 1000]);
    expect(robustLimits(new Float64Array(200).fill(3))).toEqual([3, 3]);
    expect(robustLimits(Float64Array.of(Number.NaN))).toBeNull();
  });

  test("that are given clip, too; a value at the limit does not count", () => {
    const values = Float64Array.of(0, 1, 2, 3, Number.NaN);
    expect(clippedBy(values, [0, 2])).toEqual({ n: 4, below: 0, above: 1 });
    expect(clippedText([clippedBy(values, [0, 2])], [0, 2])).toBe("Colors clipped at 2: 25 % above");
    expect(clippedText([clippedBy(values, [1, 2])], [1, 2])).toBe(
      "Colors clipped: 25 % below 1, 25 % above 2",
    );
    expect(clippedText([clippedBy(values, [0, 3])], [0, 3])).toBe("");
    expect(clippedText([{ n: 10_000, below: 0, above: 3 }], [0, 3])).toBe(
      "Colors clipped at 3: <0.1 % above",
    );
  });
});

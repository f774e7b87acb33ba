// A Mask and an interval select the same way, in both executors; what maps say of a region.
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { naive } from "../../lib/cube/engine/naive.js";
import type { MapResult } from "../../lib/cube/results/map.js";
import { doseBudget } from "../../lib/dose/budget/index.js";
import { Mask } from "../../lib/dose/mask.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { ArgumentError, ShapeError } from "../../lib/errors.js";
import { type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

let small: SmallExperiment;
let cube: Cube;
let rate: MapResult;
beforeAll(async () => {
  small = smallExperiment({ nTimes: 2 });
  cube = Cube.load(small.folder).absorb().doseRate().dose();
  rate = await cube.map("doseRate");
});
afterAll(() => rmSync(small.folder, { recursive: true }));

const numbers = async (from: Cube) => Array.from((await from.normalize().spectra()).data);

describe("cube.mask with a Mask", () => {
  it("keeps what the interval keeps that it was made from", async () => {
    const [low, high] = [rate.statistics().median / 1e3, rate.statistics().max / 1e3];
    expect(await numbers(cube.mask(rate.mask([low, high])))).toEqual(await numbers(cube.mask([low, high])));
    const dose = await cube.map("dose");
    const { median } = dose.statistics();
    expect(await numbers(cube.mask(dose.mask([0, median / 1e6])))).toEqual(
      await numbers(cube.mask([0, median / 1e6], { of: "dose" })),
    );
  });

  it("takes unions, complements and the like, and agrees with the naive executor", async () => {
    const { median } = rate.statistics();
    const mask = rate
      .mask([0, median / 1e3])
      .not()
      .withoutSpecks(3);
    expect(mask.count).toBeGreaterThan(20);
    const masked = cube.mask(mask).normalize();
    const fast = await masked.map("doseRate");
    expect(Array.from(fast.values, Number.isNaN)).toEqual(
      Array.from(mask.values, (v, p) => !v || Number.isNaN(rate.values[p])),
    );
    const slow = await naive(masked.plan);
    expect(Array.from(slow.pixels)).toEqual([...mask.values.keys()].filter((p) => mask.values[p]));
  });

  it("is plain data in the plan, and words in explain()", () => {
    const mask = rate.mask([1, 2]);
    const { plan } = cube.mask(mask);
    const step = JSON.parse(JSON.stringify(plan.steps.at(-1)));
    expect(Mask.fromRuns(step.runs, rate).values).toEqual(mask.values);
    expect(cube.mask(mask).explain()).toContain(`mask: ${mask.count} pixels, dose rate in [1, 2) kGy/s`);
    expect(cube.mask([1, 2]).explain()).toContain("mask: doseRate in [1, 2) kGy/s");
    expect(cube.mask([1, Infinity]).explain()).toContain("mask: doseRate in [1, Infinity) kGy/s");
  });

  it("refuses a mask of another image at the call, and an empty one when it runs", async () => {
    const mask = rate.mask([1, 2]);
    expect(() => cube.bin(2).mask(mask)).toThrow(ShapeError);
    expect(() => cube.bin(2).mask(mask)).toThrow(
      "expected a Mask of 9 x 6 pixels, as this cube has them, got 18 x 13",
    );
    expect(() => cube.mask(mask, { of: "dose" })).toThrow(ArgumentError);
    expect(() => cube.mask(mask, { of: "dose" })).toThrow('expected no { of } with a Mask, got "dose"');
    await expect(cube.mask(mask.and(mask.not(), "nothing")).spectra()).rejects.toThrow(
      "mask: expected at least one pixel, got none with 0 pixels, nothing",
    );
  });
});

describe("MapResult", () => {
  it("speaks of regions: statistics, histogram, area", () => {
    const all = rate.statistics();
    const bright = rate.mask([all.median / 1e3, Infinity]);
    const region = rate.within(bright);
    const { n, min, area } = region.statistics();
    expect(n).toBe(bright.count);
    expect(min).toBeGreaterThanOrEqual(all.median);
    expect(area).toBe(n * rate.pixelSize ** 2);
    expect(region.histogram().counts.reduce((a, b) => a + b)).toBe(n);
    expect(region.summary()).toContain(`${n} with a value`);
    expect(region.label).toMatch(/^Dose rate, dose rate in \[/);
    expect(rate.within(bright.and(bright.not())).summary()).toMatch(/0 with a value$/);
    expect(() => rate.within(new Mask({ values: [1], width: 1, height: 1 }))).toThrow(ShapeError);
    expect(() => rate.mask([2, 1])).toThrow("low < high");
    expect(() => rate.mask(5 as never)).toThrow(ArgumentError);
  });

  it("carries the uncertainty of its scale, and stays as it is", async () => {
    const beam = { energy: 8390, flux: 1e12, width: 1000, height: 1000 };
    const budget = doseBudget(rockCell(), beam, { uncertainties: { flux: 0.05 } });
    const known = rate.withBudget(budget);
    expect(known.values).toEqual(rate.values);
    expect(known.summary()).toContain("; scale known to -9.8 to +9.8 % (95 %, convention porous)");
    expect(known.within(known.mask([0, Infinity])).budget).toBe(budget);
    const image = await cube.image({ energy: 8350, time: 0 });
    expect(() => image.withBudget(budget)).toThrow("expected a map in Gy or Gy/s, got Absorbance at 8350 eV");
  });
});

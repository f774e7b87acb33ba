// A Mask and an interval select the same way, in both executors; what maps say of a region.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import type { MapResult } from "../../lib/cube/results/map.js";
import { doseBudget } from "../../lib/dose/budget/index.js";
import { Mask } from "../../lib/dose/mask.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { ArgumentError, ShapeError } from "../../lib/errors.js";
import { writeEdf } from "../../lib/io/edf.js";
import { naive } from "../support/naive/executor.js";
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
  test("keeps what the interval keeps that it was made from", async () => {
    const [low, high] = [rate.statistics().median / 1e3, rate.statistics().max / 1e3];
    expect(await numbers(cube.mask(rate.mask([low, high])))).toEqual(await numbers(cube.mask([low, high])));
    const dose = await cube.map("dose");
    const { median } = dose.statistics();
    expect(await numbers(cube.mask(dose.mask([0, median / 1e6])))).toEqual(
      await numbers(cube.mask([0, median / 1e6], { of: "dose" })),
    );
  });

  test("takes unions, complements and the like, and agrees with the naive executor", async () => {
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

  test("keeps the pixels of a rectangle", async () => {
    const { width, height } = rate;
    const inside = (p: number): boolean => p % width >= 1 && p % width < 4 && p >= width && p < 3 * width;
    const values = Array.from({ length: width * height }, (_, p) => (inside(p) ? 1 : 0));
    const region = cube.mask({ x: [1, 4], y: [1, 3] });
    expect(await numbers(region)).toEqual(await numbers(cube.mask(new Mask({ values, width, height }))));
    expect(region.explain()).toContain("mask: 6 pixels, x [1, 4), y [1, 3)");
    expect(() => cube.mask({ x: [1, width + 1] })).toThrow(
      `mask: expected x: [from, to) with 0 <= from < to <= ${width}`,
    );
    expect(() => cube.mask({})).toThrow("mask: expected { x } or { y } as [from, to), got {}");
    expect(() => cube.mask({ x: [1, 4], of: "dose" } as never)).toThrow(ArgumentError);
  });

  test("is plain data in the plan, and words in explain()", () => {
    const mask = rate.mask([1, 2]);
    const { plan } = cube.mask(mask);
    const step = JSON.parse(JSON.stringify(plan.steps.at(-1)));
    expect(Mask.fromRuns(step.runs, { width: rate.width, height: rate.height }).values).toEqual(mask.values);
    expect(cube.mask(mask).explain()).toContain(`mask: ${mask.count} pixels, dose rate in [1, 2) kGy/s`);
    expect(cube.mask([1, 2]).explain()).toContain("mask: doseRate in [1, 2) kGy/s");
    expect(cube.mask([1, Infinity]).explain()).toContain("mask: doseRate in [1, Infinity) kGy/s");
  });

  test("refuses a mask of another image at the call, and an empty one when it runs", async () => {
    const mask = rate.mask([1, 2]);
    expect(() => cube.bin(2).mask(mask)).toThrow(ShapeError);
    expect(() => cube.bin(2).mask(mask)).toThrow(
      "expected a Mask of 9 x 6 pixels, as this cube has them, got 18 x 13",
    );
    expect(() => cube.mask(mask, { of: "dose" })).toThrow(ArgumentError);
    expect(() => cube.mask(mask, { of: "dose" })).toThrow('expected no { of } with pixels, got "dose"');
    await expect(cube.mask(mask.and(mask.not(), "nothing")).spectra()).rejects.toThrow(
      "mask: expected at least one pixel, got none with 0 pixels, nothing",
    );
  });
});

describe("MapResult", () => {
  test("speaks of regions: statistics, histogram, area", () => {
    const all = rate.statistics();
    const bright = rate.mask([all.median / 1e3, Infinity]);
    const region = rate.within(bright);
    const { n, min, area } = region.statistics();
    expect(n).toBe(bright.count);
    expect(min).toBeGreaterThanOrEqual(all.median);
    expect(area).toBe(n * (rate.pixelSize ?? Number.NaN) ** 2);
    expect(region.histogram().counts.reduce((a, b) => a + b)).toBe(n);
    expect(region.summary()).toContain(`${n} with a value`);
    expect(region.label).toMatch(/^Dose rate, dose rate in \[/);
    expect(rate.within(bright.and(bright.not())).summary()).toMatch(/0 with a value$/);
    expect(() => rate.within(new Mask({ values: [1], width: 1, height: 1 }))).toThrow(ShapeError);
    expect(() => rate.mask([2, 1])).toThrow("low < high");
    expect(() => rate.mask(5 as never)).toThrow(ArgumentError);
  });

  test("carries the uncertainty of its scale, and stays as it is", async () => {
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

describe("units of an interval", () => {
  // 512 x 512 pixels of 6.5 um: 1e12 ph/s give about 0.7 kGy/s on the mean.
  const wide = async (): Promise<Cube> => {
    const folder = mkdtempSync(join(tmpdir(), "operandose-mask-"));
    const frame = {
      header: { energy: 7000 },
      shape: [512, 512] as const,
      data: new Uint16Array(512 * 512).fill(500),
    };
    const path = join(folder, "flat.edf");
    await writeEdf(path, [frame, { ...frame, header: { energy: 7200 } }]);
    return Cube.load({ sample: path, flat: path, flux: 1e12, pixelSize: 6.5 }).absorb().doseRate(rockCell());
  };

  test("that can only be Gy/s or Gy are questioned, and can be insisted on", async () => {
    const cube = await wide();
    expect(() => cube.mask([700, 1000])).toThrow("did you mean [0.7, 1]?");
    expect(() =>
      cube.mask([
        [700, 1000],
        [6700, 7000],
      ]),
    ).toThrow("did you mean [0.7, 1], [6.7, 7]?");
    expect(cube.mask([700, 1000], { unit: "kGy/s" }).schema.masked).toBe(true);
    expect(() => cube.mask([0.7, 1], { unit: "Gy/s" })).toThrow("expected unit as kGy/s");
    for (const range of [
      [0.7, 1],
      [6.7, 7],
      [0, 1000],
      [5, Number.POSITIVE_INFINITY],
    ] as const)
      cube.mask(range);
    const dosed = cube.dose({ seconds: 17_320 });
    expect(() => dosed.mask([5e6, 2e7], { of: "dose" })).toThrow("did you mean [5, 20]?");
    expect(dosed.mask([5, 20], { of: "dose" }).schema.masked).toBe(true);
    expect(() => cube.mask([0, 1], { off: "dose" } as never)).toThrow('did you mean "of"?');
  });

  test("of a small bright spot are not", () => {
    // The small experiment has the same photons on 0.01 mm2.
    expect(Cube.load(small.folder).absorb().doseRate().mask([700, 1000]).schema.masked).toBe(true);
  });
});

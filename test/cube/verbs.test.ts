// What each verb refuses, when, and how it says so; and that a chain is data that nothing has touched yet.
import { copyFileSync, mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { Stack } from "../../lib/dose/stack.js";
import { ArgumentError, FileError, SchemaError, ShapeError } from "../../lib/errors.js";
import { type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

let small: SmallExperiment;
let cube: Cube;
beforeAll(() => {
  small = smallExperiment({ nTimes: 3 });
  cube = Cube.load(small.folder);
});
afterAll(() => rmSync(small.folder, { recursive: true }));

describe("a wrong chain fails at the call", () => {
  const cases: [string, () => unknown, new (...args: never[]) => Error, string][] = [
    [
      "mask without a map",
      () => cube.mask([0.7, 1]),
      SchemaError,
      "mask([0.7,1]): no dose-rate map on this cube; call .doseRate(stack) first",
    ],
    [
      "mask of dose without dose",
      () => cube.doseRate().mask([1, 2], { of: "dose" }),
      SchemaError,
      "call .doseRate(stack).dose() first",
    ],
    [
      "mask that is upside down",
      () => cube.doseRate().mask([1, 0.7]),
      ArgumentError,
      "expected [low, high) with low < high in kGy/s",
    ],
    ["mask with text", () => cube.doseRate().mask(["a", "b"] as never), ArgumentError, 'got ["a","b"]'],
    ["mask with NaN", () => cube.doseRate().mask([Number.NaN, 1]), ArgumentError, "low < high"],
    ["dose before doseRate", () => cube.dose(), SchemaError, "dose: no dose-rate map on this cube"],
    [
      "negative seconds",
      () => cube.doseRate().dose({ seconds: -1 }),
      ArgumentError,
      "expected seconds >= 0, got -1",
    ],
    [
      "unknown convention",
      () => cube.doseRate(undefined, { convention: "wet" as never }),
      ArgumentError,
      "expected convention as dense | composite | porous | phase",
    ],
    [
      "flux of zero",
      () => cube.doseRate(undefined, { flux: 0 }),
      ArgumentError,
      "expected flux > 0 in ph/s, got 0",
    ],
    ["absorb twice", () => cube.absorb().absorb(), SchemaError, "absorb: expected counts, got absorbance"],
    ["normalize counts", () => cube.normalize(), SchemaError, "call .absorb() first"],
    [
      "normalize with windows off the axis",
      () => cube.absorb().normalize({ post: [700, 900] }),
      Error,
      "post",
    ],
    [
      "bin after normalize",
      () => cube.absorb().normalize().bin(2),
      SchemaError,
      "bin: expected images, got spectra (normalize comes before it); call .bin() before .normalize()",
    ],
    [
      "average after mask",
      () => cube.absorb().doseRate().mask([0, 99]).average(),
      SchemaError,
      "call .average() before .mask()",
    ],
    ["bin of half a pixel", () => cube.bin(2.5), ArgumentError, "expected a whole number >= 1, got 2.5"],
    [
      "bin larger than the image",
      () => cube.bin(14),
      ShapeError,
      "expected a factor that fits into 13 x 18 pixels, got 14",
    ],
    ["crop outside", () => cube.crop({ x: [0, 19] }), ArgumentError, "0 <= from < to <= 18"],
    [
      "crop of energies outside",
      () => cube.crop({ energy: [9000, 9100] }),
      ArgumentError,
      "expected energy: [low, high] in eV",
    ],
    ["average of no cubes", () => cube.average(0), ArgumentError, "got 0"],
    ["calibrate twice", () => cube.calibrate().calibrate(), SchemaError, "expected at most one .calibrate()"],
    [
      "calibrate to an energy off the scan",
      () => cube.calibrate({ reference: 7112 }),
      ArgumentError,
      "reference energy inside the scan",
    ],
    ["calibrate with a wild degree", () => cube.calibrate({ degree: 9 }), ArgumentError, "degree 0 to 6"],
    ["unknown part", () => Cube.load(small.folder, { part: "holdZ" }), ArgumentError, 'got "holdZ"'],
    ["no folder", () => Cube.load("/nowhere"), FileError, "/nowhere"],
    [
      "load of a number",
      () => Cube.load(3 as never),
      ArgumentError,
      "expected a folder, { part } or { sample, flat, ... }, got 3",
    ],
  ];
  test.each(cases)("%s", (_, call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });

  test("terminals refuse before they read", async () => {
    await expect(cube.mcrAls(2)).rejects.toThrow(
      "mcrAls: expected absorbance or normalized spectra, got counts; call .absorb() first",
    );
    await expect(cube.absorb().mcrAls(0)).rejects.toThrow("whole number of components >= 1");
    await expect(cube.absorb().image({ energy: 9999 })).rejects.toThrow("image: expected { energy } between");
    await expect(cube.absorb().image({ energy: 8.4 })).rejects.toThrow("did you mean 8400?");
    await expect(cube.absorb().image({ energy: 8400 })).rejects.toThrow("or take the mean with .average()");
    await expect(cube.map("doseRate")).rejects.toThrow("call .doseRate(stack) first");
    await expect(cube.map("Cp1" as never)).rejects.toThrow(
      'concentration maps come from .fit(components).map("Cp1")',
    );
    await expect(cube.absorb().fit([[1, 2, 3]])).rejects.toThrow(
      "expected components with 150 energies, got 3",
    );
    await expect(cube.spectrum({ pixel: [18, 0] })).rejects.toThrow("inside 18 x 13");
    await expect(cube.spectrum({ time: 3 })).rejects.toThrow("expected a time step 0 to 2, got 3");
    await expect(cube.absorb().doseRate().mask([1e6, 2e6], { unit: "kGy/s" }).spectra()).rejects.toThrow(
      "expected at least one pixel, got none with doseRate",
    );
  });
});

describe("a chain", () => {
  test("is frozen data, and each verb returns a new cube", () => {
    const next = cube.calibrate().absorb().bin(2);
    expect(cube.steps).toHaveLength(0);
    expect(next.steps.map((s) => s.verb)).toEqual(["calibrate", "absorb", "bin"]);
    expect(Object.isFrozen(next.steps[0])).toBe(true);
    expect(JSON.parse(JSON.stringify(next.steps))).toEqual(next.steps);
    expect(next.schema).toMatchObject({
      quantity: "absorbance",
      height: 6,
      width: 9,
      pixelSize: 13,
      calibrated: true,
    });
  });

  test("explains itself without reading, implied steps included", async () => {
    const text = cube.calibrate().absorb().bin(2).doseRate().mask([0.7, 1]).explain();
    expect(text).toContain("1. calibrate: the foil's first inflection is 8333 eV");
    expect(text).toContain("mask: doseRate in [0.7, 1) kGy/s");
    const result = await cube.absorb().average().mcrAls(1);
    expect(result.provenance.steps.at(-1)).toMatchObject({ verb: "normalize", implied: true, e0: 8333 });
  });

  test("takes the stack and the flux from the manifest, or from the call", async () => {
    const stack = new Stack([
      { name: "Cathode", solid: { formula: "LiNiO2", density: 4.716 }, thickness: 10 },
    ]);
    const [own, given] = await Promise.all([
      cube.doseRate().map("doseRate"),
      cube.doseRate(stack, { flux: 2e12 }).map("doseRate"),
    ]);
    const ratio = given.values[100] / own.values[100];
    expect(ratio).toBeGreaterThan(2);
    for (let p = 0; p < 50; p++) {
      // The pixel that is saturated has no dose rate; all others scale by one factor.
      if (!Number.isNaN(own.values[p])) expect(given.values[p] / own.values[p]).toBeCloseTo(ratio, 3);
    }
  });

  test("multiplies dose rates by the beam time of the exposure history, up to the end of the recording", async () => {
    const dosed = cube.doseRate().dose();
    expect(dosed.steps.at(-1)).toEqual({ verb: "dose", seconds: 100 + 33 });
    const [rate, dose] = await Promise.all([dosed.map("doseRate"), dosed.map("dose")]);
    expect(dose.values[7] / rate.values[7]).toBeCloseTo(133, 6);
  });
});

describe("files", () => {
  test("that were cut short are named, with frame and offset, before a wrong number is made", async () => {
    const folder = mkdtempSync(join(tmpdir(), "operandose-cut-"));
    for (const f of [
      "flat1.edf",
      "flat2.edf",
      "foil.edf",
      "dark.edf",
      "cube-0.edf",
      "cube-1.edf",
      "cube-2.edf",
      "experiment.json",
    ]) {
      copyFileSync(join(small.folder, f), join(folder, f));
    }
    truncateSync(join(folder, "cube-1.edf"), 40000);
    await expect(Cube.load(folder).absorb().spectra()).rejects.toThrow(/cube-1\.edf/);
    await expect(Cube.load(folder).absorb().spectra()).rejects.toThrow(FileError);
    rmSync(folder, { recursive: true });
  });

  test("without a manifest make the same cube", async () => {
    const f = (name: string): string => join(small.folder, name);
    const loose = Cube.load({
      sample: f("cube-*.edf"),
      flat: f("flat*.edf"),
      dark: f("dark.edf"),
      saturation: 60000,
      pixelSize: 6.5,
    });
    expect(loose.schema.energies).toEqual(cube.schema.energies);
    const [a, b] = await Promise.all([loose.absorb().spectra(), cube.absorb().spectra()]);
    expect(Array.from(a.data)).toEqual(Array.from(b.data));
    expect(() => Cube.load({ sample: f("nothing-*.edf") })).toThrow("found none in");
    expect(() => Cube.load({ sample: f("cube-0.edf") }).absorb()).toThrow(
      "expected a flat-field (I0) recording",
    );
  });

  test("with energies in keV are refused", () => {
    const energies = Array.from(cube.schema.energies, (e) => e / 1000);
    expect(() => Cube.load({ sample: join(small.folder, "cube-0.edf"), energies })).toThrow("look like keV");
  });

  test("of another camera mode are refused", async () => {
    const f = (name: string): string => join(small.folder, name);
    const wrong = Cube.load({ sample: f("cube-0.edf"), flat: f("dark.edf") });
    await expect(wrong.absorb().spectrum()).rejects.toThrow(
      "expected 150 frames of 13 x 18 pixels, got 4 frames",
    );
  });
});

describe("cancelling", () => {
  test("stops between two bands", async () => {
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    await expect(cube.absorb().spectra({ signal: stop.signal })).rejects.toThrow("enough");
  });
});

// Workers exist only in the built library; the number of them must not change a bit of the result.
import { mkdtempSync, rmSync, truncateSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cube, FileError, rockCell } from "operandose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

let small: SmallExperiment;
beforeAll(() => {
  small = smallExperiment({ height: 40, width: 24, nTimes: 3 });
});
afterAll(() => rmSync(small.folder, { recursive: true }));

test("gives identical bits for 1, 2, 3 and 4 workers, whatever is asked for", async () => {
  const cube = Cube.load(small.folder).calibrate({ degree: 1 }).absorb().bin(2).doseRate().normalize();
  const single = Cube.load(small.folder).average().absorb().bin(2).normalize();
  const all = async (workers: number) => {
    const o = { workers };
    const fit = await single.fit(small.species, o);
    return [
      (await cube.spectra(o)).data,
      (await single.compute(o)).data,
      Float64Array.from(fit.C.to1DArray()),
      fit.rFactor,
    ].map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength).toString("base64"));
  };
  const one = await all(1);
  expect(await all(2)).toEqual(one);
  expect(await all(3)).toEqual(one);
  expect(await all(4)).toEqual(one);
});

test("gives identical bits of aligned images", async () => {
  const cube = Cube.load(small.folder).absorb();
  const shifts = [
    [
      [1.3, -2.4],
      [1.5, -2.6],
    ],
    [
      [0, 0],
      [0.25, 0],
    ],
    [
      [-3, 4.5],
      [-3, 4],
    ],
  ] as const;
  const aligned = cube.align({ shifts }).bin(2).doseRate().calibrate({ degree: 1 });
  const binned = cube
    .bin(2)
    .align({ shifts, interpolation: "integer" })
    .mask({ x: [4, 8], y: [5, 15] });
  const all = async (workers: number) => {
    const o = { workers };
    const [one, two] = [await aligned.compute(o), await binned.compute(o)];
    const rate = await aligned.map("doseRate", o);
    const bits = [one.data, two.data, rate.values].map((a) => Buffer.from(a.buffer).toString("base64"));
    return [...bits, JSON.stringify([one.invalid, two.invalid])];
  };
  const one = await all(1);
  expect(await all(2)).toEqual(one);
  expect(await all(4)).toEqual(one);
});

test("gives identical bits without glitches", async () => {
  const cube = Cube.load(small.folder).absorb().deglitch({ replace: "interpolated", size: 3 });
  const all = async (workers: number) => {
    const whole = await cube.bin(2).compute({ workers });
    const glitches = await cube.map("glitches", { workers });
    const bits = [whole.data, glitches.values].map((a) => Buffer.from(a.buffer).toString("base64"));
    return [...bits, JSON.stringify(whole.invalid)];
  };
  const one = await all(1);
  expect(await all(2)).toEqual(one);
  expect(await all(4)).toEqual(one);
});

test("gives identical bits of maps and of what is computed with them, whoever reads the flat first", async () => {
  // One flat file: a pass over its whole frames also makes the logarithms that bands make otherwise.
  const whole = smallExperiment({ height: 41, width: 27, nTimes: 1 });
  const at = (name: string) => join(whole.folder, name);
  const load = () =>
    Cube.load({
      sample: [at("cube-0.edf")],
      flat: at("flat1.edf"),
      foil: at("foil.edf"),
      dark: at("dark.edf"),
      edge: "Ni K",
      pixelSize: 6.5,
      flux: 1e12,
      saturation: 30_000,
    });
  const bytes = (a: ArrayLike<number>) => Buffer.from(Float64Array.from(a).buffer).toString("base64");
  const results = async (workers: number, maps: boolean) => {
    // Another time of change: nothing is remembered of the run before.
    for (const name of ["flat1.edf", "foil.edf"]) utimesSync(at(name), new Date(), new Date());
    const o = { workers };
    const chain = load().calibrate({ degree: 2 }).absorb().bin(4).doseRate(rockCell());
    const first = maps ? [(await chain.map("doseRate", o)).values, (await chain.map("shift", o)).values] : [];
    const { data, invalid } = await chain.spectra(o);
    const last = maps
      ? first
      : [(await chain.map("doseRate", o)).values, (await chain.map("shift", o)).values];
    return [...last, data].map(bytes).concat(JSON.stringify(invalid));
  };
  const one = await results(1, true);
  expect(await results(1, false)).toEqual(one);
  for (const workers of [2, 4]) {
    expect(await results(workers, true)).toEqual(one);
    expect(await results(workers, false)).toEqual(one);
  }
  rmSync(whole.folder, { recursive: true });
});

test("brings an error back as what it was, with its fields", async () => {
  const broken = smallExperiment({ height: 24, width: 12, nTimes: 1 });
  truncateSync(join(broken.folder, "flat2.edf"), 30_000);
  const error = await Cube.load(broken.folder)
    .absorb()
    .spectra({ workers: 2 })
    .catch((e: unknown) => e);
  expect(error).toBeInstanceOf(FileError);
  expect((error as FileError).fields.path).toContain("flat2.edf");
  rmSync(broken.folder, { recursive: true });
});

test("refuses a demonstration that was never recorded with the remedy", () => {
  const empty = mkdtempSync(join(tmpdir(), "operandose-empty-"));
  const before = process.env.OPERANDOSE_DEMO;
  process.env.OPERANDOSE_DEMO = empty;
  try {
    expect(() => Cube.load()).toThrow('record it once with "npx operandose start"');
  } finally {
    if (before === undefined) delete process.env.OPERANDOSE_DEMO;
    else process.env.OPERANDOSE_DEMO = before;
    rmSync(empty, { recursive: true });
  }
});

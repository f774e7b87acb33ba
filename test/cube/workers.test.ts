// Workers exist only in the built library; the number of them must not change a bit of the result.
import { mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cube, FileError } from "operandose";
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

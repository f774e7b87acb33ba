// What explain() says before anything is read, held against what was read.
import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ownKernels } from "../../lib/compute/wasm.js";
import { Cube } from "../../lib/cube/cube.js";
import { BandRunner } from "../../lib/cube/engine/band.js";
import { estimate } from "../../lib/cube/engine/estimate.js";
import { prepare } from "../../lib/cube/engine/prepare.js";
import { run, selected } from "../../lib/cube/engine/run.js";
import { shareRecordings } from "../../lib/cube/engine/shared-recordings.js";
import { stream } from "../../lib/cube/engine/stream.js";

import { Mask } from "../../lib/dose/mask.js";
import { type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

let small: SmallExperiment;
beforeAll(() => {
  small = smallExperiment({ height: 40, width: 48, nTimes: 3 });
});
afterAll(() => rmSync(small.folder, { recursive: true }));

const chains: Record<string, (cube: Cube) => Cube> = {
  counts: (c) => c,
  binned: (c) => c.absorb().bin(4),
  averaged: (c) => c.average().absorb().bin(2).normalize(),
  cropped: (c) =>
    c
      .crop({ x: [5, 29], y: [3, 35], energy: [8300, 8500] })
      .absorb()
      .bin(4),
  masked: (c) => {
    const values = Array.from({ length: 240 }, (_, p) => (p % 24 > 3 && p % 24 < 9 && p < 120 ? 1 : 0));
    return c
      .absorb()
      .bin(2)
      .crop({ x: [0, 24], y: [0, 10] })
      .mask(new Mask({ values, width: 24, height: 10 }));
  },
};

// First: later runners use the memory of earlier ones.
test.skipIf(!ownKernels())("knows the memory of a thread to a factor of 1.3", async () => {
  const cube = chains.binned(Cube.load(small.folder));
  const job = await shareRecordings(prepare(cube.plan, [{ request: { kind: "mean" } }]), async () => {});
  const memories: number[] = [];
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (pages: number): number {
    const before = grow.call(this, pages);
    memories.push(this.buffer.byteLength);
    return before;
  };
  try {
    new BandRunner(job, async () => {}).close();
  } finally {
    WebAssembly.Memory.prototype.grow = grow;
  }
  const { memory, workers } = estimate(cube.plan);
  expect(workers).toBe(1);
  // A page is 64 KB, and the kernels have a few of their own.
  const measured = Math.max(...memories) - 3 * 65536;
  expect(measured / memory.threads).toBeGreaterThan(1 / 1.3);
  expect(measured / memory.threads).toBeLessThan(1.3);
});

test.each(Object.keys(chains))("knows the bytes of counts that a chain reads: %s", async (name) => {
  const cube = chains[name](Cube.load(small.folder));
  const { bytes } = estimate(cube.plan);
  const select = cube.schema.masked ? await selected(cube.plan) : undefined;
  const job = prepare(cube.plan, [{ request: { kind: "mean" }, select }]);
  await stream(job, "test");
  expect(bytes.sample + bytes.flat).toBe(job.bytes.reduce((sum, n) => sum + n, 0));
});

test("reads only the rows that a mask needs, and takes up only their columns", async () => {
  const all = Cube.load(small.folder)
    .absorb()
    .bin(2)
    .crop({ x: [0, 24], y: [0, 10] });
  const masked = chains.masked(Cube.load(small.folder));
  const [part, whole] = [masked, all].map((c) => estimate(c.plan).bytes.sample);
  expect(part / whole).toBe(0.5);
  const [few, many] = await Promise.all([masked, all].map((c) => run(c.plan, { kind: "mean" }, "test", {})));
  const selectedOnly = await masked.spectra();
  // 5 of 24 columns, 5 of 10 rows.
  expect(selectedOnly.invalid.total / many.invalid.total).toBeCloseTo((5 / 24) * 0.5, 10);
  expect(few.invalid.total).toBeLessThan(many.invalid.total);
});

test("says so in words, and that it is an estimate", () => {
  const text = Cube.load(small.folder).calibrate().absorb().bin(4).doseRate().explain();
  expect(text).toMatch(
    /estimated: reads [\d.]+ MB \(sample [\d.]+ MB, flat [\d.]+ MB, foil [\d.]+ (kB|MB), dark [\d.]+ kB, dose rate [\d.]+ MB\), [\d.]+ (kB|MB) of memory beside the results, less than a second on 1 thread; less where it was read before/,
  );
  expect(chains.binned(Cube.load(small.folder)).doseRate().mask([1, 2]).explain()).toContain(
    "reads at most ",
  );
});

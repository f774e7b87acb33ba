// A job stops soon after it is told to, also in the middle of a band, and leaves nothing open.
import { readdirSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { MOST_OPEN } from "../../lib/cube/engine/recording.js";
import { type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

let small: SmallExperiment;
beforeAll(() => {
  small = smallExperiment({ height: 24, width: 24, nTimes: 2 });
});
afterAll(() => rmSync(small.folder, { recursive: true }));

/** Descriptors of the experiment's files that this process has open. */
function open(): number {
  return readdirSync("/proc/self/fd").length;
}

/** The same files as a long series: one time step each, again and again. */
function series(n: number): Cube {
  const files = Array.from({ length: n }, (_, i) => `${small.folder}/cube-${i % 2}.edf`);
  return Cube.load({
    sample: files,
    flat: `${small.folder}/flat1.edf`,
    dark: `${small.folder}/dark.edf`,
  });
}

test("stops within a second in the middle of a band that takes longer", async () => {
  // One band of a long series: seconds of work.
  const cube = series(4000).average().absorb().bin(4);
  const before = open();
  const controller = new AbortController();
  const work = cube.spectrum({ signal: controller.signal });
  let end = 0;
  const caught = work.catch((e: unknown) => {
    end = performance.now();
    return e;
  });
  await new Promise((resolve) => setTimeout(resolve, 400));
  const aborted = performance.now();
  controller.abort(new Error("enough"));
  expect(await caught).toMatchObject({ message: "enough" });
  expect(end - aborted).toBeLessThan(1000);
  expect(open()).toBe(before);
});

test("has few files open, however many a mean is of, and gives the mean", async () => {
  const n = MOST_OPEN + 40;
  const before = open();
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, open() - before);
  }, 1);
  const long = await series(n).average().absorb().bin(4).spectrum();
  clearInterval(watch);
  expect(most).toBeLessThanOrEqual(MOST_OPEN + 5);
  expect(open()).toBe(before);
  const short = await series(2).average().absorb().bin(4).spectrum();
  for (const [k, v] of short.values.entries()) expect(Math.abs(long.values[k] - v)).toBeLessThan(1e-6);
});

// Chains that share a pass give what they give alone, and read the files once.
import { afterEach, expect, test, vi } from "vitest";
import { setProgress } from "../../lib/compute/progress.js";
import { Cube } from "../../lib/cube/cube.js";
import { smallExperiment } from "../support/small-experiment.js";

const { folder } = smallExperiment();
const cube = Cube.load(folder).calibrate().absorb().bin(2).doseRate();

/** Labels of the passes over the files. */
let passes: string[] = [];
// A slow clock: work that is over in a quarter of a second is not reported.
let clock = 0;
vi.spyOn(performance, "now").mockImplementation(() => {
  clock += 300;
  return clock;
});
setProgress((label) => {
  passes.push(label);
  return { update: () => {}, done: () => {} };
});
afterEach(() => {
  passes = [];
});

const rates = await cube.map("doseRate");
const sorted = [...rates.values].sort((a, b) => a - b);
const [low, high] = [sorted[10] / 1000, sorted[44] / 1000];

const chains = {
  low: (c: Cube) => c.normalize().mask([0, low]).spectra(),
  high: (c: Cube) => c.mask([high, 1e9]).mcrAls(2),
  all: async (c: Cube) => {
    const result = await c.mcrAls(2);
    return { result, again: await result.fit(c.mask([low, high])) };
  },
  raw: (c: Cube) => c.spectrum(),
  rate: (c: Cube) => c.map("doseRate"),
};

test("results are those of each chain alone", async () => {
  passes = [];
  const shared = await cube.compute(chains);
  // The foil once, normalized spectra in one pass, the absorbance of `raw` in another, the fit that needs the first in a third.
  expect(passes.sort()).toEqual(["calibrate: foil", "spectra", "spectra", "spectrum"]);
  expect(shared.low.data).toEqual((await chains.low(cube)).data);
  expect(shared.high.S).toEqual((await chains.high(cube)).S);
  expect(shared.all.again.C).toEqual((await chains.all(cube)).again.C);
  expect(shared.raw.values).toEqual((await chains.raw(cube)).values);
  expect(shared.rate.values).toEqual(rates.values);
});

test("a chain that fails does not hold the others up; its error comes through", async () => {
  let rest: unknown;
  await expect(
    cube.compute({
      bad: (c) => c.mask([1e6, 2e6], { unit: "kGy/s" }).spectra(),
      good: async (c) => {
        rest = await c.normalize().spectra();
      },
      never: () => 1,
    }),
  ).rejects.toThrow(
    /expected at least one pixel, got none with doseRate in \[1e\+06, 2e\+06\) kGy\/s|expected at least one pixel/,
  );
  expect(rest).toMatchObject({ quantity: "normalized" });
});

test("refuses what is no chain", () => {
  expect(() => cube.compute({ a: (c: Cube) => c.spectra(), b: 3 as never })).toThrow(
    'compute: expected a function (cube) => ... for each name, got 3 for "b"',
  );
});

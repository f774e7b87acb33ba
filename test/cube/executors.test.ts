// The two executors, and one and several workers, must agree on every plan.
import { rmSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { mapOf } from "../../lib/cube/engine/maps.js";
import { run } from "../../lib/cube/engine/run.js";
import { ArgumentError, DataError, ShapeError } from "../../lib/errors.js";
import { naive, naiveFit, naiveMean } from "../support/naive/executor.js";
import { type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

let small: SmallExperiment;
beforeAll(() => {
  small = smallExperiment();
});
afterAll(() => rmSync(small.folder, { recursive: true }));

/** Frames are kept in float32 by the streaming executor: 6e-8 relative on an absorbance near 1, more after an edge step of 0.8. */
const TOLERANCE = 3e-6;
/** Without flattening the pre-edge line is extrapolated from 40 eV to 545 eV, which multiplies the rounding of its slope. */
const EXTRAPOLATED = 1e-5;

const shape = fc.constantFrom<(c: Cube) => Cube>(
  (c) => c,
  (c) => c.bin(2),
  (c) => c.bin(3),
  (c) => c.crop({ x: [1, 16], y: [2, 12] }),
  (c) => c.crop({ x: [0, 12], y: [1, 13] }).bin(4),
  (c) => c.bin(2).crop({ x: [1, 8], y: [1, 6] }),
  (c) => c.bin(2).bin(2),
);
const group = fc.constantFrom<(c: Cube) => Cube>(
  (c) => c,
  (c) => c.average(),
  (c) => c.average(2),
  (c) => c.average(3).average(),
);
const mask = fc.constantFrom<(c: Cube) => Cube>(
  (c) => c,
  (c) => c.mask([2, 40]),
  (c) =>
    c.mask([
      [0, 5],
      [10, 15],
    ]),
  (c) => c.dose().mask([0.002, 0.04], { of: "dose" }),
  (c) => c.mask([3, Number.POSITIVE_INFINITY]).mask([0, 30]),
);
/** A bin or a crop that no longer fits into the image is refused at the call. */
const isRefusedGeometry = (error: unknown): boolean =>
  error instanceof ShapeError || (error instanceof ArgumentError && error.message.startsWith("crop:"));
/** Random valid chains, with the frame verbs on either side of the logarithm. */
const chains = fc
  .record({
    before: shape,
    after: shape,
    early: group,
    late: group,
    mask,
    calibrated: fc.boolean(),
    flatten: fc.boolean(),
  })
  .map(({ before, after, early, late, mask, calibrated, flatten }) => {
    let cube = Cube.load(small.folder);
    try {
      cube = late(after(early(before(cube)).absorb()));
      if (calibrated) cube = cube.calibrate({ degree: 1 });
      cube = mask(cube.doseRate());
      return cube.normalize({ flatten });
    } catch (error) {
      if (isRefusedGeometry(error)) return undefined;
      throw error;
    }
  })
  .filter((cube): cube is Cube => cube !== undefined);

describe("executors", () => {
  test("agree on random plans: spectra, means, fits, layers", async () => {
    await fc.assert(
      fc.asyncProperty(chains, async (cube) => {
        const truth = await naive(cube.plan).catch((error: Error) => error);
        if (truth instanceof DataError) {
          // Too few pixels for a foil calibration or a mask without any: which is found first depends on the executor.
          await expect(run(cube.plan, { kind: "spectra" }, "test")).rejects.toThrow(DataError);
          return;
        }
        if (truth instanceof Error) throw truth;
        if (truth.pixels.length === 0) {
          await expect(run(cube.plan, { kind: "spectra" }, "test")).rejects.toThrow(
            "expected at least one pixel",
          );
          return;
        }
        const spectra = await run(cube.plan, { kind: "spectra" }, "test");
        expect(Array.from(spectra.pixels)).toEqual(truth.pixels);
        const tolerance = cube.plan.steps.some((s) => s.verb === "normalize" && !s.flatten)
          ? EXTRAPOLATED
          : TOLERANCE;
        expectClose(spectra.data, truth.spectra.flat(2), tolerance);
        expectClose(
          (await run(cube.plan, { kind: "mean" }, "test")).data,
          naiveMean(truth).flat(),
          tolerance,
        );
        expectClose(
          (await run(cube.plan, { kind: "feature", feature: "edgeStep", e0: 8333, reach: 4 }, "test")).data,
          truth.edgeSteps.flat(),
          TOLERANCE,
        );
        for (const name of cube.schema.maps) {
          const values = Array.from(await mapOf(cube.plan, name));
          const scale = Math.max(...truth.maps[name].map(Math.abs).filter(Number.isFinite));
          expectClose(values, truth.maps[name], 1e-5 * scale);
        }
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  test("give the same with compiled and with plain kernels", async () => {
    const cube = Cube.load(small.folder).calibrate({ degree: 1 }).average(2).absorb().bin(4).normalize();
    const compiled = await run(cube.plan, { kind: "spectra" }, "test");
    vi.stubEnv("OPERANDOSE_KERNELS", "plain");
    const plain = await run(cube.plan, { kind: "spectra" }, "test");
    vi.unstubAllEnvs();
    expectClose(compiled.data, Array.from(plain.data), 2e-6);
    expect(compiled.invalid).toEqual(plain.invalid);
  });

  test("agree on fits of known components", async () => {
    const cube = Cube.load(small.folder).absorb().bin(2).normalize();
    const S = small.species;
    const truth = await naive(cube.plan);
    const request = {
      kind: "fit",
      S: Float64Array.from(S.flat()),
      nComponents: 2,
      options: { nonNegative: true, closure: true },
    } as const;
    const output = await run(cube.plan, request, "test");
    const rows = truth.spectra.flatMap((t, i) =>
      t.map((row, p) => ({ row, c: naiveFitRow(truth, S, i, p) })),
    );
    expectClose(
      output.data,
      rows.flatMap((r) => r.c),
      1e-5,
    );
  });

  test("give the fit without bounds beside the one with bounds, wherever a concentration is at zero", async () => {
    const cube = Cube.load(small.folder).absorb().bin(2).normalize();
    const [a, b] = small.species;
    // The second component is a mixture: rows with more of the second species need a negative first one.
    const S = Float64Array.from([...a, ...a.map((v, k) => 0.6 * v + 0.4 * b[k])]);
    const fitted = (nonNegative: boolean) => {
      const options = { nonNegative, closure: true };
      return run(cube.plan, { kind: "fit", S, nComponents: 2, options }, "test");
    };
    const [bounded, free] = [await fitted(true), await fitted(false)];
    const atBound = Array.from(bounded.data).filter((c) => c === 0).length;
    expect(atBound).toBeGreaterThan(0);
    expect(atBound).toBeLessThan(bounded.data.length / 2);
    // Both solve the same 2 x 2 system of float64 numbers.
    expectClose(bounded.unbounded as Float64Array, Array.from(free.data), 1e-9);
    expect(free.unbounded).toBeUndefined();
  });

  test("keep the order of steps: the mean of logarithms is not the logarithm of the mean", async () => {
    const load = (): Cube => Cube.load(small.folder).average();
    const [paper, other] = await Promise.all([
      load().absorb().bin(4).spectrum(),
      load().bin(4).absorb().spectrum(),
    ]);
    const difference = paper.values.map((v, k) => Math.abs(v - other.values[k]));
    expect(Math.max(...difference)).toBeGreaterThan(1e-5);
  });

  test("read only what a mask needs and give the same numbers", async () => {
    const all = Cube.load(small.folder).absorb().doseRate().normalize();
    const rate = await all.map("doseRate");
    const [low, high] = [rate.values[0] / 1e3, rate.values[0] / 1e3 + 1e-6];
    const one = await Cube.load(small.folder).absorb().doseRate().mask([low, high]).normalize().spectra();
    const whole = await run(all.plan, { kind: "spectra" }, "test");
    expect(one.nPixels).toBe(1);
    expectClose(one.row(0), whole.data.subarray(0, small.energies.length), 1e-7);
  });
});

function naiveFitRow(
  truth: Awaited<ReturnType<typeof naive>>,
  S: number[][],
  t: number,
  p: number,
): number[] {
  const row = truth.spectra[t][p];
  if (row.some(Number.isNaN)) return S.map(() => Number.NaN);
  return naiveFit({ ...truth, spectra: [[row]] }, S)[0][0];
}

function expectClose(got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(want.length);
  for (let i = 0; i < want.length; i++) {
    if (Number.isNaN(want[i]) !== Number.isNaN(got[i]) || Math.abs(got[i] - want[i]) > tolerance) {
      expect.fail(`at ${i}: got ${got[i]}, want ${want[i]} (tolerance ${tolerance})`);
    }
  }
}

// The drift of the sample on simulated recordings: the sample moves, the beam and the camera stand still.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Changes, configure } from "../../lib/beamline/configurations.js";
import { simulate } from "../../lib/beamline/simulate.js";
import { type Truth, truth } from "../../lib/beamline/truth.js";
import { Cube } from "../../lib/cube/cube.js";
import { beamOnSample } from "../../lib/cube/verbs/beam-on-sample.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import "../../lib/figures/of-results/views.js";
import type { ShiftsResult } from "../../lib/cube/results/shifts.js";
import { DataError, SchemaError, ShapeError } from "../../lib/errors.js";
import { smallExperiment } from "../support/small-experiment.js";

const TEXTURE = { rms: 0.05, length: 150 };
const folder = mkdtempSync(join(tmpdir(), "operandose-align-"));

interface Made {
  readonly cube: Cube;
  readonly truth: Truth;
}

/** Twelve single sweeps during the charge, 24 x 64 pixels of 52 um, every fourth energy. */
async function made(name: string, changes: Changes, cubes = 12): Promise<Made> {
  const config = configure("farther", { protocol: { chargeCubes: cubes }, ...changes });
  const out = join(folder, name);
  await simulate(config, { scale: "tiny", seed: 5, out, only: ["charge"], every: 4 });
  return { cube: Cube.load(out).absorb(), truth: truth(config, "tiny") };
}

let still: Made;
let drifting: Made;
let bare: Made;
beforeAll(async () => {
  still = await made("still", { texture: TEXTURE });
  drifting = await made("drifting", {
    texture: TEXTURE,
    drift: { velocity: [30, -20], scan: [20, 10] },
  });
  bare = await made("bare", { drift: { velocity: [30, -20] } });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** True shifts in pixels from their mean, [time][piece]. */
function expected(
  { truth: { displacement } }: Made,
  found: ShiftsResult,
  to: "mean" | "first",
): number[][][] {
  const { times, shifts, pixelSize = Number.NaN } = found;
  const pieces = shifts[0].length;
  const all = times.map(({ start = 0, end = 0 }) =>
    Array.from({ length: pieces }, (_, j) =>
      displacement((start + end) / 2, ((j + 0.5) / pieces) * 580 - 0.5).map((um) => um / pixelSize),
    ),
  );
  const base = to === "first" ? all.slice(0, 1) : all;
  const zero = [0, 1].map((i) => base.flat().reduce((sum, one) => sum + one[i], 0) / base.flat().length);
  return all.map((own) => own.map((one) => one.map((v, i) => v - zero[i])));
}

/** The largest deviation from the truth along either axis, pixels. */
function worst(of: Made, found: ShiftsResult, to: "mean" | "first" = "mean"): number {
  const true_ = expected(of, found, to);
  const off = found.shifts.flatMap((own, t) =>
    own.flatMap((one, j) => one.map((v, i) => Math.abs(v - true_[t][j][i]))),
  );
  return Math.max(...off);
}

describe("measured shifts", () => {
  test("are within 0.1 pixel of the truth: between cubes, and in pieces of each scan", async () => {
    for (const options of [
      {},
      { to: "first" },
      { to: 7 },
      { pieces: 8 },
      { pieces: 8, to: "first" },
    ] as const) {
      const found = await drifting.cube.align(options).shifts();
      if ("to" in options && options.to === 7) {
        expect(found.shifts[7]).toEqual([[0, 0]]);
        continue;
      }
      // The sample went over 2.3 x 1.5 pixels, and 0.4 x 0.2 within each scan.
      expect(worst(drifting, found, "to" in options ? options.to : "mean")).toBeLessThan(0.1);
    }
  });

  test("are nothing but their scatter where the sample stands still", async () => {
    const found = await still.cube.align().shifts();
    expect(worst(still, found)).toBeLessThan(0.02);
    const z = found.shifts.flatMap(([one], t) => one.map((v, i) => v / found.errors[t][0][i]));
    // 24 values; their rms would be 1 if the errors were exact and the reference without noise.
    expect(Math.sqrt(z.reduce((sum, v) => sum + v * v, 0) / z.length)).toBeLessThan(2);
    expect(worst(still, await still.cube.align({ pieces: 8 }).shifts())).toBeLessThan(0.1);
  });

  test("against a map, whose contrast is another", async () => {
    const high = await still.cube
      .crop({ energy: [8700, 8878] })
      .average()
      .compute();
    const first = high.data.subarray(0, 24 * 64).map((v) => -3 * v);
    const found = await drifting.cube.align({ to: { values: first, height: 24, width: 64 } }).shifts();
    const true_ = found.times.map(({ start = 0, end = 0 }) =>
      drifting.truth.displacement((start + end) / 2).map((um) => um / (found.pixelSize ?? 0)),
    );
    for (const [t, [one]] of found.shifts.entries()) {
      for (const i of [0, 1]) expect(Math.abs(one[i] - true_[t][i])).toBeLessThan(0.1);
    }
  });

  test("are found in binned and averaged images, in pixels of those", async () => {
    const found = await drifting.cube.average(3).align({ to: "first" }).shifts();
    expect(found.times.length).toBe(4);
    expect(worst(drifting, found, "first")).toBeLessThan(0.1);
  });

  test("are refused where images have nothing in common, or the drift is too large", async () => {
    await expect(bare.cube.align().shifts()).rejects.toThrow(
      /align \(time step \d+\): expected images with a structure in common, got a match of/,
    );
    await expect(drifting.cube.align({ to: "first", maximum: 1 }).shifts()).rejects.toThrow(DataError);
    await expect(drifting.cube.align({ to: "first", maximum: 1.5 }).shifts()).rejects.toThrow(
      /expected a shift of at most 1.5 pixels, got \[|structure in common/,
    );
  });

  test("are a result with a table, a figure, and a place in the next align()", async () => {
    const found = await drifting.cube.align({ pieces: 4 }).shifts();
    expect(found.summary()).toMatch(/^Shifts of the sample in 12 cubes in 4 pieces of each scan: over 2\.\d/);
    const columns = found.columns();
    expect(columns.energy).toHaveLength(48);
    expect(columns["x (um)"][5]).toBeCloseTo(52 * Number(columns.x[5]), 9);
    expect(found.show().svg).toContain("Shift of the sample (um)");
    const given = drifting.cube.align({ shifts: found });
    expect((await given.shifts()).shifts).toEqual(found.shifts);
    const [a, b] = [await drifting.cube.align({ pieces: 4 }).compute(), await given.compute()];
    expect(b.data).toEqual(a.data);
    expect(() => drifting.cube.bin(2).align({ shifts: found })).toThrow(ShapeError);
  });
});

describe("aligned images", () => {
  /** Rms over pixels and energies of the change from the first to the last cube, without its mean over the image. */
  async function change(cube: Cube): Promise<number> {
    const { data, shape } = await cube.crop({ energy: [8700, 8878] }).compute();
    const [nTimes, nEnergies, height, width] = shape;
    const image = (t: number) => {
      const sum = new Float64Array(height * width);
      for (let k = 0; k < nEnergies; k++) {
        for (let p = 0; p < sum.length; p++)
          sum[p] += data[(t * nEnergies + k) * height * width + p] / nEnergies;
      }
      return sum;
    };
    const [first, last] = [image(0), image(nTimes - 1)];
    const off = first.map((v, p) => last[p] - v).filter(Number.isFinite);
    expect(off.length).toBeGreaterThan(1000);
    const mean = off.reduce((sum, v) => sum + v, 0) / off.length;
    return Math.sqrt(off.reduce((sum, v) => sum + (v - mean) ** 2, 0) / off.length);
  }

  test("show the same place of the sample in each pixel", async () => {
    const [before, after, rest] = [
      await change(drifting.cube),
      await change(drifting.cube.align()),
      await change(still.cube),
    ];
    // Far above the edge nothing changes but the place; what remains is noise, which the spline does not enlarge.
    expect(before).toBeGreaterThan(3 * rest);
    expect(after).toBeLessThan(1.1 * rest);
  });

  test("are the same one time step at a time", async () => {
    const cube = drifting.cube.align().bin(2);
    const whole = await cube.compute();
    const area = 12 * 32 * whole.shape[1];
    for (const time of [0, 5, 11]) {
      const image = await cube.image({ energy: whole.energies[40], time });
      const from = time * area + 40 * 12 * 32;
      expect(Float32Array.from(image.values)).toEqual(whole.data.slice(from, from + 12 * 32));
    }
    const spectrum = await cube.spectrum({ pixel: [10, 6], time: 11 });
    expect(spectrum.values[40]).toBeCloseTo(whole.data[11 * area + 40 * 12 * 32 + 6 * 32 + 10], 6);
  });

  test("go into a plan file, and a plan without shifts measures the same again", async () => {
    const path = join(folder, "plan.json");
    const cube = drifting.cube.align({ pieces: 2 }).bin(2);
    cube.savePlan(path);
    expect((await Cube.from(path).compute()).data).toEqual((await cube.compute()).data);
    expect(cube.explain()).toContain(
      "align: the shift of each of 2 pieces of every scan against their mean place",
    );
    const map = await still.cube
      .crop({ energy: [8700, 8878] })
      .average()
      .image({ energy: 8800 });
    const to = drifting.cube.align({ to: map });
    expect(Cube.from(JSON.parse(JSON.stringify(to.plan))).steps).toEqual(to.steps);
  });

  test("are saved and loaded", async () => {
    const path = join(folder, "saved.zarr");
    const cube = drifting.cube.crop({ energy: [8400, 8878] }).average(3);
    await cube.save(path);
    const stored = Cube.load(path);
    const [direct, again] = [await cube.align().shifts(), await stored.align().shifts()];
    for (const [t, [one]] of again.shifts.entries()) {
      for (const i of [0, 1]) expect(one[i]).toBeCloseTo(direct.shifts[t][0][i], 5);
    }
    const aligned = join(folder, "aligned.zarr");
    await cube.align().save(aligned);
    expect((await Cube.load(aligned).compute()).data).toEqual((await cube.align().compute()).data);
  });

  test("have the energies of the rays that passed the sample, not of the pixel where it is shown", async () => {
    // The energy of the small experiment changes along y; the sample is found 5 rows below its place.
    const small = smallExperiment({ height: 30, width: 24, nTimes: 2 });
    const cube = Cube.load(small.folder).absorb();
    const chain = (dy: number) =>
      cube
        .align({
          shifts: [
            [0, dy],
            [0, dy],
          ],
        })
        .calibrate({ degree: 1 });
    const [there, here] = [await chain(5).map("shift"), await chain(0).map("shift")];
    const [moved, whole] = [await chain(5).compute(), await chain(0).compute()];
    const n = 30 * 24;
    for (let p = 0; p < 25 * 24; p++) {
      expect(there.values[p]).toBeCloseTo(here.values[p + 5 * 24], 9);
      for (let k = 0; k < moved.shape[1]; k += 7) {
        const [a, b] = [moved.data[k * n + p], whole.data[k * n + p + 5 * 24]];
        if (Number.isFinite(b)) expect(a).toBeCloseTo(b, 5);
        else expect(a).toBeNaN();
      }
    }
    rmSync(small.folder, { recursive: true });
  });
});

describe("the dose of a sample that drifts", () => {
  /** True dose of each place of the sample in kGy, where the mean place of the cubes is that of the image. */
  function trueDose({ cube, truth: { displacement, grid } }: Made): {
    moving: Float64Array;
    resting: Float64Array;
  } {
    const { exposure = [], spot } = cube.plan.source;
    const { times } = cube.schema;
    const config = configure("farther", {});
    const places = times.map(({ start = 0, end = 0 }) => displacement((start + end) / 2));
    const mean = [0, 1].map((i) => places.reduce((sum, one) => sum + one[i], 0) / places.length);
    const resting = truth(config, grid).doseRate;
    const moving = new Float64Array(resting.length);
    let seconds = 0;
    const last = times[times.length - 1].end ?? 0;
    for (const one of exposure.filter((own) => own.spot === spot && own.start < last)) {
      const end = Math.min(one.end, last);
      const n = Math.max(1, Math.ceil((end - one.start) / 200));
      for (let i = 0; i < n; i++) {
        const at = displacement(one.start + ((i + 0.5) * (end - one.start)) / n);
        const center = [0, 1].map((axis) => (mean[axis] - at[axis]) / 1e3) as [number, number];
        const rate = truth(config, { ...grid, center }).doseRate;
        const length = (end - one.start) / n;
        seconds += length;
        for (let p = 0; p < moving.length; p++) moving[p] += length * rate[p];
      }
    }
    return { moving, resting: resting.map((rate) => rate * seconds) };
  }

  test("is the sum over time of the dose rate where the sample was, to 1 %", async () => {
    const { moving, resting } = trueDose(drifting);
    const [followed, fixed] = [
      await drifting.cube.align().doseRate().dose().map("dose"),
      await drifting.cube.doseRate().dose().map("dose"),
    ];
    const bright = Math.max(...resting) / 5;
    const inBeam = [...resting.keys()].filter(
      (p) => resting[p] > bright && Number.isFinite(followed.values[p]),
    );
    expect(inBeam.length).toBeGreaterThan(300);
    // The calibration of the flux is not the subject: the fixed map over the fixed truth is its factor.
    const median = (list: number[]) => list.toSorted((a, b) => a - b)[list.length >> 1];
    const factor = median(inBeam.map((p) => fixed.values[p] / resting[p]));
    const rms = (values: ArrayLike<number>) =>
      Math.sqrt(
        inBeam.reduce((sum, p) => sum + (values[p] / (factor * moving[p]) - 1) ** 2, 0) / inBeam.length,
      );
    expect(rms(followed.values)).toBeLessThan(0.01);
    // What a dose that stays in the camera would be off by.
    expect(rms(fixed.values)).toBeGreaterThan(0.02);
  });

  test("says so, and so does a dose rate", async () => {
    const cube = drifting.cube.align().doseRate().dose();
    expect((await cube.map("dose")).summary()).toMatch(
      /it follows the sample: the sum over time of the dose rate where the sample was, \d+ s of beam before/,
    );
    expect((await cube.map("doseRate")).summary()).toContain("the mean over the places where the sample was");
    expect(cube.explain()).toContain("; it follows the sample: the sum over time");
    expect(Cube.from(JSON.parse(JSON.stringify(cube.plan))).steps).toEqual(cube.steps);
    expect(() => drifting.cube.doseRate().dose().align()).toThrow(SchemaError);
  });

  test("is divided among the sweeps where no history is known, and the same without drift", async () => {
    const nowhere = new Array(12).fill([0, 0]);
    const still_ = still.cube.doseRate().dose({ seconds: 1000 });
    const aligned = still.cube.align({ shifts: nowhere }).doseRate().dose({ seconds: 1000 });
    const [a, b] = [await still_.map("dose"), await aligned.map("dose")];
    for (let p = 0; p < a.values.length; p++) expect(b.values[p]).toBeCloseTo(a.values[p], 3);
    const at = (name: string) => join(folder, "still", name);
    const loose = Cube.load({
      sample: [1, 2, 3].map((i) => at(`charge/charge-000${i}.edf`)),
      flat: at("flatStatic.edf"),
      edge: "Ni K",
      pixelSize: 52,
      flux: 1e12,
    });
    const dose = loose
      .absorb()
      .align({
        shifts: [
          [1, 0],
          [3, 0],
          [5, 0],
        ],
      })
      .doseRate(rockCell())
      .dose({ seconds: 9 });
    const [own, rate] = [await dose.map("dose"), await loose.absorb().doseRate(rockCell()).map("doseRate")];
    expect(own.summary()).toContain("divided evenly among the sweeps");
    const p = 12 * 64 + 30;
    const sum = rate.values[p + 1] + rate.values[p + 3] + rate.values[p + 5];
    expect(own.values[p] / (3 * sum)).toBeCloseTo(1, 6);
  });

  test("counts the beam between cubes at the places between them", () => {
    const plan = (shifts: number) => {
      const { plan: own } = still.cube.align({ shifts: new Array(12).fill([shifts, 0]) });
      const files = own.source.sample.files.slice(0, 3).map((file, t) => ({
        ...file,
        start: 100 * t,
        end: 100 * t + 10,
      }));
      const exposure = [
        { spot: "C", start: -50, end: 5 },
        { spot: "C", start: 80, end: 130 },
        { spot: "C", start: 120, end: 1000 },
        { spot: "B", start: 0, end: 1000 },
      ];
      return {
        ...own,
        source: { ...own.source, sample: { ...own.source.sample, files }, exposure, spot: "C" },
      };
    };
    const found = beamOnSample(plan(0), 185);
    // -50 to 5 at the first place; 80 to 105 between the first and second, 105 to 205 between the next; 5 s after.
    const first = 55 + 25 * (12.5 / 100);
    expect(found?.weights?.[0]).toBeCloseTo(first, 9);
    expect(found?.weights?.[1]).toBeCloseTo(25 * (87.5 / 100) + 50, 9);
    expect(found?.weights?.[2]).toBeCloseTo(50 + 5, 9);
    expect(found?.followed).toEqual({ by: "history", outside: 50 });
  });
});

describe("align refuses", () => {
  test("what cannot be aligned, when it is called", () => {
    const { cube } = still;
    expect(() => Cube.load(join(folder, "still")).align()).toThrow(
      "align: expected absorbance, got counts; call .absorb() first",
    );
    expect(() => cube.average().align()).toThrow(SchemaError);
    expect(() => cube.bin(4).align()).toThrow(
      "align: expected at least 16 x 16 pixels to compare, got 16 x 6",
    );
    expect(() => cube.align({ to: { values: [1], height: 1, width: 1 } })).toThrow(ShapeError);
    for (const options of [
      { to: 12 },
      { to: "last" },
      { pieces: 0 },
      { pieces: 1.5 },
      { pieces: 1000 },
      { maximum: 0 },
      { maximum: 13 },
      { maximum: "3" },
      { shifts: "none" },
      {
        shifts: new Array(12).fill([
          [0, 0],
          [0, 0, 0],
        ]),
      },
      {
        shifts: [
          ...new Array(11).fill([0, 0]),
          [
            [0, 0],
            [0, 0],
          ],
        ],
      },
    ]) {
      expect(() => cube.align(options as never)).toThrow(/^align: expected .*, got /);
    }
  });

  test("shifts of a cube that is not aligned", async () => {
    await expect(still.cube.shifts()).rejects.toThrow(
      "shifts: expected a cube with .align(), got none; call .absorb().align() first",
    );
  });
});

// Chemometrics of every pixel of every time step, on disk: what the same gives of single cubes and in memory.
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pca } from "../../lib/chemometrics/pca/pca.js";
import { RowSums } from "../../lib/chemometrics/pca/row-sums.js";
import { Cube } from "../../lib/cube/cube.js";
import type { FitResult } from "../../lib/cube/results/fit-result.js";
import { FitSeries } from "../../lib/cube/results/fit-series.js";
import type { McrResult } from "../../lib/cube/results/mcr-result.js";
import { PcaSeries } from "../../lib/cube/results/pca-series.js";
import { fit as fitPlan } from "../../lib/cube/terminals/chemometrics.js";
import { oneTime } from "../../lib/cube/terminals/one-time.js";
import { ArgumentError, FileError } from "../../lib/errors.js";
import { temporaryFolder } from "../io/support.js";
import { type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

const out = temporaryFolder();
let small: SmallExperiment;
let files: Cube;
let saved: Cube;
let resolved: McrResult;

beforeAll(async () => {
  small = smallExperiment({ height: 26, width: 30, nTimes: 4 });
  files = Cube.load(small.folder).calibrate().absorb();
  saved = Cube.load(await files.doseRate().save(join(out, "reduced.zarr")));
  resolved = await saved.mcrAls(2);
}, 60_000);
afterAll(() => rmSync(small.folder, { recursive: true }));

test.each([
  ["by default", {}],
  [
    "robust, with known noise, without bounds",
    { robust: true, sigma: 0.01, nonNegative: false, closure: false },
  ],
])("a fit on disk has the bits of the fits of single cubes: %s", async (_, options) => {
  for (const [name, cube] of [
    ["files", files],
    ["masked", saved.mask({ x: [3, 17], y: [5, 20] })],
  ] as const) {
    const series = await cube.fit(resolved, { ...options, to: join(out, `fit ${name}.zarr`) });
    expect(series.length).toBe(4);
    for (let t = 0; t < series.length; t++) {
      const alone = (await fitPlan(await oneTime(cube.plan, "test", t, {}), resolved, options)) as FitResult;
      const found = await series.at(t);
      expect(found.rows).toEqual(alone.rows);
      for (const key of [
        "rFactor",
        "flags",
        "standardErrors",
        "chiSquare",
        "glitchCounts",
        "unbounded",
      ] as const) {
        expect(found[key]).toEqual(alone[key]);
      }
      expect(found.C.to2DArray()).toEqual(alone.C.to2DArray());
      const profile = found.map("Cp2").statistics().mean;
      expect(series.profile("Cp2")[t]).toBeCloseTo(profile, 12);
    }
  }
});

test("a fit is read again, also where the folder has moved", async () => {
  const series = await saved.fit(resolved, { to: join(out, "first.zarr") });
  cpSync(series.path, join(out, "moved.zarr"), { recursive: true });
  const again = await FitSeries.open(join(out, "moved.zarr"));
  expect(again.columns()).toEqual(series.columns());
  expect(again.S.to2DArray()).toEqual(resolved.S.to2DArray());
  expect(again.summary()).toContain("4 time steps of 30 x 26 pixels");
  let count = 0;
  for await (const one of again) expect(one.C.to2DArray()).toEqual((await series.at(count++)).C.to2DArray());
  expect(count).toBe(4);
  const dose = await saved.dose({ seconds: 1000 }).map("dose");
  expect((await again.at(3)).against(dose, { step: 0.001, least: 1 }).dose.length).toBeGreaterThan(0);
});

/** All spectra with a value at every energy, [nRows, nEnergies]. */
async function rowsInMemory(cube: Cube): Promise<{ data: Float32Array; rows: number; columns: number }> {
  const { data, shape } = await cube.compute();
  const [nTimes, n, height, width] = shape;
  const all: number[][] = [];
  for (let t = 0; t < nTimes; t++) {
    for (let p = 0; p < height * width; p++) {
      const row = Array.from({ length: n }, (_, k) => data[(t * n + k) * height * width + p]);
      if (row.every(Number.isFinite)) all.push(row);
    }
  }
  return { data: Float32Array.from(all.flat()), rows: all.length, columns: n };
}

// Sums are taken in another order: rounding of float64, 1e-16 of the largest squared singular value.
test.each([
  ["centered", {}],
  ["not centered", { center: false }],
  ["scaled", { scale: true }],
])("principal components on disk are those of all rows in memory: %s", async (_, options) => {
  const cube = saved.normalize();
  const parts = await cube.pca({ ...options, to: join(out, "pca.zarr"), components: 3 });
  const D = await rowsInMemory(cube);
  const whole = pca(D, { ...options, components: 3, method: "gram" });
  expect(parts.nRows).toBe(D.rows);
  expect(parts.nRows + parts.nDropped).toBe(4 * 26 * 30);
  for (let a = 0; a < 20; a++) {
    expect(Math.abs(parts.singularValues[a] / whole.singularValues[a] - 1)).toBeLessThan(1e-9);
  }
  expect(parts.rank.estimates).toEqual(whole.rank.estimates);
  const scores = await parts.map("PC1", 0);
  const found = Array.from(scores.values).filter((v) => !Number.isNaN(v));
  const [first] = [whole.scores.getColumn(0)];
  const size = Math.max(...first.map(Math.abs));
  // A loading of a component that stands out of the others by a factor is known as well as its singular value.
  for (const [i, v] of found.entries()) expect(Math.abs(v - first[i])).toBeLessThan(1e-8 * size);
  const again = await PcaSeries.open(parts.path);
  expect(again.explainedVariance).toEqual(parts.explainedVariance);
  expect(again.summary()).toBe(parts.summary());
  const { data, columns } = D;
  const row = data.subarray(0, columns);
  let Q = 0;
  for (let k = 0; k < columns; k++) {
    let left = (row[k] - whole.mean[k]) / whole.scaling[k];
    for (let a = 0; a < 3; a++) left -= whole.scores.get(0, a) * whole.loadings.get(a, k);
    Q += left ** 2;
  }
  const pixel = scores.values.findIndex((v) => !Number.isNaN(v));
  expect((await parts.map("Q", 0)).values[pixel] / Q).toBeCloseTo(1, 6);
});

test("a large common mean costs no digits", () => {
  // Deviations of 1e-6 on a mean of 1e3: squares of the data have 18 digits before those of the deviations.
  const rows = Array.from({ length: 3000 }, (_, i) => [
    1e3 + 1e-6 * Math.sin(i),
    1e3 + 1e-6 * Math.cos(3 * i),
  ]);
  const parts = [0, 1000, 1700].map((from, i) => {
    const part = rows.slice(from, [1000, 1700, 3000][i]);
    const sums = new RowSums(2);
    sums.add(Float64Array.from(part.flat()), part.length);
    return sums;
  });
  const all = new RowSums(2);
  for (const part of parts) all.join(part);
  const mean = [0, 1].map((k) => rows.reduce((sum, row) => sum + (row[k] - 1e3), 0) / rows.length);
  const exact = [0, 1].map((k) => rows.reduce((sum, row) => sum + (row[k] - 1e3 - mean[k]) ** 2, 0));
  expect(all.rows).toBe(3000);
  // A number near 1e3 has steps of 1e-13: 1e-7 of the deviations.
  for (const [k, v] of exact.entries()) expect(Math.abs(all.about[3 * k] / v - 1)).toBeLessThan(1e-6);
});

test("refuses what is no folder, and what needs all rows", async () => {
  await expect(saved.fit(resolved, { to: "fit.h5" })).rejects.toThrow(
    /fit: expected the path .* \.zarr, got "fit\.h5"/,
  );
  await expect(saved.pca({ to: 3 as never })).rejects.toThrow(ArgumentError);
  await expect(saved.pca({ to: join(out, "x.zarr"), parallel: 2 })).rejects.toThrow(/expected no parallel/);
  await expect(saved.pca({ to: join(out, "x.zarr"), method: "randomized" })).rejects.toThrow(
    /expected no method/,
  );
  await expect(FitSeries.open(join(out, "reduced.zarr"))).rejects.toThrow(FileError);
  await expect(PcaSeries.open(join(out, "nowhere.zarr"))).rejects.toThrow(FileError);
  const series = await saved.fit(resolved, { to: join(out, "fit.zarr") });
  await expect(series.at(4)).rejects.toThrow(/expected a time step 0 to 3, got 4/);
  expect(() => series.profile("Cp3")).toThrow(ArgumentError);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import type { Result } from "../../lib/cube/results/result.js";
import { readAthena } from "../../lib/io/athena.js";
import { readColumns } from "../../lib/io/columns.js";
import { readHdf5 } from "../../lib/io/hdf5.js";
import { readXdi } from "../../lib/io/xdi.js";
import { normalize } from "../../lib/xas/normalize.js";
import { temporaryFolder } from "../io/support.js";
import { smallExperiment } from "../support/small-experiment.js";

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const { folder: experiment } = smallExperiment();
const cube = Cube.load(experiment).calibrate().absorb().bin(2).normalize();

test("a resolved series: the same numbers in every format, with where they come from", async () => {
  const result = await cube.mcrAls(2);
  const { C, S, energies } = result;
  for (const name of ["mcr.csv", "mcr.json", "mcr.h5", "mcr.xdi"])
    expect(await result.save(at(name))).toBe(at(name));

  const csv = await readColumns(at("mcr.csv"));
  expect(csv.labels).toEqual(["time (s)", "Cp1", "Cp2"]);
  expect(Array.from(csv.columns[2])).toEqual(C.getColumn(1));
  expect(csv.comments[1]).toMatch(/: calibrate, absorb, bin, normalize, mcrAls.*; operandose /);

  const json = JSON.parse(readFileSync(at("mcr.json"), "utf8"));
  expect(json.arrays.S).toEqual({ shape: [2, energies.length], data: S.to1DArray() });
  expect(json.provenance).toEqual(result.provenance);

  const { datasets, groups } = await readHdf5(at("mcr.h5"));
  expect(datasets["/entry/mcrAls/C"]).toMatchObject({
    shape: [C.rows, 2],
    data: Float64Array.from(C.to1DArray()),
  });
  expect(datasets["/entry/mcrAls/energy"].attributes).toEqual({ units: "eV" });
  expect(JSON.parse(datasets["/entry/process/provenance"].data as string)).toEqual(result.provenance);
  expect(groups["/entry/mcrAls"]).toEqual({ NX_class: "NXdata" });

  const xdi = await readXdi(at("mcr.xdi"));
  expect(xdi.labels).toEqual(["energy", "Cp1", "Cp2"]);
  expect(xdi.energy).toEqual(energies);
  expect(Array.from(xdi.columns[1])).toEqual(S.getRow(0));
});

test("Athena: resolved species and mean spectra, with their normalization, from low to high energy", async () => {
  const result = await cube.mcrAls(2);
  const { groups } = await readAthena(await result.save(at("species.prj")));
  expect(groups.map(({ label, normalized }) => [label, normalized])).toEqual([
    ["Cp1", true],
    ["Cp2", true],
  ]);
  const step = result.provenance.steps.find(({ verb }) => verb === "normalize");
  const { edgeStep: one, ...windows } = groups[0].normalization ?? {};
  expect([one, step]).toEqual([1, expect.objectContaining(windows)]);
  const species = Array.from(result.spectrum("Cp2"));
  const isFalling = result.energies[0] > result.energies[1];
  expect(Array.from(groups[1].mu)).toEqual(isFalling ? species.toReversed() : species);
  expect(groups[0].energy.every((e, k, all) => k === 0 || e > all[k - 1])).toBe(true);

  const plain = await Cube.load(experiment).calibrate().absorb().spectrum();
  const [group] = (await readAthena(await plain.save(at("mean.prj")))).groups;
  const { e0, edgeStep, pre, post, degree } = normalize(plain.energies, plain.values, { e0: 8333 });
  expect(group.normalized).toBe(false);
  expect(group.normalization).toEqual({ e0, edgeStep: expect.closeTo(edgeStep, 9), pre, post, degree });

  // Saved and loaded again, a cube is still normalized with the same windows.
  await cube.save(at("reduced.zarr"));
  const again = await Cube.load(at("reduced.zarr")).spectrum();
  const [saved] = (await readAthena(await again.save(at("again.prj")))).groups;
  expect([saved.normalized, saved.normalization]).toEqual([true, groups[0].normalization]);

  const counts = await Cube.load(experiment).spectrum();
  await expect(counts.save(at("counts.prj"))).rejects.toThrow("expected spectra of absorbance");
  const map = await cube.doseRate().map("doseRate");
  await expect(map.save(at("map.prj"))).rejects.toThrow("which has no spectra");
});

test("the table of a series is one wide CSV with units", async () => {
  const series = await cube.spectra();
  const { labels, columns } = await readColumns(await series.save(at("series.csv")));
  expect(labels.slice(0, 2)).toEqual(["energy (eV)", "s0"]);
  expect(Array.from(columns[1])).toEqual(Array.from(series.row(0)));
});

test("maps, spectra and cubes keep their shape", async () => {
  const results: [Result, string, number[]][] = [
    [await cube.doseRate().map("doseRate"), "value", [6, 9]],
    [await cube.spectra(), "normalized", [5, 150]],
    [await Cube.load(experiment).absorb().bin(2).average().compute(), "absorbance", [1, 150, 6, 9]],
  ];
  for (const [result, name, shape] of results) {
    const path = await result.save(at(`${result.kind}.h5`));
    expect((await readHdf5(path)).datasets[`/entry/${result.kind}/${name}`].shape).toEqual(shape);
  }
});

test("refuses other extensions, and XDI without spectra", async () => {
  const map = await cube.doseRate().map("doseRate");
  await expect(map.save("map.txt")).rejects.toThrow(
    'save: expected a path that ends in .csv, .json, .h5, .xdi, .prj, got "map.txt"',
  );
  await expect(map.save(at("map.xdi"))).rejects.toThrow(
    /expected a result with spectra for XDI, got map; save it as/,
  );
  await expect(map.save(at("no/map.csv"))).rejects.toThrow(/^save: .*no such file/);
});

// A chain that goes on from a saved cube gives what the whole chain gives.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { readZarr } from "../../lib/io/zarr.js";
import { temporaryFolder } from "../io/support.js";
import { smallExperiment } from "../support/small-experiment.js";

const { folder } = smallExperiment();
const out = temporaryFolder();
const whole = Cube.load(folder).calibrate().absorb().bin(2).doseRate().dose({ seconds: 1000 });

/** Largest difference; NaN where only one of the two is a number. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]) && Number.isNaN(b[i])) continue;
    most = Math.max(most, Math.abs(a[i] - b[i]) || (a[i] === b[i] ? 0 : Number.NaN));
  }
  return most;
}

test("absorbance with layers: spectra, maps, masks and fits follow", async () => {
  const path = await whole.save(join(out, "absorbance.zarr"));
  const saved = Cube.load(path);
  expect(saved.schema).toEqual(whole.schema);
  expect(saved.explain()).toContain("saved after calibrate, absorb, bin, doseRate, dose, from ");
  const range = (await whole.map("doseRate")).values;
  const middle = [...range].sort((a, b) => a - b)[Math.floor(range.length / 2)] / 1000;
  await same(saved, whole, [
    (cube) => cube.spectra(),
    (cube) => cube.normalize().mask([0, middle]).spectra(),
  ]);
  for (const name of ["doseRate", "dose", "shift"] as const) {
    const [a, b] = [(await saved.map(name)).values, (await whole.map(name)).values];
    expect(difference(a, b) / b.reduce((most, v) => Math.max(most, Math.abs(v)), 0)).toBeLessThan(1e-6);
  }
  expect((await saved.normalize().mcrAls(2)).lackOfFit.experimental).toBeCloseTo(
    (await whole.normalize().mcrAls(2)).lackOfFit.experimental,
    3,
  );
});

// Not calibrated: the shift of a calibrated cube is applied before it is saved, and after the average in the whole chain.
test("absorbance, averaged and binned afterwards", async () => {
  const plain = Cube.load(folder).absorb();
  await same(Cube.load(await plain.save(join(out, "plain.zarr"))), plain, [
    (cube) => cube.average(2).spectra(),
    (cube) =>
      cube
        .crop({ x: [1, 8], y: [1, 5] })
        .average()
        .spectra(),
    (cube) => cube.average().bin(3).spectra(),
    (cube) => cube.bin(2).average(3).normalize().spectra(),
  ]);
});

async function same(
  a: Cube,
  b: Cube,
  chains: ((cube: Cube) => Promise<{ data: ArrayLike<number> }>)[],
): Promise<void> {
  // One rounding to float32 more.
  for (const go of chains) expect(difference((await go(a)).data, (await go(b)).data)).toBeLessThan(2e-6);
}

test("a masked, normalized cube keeps its mask; other programs see the axes", async () => {
  const rate = [...(await whole.map("doseRate")).values].sort((a, b) => a - b);
  const masked = whole.normalize().mask([rate[12] / 1000, rate[40] / 1000]);
  const path = await masked.save(join(out, "masked.zarr"));
  const saved = Cube.load(path);
  expect(saved.schema.masked).toBe(true);
  const [a, b] = [await saved.compute(), await masked.compute()];
  expect(a.data).toEqual(b.data);
  expect((await saved.spectra()).nPixels).toBe((await masked.spectra()).nPixels);
  const { arrays, attributes } = await readZarr(path);
  expect(arrays.data.dimensions).toEqual(["time", "energy", "y", "x"]);
  expect(arrays.data.data).toEqual(a.data);
  expect(arrays.doseRate.attributes.units).toBe("Gy/s");
  expect(Array.from(arrays.energy.data)).toEqual(whole.schema.energies);
  expect(attributes.operandose).toMatchObject({ provenance: { terminal: "save" } });
  expect((await saved.spectra()).provenance.saved?.steps).toEqual(masked.steps);
});

test("what a saved cube cannot do says so", async () => {
  const path = await whole.save(join(out, "refuse.zarr"));
  const saved = Cube.load(path);
  expect(() => saved.calibrate()).toThrow(/saved with it; drop \.calibrate\(\)/);
  expect(() => saved.doseRate()).toThrow(/saved with it; drop \.doseRate\(\)/);
  expect(() => saved.absorb()).toThrow(/absorb/);
  expect(() => Cube.load(path, { part: "ocv" })).toThrow(/no { part } of a saved cube/);
  await expect(whole.save(join(out, "cube.h5"))).rejects.toThrow(/ends in \.zarr/);
  const meta = join(path, "zarr.json");
  writeFileSync(meta, readFileSync(meta, "utf8").replace("operandose-cube", "other"));
  expect(() => Cube.load(path)).toThrow(/expected a cube saved with \.save\(\), got another Zarr folder/);
  rmSync(path, { recursive: true });
  const again = await whole.save(path);
  const array = join(again, "data", "zarr.json");
  const right = readFileSync(array, "utf8");
  const { shape } = JSON.parse(right);
  // Attributes fit, but no machine holds such an image.
  for (const rows of [1e308, 1e15, 0, 2.5]) {
    writeFileSync(array, JSON.stringify({ ...JSON.parse(right), shape: shape.with(2, rows) }));
    expect(() => Cube.load(again)).toThrow(/expected a cube saved with \.save\(\), got an array of/);
  }
  writeFileSync(array, right);
  rmSync(join(again, "data", "c", "0"), { recursive: true });
  await expect(Cube.load(again).spectra()).rejects.toThrow(/expected the chunk 0\/0\/0\/0/);
});

// Maps without a model of species: from files to maps with standard errors, compared with the truth of the files
// and with the scatter over repeated recordings.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArgumentError, Cube, DataError, proximity, SchemaError, ShapeError } from "operandose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { writeEdf } from "../../lib/io/edf.js";
import { halfStepEnergy } from "../../lib/xas/half-step.js";

const folder = mkdtempSync(join(tmpdir(), "operandose-features-"));
afterAll(() => rmSync(folder, { recursive: true }));

const E0 = 8340;
const HEIGHT = 16;
const WIDTH = 30;
const REPEATS = 12;
const energies = Array.from({ length: 300 }, (_, k) => Number((8250 + 1.2 * k).toFixed(3)));
/** A hole, a pixel without counts, and one with hardly any. */
const [HOLE, DEAD, DIM] = [95, 200, 321];
/** Edge energy of a pixel, eV: level in the left half, then falling. */
const edgeOf = (p: number): number => 8344 - 0.25 * Math.max(0, (p % WIDTH) - 14);
const stepOf = (p: number): number => (p === HOLE ? 0 : 0.7 + (0.3 * Math.floor(p / WIDTH)) / HEIGHT);
const shape = (e: number, edge: number): number =>
  0.5 + Math.atan((e - edge) / 1.6) / Math.PI + 0.5 * Math.exp(-(((e - edge - 5) / 3.2) ** 2) / 2);

/** A recording with Poisson noise of `photons` and a gain of 2.5 counts per photon. */
async function record(name: string, seed: number, sample: boolean, photons = 6000): Promise<string> {
  const rng = random(seed);
  const path = join(folder, `${name}.edf`);
  await writeEdf(
    path,
    energies.map((energy) => ({
      header: { energy },
      shape: [HEIGHT, WIDTH] as const,
      data: Uint32Array.from({ length: HEIGHT * WIDTH }, (_, p) => {
        if (sample && p === DEAD) return 0;
        const bright = p === DIM ? photons / 1000 : photons;
        const mean = bright * (sample ? Math.exp(-0.4 - stepOf(p) * shape(energy, edgeOf(p))) : 1);
        return Math.max(1, Math.round(2.5 * (mean + Math.sqrt(mean) * rng.normal())));
      }),
    })),
  );
  return path;
}

const NAMES = ["e0", "edgeEnergy", "whiteLine", "whiteLineHeight", "edgeStep", "centroid"] as const;

describe("maps of the spectra", () => {
  const cubes: Cube[] = [];
  beforeAll(async () => {
    for (let i = 0; i < REPEATS; i++) {
      const [sample, flat] = [
        await record(`s${i}`, 2 * i + 1, true),
        await record(`f${i}`, 2 * i + 2, false),
      ];
      cubes.push(Cube.load({ sample, flat, edge: E0, pixelSize: 5 }).absorb());
    }
  }, 120_000);

  test.each(NAMES)("%s: standard errors are the scatter over recordings", async (name) => {
    const maps = [];
    for (const cube of cubes) maps.push(await cube.map(name));
    let [scatter, expected, pixels, whole] = [0, 0, 0, 0];
    for (let p = 0; p < HEIGHT * WIDTH; p++) {
      const values = maps.map((m) => m.values[p]).filter(Number.isFinite);
      if (p === HOLE || p === DEAD || p === DIM) continue;
      pixels++;
      if (values.length < REPEATS) continue;
      whole++;
      const mean = values.reduce((a, b) => a + b, 0) / REPEATS;
      scatter += values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (REPEATS - 1);
      expected += maps.reduce((sum, m) => sum + (m.standardErrors?.[p] ?? Number.NaN) ** 2, 0) / REPEATS;
    }
    // The noise crosses one half a second time in a few recordings of a pixel.
    expect(whole).toBeGreaterThan(0.8 * pixels);
    // 12 repeats of 450 pixels know the scatter to 1 %; the rest is curvature within the noise.
    expect(Math.sqrt(expected / scatter)).toBeGreaterThan(0.85);
    expect(Math.sqrt(expected / scatter)).toBeLessThan(1.15);
  });

  test("count pixels without a value by their reason", async () => {
    const line = await (cubes[0] as Cube).map("whiteLine");
    expect([HOLE, DEAD, DIM].map((p) => line.values[p])).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    const counts = Object.values(line.invalid?.withoutValue ?? {}).reduce((a, b) => a + b, 0);
    expect(counts).toBe(line.values.filter(Number.isNaN).length);
    expect(line.invalid?.withoutValue?.["no normalized spectrum"]).toBeGreaterThan(0);
    expect(line.summary()).toContain("pixels without a value: ");
    expect(line.errorMap().values).toEqual(line.standardErrors);
    expect(line.columns()["value error"]).toHaveLength(HEIGHT * WIDTH);
  });

  test("are those of the spectra, and follow the truth", async () => {
    const one = cubes[0] as Cube;
    const spectra = await one.normalize().spectra();
    const map = await one.map("edgeEnergy");
    for (const p of [3, 40, 400]) {
      const row = spectra.row(p);
      const from = energies.findIndex((e) => e >= E0 - 20);
      const own = halfStepEnergy(energies.slice(from), (k) => row[from + k]);
      if (Number.isFinite(map.values[p])) expect(map.values[p]).toBeCloseTo(own, 9);
    }
    // The edge of the right columns is 3.6 eV lower.
    for (const name of ["e0", "edgeEnergy", "whiteLine", "centroid"] as const) {
      const { values, standardErrors } = await one.map(name);
      const mean = (columns: readonly number[]): [number, number] => {
        const own = Array.from(values.keys()).filter(
          (p) => columns.includes(p % WIDTH) && Number.isFinite(values[p]),
        );
        const variance = own.reduce((sum, p) => sum + (standardErrors?.[p] ?? Number.NaN) ** 2, 0);
        return [own.reduce((sum, p) => sum + values[p], 0) / own.length, variance / own.length ** 2];
      };
      const [[left, a], [right, b]] = [mean([4, 5, 6]), mean([28, 29])];
      // Besides the noise: where the points of the axis lie on the line.
      expect(Math.abs(right - left + 0.25 * 14.5)).toBeLessThan(4 * Math.sqrt(a + b) + 0.1);
    }
  });

  test("have the same bits for 1, 2 and 4 workers", async () => {
    const cube = (cubes[1] as Cube).normalize();
    const all = async (workers: number): Promise<string[]> => {
      const out: string[] = [];
      for (const name of NAMES) {
        const { values, standardErrors, invalid } = await cube.map(name, { workers });
        for (const array of [values, standardErrors as Float64Array]) {
          out.push(Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64"));
        }
        out.push(JSON.stringify(invalid));
      }
      return out;
    };
    const one = await all(1);
    expect(await all(2)).toEqual(one);
    expect(await all(4)).toEqual(one);
  });

  test("stand against dose as a species does", async () => {
    const map = await (cubes[0] as Cube).average().map("whiteLine");
    const values = Float64Array.from(map.values, (_, p) => 1e6 * ((p % WIDTH) + 0.4 * Math.sin(p)));
    const plain = await (cubes[0] as Cube).map("edgeStep");
    const dose = Object.assign(Object.create(Object.getPrototypeOf(plain)), plain, {
      values,
      unit: "Gy",
      label: "Dose",
    }) as typeof plain;
    const curve = map.against(dose, { step: 2 });
    expect(Object.keys(curve.components)).toEqual(["White-line energy"]);
    expect(curve.summary()).toContain("White-line energy in ");
    const found = map.threshold(dose, { seed: 1 });
    // The edge is level up to column 14 and then falls by 0.25 eV per column.
    expect(found.threshold, found.verdict).not.toBeNull();
    expect(Math.abs((found.threshold as number) - 14)).toBeLessThan(4);
    expect(found.verdict).not.toContain("0..1");
    expect(curve.threshold("White-line energy", { seed: 1 }).threshold).not.toBeNull();
    expect(proximity([{ name: "one", dose, response: map }], { seed: 1 }).length).toBeGreaterThanOrEqual(0);
    expect(() => map.threshold(map)).toThrow(SchemaError);
    expect(() => map.benchmarkDose(dose)).toThrow("expected values of which a share can be lost");
    expect(() => plain.against({ ...dose, width: 3 } as typeof plain)).toThrow(ShapeError);
  });

  test("are refused where they cannot be made", async () => {
    const one = cubes[0] as Cube;
    await expect(one.map("whiteline" as never)).rejects.toThrow(ArgumentError);
    await expect(one.map("centroid", { reach: 3 })).rejects.toThrow("expected no { reach }");
    await expect(one.map("e0", { reach: 0 })).rejects.toThrow("{ reach } from 1 to 20 eV");
    await expect(one.map("e0", { width: 3 } as never)).rejects.toThrow(ArgumentError);
    const { sample, flat } = { sample: join(folder, "s0.edf"), flat: join(folder, "f0.edf") };
    const counts = Cube.load({ sample, flat, edge: E0 });
    await expect(counts.map("e0")).rejects.toThrow("call .absorb() first");
    const short = one
      .crop({ energy: [8300, 8376] })
      .normalize({ post: [20, 35], pre: [-39, -10], degree: 0 });
    await expect(short.map("whiteLine")).rejects.toThrow(DataError);
    const saved = await one.normalize().save(join(folder, "normalized.zarr"));
    await expect(Cube.load(saved).map("edgeStep")).rejects.toThrow("take the map before .save()");
    const again = await Cube.load(saved).map("centroid");
    expect(again.standardErrors).toBeNull();
    expect(() => again.errorMap()).toThrow(SchemaError);
  });
});

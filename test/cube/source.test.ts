// Recordings without a manifest: nothing stands silently for what the caller did not say, and no count is rounded away.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Cube, FileError, figures, rockCell } from "../../lib/index.js";
import { type EdfData, writeEdf } from "../../lib/io/edf.js";
import { loadHdf5 } from "../../lib/io/hdf5-library.js";
import { NexusWriter } from "../../lib/io/nexus-writer.js";
import { naive } from "../support/naive/executor.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "operandose-source-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SIZE = 8;

/** A recording of SIZE x SIZE pixels; `counts` gives them by energy and pixel. */
async function recording(
  name: string,
  energies: readonly number[],
  counts: (e: number, p: number) => number,
  type: { from(list: ArrayLike<number>): EdfData } = Uint16Array,
): Promise<string> {
  const path = join(folder, `${name}.edf`);
  await writeEdf(
    path,
    energies.map((energy) => ({
      header: { energy },
      shape: [SIZE, SIZE] as const,
      data: type.from(Array.from({ length: SIZE * SIZE }, (_, p) => counts(energy, p))),
    })),
  );
  return path;
}

const axis = (low: number, high: number, n = 40): number[] =>
  Array.from({ length: n }, (_, k) => low + ((high - low) * k) / (n - 1));

/** Flat and sample with an edge step of 0.8 at `edge`. */
async function scan(name: string, edge: number, energies: readonly number[]) {
  const sample = await recording(`${name}-s`, energies, (e, p) =>
    Math.round((20000 + 100 * p) * Math.exp(-0.3 - 0.8 / (1 + Math.exp(-(e - edge) / 2)))),
  );
  return { sample, flat: await recording(`${name}-f`, energies, (_, p) => 20000 + 100 * p) };
}

describe("the edge", () => {
  test("is taken from the energies where only one lies within them, and that is said", async () => {
    const files = await scan("fe", 7112, axis(7000, 7200));
    const cube = Cube.load(files);
    expect(cube.schema.edge).toEqual({ name: "Fe K", energy: 7112, from: "energies" });
    expect(cube.explain()).toContain("edge Fe K, 7112 eV, the only K or L3 edge within the energies");
    const spectrum = await cube
      .absorb()
      .normalize({ pre: [-100, -30], post: [30, 80], degree: 1 })
      .spectrum();
    expect(spectrum.provenance.settings.edge).toEqual(cube.schema.edge);
    expect(spectrum.provenance.steps.at(-1)).toMatchObject({ e0: 7112 });
  });

  test("is asked for where several lie within them, when it is needed", async () => {
    const files = await scan("ni", 8333, axis(8266, 8878, 120));
    const cube = Cube.load(files).absorb();
    expect(cube.schema.edge).toBeUndefined();
    expect((await cube.spectrum()).provenance.settings.edge).toBeNull();
    expect(() => cube.normalize()).toThrow("Ni K (8333 eV), Er L3 (8358 eV), Tm L3 (8648 eV); name it");
    expect(() => Cube.load({ ...files, foil: files.flat }).calibrate()).toThrow(
      "calibrate: expected the absorption edge",
    );
    await expect(cube.pca()).rejects.toThrow("normalize (implied): expected the absorption edge");
    expect(cube.normalize({ e0: 8340 }).steps.at(-1)).toMatchObject({ e0: 8340 });
    const named = Cube.load({ ...files, edge: "Ni K" })
      .absorb()
      .normalize();
    expect(named.steps.at(-1)).toMatchObject({ e0: 8333 });
    expect(named.schema.edge).toEqual({ name: "Ni K", energy: 8333, from: "option" });
    expect(Cube.load({ ...files, edge: 8358 }).schema.edge).toEqual({ energy: 8358, from: "option" });
  });

  test("is asked for where none or one without room lies within them", async () => {
    const [none, close] = [
      await scan("none", 5300, axis(5300, 5400)),
      await scan("close", 7112, axis(7030, 7130)),
    ];
    expect(() => Cube.load(none).absorb().normalize()).toThrow("got no K or L3 edge within its energies");
    expect(() => Cube.load(close).absorb().normalize()).toThrow("too close to an end of its energies");
  });

  test("in keV is questioned, and a name that is none refused", async () => {
    const files = await scan("keV", 7112, axis(7000, 7200));
    expect(() => Cube.load({ ...files, edge: 7.112 })).toThrow("did you mean 7112?");
    expect(() => Cube.load({ ...files, edge: "Fe" })).toThrow('such as "Ni K"');
  });
});

describe("the size of a pixel and the times", () => {
  test("are not made up: pixels and numbered steps, and what needs them asks", async () => {
    const energies = axis(8266, 8878, 120);
    const { sample, flat } = await scan("plain", 8333, energies);
    const cube = Cube.load({ sample: [sample, sample, sample], flat, flux: 1e12, edge: "Ni K" });
    expect(cube.schema.pixelSize).toBeUndefined();
    expect(cube.bin(2).schema.pixelSize).toBeUndefined();
    expect(cube.explain()).not.toContain(" um");
    const image = await cube.absorb().image({ energy: 8400, time: 0 });
    expect(Object.keys(image.columns())).toEqual(["xPixel", "yPixel", "value"]);
    expect(image.columns().xPixel[1]).toBe(1.5);
    expect(Object.keys(image.arrays())).toEqual(["value", "xPixel", "yPixel"]);
    expect(image.statistics().area).toBeNaN();
    expect(image.show().svg).toContain("x (pixels)");
    expect(() => cube.doseRate(rockCell())).toThrow("give { pixelSize } in um");
    const series = await cube.absorb().spectra();
    expect(series.time.every(Number.isNaN)).toBe(true);
    expect(series.show().svg).toContain("Time step");
    const sized = Cube.load({ sample: [sample, sample], flat, flux: 1e12, pixelSize: 5 }).doseRate(
      rockCell(),
    );
    expect(() => sized.dose()).toThrow("give { seconds }");
    expect(sized.dose({ seconds: 10 }).schema.maps).toContain("dose");
    expect(() =>
      figures.map({ values: image.values, width: SIZE, height: SIZE, label: "A", scaleBar: 10 }),
    ).toThrow("expected a pixelSize");
  });

  test("are kept unknown in a saved cube", async () => {
    const { sample, flat } = await scan("stored", 8333, axis(8266, 8878, 120));
    const path = await Cube.load({ sample: [sample, sample], flat })
      .absorb()
      .save(join(folder, "stored.zarr"));
    const { schema } = Cube.load(path);
    expect([schema.pixelSize, schema.edge, schema.times[0].start]).toEqual([undefined, undefined, undefined]);
    expect(() => Cube.load(path).normalize()).toThrow("expected the absorption edge");
    const known = { sample, flat, pixelSize: 5, edge: "Ni K", period: 60 };
    const other = await Cube.load(known).absorb().save(join(folder, "known.zarr"));
    expect(Cube.load(other).schema).toMatchObject({
      pixelSize: 5,
      edge: { name: "Ni K", energy: 8333 },
      times: [{ start: 0, end: 60 }],
    });
  });

  test("that can only be in another unit are questioned", async () => {
    const files = await scan("units", 7112, axis(7000, 7200));
    expect(() => Cube.load({ ...files, pixelSize: 6.5e-6 })).toThrow("looks like m; did you mean 6.5?");
    expect(() => Cube.load({ ...files, pixelSize: 0.0005 })).toThrow("from 0.001 to 1000");
    expect(() => Cube.load({ ...files, flux: 1.041 })).toThrow("did you mean 1041000000000?");
    expect(() => Cube.load({ ...files, pixelSize: 6500 })).toThrow("looks like nm; did you mean 6.5?");
    expect(() => Cube.load({ ...files, pixelSize: 1e5 })).toThrow("looks like nm; did you mean 100?");
    expect(() => Cube.load({ ...files, fluxEnergy: 8.39 })).toThrow("did you mean 8390?");
    expect(() => Cube.load({ ...files, flux: 1e24 })).toThrow("expected flux in ph/s");
    for (const pixelSize of [0.005, 0.05, 0.1, 6.5, 100]) Cube.load({ ...files, pixelSize });
  });
});

describe("saturation", () => {
  const energies = axis(7000, 7200, 4);
  /** One pixel at `top` counts; absorbance there, and how many samples were saturated. */
  async function dead(
    name: string,
    type: { from(list: ArrayLike<number>): EdfData },
    top: number,
    saturation?: number,
  ) {
    const sample = await recording(`${name}-s`, energies, (_, p) => (p === 21 ? top : 50), type);
    const flat = await recording(`${name}-f`, energies, () => 100, type);
    const cube = Cube.load({ sample, flat, ...(saturation === undefined ? {} : { saturation }) }).absorb();
    const { values } = await cube.image({ energy: energies[0] });
    const [row] = (await naive(cube.plan)).spectra[0].slice(21);
    expect(Number.isNaN(row[0])).toBe(Number.isNaN(values[21]));
    const { invalid } = await cube.bin(2).spectrum();
    return { value: values[21], saturated: invalid.saturated };
  }

  test.each([
    ["uint8", Uint8Array, 255],
    ["int16", Int16Array, 32767],
    ["uint16", Uint16Array, 65535],
    ["uint32", Uint32Array, 4294967295],
  ] as const)("is the full scale of %s", async (name, type, top) => {
    expect(await dead(name, type, top)).toEqual({ value: Number.NaN, saturated: energies.length });
    const one = await dead(`${name}-below`, type, top - 1000 > 0 ? top - 1000 : top - 1);
    expect(one.value).toBeLessThan(0);
    expect(one.saturated).toBe(0);
    expect((await dead(`${name}-off`, type, top, Number.POSITIVE_INFINITY)).value).toBeLessThan(0);
    expect(await dead(`${name}-given`, type, 120, 120)).toEqual({ value: Number.NaN, saturated: 4 });
  });

  test.each([
    ["int32", Int32Array, 2147483647],
    ["float32", Float32Array, 65536],
  ] as const)("is unknown for %s", async (name, type, top) => {
    expect((await dead(name, type, top)).value).toBeCloseTo(Math.log(100 / top), 5);
  });

  test.each([
    ["int32", Int32Array],
    ["uint32", Uint32Array],
    ["float32", Float32Array],
    ["float64", Float64Array],
  ] as const)("is that of 16 bits in %s, where no number of the frame is larger", async (name, type) => {
    const missing = { value: Number.NaN, saturated: energies.length };
    expect(await dead(`${name}-16`, type, 65535)).toEqual(missing);
    expect((await dead(`${name}-16-off`, type, 65535, Number.POSITIVE_INFINITY)).saturated).toBe(0);
    const counts = (_: number, p: number) => (p === 21 ? 65535 : p === SIZE * SIZE - 1 ? 70000 : 50);
    const sample = await recording(`${name}-more`, energies, counts, type);
    const flat = await recording(`${name}-more-f`, energies, () => 100, type);
    const cube = Cube.load({ sample, flat }).absorb();
    expect((await cube.image({ energy: energies[0] })).values[21]).toBeCloseTo(Math.log(100 / 65535), 5);
  });

  test("is the full scale of 16 bits in HDF5, too", async () => {
    await loadHdf5();
    const write = (name: string, kind: "sample" | "flat", counts: number): string => {
      const path = join(folder, name);
      const writer = NexusWriter.create(path, { kind });
      for (const energy of energies) {
        const data = new Uint16Array(SIZE * SIZE).fill(kind === "flat" ? 100 : 50);
        data[21] = counts;
        writer.append({ header: { energy }, shape: [SIZE, SIZE], data });
      }
      writer.finish();
      return path;
    };
    const cube = Cube.load({ sample: write("s.nxs", "sample", 65535), flat: write("f.nxs", "flat", 100) });
    expect((await cube.absorb().image({ energy: energies[0] })).values[21]).toBeNaN();
  });
});

describe("counts beyond 2^24", () => {
  const energies = axis(7000, 7200, 4);
  /** A large dark, and a signal of some thousand counts on it: in float32 both are known to 128 counts only. */
  const LEVEL = 2 ** 30 + 1;
  const darkAt = (p: number): number => LEVEL + 37 * p;
  const signal = (e: number, p: number): number => 3000 + 17 * p + Math.round(e - 7000);

  test.each([
    ["int32", Int32Array],
    ["uint32", Uint32Array],
    ["float64", Float64Array],
  ] as const)("as %s keep a small signal on a large dark, summed or not", async (name, type) => {
    const sample = await recording(`big-${name}-s`, energies, (e, p) => darkAt(p) + signal(e, p), type);
    const more = await recording(`big-${name}-t`, energies, (e, p) => darkAt(p) + 2 * signal(e, p), type);
    const flat = await recording(`big-${name}-f`, energies, (e, p) => darkAt(p) + 3 * signal(e, p), type);
    const dark = await recording(`big-${name}-d`, energies, (_, p) => darkAt(p), type);
    const of = (files: string[]) => Cube.load({ sample: files, flat, dark });
    const all = Array.from({ length: SIZE * SIZE }, (_, p) => p);
    // Whole numbers below 2^53: exact. What comes out is float32: good to 6e-8 of the signal, and means to 2e-7.
    const exact = all.reduce((sum, p) => sum + signal(energies[1], p), 0) / all.length;
    const one = (await of([sample]).spectrum()).values[1];
    expect(Math.abs(one / exact - 1)).toBeLessThan(2e-7);
    const mean = (await of([sample, more]).average().spectrum()).values[1];
    expect(Math.abs(mean / (1.5 * exact) - 1)).toBeLessThan(2e-7);
    for (const chain of [of([sample]).absorb(), of([sample]).absorb().bin(2), of([sample]).bin(2).absorb()]) {
      const { values } = await chain.spectrum();
      for (const v of values) expect(Math.abs(v - Math.log(3))).toBeLessThan(2e-6);
    }
  });

  test("that add up from 16 bits are good to 1e-6 of what was counted", async () => {
    const file = await recording("sixteen", energies, (e, p) => 65000 - p - Math.round((e - 7000) / 2));
    const other = await recording("sixteen-b", energies, (e, p) => 60001 + p + Math.round((e - 7000) / 2));
    // 400 cubes: their sum is 2.5e7, more than 2^24.
    const sample = Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? file : other));
    const { values } = await Cube.load({ sample }).average().spectrum();
    for (const v of values) expect(Math.abs(v / 62500.5 - 1)).toBeLessThan(1e-6);
    const absorbed = await Cube.load({ sample, flat: file }).average().absorb().bin(4).spectrum();
    const direct = await Cube.load({ sample, flat: file }).average().absorb().spectrum();
    for (const [k, v] of absorbed.values.entries()) expect(Math.abs(v - direct.values[k])).toBeLessThan(2e-6);
  });
});

describe("what is not meant", () => {
  test("is no choice of the demonstration, and null none of a default", async () => {
    for (const from of [new URL("file:///a"), Promise.resolve("a"), new Map(), { part: null }, null, 3, []]) {
      expect(() => Cube.load(from as never)).toThrow(/^Cube\.load: expected/);
    }
    const files = await scan("meant", 7112, axis(7000, 7200));
    for (const path of [5, null, {}, new URL("file:///a"), [null], ""]) {
      for (const option of ["sample", "flat", "foil", "dark"]) {
        expect(() => Cube.load({ ...files, [option]: path })).toThrow(/^Cube\.load: expected (a value of )?/);
        expect(() => Cube.load({ ...files, [option]: path })).toThrow(option);
      }
    }
    for (const option of ["sample", "flat", "foil", "dark"]) {
      expect(() => Cube.load({ ...files, [option]: [] })).toThrow(
        `expected ${option} files, got an empty list`,
      );
    }
    // A file where the folder of a pattern should be.
    expect(() => Cube.load({ sample: join(files.sample as string, "*.edf") })).toThrow(FileError);
    expect(() => Cube.load({ ...files, edge: null as never })).toThrow("expected a value of edge, got null");
    expect(() => Cube.load(files.sample)).toThrow(`Cube.load({ sample: "${files.sample}" })`);
    const cube = Cube.load({ ...files, flux: 1e12, pixelSize: 5 });
    for (const option of ["flux", "convention"]) {
      expect(() => cube.doseRate(rockCell(), { [option]: null })).toThrow(`expected a value of ${option}`);
    }
    const rate = cube.doseRate(rockCell(), { fluxEnergy: null });
    expect(() => rate.dose({ seconds: null as never })).toThrow("expected a value of seconds");
  });

  test("are energies in another unit, or of another scan than the file's", async () => {
    const energies = axis(7000, 7200);
    const files = await scan("other", 7112, energies);
    const load = (list: readonly number[]) => Cube.load({ ...files, energies: list });
    expect(() => load(energies.map((e) => e * 1e3))).toThrow("expected energies in eV");
    expect(() => load(energies.map((e) => e / 1e3))).toThrow("look like keV");
    expect(() => load(energies.toReversed())).toThrow("got 7200 eV to 7000 eV where the file has 7000 eV");
    expect(() => load([...energies.slice(0, -1), 7216])).toThrow("got 7216 eV where the file has 7200 eV");
    expect(load(energies.map((e) => e + 3)).schema.energies[0]).toBe(7003);
    // Headers in keV without a unit: what energies are given for.
    const sample = await recording("in-keV", [7, 7.1, 7.2], () => 100);
    expect(Cube.load({ sample, energies: [7000, 7100, 7200] }).schema.energies).toEqual([7000, 7100, 7200]);
  });
});

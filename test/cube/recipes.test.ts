import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, describe as group, test } from "vitest";
import {
  ArgumentError,
  Cube,
  describe,
  FileError,
  SchemaError,
  writeEdf,
  writeHdf5,
} from "../../lib/index.js";
import { openRecipe, recipeNames } from "../../lib/io/recipe.js";
import { buildXrm } from "../support/compound-builder.js";
import { peer, python, shared } from "../support/peers.js";

const folder = mkdtempSync(join(tmpdir(), "operandose-recipes-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const energies = [8300, 8320, 8333.5, 8345, 8360, 8400];
const n = energies.length;
const [rows, columns] = [3, 4];
const size = rows * columns;
const DARK = 100;
/** Absorbance of each pixel and energy: what every layout has to give back. */
const mu = (k: number, p: number): number => 0.3 + 0.1 * k + 0.01 * p;
const beam = (p: number): number => 20_000 + 500 * p;
const stack = (of: (k: number, p: number) => number): Float32Array =>
  Float32Array.from({ length: n * size }, (_, i) => of(Math.floor(i / size), i % size));
const flat = stack((_, p) => beam(p) + DARK);
const sample = stack((k, p) => beam(p) * Math.exp(-mu(k, p)) + DARK);
const dark = new Float32Array(size).fill(DARK);
const shape = [n, rows, columns];
const keV = Float64Array.from(energies, (energy) => energy / 1000);

/** The absorbance of every pixel; float32 counts of 2e4 are exact to 1e-7. */
async function expectAbsorbance(cube: Cube, scale = 0): Promise<void> {
  const { data } = await cube.absorb().average().compute();
  const expected = Array.from(stack((k, p) => mu(k, p) - scale));
  expect(Array.from(data, (value) => Number(value))).toHaveLength(n * size);
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - data[i])));
  expect(worst).toBeLessThan(1e-5);
}

group("recipes of the library", () => {
  test("are valid, and named as their files", () => {
    expect(recipeNames()).toEqual([
      "aps-data-exchange",
      "esrf-bliss",
      "nsls2-fxi",
      "soleil-scan-data",
      "ssrl-txm",
    ]);
    for (const name of recipeNames()) expect(openRecipe("test", name).name).toBe(name);
    const docs = readFileSync(resolve(import.meta.dirname, "../../docs/recipes.md"), "utf8");
    for (const name of recipeNames()) expect(docs).toContain(`| \`${name}\` |`);
  });

  test("NSLS-II FXI: a transmission, energies in keV, pixel size as text", async () => {
    const T = stack((k, p) => Math.exp(-mu(k, p)));
    await writeHdf5(at("fxi.h5"), {
      datasets: {
        "/img_xanes": { data: T, shape },
        "/img_bkg": { data: flat, shape },
        "/img_dark": { data: dark, shape: [1, rows, columns] },
        "/X_eng": { data: keV },
        "/Pixel Size": { data: "20.5nm" },
      },
    });
    const cube = Cube.load({ recipe: "nsls2-fxi", path: at("fxi.h5") });
    expect(cube.schema.energies).toEqual(energies);
    expect(cube.schema.pixelSize).toBe(0.0205);
    await expectAbsorbance(cube);
    // Divided once more, every absorbance would be that of the beam.
    const raw = Cube.load({ recipe: "nsls2-fxi", path: at("fxi.h5"), sampleIs: "counts", saturation: 1e9 });
    const { values } = await raw.absorb().spectrum();
    expect(values.every((value) => !(Math.abs(value - mu(0, 5)) < 1))).toBe(true);
    const again = Cube.from(JSON.parse(JSON.stringify(cube.absorb().plan)));
    expect(again.schema.quantity).toBe("absorbance");
  });

  test("APS Data Exchange", async () => {
    await writeHdf5(at("aps.h5"), {
      datasets: {
        "/exchange/data": { data: sample, shape },
        "/exchange/data_white": { data: flat, shape },
        "/exchange/data_dark": { data: dark, shape: [1, rows, columns] },
        "/exchange/energy": { data: keV },
      },
    });
    await expectAbsorbance(Cube.load({ recipe: "aps-data-exchange", path: at("aps.h5") }));
    const found = await describe(at("aps.h5"));
    expect(found.facts.recipe).toContain("aps-data-exchange");
    expect(found.code).toContain(
      `Cube.load({ recipe: "aps-data-exchange", path: ${JSON.stringify(at("aps.h5"))}`,
    );
    expect(found.missing.map((one) => one.split(/[: ]/)[0])).not.toContain("flat");
  });

  test("SOLEIL scan_data: the flat of another file, by its path alone", async () => {
    for (const [name, data] of Object.entries({ sample, flat })) {
      await writeHdf5(at(`soleil-${name}.nxs`), {
        datasets: {
          [`/scan_${name}/scan_data/data_01`]: { data, shape },
          [`/scan_${name}/scan_data/data_02`]: { data: Float64Array.from(energies) },
          [`/scan_${name}/scan_data/actuator_1_1`]: { data: Float64Array.from(energies) },
        },
      });
    }
    await writeEdf(at("dark.edf"), [{ header: {}, shape: [rows, columns], data: dark }]);
    const options = { recipe: "soleil-scan-data", path: at("soleil-sample.nxs") };
    await expectAbsorbance(Cube.load({ ...options, flat: at("soleil-flat.nxs"), dark: at("dark.edf") }));
    expect((await describe(at("soleil-sample.nxs"))).missing[0]).toContain("flat");
  });

  test("SSRL: energies in names, references beside, one sample of several", async () => {
    const inside = at("txm");
    mkdirSync(inside);
    const put = (name: string, data: Float32Array, k: number, exposure: number) =>
      writeFileSync(
        join(inside, name),
        buildXrm([Uint16Array.from(data.subarray(k * size, (k + 1) * size))], [rows, columns], {
          exposure: [exposure],
        }),
      );
    for (const [k, energy] of [8324, 8354].entries()) {
      const eV = `0${energy}.0_eV`;
      put(`rep01_20161456_cell-a_${eV}_001of001.xrm`, sample, k, 0.5);
      put(`rep01_000051_ref_20161456_cell-a_${eV}_001of001.xrm`, flat, k, 0.25);
      put(`rep01_20161456_cell-b_${eV}_001of001.xrm`, flat, k, 0.5);
    }
    const options = { recipe: "ssrl-txm", path: inside };
    expect(() => Cube.load(options)).toThrow('choose one with { values: { name: "cell-a" } }');
    expect((await describe(inside)).facts["as a scan"]).toContain("choose one");
    const cube = Cube.load({ ...options, values: { name: "cell-a" } });
    expect(cube.schema.energies).toEqual([8324, 8354]);
    const { values } = await cube.absorb().spectrum();
    // No dark, and twice the exposure of the flat: counts of 16 bits are rounded by 1e-4 at most.
    const mean = Array.from({ length: size }, (_, p) => Math.log((2 * (beam(p) + DARK)) / sample[p]));
    expect(values[0]).toBeCloseTo(mean.reduce((a, b) => a + b) / size, 3);
  });

  test("SSRL: real files, with the optical density that was computed from them", async (context) => {
    peer("../shared/data/txm-ssrl")(context);
    const cube = Cube.load({ recipe: "ssrl-txm", path: shared("../shared/data/txm-ssrl") });
    expect([cube.schema.energies, cube.schema.times.length]).toEqual([[8324, 8354], 2]);
    const { values } = await cube.average().absorb().spectrum();
    // The logarithm of mean images against the mean of logarithms: 0.1 %.
    expect(Math.abs(values[0] / 1.08142 - 1)).toBeLessThan(2e-3);
    expect(Math.abs(values[1] / 1.19174 - 1)).toBeLessThan(2e-3);
  });
});

group("ESRF BLISS", () => {
  const scan = (
    name: string,
    title: string,
    data: Float32Array,
    eV: ArrayLike<number>,
    exposure: number,
  ) => ({
    [`/${name}/title`]: { data: title },
    [`/${name}/instrument/pco/data`]: { data, shape: [data.length / size, rows, columns] },
    [`/${name}/instrument/positioners/energy`]: { data: Float64Array.from(eV) },
    [`/${name}/instrument/pco/acq_parameters/acq_expo_time`]: { data: Float64Array.of(exposure) },
    [`/${name}/instrument/machine/current`]: { data: Float64Array.of(180), attributes: { units: "mA" } },
  });
  const twice = stack((k, p) => 2 * beam(p) * Math.exp(-mu(k, p)) + DARK);

  beforeAll(async () => {
    await writeHdf5(at("bliss.h5"), {
      datasets: {
        ...scan("1.1", "dark images", new Float32Array(2 * size).fill(DARK), [8.3], 0.2),
        ...scan("2.1", "flat", flat, keV, 0.1),
        ...scan("3.1", "fscan energy 8.3 8.4", twice, keV, 0.2),
        ...scan("4.1", "fscan energy 8.3 8.4", twice, keV, 0.2),
        ...scan("5.1", "ascan samz", flat.slice(0, 2 * size), [8.3], 0.1),
      },
    });
  });

  test("scans by their titles, with exposures; a series of two; one by its number", async () => {
    const cube = Cube.load({ recipe: "esrf-bliss", path: at("bliss.h5") });
    expect(cube.schema.times).toHaveLength(2);
    await expectAbsorbance(cube);
    const one = Cube.load({ recipe: "esrf-bliss", path: at("bliss.h5"), values: { scan: "4.1" } });
    expect(one.schema.times).toHaveLength(1);
    await expectAbsorbance(one);
    // A scan whose title does not tell that it is the flat is given as one, and is then no sample.
    const flatAs = (path: string) => `${path}::/2.1/instrument/pco/data`;
    await writeHdf5(at("untitled.h5"), {
      datasets: {
        ...scan("1.1", "dark", new Float32Array(size).fill(DARK), [8.3], 0.2),
        ...scan("2.1", "fscan energy", flat, keV, 0.1),
        ...scan("3.1", "fscan energy", twice, keV, 0.2),
      },
    });
    const untitled = { recipe: "esrf-bliss", path: at("untitled.h5"), flat: flatAs(at("untitled.h5")) };
    expect(Cube.load(untitled).schema.times).toHaveLength(1);
    await expectAbsorbance(Cube.load(untitled));
    // With other exposures, the same counts are another absorbance.
    const other = Cube.load({
      recipe: "esrf-bliss",
      path: at("bliss.h5"),
      exposure: { sample: 0.2, flat: 0.2 },
    });
    await expectAbsorbance(other, Math.log(2));
  });

  test("a collection file with external links, LImA's chunk files behind a virtual dataset (h5py)", async (context) => {
    peer("h5py")(context);
    python(
      `import h5py, sys
d = sys.argv[1]
with h5py.File(d + "/bliss.h5") as f: images = f["/3.1/instrument/pco/data"][()]
for k in range(2):
    with h5py.File(d + "/pco_000%d.h5" % k, "w") as f: f["/entry_0000/measurement/data"] = images[3 * k : 3 * k + 3]
layout = h5py.VirtualLayout(shape=images.shape, dtype=images.dtype)
for k in range(2):
    layout[3 * k : 3 * k + 3] = h5py.VirtualSource("pco_000%d.h5" % k, "/entry_0000/measurement/data", shape=(3,) + images.shape[1:])
with h5py.File(d + "/bliss.h5") as old, h5py.File(d + "/dataset.h5", "w") as f:
    for name in ["1.1", "2.1", "3.1"]: old.copy(name, f)
    del f["/3.1/instrument/pco/data"]
    f.create_virtual_dataset("/3.1/instrument/pco/data", layout)
    f["/3.1/measurement/pco"] = h5py.SoftLink("/3.1/instrument/pco/data")
with h5py.File(d + "/collection.h5", "w") as f:
    for name in ["1.1", "2.1", "3.1"]: f[name] = h5py.ExternalLink("dataset.h5", "/" + name)`,
      { args: [folder] },
    );
    const cube = Cube.load({ recipe: "esrf-bliss", path: at("collection.h5") });
    await expectAbsorbance(cube);
    const found = await describe(at("collection.h5"));
    expect(found.facts.recipe).toContain("esrf-bliss");
    expect(found.facts.flat).toContain("/2.1/instrument/pco/data");
    rmSync(at("pco_0001.h5"));
    await expect(cube.absorb().spectrum()).rejects.toBeInstanceOf(FileError);
    expect(() => Cube.load({ recipe: "esrf-bliss", path: at("collection.h5") })).toThrow(FileError);
  });

  test("what could be meant in several ways, or differs between scans, is refused", async () => {
    const load = (path: string, more = {}) => Cube.load({ recipe: "esrf-bliss", path: at(path), ...more });
    const second = scan("3.1", "fscan energy", twice, keV, 0.2);
    await writeHdf5(at("two-cameras.h5"), {
      datasets: {
        ...second,
        "/3.1/instrument/marana/data": { data: twice, shape },
      },
    });
    expect(() => load("two-cameras.h5")).toThrow("one detector in");
    expect(load("two-cameras.h5", { values: { detector: "pco" } }).schema.energies).toEqual(energies);
    await writeHdf5(at("other-energies.h5"), {
      datasets: {
        ...second,
        ...scan(
          "4.1",
          "fscan energy",
          twice,
          keV.map((e) => e + 0.01),
          0.2,
        ),
      },
    });
    expect(() => load("other-energies.h5")).toThrow("choose scans with { values }");
    await writeHdf5(at("no-energies.h5"), { datasets: scan("3.1", "ascan samz", twice, [8.3], 0.2) });
    expect(() => load("no-energies.h5")).toThrow("expected images with their energies");
    await writeHdf5(at("nan.h5"), {
      datasets: scan(
        "3.1",
        "fscan",
        twice,
        keV.map((e, k) => (k === 2 ? Number.NaN : e)),
        0.2,
      ),
    });
    expect(() => load("nan.h5")).toThrow("expected numbers for energies");
    await writeHdf5(at("ev.h5"), { datasets: scan("3.1", "fscan", twice, energies, 0.2) });
    expect(() => load("ev.h5")).toThrow("energies in eV");
  });
});

group("recipes of one's own", () => {
  const mine = {
    format: "operandose-recipe",
    version: 1,
    name: "mine",
    title: "mine",
    files: "scan_*.h5",
    sample: { dataset: "/{entry}/images" },
    flat: { files: "flat_*.h5", dataset: "/{entry}/images" },
    energies: { dataset: "/{entry}/energy", unit: "eV" },
    exposure: { dataset: "/{entry}/exposure", unit: "ms" },
    pixelSize: { value: 650, unit: "nm" },
  };
  const write = (name: string, content: unknown): string => {
    writeFileSync(at(name), JSON.stringify(content));
    return at(name);
  };

  test("a folder as a series, with exposures in ms", async () => {
    const inside = at("mine");
    mkdirSync(inside);
    const file = (data: Float32Array, exposure: number) => ({
      datasets: {
        "/e/images": { data: data.map((value) => value - DARK), shape },
        "/e/energy": { data: Float64Array.from(energies) },
        "/e/exposure": { data: Float64Array.of(exposure) },
      },
    });
    for (const k of [9, 10]) await writeHdf5(join(inside, `scan_${k}.h5`), file(sample, 20));
    await writeHdf5(join(inside, "flat_1.h5"), file(flat, 10));
    const recipe = write("mine.json", mine);
    const cube = Cube.load({ recipe, path: inside });
    expect(cube.schema.times).toHaveLength(2);
    expect(cube.schema.pixelSize).toBe(0.65);
    await expectAbsorbance(cube, -Math.log(2));
    const { what, facts } = await describe(recipe);
    expect([what, facts.sample]).toEqual(["recipe", "/{entry}/images"]);
  });

  test.each([
    ["another format", { ...mine, format: "x" }, "format"],
    ["a misspelled entry", { ...mine, energys: 1 }, "energys"],
    ["a unit of another quantity", { ...mine, energies: { dataset: "/e", unit: "s" } }, "energies"],
    ["an expression that is none", { ...mine, sample: { dataset: "/e", where: { "/t": "(" } } }, "where"],
    ["a placeholder that is not there", { ...mine, choose: ["camera"] }, "choose[0]"],
    ["no sample", { ...mine, sample: undefined }, "sample"],
    ["a list", [], "the whole file"],
  ])("%s is refused with its place", (_, content, place) => {
    const path = write("bad.json", content);
    const load = () => Cube.load({ recipe: path, path: folder });
    expect(load).toThrow(FileError);
    expect(load).toThrow(place);
  });

  test("what is no recipe, and values of no placeholder", () => {
    writeFileSync(at("no.json"), "{");
    expect(() => Cube.load({ recipe: at("no.json"), path: folder })).toThrow("expected a recipe in JSON");
    const load = (more: object) =>
      Cube.load({ recipe: "esrf-bliss", path: at("bliss.h5"), ...more } as never);
    expect(() => load({ recipe: "esrf-blis" })).toThrow("esrf-bliss");
    expect(() => load({ recipe: "esrf-blis" })).toThrow(ArgumentError);
    for (const values of [{ scann: "3.1" }, { scan: 3.1 }, { scan: [] }, "3.1", []]) {
      expect(() => load({ values })).toThrow("expected values for the placeholders");
    }
    expect(() => load({ path: at("none.h5") })).toThrow(FileError);
    expect(() => load({ path: undefined })).toThrow("expected path");
    expect(() => load({ values: { scan: "99.1" } })).toThrow("as the recipe esrf-bliss has them");
  });
});

group("exposures and ring currents beside files", () => {
  const frames = (data: Float32Array, header: object = {}) =>
    energies.map((energy, k) => ({
      header: { energy, ...header },
      shape: [rows, columns] as const,
      data: data.slice(k * size, (k + 1) * size).map((value) => value - DARK),
    }));

  test("are one number, a list, or a list for each file; in one header only they are refused", async () => {
    await writeEdf(at("s1.edf"), frames(sample));
    await writeEdf(at("s2.edf"), frames(sample.map((value) => 2 * (value - DARK) + DARK)));
    await writeEdf(at("f.edf"), frames(flat));
    const files = { sample: [at("s1.edf"), at("s2.edf")], flat: at("f.edf") };
    const ones = energies.map(() => 1);
    const exposure = { sample: [ones, ones.map(() => 2)], flat: 1 };
    await expectAbsorbance(Cube.load({ ...files, exposure }));
    const currents = { sample: ones.map(() => 100), flat: 200 };
    await expectAbsorbance(Cube.load({ ...files, exposure, ringCurrent: currents }), Math.log(2));
    const half = Cube.load({ ...files, exposure: { sample: 1 } });
    await expect(half.absorb().spectrum()).rejects.toThrow("exposure_time > 0");
    for (const wrong of [0, -1, Number.NaN, [], "1", [[1]]]) {
      expect(() => Cube.load({ ...files, exposure: { sample: wrong as never, flat: 1 } })).toThrow(
        ArgumentError,
      );
    }
    expect(() => Cube.load({ ...files, exposure: { sample: [1, 2], flat: 1 } })).toThrow(SchemaError);
    await writeEdf(at("stated.edf"), frames(sample, { exposure_time: 0.5 }));
    expect(() => Cube.load({ sample: at("stated.edf"), exposure: { sample: 0.4 } })).toThrow("leave it out");
    expect(Cube.load({ sample: at("stated.edf"), exposure: { sample: 0.5 } }).schema.energies).toEqual(
      energies,
    );
  });

  test("a transmission needs the flat that it was divided by", async () => {
    await writeEdf(at("t.edf"), frames(stack((k, p) => Math.exp(-mu(k, p)) + DARK)));
    await writeEdf(at("i0.edf"), frames(flat, { exposure_time: 0.5 }));
    await expectAbsorbance(Cube.load({ sample: at("t.edf"), flat: at("i0.edf"), sampleIs: "transmission" }));
    expect(() => Cube.load({ sample: at("t.edf"), sampleIs: "transmission" })).toThrow(
      "the flat that the transmission",
    );
    expect(() => Cube.load({ sample: at("t.edf"), sampleIs: "mu" as never })).toThrow("sampleIs");
    await writeEdf(at("few.edf"), frames(flat).slice(0, 3));
    const wrong = () => Cube.load({ sample: at("t.edf"), flat: at("few.edf"), sampleIs: "transmission" });
    await expect((async () => wrong().absorb().spectrum())()).rejects.toBeInstanceOf(FileError);
  });
});

test("no leftovers: recipes are the JSON files of data/recipes", () => {
  const files = readdirSync(resolve(import.meta.dirname, "../../data/recipes"));
  expect(files.every((name) => name.endsWith(".json"))).toBe(true);
});

// Which cubes files hold: one per file, a series in one file, one image in each file. All give the numbers that
// the same images give as one multi-frame EDF file per cube.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Cube, OperandoseError } from "../../lib/index.js";
import { readEdf, writeEdf } from "../../lib/io/edf.js";
import { writeHdf5 } from "../../lib/io/hdf5-writer.js";
import { naive } from "../support/naive/executor.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "operandose-recordings-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const ROWS = 6;
const COLUMNS = 5;
const energies = Array.from({ length: 12 }, (_, k) => 8320 + 2.5 * k);

/** Counts of one image: different for each pixel, energy and cube. */
function image(k: number, cube: number): Uint16Array {
  const step = 1 / (1 + Math.exp(-(energies[k] - 8335) / 3));
  return Uint16Array.from({ length: ROWS * COLUMNS }, (_, p) =>
    Math.round((20000 + 37 * p) * Math.exp(-0.3 - (0.5 + 0.1 * cube) * step)),
  );
}
const flatImage = (): Uint16Array => Uint16Array.from({ length: ROWS * COLUMNS }, (_, p) => 30000 + 41 * p);

const shape = [ROWS, COLUMNS] as const;

/** The multi-frame files that everything is compared with: two cubes and a flat. */
async function plain() {
  const [sample, flat] = [[0, 1].map((c) => join(folder, `plain-${c}.edf`)), join(folder, "plain-flat.edf")];
  for (const [c, path] of sample.entries()) {
    await writeEdf(
      path,
      energies.map((energy, k) => ({ header: { energy }, shape, data: image(k, c) })),
    );
  }
  await writeEdf(
    flat,
    energies.map((energy) => ({ header: { energy }, shape, data: flatImage() })),
  );
  return { sample, flat };
}

/** One EDF header and numbers: several dimensions, as writeEdf does not write them. */
function block(lines: readonly string[], images: readonly Uint16Array[]): Buffer {
  const dimensions = [`Dim_1 = ${COLUMNS}`, `Dim_2 = ${ROWS}`];
  const text = `{\n${["ByteOrder = LowByteFirst", "DataType = UnsignedShort", ...dimensions, ...lines].map((line) => `${line} ;\n`).join("")}`;
  const header = Buffer.from(`${text.padEnd(Math.ceil((text.length + 2) / 512) * 512 - 2)}}\n`);
  return Buffer.concat([header, ...images.map((data) => Buffer.from(data.buffer))]);
}

function put(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Absorbance of all pixels, one list for each cube: [energies x rows x columns]. */
async function spectraOf(cube: Cube): Promise<number[][]> {
  const { data, shape } = await cube.absorb().compute();
  const size = data.length / shape[0];
  return Array.from({ length: shape[0] }, (_, c) => Array.from(data.subarray(c * size, (c + 1) * size)));
}

/** The same by the naive executor, which holds whole cubes in memory; to the rounding of float32. */
async function expectNaive(cube: Cube, found: readonly (readonly number[])[]): Promise<void> {
  const { spectra } = await naive(cube.absorb().plan);
  for (const [c, pixels] of spectra.entries()) {
    for (const [p, spectrum] of pixels.entries()) {
      for (const [k, value] of spectrum.entries()) {
        expect(Math.abs(found[c][k * ROWS * COLUMNS + p] - value)).toBeLessThan(1e-6);
      }
    }
  }
}

function message(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof OperandoseError) return error.message;
    throw error;
  }
  return "no error";
}

const both = (order: "time" | "energy"): Uint16Array[] =>
  order === "time"
    ? [0, 1].flatMap((c) => energies.map((_, k) => image(k, c)))
    : energies.flatMap((_, k) => [0, 1].map((c) => image(k, c)));

describe("EDF in three and four dimensions", () => {
  const first = energies.map((_, k) => image(k, 0));
  const flats = energies.map(flatImage);

  test("Dim_3 counts energies: given, in the header, or in a text file", async () => {
    const reference = await spectraOf(Cube.load(await plain()));
    const flat = put("flat-3d.edf", block([`Dim_3 = ${energies.length}`], flats));
    const sample = put("3d.edf", block([`Dim_3 = ${energies.length}`], first));
    const listed = [`Dim_3 = ${energies.length}`, `energy = ${energies.join(" ")}`];
    const inHeader = put("3d-energies.edf", block(listed, first));
    const text = put("energies.txt", `# eV\n${energies.join("\n")}\n`);
    const table = put("table.csv", `image,energy_eV\n${energies.map((e, k) => `${k},${e}`).join("\n")}\n`);
    const cubes = [
      Cube.load({ sample, flat, energies }),
      Cube.load({ sample: inHeader, flat }),
      Cube.load({ sample, flat, energies: text }),
      Cube.load({ sample, flat, energies: table }),
    ];
    for (const cube of cubes) {
      expect(cube.schema.energies).toEqual(energies);
      expect(await spectraOf(cube)).toEqual([reference[0]]);
    }
    expect((await readEdf(inHeader)).frames[3].header.energy).toBe(String(energies[3]));
    await expectNaive(cubes[0], reference);
    expect(message(() => Cube.load({ sample, flat }))).toMatch(
      /one energy in eV for each of the 12 frames of .*3d\.edf, got no energy in the headers; give \{ energies \}/,
    );
    expect(message(() => Cube.load({ sample, flat, energies: energies.slice(1) }))).toMatch(
      /one energy in eV for each of the 12 frames/,
    );
    const two = put("two.csv", "a,b\n1,2\n");
    expect(message(() => Cube.load({ sample, flat, energies: two }))).toMatch(/got 2 columns \("a", "b"\)/);
  });

  test("Dim_4 counts cubes", async () => {
    const reference = await spectraOf(Cube.load(await plain()));
    const flat = put("flat-4.edf", block([`Dim_3 = ${energies.length}`], flats));
    const lines = [`Dim_3 = ${energies.length}`, "Dim_4 = 2"];
    const sample = put("4d.edf", block(lines, both("time")));
    const cube = Cube.load({ sample, flat, energies, period: 11 });
    expect(cube.schema.times).toEqual([
      { start: 0, end: 11, cubes: 1 },
      { start: 11, end: 22, cubes: 1 },
    ]);
    expect(await spectraOf(cube)).toEqual(reference);
    // A series that was stopped: the cubes that are whole.
    const bytes = block(lines, both("time"));
    const cut = put("4d-cut.edf", bytes.subarray(0, bytes.length - 3 * 2 * ROWS * COLUMNS));
    expect(message(() => Cube.load({ sample: cut, flat, energies }))).toMatch(
      /expected .* bytes of data, got/,
    );
    const kept = Cube.load({ sample: cut, flat, energies, incomplete: "keep" });
    expect(await spectraOf(kept)).toEqual([reference[0]]);
  });

  test("a list of images: in the order that is named, never guessed", async () => {
    const reference = await spectraOf(Cube.load(await plain()));
    const flat = put("flat-list.edf", block([`Dim_3 = ${energies.length}`], flats));
    for (const slow of ["time", "energy"] as const) {
      const sample = put(`list-${slow}.edf`, block(["Dim_3 = 24"], both(slow)));
      expect(message(() => Cube.load({ sample, flat, energies }))).toMatch(
        /one energy in eV for each of the 24 frames of .*, or \{ axes: \["time", "energy", "y", "x"\] \}/,
      );
      const fast = slow === "time" ? "energy" : "time";
      const named = Cube.load({ sample, flat, energies, axes: [slow, fast, "y", "x"] });
      expect(await spectraOf(named)).toEqual(reference);
    }
    const sample = join(folder, "list-time.edf");
    expect(message(() => Cube.load({ sample, flat, energies, axes: ["y", "x", "energy"] }))).toMatch(
      /expected axes of a list of images, .* got y x energy/,
    );
    expect(message(() => Cube.load({ sample, flat, energies, axes: ["energy", "y"] as never }))).toMatch(
      /expected axes as a list of "energy", "y", "x"/,
    );
    expect(message(() => Cube.load({ sample, flat, axes: ["time", "energy", "y", "x"] }))).toMatch(
      /expected \{ energies \} beside \{ axes \}/,
    );
  });
});

describe("one image in each file", () => {
  const write = async (
    under: string,
    name: (k: number, c: number) => string,
    header: (k: number) => object,
  ) => {
    mkdirSync(join(folder, under), { recursive: true });
    for (const c of [0, 1]) {
      for (const k of energies.keys()) {
        const path = join(folder, under, name(k, c));
        await writeEdf(path, [{ header: { ...header(k) }, shape, data: image(k, c) }]);
      }
    }
  };

  test("energies from headers, names, a list or a text file; sorted naturally", async () => {
    const { flat } = await plain();
    const reference = await spectraOf(Cube.load(await plain()));
    await write(
      "headers",
      (k, c) => `scan${c}_${k}.edf`,
      (k) => ({ energy: energies[k] }),
    );
    await write(
      "names",
      (k, c) => `rep0${c}_x_0${energies[k].toFixed(1)}_eV_001.edf`,
      () => ({}),
    );
    await write(
      "none",
      (k, c) => `scan${c}_${k}.edf`,
      () => ({}),
    );
    await write(
      "keV",
      (k, c) => `s${c}_${(energies[k] / 1000).toFixed(4)}keV.edf`,
      () => ({}),
    );
    const list = [...energies, ...energies];
    const text = put("list.txt", list.join("\n"));
    for (const [under, given] of [
      ["headers", undefined],
      ["names", undefined],
      ["keV", undefined],
      ["none", list],
      ["none", text],
    ] as const) {
      const options = { sample: join(folder, under, "*.edf"), flat, ...(given && { energies: given }) };
      const cube = Cube.load(options);
      expect(cube.schema.energies).toEqual(energies);
      expect(await spectraOf(cube)).toEqual(reference);
      expect(await spectraOf(Cube.load({ ...options, frames: "files" }))).toEqual(reference);
      await expectNaive(cube, reference);
    }
    expect(message(() => Cube.load({ sample: join(folder, "none", "*.edf"), flat }))).toMatch(
      /expected the energy of each of the 24 files of the sample, got none in the header and in the name of/,
    );
    expect(message(() => Cube.load({ sample: join(folder, "none", "*.edf"), flat, energies }))).toMatch(
      /expected one energy for each of the 24 files of the sample, got 12/,
    );
    expect(message(() => Cube.load({ sample: join(folder, "names", "*.edf"), frames: "cubes" }))).toMatch(
      /got 1 image in/,
    );
  });

  test("a flat of single images, with its own energies or those of the sample; a dark of several", async () => {
    const reference = await spectraOf(Cube.load(await plain()));
    mkdirSync(join(folder, "flats"), { recursive: true });
    for (const k of energies.keys()) {
      for (const [under, header] of [
        ["own", { energy: energies[k] }],
        ["other", {}],
      ] as const) {
        await writeEdf(join(folder, "flats", `${under}_${k}.edf`), [{ header, shape, data: flatImage() }]);
      }
    }
    const sample = join(folder, "headers", "*.edf");
    for (const under of ["own", "other"]) {
      const cube = Cube.load({ sample, flat: join(folder, "flats", `${under}_*.edf`) });
      expect(await spectraOf(cube)).toEqual(reference);
    }
  });

  test("contradictions, stopped scans and stacks among single images are refused", async () => {
    const { sample: stacks, flat } = await plain();
    mkdirSync(join(folder, "odd"), { recursive: true });
    const odd = (name: string) => join(folder, "odd", name);
    await writeEdf(odd("a_8400_eV.edf"), [{ header: { energy: 8333 }, shape, data: image(0, 0) }]);
    await writeEdf(odd("a_8410_eV.edf"), [{ header: { energy: 8410 }, shape, data: image(1, 0) }]);
    expect(message(() => Cube.load({ sample: odd("a_*.edf"), flat }))).toMatch(
      /got 8333 eV in its header and 8400 eV in its name/,
    );
    for (const [name, energy] of [
      ["b1", 8330],
      ["b2", 8340],
      ["b3", 8330],
    ] as const) {
      await writeEdf(odd(`${name}.edf`), [{ header: { energy }, shape, data: image(0, 0) }]);
    }
    expect(message(() => Cube.load({ sample: odd("b*.edf"), flat }))).toMatch(
      /equally many images at each energy, got 2 at 8330 eV and 1 at 8340 eV/,
    );
    expect(message(() => Cube.load({ sample: [odd("b1.edf"), ...stacks], frames: "files" }))).toMatch(
      /expected one image in each file, got 12 in/,
    );
    expect(message(() => Cube.load({ sample: odd("b1.edf"), flat }))).toMatch(
      /images at two energies or more/,
    );
    expect(
      message(() => Cube.load({ sample: [odd("b1.edf"), odd("b2.edf")], flat, energies: [8430, 8440] })),
    ).toMatch(/expected \{ energies \} within 15 eV of those of the files, got 8430 eV/);
  });

  test("a file that changes between loading and reading is refused", async () => {
    const { flat } = await plain();
    await write(
      "changes",
      (k, c) => `scan${c}_${k}.edf`,
      (k) => ({ energy: energies[k] }),
    );
    const cube = Cube.load({ sample: join(folder, "changes", "*.edf"), flat }).absorb();
    const [path] = [join(folder, "changes", "scan1_7.edf")];
    await writeEdf(path, [{ header: { energy: energies[7], other: 1 }, shape, data: image(0, 0) }]);
    await expect(cube.spectra()).rejects.toThrow(/got one that changed since it was loaded: .*scan1_7\.edf/);
  });

  test("HDF5 files with one image each", async () => {
    const reference = await spectraOf(Cube.load(await plain()));
    mkdirSync(join(folder, "hdf5"), { recursive: true });
    for (const k of energies.keys()) {
      await writeHdf5(join(folder, "hdf5", `image_${k}_${energies[k]}eV.h5`), {
        datasets: {
          "/entry/data/data": { data: image(k, 0), shape: k % 2 ? [ROWS, COLUMNS] : [1, ROWS, COLUMNS] },
        },
      });
    }
    const { flat } = await plain();
    const cube = Cube.load({ sample: join(folder, "hdf5", "*.h5"), flat });
    expect(await spectraOf(cube)).toEqual([reference[0]]);
  });
});

describe("HDF5 with its axes in another order", () => {
  const [H, W, N] = [ROWS, COLUMNS, energies.length];
  /** The value of every pixel, energy and cube, in an order of the axes. */
  const arranged = (axes: readonly string[], times: number): Uint16Array => {
    const lengths: Record<string, number> = { time: times, energy: N, y: H, x: W };
    const images = Array.from({ length: times }, (_, c) => energies.map((_, k) => image(k, c)));
    const shape = axes.map((axis) => lengths[axis]);
    return Uint16Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => {
      const at: Record<string, number> = { time: 0 };
      for (let a = axes.length - 1, rest = i; a >= 0; a--) {
        at[axes[a]] = rest % shape[a];
        rest = Math.floor(rest / shape[a]);
      }
      return images[at.time][at.energy][at.y * W + at.x];
    });
  };
  const lengthOf = { time: 2, energy: N, y: H, x: W } as const;
  const write = async (
    name: string,
    axes: readonly (keyof typeof lengthOf)[],
    options: object = {},
    list = true,
  ) => {
    const path = join(folder, `${name}.h5`);
    const data = arranged(axes, axes.includes("time") ? 2 : 1);
    await writeHdf5(path, {
      datasets: {
        "/entry/data/data": { data, shape: axes.map((axis) => lengthOf[axis]), ...options },
        "/other/stack": { data, shape: axes.map((axis) => lengthOf[axis]) },
        ...(list && { "/entry/data/energy": { data: Float64Array.from(energies) } }),
      },
    });
    return path;
  };

  test("recognized by the number of energies, or named", async () => {
    const { flat } = await plain();
    const reference = await spectraOf(Cube.load(await plain()));
    for (const [name, axes] of [
      ["energy-last", ["y", "x", "energy"]],
      ["energy-middle", ["y", "energy", "x"]],
      ["energy-first", ["energy", "y", "x"]],
    ] as const) {
      const sample = await write(name, axes);
      expect(await spectraOf(Cube.load({ sample, flat }))).toEqual([reference[0]]);
      expect(await spectraOf(Cube.load({ sample: `${sample}::/other/stack`, flat, energies }))).toEqual([
        reference[0],
      ]);
      expect(await spectraOf(Cube.load({ sample, flat, axes }))).toEqual([reference[0]]);
    }
    const series = await write("series", ["time", "energy", "y", "x"]);
    const cube = Cube.load({ sample: series, flat, period: 10 });
    expect(await spectraOf(cube)).toEqual(reference);
    await expectNaive(cube, reference);
    for (const axes of [
      ["energy", "time", "y", "x"],
      ["y", "x", "energy", "time"],
      ["x", "y", "time", "energy"],
    ] as const) {
      const sample = await write(axes.join("-"), axes);
      expect(message(() => Cube.load({ sample, flat }))).toMatch(
        /expected axes that can be told apart in "\/entry\/data\/data" .*; name them, as in \{ axes: /,
      );
      expect(await spectraOf(Cube.load({ sample, flat, axes }))).toEqual(reference);
    }
  });

  test("ambiguous shapes are asked for, contradictions refused", async () => {
    const path = join(folder, "cubic.h5");
    const data = new Uint16Array(4 * 4 * 4).fill(100);
    const four = [8320, 8330, 8340, 8350];
    await writeHdf5(path, { datasets: { "/other": { data, shape: [4, 4, 4] } } });
    expect(message(() => Cube.load({ sample: `${path}::/other`, energies: four }))).toMatch(
      /got 4 x 4 x 4 values and 4 energies; name them, as in \{ axes: \["y","x","energy"\] \}/,
    );
    const named = Cube.load({ sample: `${path}::/other`, energies: four, axes: ["y", "x", "energy"] });
    expect(named.schema).toMatchObject({ height: 4, width: 4, energies: four });
    const sample = await write("contradiction", ["energy", "y", "x"]);
    expect(message(() => Cube.load({ sample, axes: ["y", "x", "energy"] }))).toMatch(
      /got 5 values along the energy axis of 12 x 6 x 5 and 12 energies; correct \{ axes \}/,
    );
    expect(message(() => Cube.load({ sample, axes: ["time", "energy", "y", "x"] }))).toMatch(
      /give \{ axes \} with 3 names/,
    );
  });
});

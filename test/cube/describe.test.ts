import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, expect, describe as group, test } from "vitest";
import type { FileOptions } from "../../lib/cube/file-options.js";
import {
  Cube,
  describe,
  FileError,
  writeAthena,
  writeColumns,
  writeEdf,
  writeHdf5,
  writeMpt,
  writeXdi,
} from "../../lib/index.js";
import { buildXrm } from "../support/compound-builder.js";
import { smallExperiment } from "../support/small-experiment.js";
import { buildTiff } from "../support/tiff-builder.js";

const folder = mkdtempSync(join(tmpdir(), "operandose-describe-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const energies = [7080, 7110, 7120, 7130, 7160];
const image = (energy: number, count = 100) => ({
  header: { energy, exposure_time: 0.5 },
  shape: [2, 3] as const,
  data: new Uint16Array(6).fill(count),
});

group("describe: files", () => {
  test("EDF: axes, headers, what is missing, and a line that loads it", async () => {
    await writeEdf(
      at("scan.edf"),
      energies.map((energy) => image(energy)),
    );
    const { what, facts, missing, code } = await describe(at("scan.edf"));
    expect(what).toBe("images of a scan");
    expect(facts).toMatchObject({
      energies: "5, from 7080 to 7160 eV",
      image: "3 x 2 pixels (width x height)",
      edge: "Fe K, from the energies",
      images: "5 of 3 x 2 pixels, Uint16",
      "header exposure_time": "0.5",
    });
    expect(missing.map((one) => one.split(/[: ]/)[0])).toEqual([
      "flat",
      "pixelSize",
      "flux",
      "stack",
      "exposure",
    ]);
    expect(code).toContain(`Cube.load({ sample: ${JSON.stringify(at("scan.edf"))}, flat: "flat.edf"`);
  });

  test("EDF that ends too early, compressed EDF, and a single image", async () => {
    await writeEdf(
      at("whole.edf"),
      energies.map((energy) => image(energy)),
    );
    const bytes = readFileSync(at("whole.edf"));
    writeFileSync(at("short.edf"), bytes.subarray(0, bytes.length - 8));
    const short = await describe(at("short.edf"));
    expect(short.facts.images).toBe("4 of 3 x 2 pixels, Uint16");
    expect(short.facts.incomplete).toContain("12 bytes");
    writeFileSync(at("scan.edf.gz"), gzipSync(bytes));
    const packed = await describe(at("scan.edf.gz"));
    expect(packed.facts.compression).toContain("gzip");
    expect(packed.code).toContain("readEdf(");
    await writeEdf(at("one.edf"), [image(8340)]);
    const one = await describe(at("one.edf"));
    expect(one.facts["as a scan"]).toContain("two energies or more");
    expect(one.code).toContain("readEdf(");
  });

  test("TIFF and XRM", async () => {
    const pages = energies.map(() => new Uint16Array(6).fill(7));
    writeFileSync(at("stack.tif"), buildTiff(pages, [2, 3]));
    const stack = await describe(at("stack.tif"));
    expect(stack.facts.images).toBe("5 of 3 x 2 pixels, Uint16");
    expect(stack.facts["as a scan"]).toContain("give { energies }");
    expect(stack.missing[0]).toContain("energies");
    expect(stack.code).toContain('energies: "energies.txt"');
    writeFileSync(at("one.xrm"), buildXrm([new Uint16Array(6)], [2, 3], { energy: [8333] }));
    expect((await describe(at("one.xrm"))).facts).toMatchObject({ format: "XRM", "header energy": "8333" });
  });

  test("HDF5: shapes, types, units and single values, images first", async () => {
    await writeHdf5(at("scan.h5"), {
      datasets: {
        "/a/energy": { data: Float64Array.from(energies), attributes: { units: "eV" } },
        "/a/title": { data: "a scan" },
        "/a/frames": { data: new Uint16Array(30), shape: [5, 2, 3] },
      },
    });
    const { facts, what } = await describe(at("scan.h5"));
    expect(what).toBe("HDF5");
    expect(facts).toMatchObject({
      "/a/frames": "5 x 2 x 3, Uint16",
      "/a/energy": "5, Float64, eV",
      "/a/title": '"a scan", text',
    });
    expect(Object.keys(facts).indexOf("/a/frames")).toBeLessThan(Object.keys(facts).indexOf("/a/energy"));
    expect(facts["as a scan"]).toContain("describe(path) lists them");
  });

  test("tables and spectra", async () => {
    writeColumns(at("mu.csv"), {
      labels: ["energy_eV", "mu"],
      columns: [
        [8330, 8340],
        [0.1, 0.6],
      ],
    });
    expect((await describe(at("mu.csv"))).facts).toEqual({ rows: "2", columns: "energy_eV, mu" });
    writeMpt(at("cell.mpt"), { columns: { "time/s": [0, 60], "Ewe/V": [3.6, 3.61] } });
    const cell = await describe(at("cell.mpt"));
    expect([cell.facts.rows, cell.facts.columns]).toEqual(["2", "time/s, Ewe/V"]);
    expect(cell.code).toContain("loadElectrochemistry(");
    writeXdi(at("mu.xdi"), {
      columns: [
        { label: "energy", unit: "eV", data: [8330, 8340] },
        { label: "mutrans", data: [0.1, 0.6] },
      ],
      headers: { "Element.symbol": "Ni", "Element.edge": "K", "Mono.d_spacing": 3.13556 },
    });
    expect((await describe(at("mu.xdi"))).facts).toMatchObject({
      energies: "2, from 8330 to 8340 eV",
      "Element.symbol": "Ni",
    });
    await writeAthena(at("mu.prj"), [{ label: "foil", energy: [8320, 8330, 8340], mu: [0.1, 0.2, 1.1] }]);
    expect((await describe(at("mu.prj"))).facts.spectra).toBe("foil");
  });

  test("a long text is described from its beginning, in whole lines", async () => {
    const rows = Array.from({ length: 700_000 }, (_, k) => `${8000 + k / 1000} ${(k / 7).toFixed(6)}`);
    writeFileSync(at("long.dat"), `# energy mu\n${rows.join("\n")}\n`);
    const { facts } = await describe(at("long.dat"));
    expect(facts.columns).toBe("energy, mu");
    const [n, words] = [Number.parseInt(facts.rows, 10), facts.rows];
    expect(words).toContain("and more behind them");
    expect(n).toBeGreaterThan(300_000);
    expect(n).toBeLessThan(700_000);
  });

  test("what is unknown is said so; what is missing, empty or damaged is refused", async () => {
    writeFileSync(at("odd.bin"), Buffer.from([0, 1, 2, 3]));
    const odd = await describe(at("odd.bin"));
    expect([odd.what, odd.code]).toEqual(["file of a format that the library does not know", ""]);
    writeFileSync(at("empty"), "");
    writeFileSync(
      at("bad.h5"),
      Buffer.concat([Buffer.from("\x89HDF\r\n\x1a\n", "latin1"), Buffer.alloc(100, 9)]),
    );
    for (const path of [at("empty"), at("nothing.edf"), at("bad.h5")]) {
      await expect(describe(path)).rejects.toBeInstanceOf(FileError);
    }
    for (const path of ["", undefined, 3]) {
      await expect(describe(path as string)).rejects.toThrow("describe: expected the path");
    }
  });

  test("text from files cannot move a terminal's cursor", async () => {
    await writeHdf5(at("odd.h5"), { datasets: { "/title": { data: "\u001b[2J away" } } });
    const found = await describe(at("odd.h5"));
    expect(inspect(found)).not.toContain("\u001b");
    expect(String(found)).toContain("load it with:");
  });

  test("a sparse file of 1.5 GB is described from its index", async () => {
    const file = openSync(at("large.edf"), "w");
    const header =
      "{\nByteOrder = LowByteFirst ;\nDataType = UnsignedShort ;\nDim_1 = 1000 ;\nDim_2 = 1000 ;\nDim_3 = 750 ;\n";
    writeFileSync(file, `${header.padEnd(1022)}}\n`);
    ftruncateSync(file, 1024 + 2 * 750e6);
    closeSync(file);
    const before = process.memoryUsage().rss;
    expect((await describe(at("large.edf"))).facts.images).toBe("750 of 1000 x 1000 pixels, Uint16");
    // Far below the file; what the index and the engine take depends on the number of images.
    expect(process.memoryUsage().rss - before).toBeLessThan(3e8);
  });
});

/** What the code of a description gives to Cube.load. */
function optionsIn(code: string): FileOptions {
  const plain = code.replace("const cube = Cube.load(", "return (").replace("(pattern: RegExp)", "(pattern)");
  return new Function("readdirSync", "join", plain)(readdirSync, join);
}

group("describe: folders", () => {
  test("an experiment, its manifest, a saved cube, a plan", async () => {
    const small = smallExperiment();
    const found = await describe(small.folder);
    expect(found.what).toContain("experiment, ");
    expect((await describe(join(small.folder, "experiment.json"))).facts).toEqual(found.facts);
    const cube = Cube.load(small.folder).absorb().average();
    await cube.save(at("cube.zarr"));
    const saved = await describe(at("cube.zarr"));
    expect([saved.what, saved.facts.quantity]).toEqual(["saved cube", "absorbance"]);
    const plan = cube.savePlan(at("plan.json"), { root: small.folder });
    expect(await describe(plan)).toMatchObject({
      what: "plan of a cube",
      facts: { steps: "absorb, average" },
      code: `const cube = Cube.from(${JSON.stringify(plan)});`,
    });
  });

  test("single images with their flat and dark, by their names; the line loads them", async () => {
    const inside = at("images");
    mkdirSync(inside);
    for (const [k, energy] of energies.entries()) {
      await writeEdf(join(inside, `scan_${k}_${energy}_eV.edf`), [image(energy)]);
      await writeEdf(join(inside, `scan_flat_${k}_${energy}_eV.edf`), [image(energy, 200)]);
    }
    await writeEdf(join(inside, "dark.edf"), [image(8000, 10)]);
    writeFileSync(join(inside, "notes.bin"), Buffer.alloc(9));
    const { what, facts, missing, code } = await describe(inside);
    expect(what).toBe("folder of images");
    expect(facts.energies).toBe("5, from 7080 to 7160 eV");
    expect(facts["scan_*_*_eV.edf"]).toContain("5 files, the first: EDF");
    expect(facts["notes.bin"]).toContain("not read");
    expect(missing[0]).toContain("pixelSize");
    const options = optionsIn(code);
    expect(options.flat).toBe(join(inside, "scan_flat_*_*_eV.edf"));
    expect(Cube.load(options).absorb().schema).toMatchObject({ energies, times: [{ cubes: 1 }] });
    expect(facts.cubes).toBeUndefined();
  });

  test("a pattern that files of another role match, too, is never proposed", async () => {
    const inside = at("mixed");
    mkdirSync(inside);
    for (const [k, energy] of energies.entries()) {
      await writeEdf(join(inside, `scan_${energy}.edf`), [image(energy)]);
      await writeEdf(join(inside, `scan_${energy}_ref.edf`), [image(energy, 200)]);
      await writeEdf(join(inside, `${k}_${energy}_b.edf`), [image(energy, 50)]);
      await writeEdf(join(inside, `${k}_flat_${energy}_b.edf`), [image(energy, 70)]);
    }
    const { facts, code } = await describe(inside);
    expect(facts.cubes).toBeUndefined();
    const { sample, flat } = Cube.load(optionsIn(code)).plan.source;
    for (const [role, recorded] of Object.entries({ sample, flat })) {
      const names = recorded?.files.flatMap(({ members = [] }) => members.map(({ path }) => path)) ?? [];
      expect(names).toHaveLength(energies.length);
      expect(names.every((name) => /ref|flat/.test(name) === (role === "flat"))).toBe(true);
    }
  });

  test("without images: the files, and the folders in it", async () => {
    const outer = at("outer");
    mkdirSync(join(outer, "run1"), { recursive: true });
    const { what, facts, code } = await describe(outer);
    expect([what, facts.folders, code]).toEqual(["folder without files", "run1", ""]);
  });
});

test("errors of what is not recognized name it", async () => {
  const { read } = await import("../../lib/index.js");
  writeFileSync(at("odd2.bin"), Buffer.from([0, 1, 2, 3]));
  await expect(read(at("odd2.bin"))).rejects.toThrow("describe(path)");
  await expect(read(folder)).rejects.toThrow("describe(folder)");
  expect(() => Cube.load({ sample: at("odd2.bin") })).toThrow("describe(path)");
  expect(() => Cube.load(folder)).toThrow("describe(folder)");
});

// The contract of every format: iterates the registry, so that a new format is tested the day it is added.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ArgumentError } from "../../lib/errors.js";
import { writeAthena } from "../../lib/io/athena.js";
import { writeColumns } from "../../lib/io/columns.js";
import { writeEdf } from "../../lib/io/edf.js";
import { writeExperiment } from "../../lib/io/experiment.js";
import type { Format } from "../../lib/io/format.js";
import { formatOf, formats } from "../../lib/io/formats.js";
import { describeFrames, openFrames, prepareFrames } from "../../lib/io/frame-file.js";
import { frameQuantity } from "../../lib/io/frame-quantities.js";
import { writeHdf5 } from "../../lib/io/hdf5-writer.js";
import { withHead } from "../../lib/io/head.js";
import { writeMpt } from "../../lib/io/mpt.js";
import { read } from "../../lib/io/read.js";
import { writeZarr } from "../../lib/io/zarr-writer.js";
import { buildXrm } from "../support/compound-builder.js";
import { buildTiff } from "../support/tiff-builder.js";
import { exampleManifest } from "./manifest-example.js";
import { fileError, put, temporaryFolder, withoutPrivileges } from "./support.js";

const folder = temporaryFolder();

// One valid file of each format; of those that hold recordings, two images of 2 x 2 pixels. A new format needs a line here, or
// its tests fail.
const counts = [Uint16Array.of(1, 2, 3, 4), Uint16Array.of(5, 6, 7, 8)];
const samples: Record<string, (path: string) => unknown> = {
  edf: (path) =>
    writeEdf(
      path,
      counts.map((data, k) => ({ shape: [2, 2], data, header: { energy: 8300 + k } })),
    ),
  hdf5: (path) =>
    writeHdf5(path, {
      datasets: {
        "/entry/data": { data: Uint16Array.of(...counts[0], ...counts[1]), shape: [2, 2, 2] },
        "/entry/energy": { data: Float64Array.of(8300, 8301) },
      },
    }),
  tiff: (path) =>
    put(
      folder,
      path.slice(folder.length + 1),
      buildTiff(counts, [2, 2], { description: (page) => `energy = ${8300 + page}` }),
    ),
  xrm: (path) =>
    put(folder, path.slice(folder.length + 1), buildXrm(counts, [2, 2], { energy: [8300, 8301] })),
  mpt: (path) => writeMpt(path, { columns: { "time/s": [0, 1.25], "Ewe/V": [3.5, 3.75] } }),
  cycler: (path) =>
    put(
      folder,
      path.slice(folder.length + 1),
      "Data_Point,Date_Time,Test_Time(s),Current(A),Voltage(V)\n1,2025-03-27 10:00:00,0,1,3.5\n2,2025-03-27 10:00:10,10,1,3.75\n",
    ),
  athena: (path) => writeAthena(path, [{ label: "foil", energy: [8300, 8301], mu: [1, 2] }], { gzip: false }),
  xdi: (path) =>
    put(
      folder,
      path.slice(folder.length + 1),
      "# XDI/1.0\n# Column.1: energy\n# ///\n# ---\n8300 12\n8301 13\n",
    ),
  columns: (path) =>
    writeColumns(path, {
      labels: ["energy", "mu"],
      columns: [
        [8300, 8301],
        [1.5, 2.5],
      ],
    }),
};

async function sampleOf(name: string): Promise<Buffer> {
  const path = join(folder, `sample.${name}`);
  await samples[name](path);
  return readFileSync(path);
}

const all: readonly { readonly format: Format; readonly name: string }[] = formats.map((format) => ({
  format,
  name: format.name,
}));

describe.each(all)("$name", ({ format, name }) => {
  test("reads a valid file, and is found by its content whatever its name", async () => {
    const path = put(folder, `${name}-sample.bin`, await sampleOf(name));
    const content = await format.read(path);
    expect(content).toBeTypeOf("object");
    expect(formatOf(path).name).toBe(name);
    expect(await read(path)).toEqual({ format: name, ...content });
  });

  test("no other format takes its files, but plain columns any text", async () => {
    const path = put(folder, `${name}-one.bin`, await sampleOf(name));
    const taken = withHead("test", path, (head) => formats.filter((one) => one.detect(head)));
    expect(taken.map((one) => one.name).filter((one) => one !== "columns" || name === "columns")).toEqual([
      name,
    ]);
  });

  test.each(["empty", "missing", "truncated", "a folder", "binary noise", "a pipe"])(
    "refuses a file that is %s",
    async (what) => {
      const path = what === "a folder" ? folder : join(folder, `${name}-${what}.dat`);
      if (what === "empty") put(folder, `${name}-empty.dat`, "");
      // The last row of a text loses its last column, with the separator: shorter numbers are numbers too.
      if (what === "truncated") put(folder, `${name}-truncated.dat`, withoutEnd(await sampleOf(name)));
      if (what === "binary noise")
        put(
          folder,
          `${name}-binary noise.dat`,
          Uint8Array.from({ length: 999 }, (_, i) => (i * i * 7) % 251),
        );
      if (what === "a pipe") spawnSync("mkfifo", [path]);
      for (const reader of [format.read, read]) {
        const error = await fileError(() => reader(path));
        expect(error.message).toContain(path);
        expect(error.message).toMatch(/^\w+: expected .*, got .*; /s);
        expect(error.fields.path).toBe(path);
      }
    },
  );

  test("refuses a file that this user may not read", async (context) => {
    const path = put(folder, `${name}-secret.dat`, await sampleOf(name));
    chmodSync(path, 0);
    chmodSync(folder, 0o755);
    for (const reader of [format.read, read]) {
      const error = await withoutPrivileges(context, () => fileError(() => reader(path)));
      expect(error.message).toMatch(/got no permission; check the path, its permissions/);
    }
  });

  test("refuses options that it does not have", async () => {
    const path = put(folder, `${name}-options.dat`, await sampleOf(name));
    await expect(read(path, { misspelt: 1 } as never)).rejects.toThrow(ArgumentError);
    const others = all.flatMap((one) => Object.keys(one.format.options));
    for (const option of others.filter((one) => !(one in format.options))) {
      await expect(read(path, { [option]: "keep" })).rejects.toThrow(
        `for the format ${name}, got "${option}" with ${path}; drop it`,
      );
    }
  });

  test("compressed as a whole: the same content, or the true reason", async () => {
    const path = put(folder, `${name}.gz`, gzipSync(await sampleOf(name)));
    expect(formatOf(path).name).toBe(name);
    const plain = await format.read(put(folder, `${name}-plain.dat`, await sampleOf(name)));
    if (name === "hdf5") {
      expect((await fileError(() => read(path))).message).toMatch(
        /got one compressed with gzip as a whole: .*; unpack it first/,
      );
    } else expect(await read(path)).toEqual({ format: name, ...plain });
  });
});

test.each(all.filter(({ format }) => format.frames))(
  "recorded images of $name: shapes, energies, rows, and what cannot be",
  async ({ name }) => {
    const path = put(folder, `${name}-images.dat`, await sampleOf(name));
    await prepareFrames([path]);
    const file = openFrames(path);
    expect(file.frames.map(({ shape }) => shape)).toEqual([
      [2, 2],
      [2, 2],
    ]);
    expect(file.frames.map(({ header }) => frameQuantity(header, "energy"))).toEqual([8300, 8301]);
    expect(describeFrames(path)).toEqual(file.frames);
    expect(file.fullScale).toBe(65535);
    const rows = new Float64Array(2);
    for (const k of [1, 0]) {
      for (const row of [0, 1]) {
        file.readRows(k, row, 1, rows);
        expect(Array.from(rows)).toEqual(Array.from(counts[k].subarray(2 * row, 2 * row + 2)));
      }
    }
    // Counts that are said to lie in the file as they are, do.
    for (const [k, offset] of file.plainCounts?.entries() ?? []) {
      expect(
        new Uint16Array(Uint8Array.from(readFileSync(path).subarray(offset, offset + 8)).buffer),
      ).toEqual(counts[k]);
    }
    for (const [frame, row, n] of [
      [2, 0, 1],
      [-1, 0, 1],
      [0, 2, 1],
      [0, 0, 3],
      [0, 0, 0],
    ]) {
      expect(() => file.readRows(frame, row, n, new Float64Array(8))).toThrow(ArgumentError);
    }
    expect(() => file.readRows(0, 0, 2, new Float64Array(3))).toThrow(/expected room for 2 x 2 numbers, got/);
    expect(() => openFrames({ path, kind: "sample", images: [5] })).toThrow(/expected image 5 in/);
    file.close();
    expect(() => file.readRows(0, 0, 1, rows)).toThrow(/after close\(\)/);
    expect(() => openFrames(put(folder, "text.dat", "8300 1\n8301 2\n"))).toThrow(
      /expected recorded images in one of .*, got columns in .*text\.dat; /,
    );
  },
);

function withoutEnd(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1").trimEnd();
  return bytes.subarray(
    0,
    text.search(/\s\S+$/) > text.length - 20 ? text.search(/\s\S+$/) : bytes.length - 3,
  );
}

test("formatOf refuses what is missing, empty or unknown", async () => {
  expect((await fileError(() => formatOf(join(folder, "none.x")))).message).toMatch(
    /^formatOf: .*got no such file/,
  );
  expect((await fileError(() => formatOf(put(folder, "empty.x", "")))).message).toMatch(/got an empty file/);
  const binary = put(folder, "binary.x", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0, 1, 2));
  expect((await fileError(() => formatOf(binary))).message).toMatch(
    /expected one of edf, hdf5, tiff, xrm, mpt, cycler, xdi, athena, columns, got/,
  );
});

describe("what is told by the content", () => {
  test("a compressed file of no known format, or with damaged data", async () => {
    const noise = put(folder, "noise.gz", gzipSync(Uint8Array.of(1, 2, 3, 4)));
    expect((await fileError(() => formatOf(noise))).message).toMatch(/got ".*" \(compressed with gzip\) in/);
    const nothing = put(folder, "nothing.gz", gzipSync(""));
    expect((await fileError(() => formatOf(nothing))).message).toMatch(
      /got an empty file \(compressed with gzip\)/,
    );
    const damaged = put(folder, "damaged.gz", Uint8Array.of(0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9));
    expect((await fileError(() => formatOf(damaged))).message).toMatch(/expected whole gzip data, got/);
    // Much content from few bytes: only its beginning is unpacked.
    const bomb = put(folder, "bomb.gz", gzipSync(Buffer.alloc(2 ** 24, "8300 1\n")));
    expect(formatOf(bomb).name).toBe("columns");
    expect(formatOf(join(import.meta.dirname, "fixtures", "squares.edf.bz2")).name).toBe("edf");
  });

  test("HDF5 behind a user block, text with a byte order mark", () => {
    expect(formatOf(join(import.meta.dirname, "fixtures", "types.h5")).name).toBe("hdf5");
    const xdi = "# XDI/1.0\n# Column.1: energy\n# ---\n8300 12\n";
    for (const bytes of [`\ufeff${xdi}`, Buffer.from(`\ufeff${xdi}`, "utf16le")]) {
      expect(formatOf(put(folder, "marked.xdi", bytes)).name).toBe("xdi");
    }
  });

  test("JSON and HTML are no columns and no EDF", async () => {
    for (const text of ['{\n  "format": 1\n}', "{}", "[1, 2]", "<html></html>"]) {
      expect((await fileError(() => formatOf(put(folder, "other.json", text)))).message).toMatch(/got "/);
    }
  });

  test("what operating systems leave beside data", async () => {
    const mac = Buffer.concat([Buffer.of(0, 5, 0x16, 7), Buffer.alloc(500)]);
    for (const [name, content] of [
      ["._scan.edf", mac],
      ["renamed.edf", mac],
      ["._scan.txt", "8300 1\n"],
    ] as const) {
      expect((await fileError(() => read(put(folder, name, content)))).message).toMatch(
        /^read: expected one of .*, got what .* leaves beside data in .*; give the file of the same name/,
      );
    }
  });

  test("names that the system refuses", async () => {
    symlinkSync("loop", join(folder, "loop"));
    for (const [name, got] of [
      ["loop", /got a link that leads back to itself/],
      ["a\0b", /got a name with a zero byte/],
      ["a".repeat(300), /got a name that is too long/],
    ] as const) {
      expect((await fileError(() => read(join(folder, name)))).message).toMatch(got);
    }
  });

  test("folders, with what they are", async () => {
    const [zarr, experiment] = [join(folder, "cube.zarr"), join(folder, "experiment")];
    await writeZarr(zarr, { attributes: {}, arrays: {} });
    mkdirSync(experiment);
    writeExperiment(experiment, exampleManifest());
    expect((await fileError(() => read(zarr))).message).toMatch(/got a saved cube .*; load a cube with Cube/);
    expect((await fileError(() => read(experiment))).message).toMatch(/the folder of an experiment: .*; use/);
    await expect(read(undefined as never)).rejects.toThrow(/expected the path of a file, got undefined/);
  });
});

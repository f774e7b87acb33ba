// TIFF: files made byte by byte, and files that tifffile and libtiff write, read to the count; what cannot be read is
// refused.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { Cube } from "../../lib/index.js";
import { openFrames } from "../../lib/io/frame-file.js";
import { readTiff } from "../../lib/io/tiff.js";
import { buildTiff, type TiffOptions } from "../support/tiff-builder.js";
import { fileError, put, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const ROWS = 37;
const COLUMNS = 23;

/** Numbers with runs and noise, as images have them; over the whole range of the type. */
function numbers(page: number, most = 65535): number[] {
  return Array.from({ length: ROWS * COLUMNS }, (_, p) => {
    const noise = ((p * 7919 + page * 104729) % 1009) / 1009;
    return p % 50 < 25 ? page + 3 : Math.floor(noise * most);
  });
}

const types = {
  uint8: [0, 1].map((page) => Uint8Array.from(numbers(page, 255))),
  uint16: [0, 1].map((page) => Uint16Array.from(numbers(page))),
  int16: [0, 1].map((page) => Int16Array.from(numbers(page), (n) => n - 32768)),
  uint32: [0, 1].map((page) => Uint32Array.from(numbers(page, 2 ** 32 - 1))),
  float32: [0, 1].map((page) => Float32Array.from(numbers(page), (n) => (n - 1000) / 7)),
} as const;

const layouts: Record<string, TiffOptions> = {
  "one strip": {},
  "strips of 5 rows": { rowsPerStrip: 5 },
  "tiles of 16 x 16": { tile: [16, 16] },
  BigTIFF: { big: true, rowsPerStrip: 8 },
  "high byte first": { bigEndian: true, rowsPerStrip: 8 },
  "BigTIFF, high byte first, tiles": { big: true, bigEndian: true, tile: [32, 16] },
  LZW: { compression: 5, rowsPerStrip: 9 },
  "LZW of one strip": { compression: 5 },
  "LZW, tiles, high byte first": { compression: 5, tile: [16, 16], bigEndian: true },
  deflate: { compression: 8, rowsPerStrip: 9 },
  PackBits: { compression: 32773, rowsPerStrip: 9 },
};

describe.each(Object.entries(types))("%s", (name, images) => {
  test.each(Object.entries(layouts))("%s", async (layout, options) => {
    const predictors = options.compression && name !== "float32" ? ([1, 2] as const) : ([1] as const);
    for (const predictor of predictors) {
      const path = put(
        folder,
        `${name}-${layout}-${predictor}.tif`,
        buildTiff(images, [ROWS, COLUMNS], { ...options, predictor }),
      );
      const { frames } = await readTiff(path);
      expect(frames.map(({ shape }) => shape)).toEqual([
        [ROWS, COLUMNS],
        [ROWS, COLUMNS],
      ]);
      for (const [k, { data }] of frames.entries()) expect(data).toEqual(images[k]);
      const file = openFrames(path);
      for (const [first, n] of [
        [0, ROWS],
        [11, 7],
        [ROWS - 1, 1],
      ]) {
        const rows = new Float32Array(n * COLUMNS);
        file.readRows(1, first, n, rows);
        expect(rows).toEqual(Float32Array.from(images[1].subarray(first * COLUMNS, (first + n) * COLUMNS)));
      }
      file.close();
    }
  });
});

describe("metadata", () => {
  const three = [0, 1, 2].map((page) => Uint16Array.from(numbers(page)));
  const headers = async (options: TiffOptions, images: readonly Uint16Array[] = three) => {
    const path = put(folder, "described.tif", buildTiff(images, [ROWS, COLUMNS], options));
    return (await readTiff(path)).frames.map(({ header }) => header);
  };

  test("entries of the description of each page, of the first page for all, and lists", async () => {
    expect(
      (await headers({ description: (k) => `energy = ${8330 + k} eV\nexposure_time: 0.1` })).map((h) => [
        h.energy,
        h.exposure_time,
      ]),
    ).toEqual([
      ["8330 eV", "0.1"],
      ["8331 eV", "0.1"],
      ["8332 eV", "0.1"],
    ]);
    const json = JSON.stringify({
      shape: [3, ROWS, COLUMNS],
      energy: [8330, 8331, 8332],
      exposure_time: 0.2,
    });
    const ofFirst = await headers({ description: (k) => (k === 0 ? json : undefined) });
    expect(ofFirst.map((h) => [h.energy, h.exposure_time])).toEqual([
      ["8330", "0.2"],
      ["8331", "0.2"],
      ["8332", "0.2"],
    ]);
    // One energy on the first page is not that of all.
    const one = await headers({ description: (k) => (k === 0 ? "energy = 8330" : undefined) });
    expect(one.map((h) => h.energy)).toEqual(["8330", undefined, undefined]);
  });

  test("exposures of OME", async () => {
    const planes = [0, 1, 2].map(
      (z) => `<Plane TheZ="${z}" TheC="0" TheT="0" ExposureTime="${100 + z}" ExposureTimeUnit="ms"/>`,
    );
    const ome = `<?xml version="1.0"?><OME><Image><Pixels DimensionOrder="XYZCT" SizeX="${COLUMNS}" SizeY="${ROWS}" SizeZ="3" SizeC="1" SizeT="1">${planes.join("")}</Pixels></Image></OME>`;
    const found = await headers({ description: (k) => (k === 0 ? ome : undefined) });
    expect(found.map((h) => h.exposure_time)).toEqual(["0.1", "0.101", "0.102"]);
    const error = await fileError(() =>
      headers({ description: (k) => (k === 0 ? ome : undefined) }, three.slice(1)),
    );
    expect(error.message).toMatch(/expected 3 images, as the metadata say, got 2 pages/);
  });

  test("ImageJ's stacks above 4 GB: one page, the images behind it", async () => {
    const [first] = three;
    const bytes = (images: readonly Uint16Array[]) =>
      Buffer.concat(images.map((one) => Buffer.from(one.slice().buffer).swap16()));
    // The only page comes first, its strip last: what follows are the other images.
    const page = buildTiff([first], [ROWS, COLUMNS], {
      bigEndian: true,
      description: () => "ImageJ=1.53t\nimages=3\nslices=3\n",
    });
    const strip = page.indexOf(bytes([first]));
    const moved = Buffer.concat([page, bytes(three)]);
    const at = moved.indexOf(Buffer.of(0x01, 0x11, 0, 4, 0, 0, 0, 1));
    expect(moved.readUInt32BE(at + 8)).toBe(strip);
    moved.writeUInt32BE(page.length, at + 8);
    const path = put(folder, "imagej.tif", moved);
    const { frames } = await readTiff(path);
    for (const [k, image] of three.entries()) expect(frames[k].data).toEqual(image);
    const file = openFrames(path);
    const rows = new Float64Array(2 * COLUMNS);
    file.readRows(2, 4, 2, rows);
    expect(rows).toEqual(Float64Array.from(three[2].subarray(4 * COLUMNS, 6 * COLUMNS)));
    file.close();
    const cut = put(folder, "imagej-cut.tif", moved.subarray(0, moved.length - 10));
    expect((await fileError(() => readTiff(cut))).message).toMatch(
      /expected 3 images, .* a file that ends after 2/,
    );
    expect((await readTiff(cut, { incomplete: "keep" })).frames.length).toBe(2);
  });
});

describe("Cube.load", () => {
  const energies = Array.from({ length: 8 }, (_, k) => 8320 + 5 * k);
  const image = (k: number, cube = 0) =>
    Uint16Array.from({ length: ROWS * COLUMNS }, (_, p) => 20000 - 500 * k - 100 * cube + p);
  const absorbance = async (cube: Cube) => Array.from((await cube.absorb().compute()).data);

  test("a stack, its pages as files, and a series by its shape give the same numbers", async () => {
    const stack = put(
      folder,
      "stack.tif",
      buildTiff(
        energies.map((_, k) => image(k)),
        [ROWS, COLUMNS],
        { compression: 5, rowsPerStrip: 6 },
      ),
    );
    const flat = put(
      folder,
      "flat.tif",
      buildTiff(
        energies.map(() => image(-8)),
        [ROWS, COLUMNS],
      ),
    );
    const expected = energies.flatMap((_, k) => Array.from(image(k), (n, p) => Math.log(image(-8)[p] / n)));
    const close = (found: readonly number[], wanted: readonly number[]) => {
      expect(found.length).toBe(wanted.length);
      // float32 of numbers below 1.
      for (const [i, value] of found.entries()) expect(Math.abs(value - wanted[i])).toBeLessThan(2e-7);
    };
    close(await absorbance(Cube.load({ sample: stack, flat, energies })), expected);
    mkdirSync(join(folder, "pages"));
    for (const [k, energy] of energies.entries())
      put(join(folder, "pages"), `s_0${energy}.0_eV_001.tif`, buildTiff([image(k)], [ROWS, COLUMNS]));
    close(await absorbance(Cube.load({ sample: join(folder, "pages", "*.tif"), flat })), expected);
    // tifffile writes the shape; the axis as long as the energies is theirs.
    const both = energies.flatMap((_, k) => [image(k), image(k, 1)]);
    const json = JSON.stringify({ shape: [energies.length, 2, ROWS, COLUMNS] });
    const series = put(
      folder,
      "series.tif",
      buildTiff(both, [ROWS, COLUMNS], { description: (k) => (k === 0 ? json : undefined) }),
    );
    const found = await absorbance(Cube.load({ sample: series, flat, energies }));
    close(found.slice(0, expected.length), expected);
    expect(found.length).toBe(2 * expected.length);
    expect(() => Cube.load({ sample: stack, flat })).toThrow(
      /one energy in eV for each of the 8 frames of .*stack\.tif/,
    );
  });
});

describe("what is refused", () => {
  const images = types.uint16;
  const odd: [string, TiffOptions, RegExp][] = [
    [
      "colors",
      {
        entries: [
          [277, 3, [3]],
          [262, 3, [2]],
        ],
      },
      /expected one count per pixel in page 0, got 3 numbers/,
    ],
    ["a palette", { entries: [[262, 3, [3]]] }, /photometric interpretation 3/],
    ["white as zero", { entries: [[262, 3, [0]]] }, /its numbers may be inverted/],
    ["12 bits", { entries: [[258, 3, [12]]] }, /got 12 bits, sample format 1/],
    [
      "complex numbers",
      {
        entries: [
          [258, 3, [64]],
          [339, 3, [6]],
        ],
      },
      /got 64 bits, sample format 6/,
    ],
    ["JPEG", { entries: [[259, 3, [7]]] }, /got compression with JPEG/],
    ["Zstandard", { entries: [[259, 3, [50000]]] }, /got compression with Zstandard/],
    [
      "an unknown predictor",
      { compression: 8, entries: [[317, 3, [9]]] },
      /got predictor 9 for UnsignedShort/,
    ],
    ["strips that lie behind the end", { entries: [[273, 4, [1e9]]] }, /it is truncated/],
    [
      "strips of length 0",
      { entries: [[279, 4, [0]]] },
      /expected all strips or tiles of page 0, got none for number 0/,
    ],
    [
      "strips that are too short",
      { entries: [[279, 4, [5]]] },
      /expected 1702 bytes in strip or tile 0 of page 0, got 5/,
    ],
    ["no pixels", { entries: [[256, 4, [0]]] }, /expected an image in page 0, got 0 x 37/],
  ];
  test.each(odd)("%s", async (name, options, why) => {
    const path = put(folder, `odd ${name}.tif`, buildTiff(images, [ROWS, COLUMNS], options));
    for (const read of [() => readTiff(path), () => openFrames(path)]) {
      const error = await fileError(read);
      expect(error.message).toMatch(why);
      expect(error.message).toMatch(/^[\w.]+: expected .*, got .*; /s);
      expect(error.fields.path).toBe(path);
    }
  });

  test("a file cut at any byte, pages in a circle, damaged compressed data", async () => {
    const small = [Uint16Array.from([1, 2, 3, 4]), Uint16Array.from([5, 6, 7, 8])];
    for (const options of [{}, { big: true }, { compression: 5 as const }]) {
      const whole = buildTiff(small, [2, 2], options);
      for (let n = 1; n < whole.length - 8; n++) {
        await fileError(() => readTiff(put(folder, "cut.tif", whole.subarray(0, n))));
      }
    }
    const circle = buildTiff(small, [2, 2]);
    const last = circle.length - 4;
    circle.writeUInt32LE(circle.readUInt32LE(4), last);
    expect((await fileError(() => readTiff(put(folder, "circle.tif", circle)))).message).toMatch(
      /expected pages that end/,
    );
    for (const compression of [5, 8, 32773] as const) {
      const damaged = buildTiff([images[0]], [ROWS, COLUMNS], { compression });
      damaged.fill(0xff, 20, 60);
      const path = put(folder, "damaged.tif", damaged);
      const error = await fileError(() => readTiff(path)).catch((e: Error) => e);
      // PackBits has no redundancy: most of its bytes are counts.
      if (compression !== 32773)
        expect(error.message).toMatch(/expected 37 rows of 23 numbers, got .* in frame 0/);
    }
    const packed = put(folder, "whole.tif.gz", gzipSync(buildTiff(images, [ROWS, COLUMNS])));
    expect((await readTiff(packed)).frames[1].data).toEqual(images[1]);
    expect((await fileError(() => openFrames(packed))).message).toMatch(
      /compressed with gzip: .*; unpack it first/,
    );
  });
});

describe("files of tifffile, ImageJ by tifffile, and libtiff", () => {
  let python = false;
  let libtiff = false;
  const script = `
import sys, numpy, tifffile
folder = sys.argv[1]
for name in ["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"]:
    a = (numpy.arange(3 * 40 * 33) * 7919 % 251).astype(name).reshape(3, 40, 33)
    a.astype("<f8").tofile(f"{folder}/{name}.raw")
    tifffile.imwrite(f"{folder}/{name}-plain.tif", a, photometric="minisblack")
    tifffile.imwrite(f"{folder}/{name}-big.tif", a, bigtiff=True, byteorder=">", rowsperstrip=7, photometric="minisblack")
    tifffile.imwrite(f"{folder}/{name}-tiles.tif", a, tile=(16, 32), photometric="minisblack")
    tifffile.imwrite(f"{folder}/{name}-deflate.tif", a, compression="zlib", photometric="minisblack")
    if name in ("uint8", "uint16", "float32"):
        tifffile.imwrite(f"{folder}/{name}-imagej.tif", a, imagej=True, metadata={"Labels": [f"{8330 + k} eV" for k in range(3)]})
    if name != "float64" and name[0] != "i":
        tifffile.imwrite(f"{folder}/{name}-ome.tif", a, ome=True, metadata={"axes": "ZYX"}, photometric="minisblack")
    tifffile.imwrite(f"{folder}/{name}-truncated.tif", a, metadata={"energy": [8330, 8331, 8332]}, contiguous=True, photometric="minisblack")
`;
  beforeAll(() => {
    mkdirSync(join(folder, "peer"));
    python = spawnSync("/usr/bin/python3", ["-c", script, join(folder, "peer")]).status === 0;
    libtiff = spawnSync("/usr/bin/tiffcp", ["-h"]).error === undefined;
  }, 60_000);

  test("all types and layouts", async (context) => {
    if (!python) context.skip("no Python with tifffile");
    const { readFileSync, readdirSync } = await import("node:fs");
    const files = readdirSync(join(folder, "peer")).filter((name) => name.endsWith(".tif"));
    expect(files.length).toBeGreaterThan(35);
    for (const name of files) {
      const raw = readFileSync(join(folder, "peer", `${name.split("-")[0]}.raw`));
      const expected = new Float64Array(Uint8Array.from(raw).buffer);
      const { frames } = await readTiff(join(folder, "peer", name));
      expect([name, frames.length]).toEqual([name, 3]);
      expect([name, frames.flatMap(({ data }) => Array.from(data))]).toEqual([name, Array.from(expected)]);
      if (/imagej|truncated/.test(name)) {
        expect(frames.map(({ header }) => header.energy)).toEqual(["8330", "8331", "8332"]);
      }
    }
  });

  test("libtiff's LZW, with and without predictor, PackBits and tiles", async (context) => {
    if (!python || !libtiff) context.skip("no tiffcp of libtiff, or no Python with tifffile");
    const { readFileSync } = await import("node:fs");
    for (const type of ["uint8", "uint16", "uint32", "float32"]) {
      const expected = new Float64Array(
        Uint8Array.from(readFileSync(join(folder, "peer", `${type}.raw`))).buffer,
      );
      const predictor = type === "float32" ? "3" : "2";
      // libtiff 4.5 itself misreads what it writes as high byte first with predictor 3.
      for (const ways of [
        ["-c", "lzw"],
        ["-c", `lzw:${predictor}`],
        ["-c", "packbits"],
        ["-c", `zip:${predictor}`],
        ["-c", "lzw", "-t", "-w", "16", "-l", "16"],
        ["-B", "-c", type === "float32" ? "lzw" : "lzw:2"],
        ["-8", "-c", "zip"],
      ]) {
        const out = join(folder, "libtiff.tif");
        const run = spawnSync("/usr/bin/tiffcp", [...ways, join(folder, "peer", `${type}-plain.tif`), out], {
          encoding: "utf8",
        });
        expect([ways, run.status]).toEqual([ways, 0]);
        const { frames } = await readTiff(out);
        expect([type, ways, frames.flatMap(({ data }) => Array.from(data))]).toEqual([
          type,
          ways,
          Array.from(expected),
        ]);
      }
    }
  });
});

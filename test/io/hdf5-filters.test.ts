// Filters of HDF5 that the library does not have itself: files of h5py with Debian's plugins, and chunks that NumPy packed
// (fixtures/filters.py). All hold the same six images.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Cube } from "../../lib/index.js";
import { readFrames } from "../../lib/io/frame-file.js";
import { readHdf5 } from "../../lib/io/hdf5.js";
import { fileError, put } from "./support.js";

const fixtures = join(import.meta.dirname, "fixtures", "filters");
const folder = mkdtempSync(join(tmpdir(), "operandose-filters-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SIZE = 16 * 24;
const expected = Array.from({ length: 6 * SIZE }, (_, i) => (Math.floor(i / 7) * 31) % 1009);
const refused = /zlib|unknown/;
const names = readdirSync(fixtures);

describe("the same numbers", () => {
  test.each(names.filter((name) => !refused.test(name)))("%s", async (name) => {
    const path = join(fixtures, name);
    const scale = name.startsWith("half") ? 8 : 1;
    const frames = await readFrames(path);
    expect(frames.flatMap(({ data }) => Array.from(data, (n) => n * scale))).toEqual(expected);
    expect(frames.map(({ header }) => Number(header.energy))).toEqual([8330, 8331, 8332, 8333, 8334, 8335]);
    const { datasets } = await readHdf5(path);
    expect(Array.from(datasets["/entry/data/data"].data as Uint16Array, (n) => n * scale)).toEqual(expected);
  });
});

test("a cube through worker threads, from a virtual dataset of six filters", async () => {
  const [sample, flat] = [join(fixtures, "virtual.h5"), join(fixtures, "bitshuffle-lz4.h5")];
  const run = (workers: number) => Cube.load({ sample, flat }).absorb().compute({ workers });
  const [one, two] = [await run(1), await run(2)];
  expect(two.data).toEqual(one.data);
  // The flat has the same counts: the absorbance is zero where there are any.
  expect(Array.from(one.data, (n, i) => (expected[i] === 0 ? 0 : n)).every((n) => n === 0)).toBe(true);
});

test.each([
  ["unknown.h5", /got the filter "" \(number 32300\) in .*; write it anew, for example: h5repack/],
  ["blosc-zlib-1.h5", /got Blosc with zlib in .*; write it anew/],
  [
    "virtual-unknown.h5",
    /got a file that lacks all of them \(expected .* got the filter "" \(number 32300\)/,
  ],
])("%s is refused by name", async (name, why) => {
  expect((await fileError(() => readFrames(join(fixtures, name)))).message).toMatch(why);
});

test("damaged chunks are refused or read, and the next file is read correctly", async () => {
  const good = async () => {
    const [frame] = await readFrames(join(fixtures, "blosc-lz4-1.h5"));
    expect(Array.from(frame.data)).toEqual(expected.slice(0, SIZE));
  };
  for (const name of ["lz4.h5", "blosc-zstd-1.h5", "bitshuffle-lz4.h5", "bzip2.h5", "zstd.h5", "lzf.h5"]) {
    const bytes = readFileSync(join(fixtures, name));
    const { datasets } = await readHdf5(join(fixtures, name), { select: "/entry/data/energy" });
    expect(datasets["/entry/data/energy"].shape).toEqual([6]);
    for (const at of [0.45, 0.6, 0.75]) {
      const damaged = Buffer.from(bytes);
      const from = Math.floor(at * bytes.length);
      damaged.fill(0xee, from, from + 40);
      const path = put(folder, name, damaged);
      // LZ4 and LZF have no checksum: some changes give other numbers.
      await readFrames(path).catch((error: Error) => expect(error.name).toBe("FileError"));
      await good();
    }
  }
  copyFileSync(join(fixtures, "lz4.h5"), join(folder, "again.h5"));
  await good();
});

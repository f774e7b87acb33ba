// Addresses that damage has changed. Older structures of HDF5 have no checksum: a changed address shows because two things then
// lie at one place, because something lies outside of the file, or because the order of a tree is broken.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readFrames } from "../../lib/io/frame-file.js";
import { readHdf5 } from "../../lib/io/hdf5.js";
import { Hdf5Extents } from "../../lib/io/hdf5-extents.js";
import { closeHdf5, createHdf5, filesInLibrary, loadHdf5 } from "../../lib/io/hdf5-library.js";
import { fileError, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const path = join(folder, "recording.h5");
const damaged = join(folder, "damaged.h5");
/** Images of 4 x 256 pixels of 16 bits, one chunk each. */
const [N, HEIGHT, WIDTH] = [6, 4, 256];
const CHUNK = 2 * HEIGHT * WIDTH;
let whole: Buffer;

/** A node of the tree of chunks: a head of 24 bytes, then for each chunk a key of 8 + 4 * 8 bytes and an address. */
let node: number;
const KEY = 40;
const key = (k: number) => node + 24 + k * (KEY + 8);
const addressAt = (k: number) => key(k) + KEY;
const address = (k: number) => Number(whole.readBigUInt64LE(addressAt(k)));

beforeAll(async () => {
  await loadHdf5();
  const opened = createHdf5("test", path);
  const data = Uint16Array.from({ length: N * HEIGHT * WIDTH }, (_, i) => 1000 + (i % 977));
  opened.handle.create_dataset({
    name: "data",
    data,
    shape: [N, HEIGHT, WIDTH],
    chunks: [1, HEIGHT, WIDTH],
  });
  opened.handle.create_dataset({ name: "energy", data: Float64Array.of(1, 2, 3, 4, 5, 6) });
  closeHdf5("test", opened);
  whole = readFileSync(path);
  node = whole.indexOf(Buffer.from("TREE\x01\0", "latin1"));
});

/** The errors of both readers for a copy with other bytes. */
async function errors(change: (bytes: Buffer) => void): Promise<string[]> {
  const bytes = Buffer.from(whole);
  change(bytes);
  writeFileSync(damaged, bytes);
  const readers = [() => readHdf5(damaged), () => readFrames(`${damaged}::/data`)];
  const messages = [];
  for (const read of readers) messages.push((await fileError(read)).message);
  expect(filesInLibrary()).toBe(0);
  return messages;
}

const move = (k: number, to: number) => (bytes: Buffer) => {
  bytes.writeBigUInt64LE(BigInt(to), addressAt(k));
};

test("the whole file is read", async () => {
  const { data } = (await readHdf5(path)).datasets["/data"];
  expect(data).toEqual(Uint16Array.from({ length: N * HEIGHT * WIDTH }, (_, i) => 1000 + (i % 977)));
  expect((await readFrames(`${path}::/data`)).length).toBe(N);
  expect(address(N - 1) - address(0)).toBe((N - 1) * CHUNK);
});

describe("a chunk that would be read from", () => {
  const places: Record<string, () => number> = {
    "the place of another chunk": () => address(3),
    "one that begins within another chunk": () => address(3) + 512,
    "one that ends within another chunk": () => address(0) - 512,
    "the superblock": () => 0,
    "the tree of chunks": () => node,
    "a part of the tree of chunks that is not used": () => node + 24 + (N + 1) * (KEY + 8),
  };
  test.each(Object.keys(places))("%s", async (what) => {
    for (const message of await errors(move(2, places[what]()))) {
      expect(message).toMatch(
        /expected the numbers of "\/data" at places of their own, got (numbers of "\/data"|the structure of the file) at byte \d+, too, in .*damaged\.h5: an address is damaged; /,
      );
    }
  });

  test("behind the end of the file", async () => {
    for (const to of [whole.length - CHUNK + 1, whole.length, 2 ** 40, 2 ** 62]) {
      for (const message of await errors(move(2, to))) {
        expect(message).toMatch(
          /expected the 2048 bytes of "\/data" at \d+ within \d+ bytes in .*damaged\.h5/,
        );
      }
    }
  });

  test("the numbers of another dataset, where both are read", async () => {
    const energy = Buffer.from(Float64Array.of(1, 2, 3, 4, 5, 6).buffer);
    const at = whole.indexOf(energy);
    const bytes = Buffer.from(whole);
    move(2, at - CHUNK + 8)(bytes);
    writeFileSync(damaged, bytes);
    expect((await fileError(() => readHdf5(damaged))).message).toMatch(/at places of their own/);
  });

  test("every other bit of an address", async () => {
    // No address of a chunk leads to free space here: all bits are noticed.
    for (let bit = 0; bit < 64; bit++) {
      await errors((bytes) => {
        bytes[addressAt(1) + (bit >> 3)] ^= 1 << (bit & 7);
      });
    }
  });
});

describe("a key of the tree", () => {
  test.each([
    ["with another size", 0, CHUNK - 2, /expected chunks of 2048 bytes, or as its filters leave them/],
    ["that is not of the grid", 8 + 8, 1, /expected chunks within the dataset/],
    ["behind the dataset", 8 + 16, WIDTH, /expected chunks within the dataset/],
    ["out of order", 8, 5, /expected a tree of chunks in order/],
    ["of another chunk", 8, 1, /expected a tree of chunks in order/],
    ["with an offset in a number", 8 + 24, 1, /expected a tree of chunks in order/],
  ] as const)("%s", async (_, field, value, message) => {
    const said = await errors((bytes) => {
      bytes.writeUInt32LE(value, key(2) + field);
    });
    for (const one of said) expect(one).toMatch(message);
  });
});

test("numbers without chunks at another address, or of another size", async () => {
  const bytes = readFileSync(join(import.meta.dirname, "fixtures", "stopped-tree.h5"));
  const energies = Buffer.from(Float64Array.from({ length: 8 }, (_, k) => 8.3 + k / 1000).buffer);
  const at = bytes.indexOf(energies);
  // The layout in an older header, which has no checksum: the address, and the number of bytes.
  const layout = bytes.indexOf(Buffer.from(BigUint64Array.of(BigInt(at), 64n).buffer));
  expect(layout).toBeGreaterThan(0);
  const select = "/entry/instrument/monochromator/energy";
  for (const [field, value] of [
    [0, 0],
    [0, layout - 8],
    [0, bytes.length],
    [0, bytes.indexOf("SNOD") - 32],
    [0, bytes.indexOf("HEAP")],
    [8, 56],
    [8, 72],
  ] as const) {
    const bad = Buffer.from(bytes);
    bad.writeBigUInt64LE(BigInt(value), layout + field);
    writeFileSync(damaged, bad);
    await fileError(() => readHdf5(damaged, { select }));
    await fileError(() =>
      readFrames({ path: damaged, kind: "sample", images: [0, 1, 2, 3, 4], incomplete: "keep" }),
    );
  }
});

test.each(["fixed", "extensible", "tree2"])(
  "every bit of a chunk's address in the index %s",
  async (index) => {
    const bytes = readFileSync(join(import.meta.dirname, "fixtures", `stopped-${index}.h5`));
    // Image 0 is 100 in all its pixels.
    const chunk = bytes.indexOf(Buffer.from(new Uint16Array(6).fill(100).buffer));
    const at = bytes.indexOf(Buffer.from(BigUint64Array.of(BigInt(chunk)).buffer));
    expect(at).toBeGreaterThan(0);
    for (let bit = 0; bit < 64; bit++) {
      const bad = Buffer.from(bytes);
      bad[at + (bit >> 3)] ^= 1 << (bit & 7);
      writeFileSync(damaged, bad);
      await fileError(() => readHdf5(damaged, { incomplete: "keep" }));
    }
  },
);

test("filters: what a size can be, and which may have been left out", async () => {
  const compressed = join(folder, "compressed.h5");
  const opened = createHdf5("test", compressed);
  opened.handle.create_dataset({
    name: "data",
    data: Uint16Array.from({ length: N * HEIGHT * WIDTH }, (_, i) => i % 50),
    shape: [N, HEIGHT, WIDTH],
    chunks: [1, HEIGHT, WIDTH],
    compression: "gzip",
    compression_opts: 4,
  });
  closeHdf5("test", opened);
  const bytes = readFileSync(compressed);
  const first = bytes.indexOf(Buffer.from("TREE\x01\0", "latin1")) + 24;
  // Without gzip, which may fail, a chunk has its full size: this one is shorter.
  bytes.writeUInt32LE(1, first + 4);
  writeFileSync(damaged, bytes);
  expect((await fileError(() => readHdf5(damaged))).message).toMatch(/expected chunks of 2048 bytes, or as/);
  bytes.writeUInt32LE(0, first + 4);
  bytes.writeUInt32LE(0, first);
  writeFileSync(damaged, bytes);
  expect((await fileError(() => readHdf5(damaged))).message).toMatch(/expected chunks of 2048 bytes, or as/);
});

describe("places", () => {
  const claims = (...list: [string | undefined, number, number][]) => {
    const places = new Hdf5Extents();
    for (const [dataset, from, length] of list) {
      if (dataset === undefined) places.structure(from, length);
      else places.data(dataset, from, length);
    }
    return places.overlap();
  };
  test("structure may be read twice, numbers have one place", () => {
    expect(claims([undefined, 0, 96], [undefined, 10, 20], ["/a", 96, 10], ["/b", 106, 10])).toBeUndefined();
    expect(claims(["/a", 100, 50], ["/b", 149, 1])).toEqual({ dataset: "/a", other: "/b", at: 149 });
    expect(claims([undefined, 0, 200], [undefined, 10, 10], ["/a", 150, 10])).toEqual({
      dataset: "/a",
      other: undefined,
      at: 150,
    });
    expect(claims(["/a", 0, 100], [undefined, 99, 100])).toEqual({ dataset: "/a", other: undefined, at: 99 });
    expect(claims(["/a", 5, 0], [undefined, 0, 10])).toBeUndefined();
  });
});

// HDF5 files that are damaged, not complete, or made in a circle: the right numbers, or the true reason. The fixtures were made
// by fixtures/make_hdf5.py; image k of each is 100 + k in each pixel, at 8300 + k eV.
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { readFrames } from "../../lib/io/frame-file.js";
import { readHdf5 } from "../../lib/io/hdf5.js";
import { isSoundHeap } from "../../lib/io/hdf5-guard.js";
import { closeHdf5, createHdf5, filesInLibrary, loadHdf5 } from "../../lib/io/hdf5-library.js";
import { writeHdf5 } from "../../lib/io/hdf5-writer.js";
import { NexusFile } from "../../lib/io/nexus-file.js";
import { peer, python3 } from "../support/peers.js";
import { fileError, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const fixture = (name: string) => join(import.meta.dirname, "fixtures", name);
const DATA = "/entry/instrument/detector/data";

beforeAll(loadHdf5);

/** A stack of images of 40 x 40 pixels, all of one count, compressed. */
async function scan(path: string, count: number): Promise<void> {
  const data = new Uint16Array(6 * 1600).fill(count);
  await writeHdf5(path, {
    datasets: {
      [DATA]: { data, shape: [6, 40, 40] },
      "/entry/energy": { data: Float64Array.of(1, 2, 3, 4, 5, 6).map((k) => 8300 + k) },
    },
  });
}

describe("a file that could not be read does not stand in for the next one", () => {
  const path = join(folder, "scan.h5");
  const good = join(folder, "good.h5");
  /** Each leaves the file at `path` unreadable, in another place of the library. */
  const damages: Record<string, (bytes: Buffer) => Buffer> = {
    "a compressed chunk": (bytes) =>
      bytes.fill(0, bytes.indexOf(Buffer.of(0x78, 0x5e)) + 2, bytes.length - 8),
    "its second half": (bytes) => bytes.subarray(0, bytes.length / 2),
    "the header of a group": (bytes) => bytes.fill(255, bytes.indexOf("entry"), bytes.indexOf("entry") + 20),
    "a tree": (bytes) => bytes.fill(0, bytes.lastIndexOf("TREE"), bytes.lastIndexOf("TREE") + 4),
    "its signature": (bytes) => bytes.fill(0, 0, 8),
  };
  test.each(Object.keys(damages))("%s", async (what) => {
    await scan(path, 1000);
    await scan(good, 5000);
    writeFileSync(path, damages[what](readFileSync(path)));
    const readers = [
      () => readHdf5(path),
      () => readHdf5(path, { select: DATA }),
      () => readFrames(path),
      () => Cube.load({ sample: path }).spectrum(),
    ];
    for (const read of readers) {
      await fileError(read);
      expect(filesInLibrary()).toBe(0);
    }
    // In place, as cp does: the same path and the same inode.
    copyFileSync(good, path);
    const { data } = (await readHdf5(path)).datasets[DATA];
    expect(new Set(data as Uint16Array)).toEqual(new Set([5000]));
    expect((await Cube.load({ sample: path }).spectrum()).values).toEqual(new Float64Array(6).fill(5000));
    expect(filesInLibrary()).toBe(0);
  });

  test("nor does one that this library refuses, or that is half read", async () => {
    await scan(path, 1000);
    await scan(good, 5000);
    const refused = [
      () => readFrames(`${path}::/entry/energy`),
      () => readFrames(`${path}::/nothing`),
      () => readHdf5(path, { select: "/nothing" }),
    ];
    for (const read of refused) await fileError(read);
    const begun = NexusFile.openSync({ path });
    begun.readRows(0, 0, 1, new Float32Array(40));
    copyFileSync(good, path);
    // The old file is still open: its memory must not answer for the new one.
    await fileError(() => readHdf5(path)).then(({ message }) => expect(message).toMatch(/to stay as it is/));
    begun.close();
    const { data } = (await readHdf5(path)).datasets[DATA];
    expect((data as Uint16Array)[0]).toBe(5000);
  });
});

describe("images that were never written", () => {
  test.each(["tree", "fixed", "extensible", "tree2"])("chunks of the index %s", async (index) => {
    const path = fixture(`stopped-${index}.h5`);
    const why = /lacks 3, the first of them number 5 \(their chunks were never written\); use .*"keep"/;
    expect((await fileError(() => readHdf5(path))).message).toMatch(why);
    expect((await fileError(() => readFrames(path))).message).toMatch(why);
    const { shape, data, kept } = (await readHdf5(path, { incomplete: "keep" })).datasets[DATA];
    expect([shape, kept]).toEqual([
      [5, 2, 3],
      [0, 1, 2, 3, 4],
    ]);
    expect((data as Uint16Array)[24]).toBe(104);
    const cube = Cube.load({ sample: path, incomplete: "keep" });
    expect(cube.schema.energies).toEqual([8300, 8301, 8302, 8303, 8304]);
    expect(Array.from((await cube.spectrum()).values)).toEqual([100, 101, 102, 103, 104]);
    expect(cube.explain()).toContain("incomplete: 3 energies left out");
  });

  test("nor those that the library would not find in a damaged tree", async () => {
    const path = join(folder, "tree.h5");
    const bytes = readFileSync(fixture("stopped-tree.h5"));
    // A node of chunks (type 1); the first key begins after its head of 24 bytes: size, mask, three offsets, and a zero.
    const node = bytes.indexOf(Buffer.from("TREE\x01\0", "latin1"));
    bytes[node + 24 + 8 + 3 * 8] = 1;
    writeFileSync(path, bytes);
    const read = () => readHdf5(path, { select: DATA, incomplete: "keep" });
    expect((await fileError(read)).message).toMatch(/expected a tree of chunks in order/);
  });

  test("all of them", async () => {
    const path = fixture("stopped-contiguous.h5");
    expect((await readHdf5(path)).skipped[DATA]).toBe("never written");
    for (const incomplete of ["refuse", "keep"] as const) {
      const read = () => readHdf5(path, { select: DATA, incomplete });
      expect((await fileError(read)).message).toMatch(/lacks all of them \(never written\)/);
    }
  });

  test("images whose file is not there, or too short", async () => {
    const missing = fixture("virtual-missing.h5");
    expect((await fileError(() => readHdf5(missing))).message).toMatch(
      /lacks 4, the first of them number 4 \(.*"virtual-gone\.h5"/,
    );
    const short = fixture("virtual-short-source.h5");
    expect((await fileError(() => readFrames(short))).message).toMatch(
      /lacks 4, the first of them number 4 \(.*"virtual-short\.h5" has the shape 2 x 2 x 3/,
    );
    const { values } = await Cube.load({ sample: short, incomplete: "keep" }).spectrum();
    expect(Array.from(values)).toEqual([100, 101, 102, 103]);
    expect(filesInLibrary()).toBe(0);
  });

  test("a stopped sample with a complete flat: both at the energies that both have", async () => {
    const flat = join(folder, "flat.h5");
    const data = new Uint16Array(8 * 6).fill(300);
    const energies = Float64Array.from({ length: 8 }, (_, k) => 8300 + k);
    await writeHdf5(flat, {
      datasets: { "/entry/data": { data, shape: [8, 2, 3] }, "/entry/energy": { data: energies } },
    });
    const sample = fixture("stopped-tree.h5");
    expect(() => Cube.load({ sample, flat })).toThrow(/lacks 3/);
    const { values } = await Cube.load({ sample, flat, incomplete: "keep" }).absorb().spectrum();
    // Absorbance is a natural logarithm, in single precision.
    for (const [k, value] of values.entries()) expect(value).toBeCloseTo(Math.log(300 / (100 + k)), 6);
    expect(values.length).toBe(5);
  });
});

describe("links", () => {
  test("circles, dead ends and other files", async () => {
    const path = join(folder, "links.h5");
    const opened = createHdf5("test", path);
    const { handle } = opened;
    const entry = handle.create_group("entry");
    entry.create_dataset({ name: "a", data: Float64Array.of(1, 2, 3) });
    entry.create_hard_link("/entry", "hard");
    entry.create_soft_link("/entry", "soft");
    entry.create_soft_link("/entry/q", "p");
    entry.create_soft_link("/entry/p", "q");
    entry.create_soft_link("/nowhere", "gone");
    entry.create_external_link("links.h5", "/entry", "itself");
    entry.create_external_link("none.h5", "/entry", "nofile");
    entry.create_external_link("other.h5", DATA, "other");
    closeHdf5("test", opened);
    await scan(join(folder, "other.h5"), 9);
    const { datasets, skipped } = await readHdf5(path);
    expect(Object.keys(datasets).sort()).toEqual(["/entry/a", "/entry/other"]);
    expect(skipped).toMatchObject({
      "/entry/hard": "a group that contains itself",
      "/entry/soft": "a group that contains itself",
      "/entry/itself": "a group that contains itself",
      "/entry/p": "one that leads in a circle",
      "/entry/gone": expect.stringMatching(/^one to "\/nowhere" of .*, where nothing lies/),
      "/entry/nofile": expect.stringMatching(/^none at .*none\.h5/),
    });
    expect((await readFrames(`${path}::/entry/other`)).length).toBe(6);
    expect(filesInLibrary()).toBe(0);
  });
});

test("a file that is still open for writing, with the remedy", async () => {
  for (const read of [readHdf5, readFrames]) {
    expect((await fileError(() => read(fixture("open-swmr.h5")))).message).toMatch(
      /still open for writing \(SWMR.*; close it there first; .*h5clear -s/,
    );
    expect((await fileError(() => read(fixture("open-writing.h5")))).message).toMatch(
      /still open for writing, or was when its program ended/,
    );
  }
  const folderAsFile = await fileError(() => readHdf5(folder));
  expect(folderAsFile.message).toMatch(/expected a file at .*, got a folder/);
});

describe("a file that h5py has open for writing", () => {
  beforeEach(peer("h5py"));

  /** Runs something while Python holds a file open, as it says when it is ready. */
  async function whileOpen(program: string, run: () => Promise<void>): Promise<void> {
    const writer = spawn(
      python3,
      ["-c", `import h5py, numpy as np, sys\n${program}\nprint("ready", flush=True); sys.stdin.read()`],
      {
        cwd: folder,
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
    try {
      await new Promise((ready, failed) => {
        writer.stdout.once("data", ready);
        writer.once("exit", failed);
      });
      await run();
    } finally {
      writer.kill();
      await new Promise((ended) => writer.once("exit", ended));
    }
  }

  const data = "f['entry/data'] = np.ones((4, 2, 3), 'u2'); f['entry/energy'] = np.arange(8300., 8304.)";
  test.each([
    ["just begun", `f = h5py.File("open.h5", "w")`],
    ["with what it wrote flushed", `f = h5py.File("open.h5", "w"); ${data}; f.flush()`],
    ["of the newest version", `f = h5py.File("open.h5", "w", libver="latest"); ${data}; f.flush()`],
    [
      "for single writer, multiple readers",
      `f = h5py.File("open.h5", "w", libver="latest"); ${data}; f.swmr_mode = True`,
    ],
    ["to change it", `f = h5py.File("open.h5", "w"); ${data}; f.close(); f = h5py.File("open.h5", "r+")`],
  ])("%s", async (what, program) => {
    const path = join(folder, "open.h5");
    await whileOpen(program, async () => {
      // Where the system lists no locks, the older files do not tell.
      const isListed = existsSync("/proc/locks");
      if (!isListed && !/newest|single/.test(what)) return;
      for (const read of [readHdf5, readFrames]) {
        const { message } = await fileError(() => read(path));
        expect(message).toMatch(/got one that is still open for writing.*open\.h5; close it there first/);
        if (/single/.test(what)) expect(message).toContain("SWMR");
      }
    });
    // The process was killed: a newer file has the mark of its writer, an older one was closed by h5py or is refused as it is.
    if (/change/.test(what)) expect((await readFrames(path)).length).toBe(4);
    expect(filesInLibrary()).toBe(0);
  });

  test("to read it", async () => {
    const path = join(folder, "read.h5");
    await whileOpen(
      `f = h5py.File("read.h5", "w"); ${data}; f.close(); f = h5py.File("read.h5", "r")`,
      async () => {
        expect((await readFrames(path)).length).toBe(4);
      },
    );
  });
});

test("a user block, orders of bytes, and types that are no numbers", async () => {
  const { datasets, skipped } = await readHdf5(fixture("types.h5"));
  expect((datasets[DATA].data as Uint16Array)[47]).toBe(107);
  expect(datasets["/big"].data).toEqual(Float64Array.of(2 ** 53 - 1, 5));
  expect(datasets["/none"].shape).toEqual([0, 3]);
  expect(datasets["/latin"].data).toBe("10 µm");
  expect(Array.from(datasets["/flag"].data as Int8Array)).toEqual([1, 0]);
  expect(skipped).toMatchObject({
    "/too_big": "9223372036854775808, which a double does not hold,",
    "/big@too_big": "9223372036854775808, which a double does not hold,",
    "/complex": expect.stringContaining("compounds"),
    "/record": expect.stringContaining("compounds"),
    "/null": "no value (a null dataspace)",
    "/reference": expect.stringContaining("references"),
    "/prepared": "never written",
  });
  expect(Array.from(datasets["/half"].data as Float32Array)).toEqual([1, 1]);
  const read = () => readHdf5(fixture("types.h5"), { select: "/complex" });
  expect((await fileError(read)).message).toMatch(/expected numbers or text in "\/complex", got compounds/);
});

describe("what the lists of a NeXus file say", () => {
  const path = join(folder, "lists.h5");
  const write = (units: string, energy: number[], more: Record<string, unknown> = {}) =>
    writeHdf5(path, {
      datasets: {
        "/entry/data": { data: new Uint16Array(24).fill(5), shape: [2, 3, 4] },
        "/entry/energy": { data: Float64Array.from(energy), attributes: { units } },
        "/entry/instrument/detector/count_time": { data: 5, attributes: { units: "ms" } },
        "/entry/instrument/source/current": { data: 0.2, attributes: { units: "A" } },
        ...(more as object),
      },
    });

  test("units are honored, unknown ones are refused", async () => {
    await write("keV", [8.333, 8.334]);
    expect((await readFrames(path)).map(({ header }) => header)).toEqual([
      { energy: "8333", exposure_time: "0.005", ring_current: "200" },
      { energy: "8334", exposure_time: "0.005", ring_current: "200" },
    ]);
    await write("electronvolts", [8333, 8334]);
    expect((await readFrames(path))[0].header.energy).toBe("8333");
    await write("degree", [12.1, 12.0]);
    expect((await fileError(() => readFrames(path))).message).toMatch(
      /in one of eV, keV, .*, got the unit "degree" in .*lists\.h5/,
    );
  });

  test("a dark needs no energies, and may be one image; a flat may not", async () => {
    await write("eV", [8333], {
      "/entry/mean": { data: new Float32Array(12).fill(3), shape: [3, 4] },
      "/entry/instrument/detector/image_key": { data: Int32Array.of(2, 0) },
      "/entry/energy": { data: Float64Array.of(Number.NaN, 8333), attributes: { units: "parsec" } },
    });
    expect((await readFrames({ path, kind: "dark" })).length).toBe(1);
    expect(Array.from((await readFrames({ path: `${path}::/entry/mean`, kind: "dark" }))[0].data)).toEqual(
      new Array(12).fill(3),
    );
    expect(
      (await fileError(() => readFrames({ path: `${path}::/entry/mean`, kind: "flat" }))).message,
    ).toMatch(/got shape \[3, 4\].*a flat needs one image for each energy/);
  });
});

test("misspelt options", async () => {
  const path = join(folder, "options.h5");
  await expect(readHdf5(path, { selct: "/a" } as never)).rejects.toThrow(/did you mean "select"/);
  await expect(readHdf5(path, { incomplete: "keeep" as never })).rejects.toThrow(/did you mean "keep"/);
  for (const tree of [{}, { datasets: null }, { datasets: 3 }]) {
    await expect(writeHdf5(path, tree as never)).rejects.toThrow(/expected \{ datasets \}/);
  }
  await expect(writeHdf5(path, { dataset: {} } as never)).rejects.toThrow(/did you mean "datasets"/);
  const input = { data: 1, shpe: [1] } as never;
  await expect(writeHdf5(path, { datasets: { "/a": input } })).rejects.toThrow(/did you mean "shape"/);
});

test("texts whose list leads in a circle, on which the library would not come back", async () => {
  const path = join(folder, "texts.h5");
  await writeHdf5(path, { datasets: { "/text": { data: ["one", "two"] }, "/a": { data: 1 } } });
  const bytes = readFileSync(path);
  const heap = bytes.indexOf("GCOL");
  expect(isSoundHeap(bytes.subarray(heap, heap + 4096))).toBe(true);
  // A free object of size zero.
  writeFileSync(path, bytes.fill(0, heap + 40, heap + 64));
  expect(isSoundHeap(bytes.subarray(heap, heap + 4096))).toBe(false);
  expect((await fileError(() => readHdf5(path))).message).toMatch(/got damaged texts/);
  expect((await readHdf5(path, { select: "/a" })).datasets["/a"].data).toBe(1);
  truncateSync(path, 100);
  expect((await fileError(() => readHdf5(path))).message).toMatch(/truncated: 100 of/);
});

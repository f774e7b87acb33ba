// What a disk and its file systems do to us: full disks, things that are no files, names of every kind.
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { basename, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { FileError } from "../../lib/errors.js";
import { writeWhole } from "../../lib/io/atomic.js";
import { readColumns } from "../../lib/io/columns.js";
import { makeFolder } from "../../lib/io/disk.js";
import { EdfFile, readEdf, writeEdf } from "../../lib/io/edf.js";
import { formatOf, formats } from "../../lib/io/formats.js";
import { splitPlace } from "../../lib/io/place.js";
import { readZarr } from "../../lib/io/zarr.js";
import { writeZarr } from "../../lib/io/zarr-writer.js";
import { smallExperiment } from "../support/small-experiment.js";
import { fileError, put, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const dist = resolve(import.meta.dirname, "../../dist/index.js");

/** Everything that writes, into files that are there already; prints one line for each. */
const writers = `
const op = await import(process.env.LIBRARY);
const { join } = await import("node:path");
const out = process.env.OUT;
const cube = op.Cube.load(process.env.EXPERIMENT).absorb();
const spectra = await cube.spectra();
const numbers = Float64Array.from({ length: 30000 }, (_, i) => Math.sin(i) * 1e6);
const path = (name) => join(out, name);
const energies = Float64Array.from({ length: 4000 }, (_, i) => 8200 + i / 8);
const figure = op.figures.spectra({ energies, spectra: [energies.map((_, i) => Math.sin(i * i))], labels: ["noise"] });
const all = {
  "a.edf": (p) => op.writeEdf(p, [{ shape: [100, 300], data: numbers }]),
  "a.h5": (p) => op.writeHdf5(p, { datasets: { "/a": { data: numbers } } }),
  "a.txt": (p) => op.writeColumns(p, { columns: [numbers] }),
  "a.mpt": (p) => op.writeMpt(p, { columns: { "time/s": numbers } }),
  "a.xdi": (p) => op.writeXdi(p, { columns: [{ label: "energy", unit: "eV", data: numbers }] }),
  "result.csv": (p) => spectra.save(p),
  "result.json": (p) => spectra.save(p),
  "result.h5": (p) => spectra.save(p),
  "result.xdi": (p) => spectra.save(p),
  "figure.svg": (p) => figure.save(p),
  "figure.html": (p) => figure.save(p),
  "figure.png": (p) => figure.save(p),
  "figure.pdf": (p) => figure.save(p),
  "fresh.zarr": (p) => cube.save(p),
};
for (const [name, write] of Object.entries(all)) {
  try { await write(path(name)); console.log(JSON.stringify({ name, written: true })); }
  catch ({ name: kind, message, fields }) { console.log(JSON.stringify({ name, kind, message, fields })); }
}`;

async function prepared(out: string): Promise<void> {
  const names = [
    "a.edf",
    "a.h5",
    "a.txt",
    "a.mpt",
    "a.xdi",
    "result.csv",
    "result.json",
    "result.h5",
    "result.xdi",
  ];
  for (const name of [...names, "figure.svg", "figure.html", "figure.png", "figure.pdf"])
    put(out, name, "old");
}

async function checkRefused(out: string, said: string, reason: RegExp): Promise<void> {
  const lines = said
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(14);
  for (const { name, kind, message, fields } of lines) {
    expect([name, kind, message]).toEqual([name, "FileError", expect.stringMatching(reason)]);
    expect(message).toContain(join(out, name));
    expect(fields.path).toBe(join(out, name));
    if (name !== "fresh.zarr") expect(readFileSync(join(out, name), "utf8")).toBe("old");
  }
  // A store goes on when the disk has room; what it has is whole.
  const isPart = (name: string): boolean => name.split("/").some((one) => one.startsWith("."));
  expect(readdirSync(out, { recursive: true, encoding: "utf8" }).filter(isPart)).toEqual([]);
}

describe.skipIf(!existsSync(dist))("a disk that is full (skipped where the library is not built)", () => {
  const { folder: experiment } = smallExperiment({ nTimes: 8 });
  const environment = (out: string) => ({
    ...process.env,
    LIBRARY: dist,
    OUT: out,
    EXPERIMENT: experiment,
    OPERANDOSE_CACHE: "off",
  });

  test("by a limit on the size of files: refused by path and size, nothing half-written, the old file intact", async () => {
    const out = join(folder, "limited");
    mkdirSync(out);
    await prepared(out);
    const code = `ulimit -f 8; exec "$0" --input-type=module -e "$1"`;
    const said = execFileSync("bash", ["-c", code, process.execPath, writers], {
      env: environment(out),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    await checkRefused(out, said, /got a limit on the size of files \(.* to write\); free some/);
  });

  test("truly", async ({ skip }) => {
    const out = join(folder, "full");
    mkdirSync(out);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=400k", "tmpfs", out]).status === 0;
    if (!mounted) skip("a small disk cannot be mounted here");
    try {
      await prepared(out);
      // Up to the last byte.
      spawnSync("sh", ["-c", `cat /dev/zero > ${join(out, "filler")}`], { stdio: "ignore" });
      const said = execFileSync(process.execPath, ["--input-type=module", "-e", writers], {
        env: environment(out),
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      await checkRefused(out, said, /got a full disk( \(.* to write, .* free\))?; free some/);
    } finally {
      spawnSync("umount", [out]);
    }
  });

  test.for(["edf", "nexus"])(
    "while a recording is simulated (%s): each file is whole or not there",
    async (format, { skip }) => {
      const program = `
const op = await import(process.env.LIBRARY);
const { writeFileSync } = await import("node:fs");
const options = { scale: "tiny", seed: 1, out: process.env.OUT + "/recording", format: process.env.FORMAT, workers: 1, only: ["holdC"], cubes: 4 };
let filled = process.env.FILL !== "yes";
const onProgress = ({ done }) => {
  // The disk had room when the recording began; another program fills it.
  if (filled || done === 0) return;
  filled = true;
  try { for (let n = 0; ; n++) writeFileSync(process.env.OUT + "/filler" + n, Buffer.alloc(1 << 16)); } catch {}
};
try { await op.simulate("farther", { ...options, onProgress }); console.log(JSON.stringify({ written: true })); }
catch ({ name: kind, message, fields }) { console.log(JSON.stringify({ kind, message, fields })); }
console.log(op.estimateBytes("farther", "tiny", { only: ["holdC"], cubes: 4 }));`;
      const out = join(folder, `simulated-${format}`);
      mkdirSync(out);
      const run = (fill: string) => {
        const said = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
          env: { ...environment(out), FORMAT: format, FILL: fill },
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        });
        const [outcome, bytes] = said
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line));
        return { ...outcome, bytes };
      };
      const mount = (size: number) =>
        spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", out]).status === 0;
      if (!mount(2 ** 20)) skip("a small disk cannot be mounted here");
      try {
        const small = run("no");
        expect([small.kind, small.message]).toEqual([
          "FileError",
          expect.stringMatching(/^simulate: expected .* free .*, got /),
        ]);
        expect(existsSync(join(out, "recording", "experiment.json"))).toBe(false);
        spawnSync("umount", [out]);
        mount(Math.round(1.5 * small.bytes) + 2 ** 22);
        const full = run("yes");
        expect([full.kind, full.message]).toEqual([
          "FileError",
          expect.stringMatching(/got a full disk.*; free some/),
        ]);
        // What is there is whole, and the same call completes the recording.
        const files = readdirSync(out, { recursive: true, encoding: "utf8" });
        expect(files.filter((name) => basename(name).startsWith(".") && name.endsWith(".part"))).toEqual([]);
        expect(files).not.toContain(join("recording", "experiment.json"));
        for (const name of files.filter((one) => one.startsWith("filler"))) unlinkSync(join(out, name));
        expect(run("no").written).toBe(true);
        const spectra = await Cube.load(join(out, "recording"), { part: "holdC" }).spectra();
        expect(spectra.data.length).toBeGreaterThan(0);
      } finally {
        spawnSync("umount", [out]);
      }
    },
  );
});

describe("folders that are made", () => {
  test("below each other, where some are missing, or another process makes one", () => {
    const deep = join(folder, "made", "level by level", "./x/../y");
    makeFolder("write", deep);
    makeFolder("write", deep);
    expect(lstatSync(deep).isDirectory()).toBe(true);
    const file = put(folder, "plain.txt", "x");
    expect(() => makeFolder("write", file)).toThrow(/^write: expected a folder at .*plain\.txt, got a file/);
    expect(() => makeFolder("write", join(file, "deeper"))).toThrow(/got no such folder/);
    expect(() => makeFolder("write", join(folder, "zero\0byte"))).toThrow(FileError);
    const lost = join(folder, "lost");
    symlinkSync(join(folder, "nowhere"), lost);
    expect(() => makeFolder("write", join(lost, "deeper"))).toThrow(FileError);
  });

  test.skipIf(!existsSync("/proc/self") || !existsSync(dist))(
    "below /proc, where no folder can be made: each writer says so (skipped where the library is not built)",
    () => {
      const { folder: experiment } = smallExperiment({ nTimes: 2 });
      const program = `
const op = await import(process.env.LIBRARY);
const cube = op.Cube.load(process.env.EXPERIMENT);
const manifest = JSON.parse((await import("node:fs")).readFileSync(process.env.EXPERIMENT + "/experiment.json"));
for (const write of [
  () => cube.save("/proc/x.zarr"),
  () => cube.save("/proc/x/y.zarr"),
  () => op.writeExperiment("/proc/x/y", manifest),
  () => op.simulate("farther", { scale: "tiny", seed: 1, out: "/proc/x/y" }),
  () => op.publish(op.figures.curves({ x: [0, 1], y: [[1, 2]], xLabel: "x", yLabel: "y" }), "name"),
]) {
  try { await write(); console.log("written"); }
  catch (error) { console.log(error.name + " " + error.message); }
}`;
      const said = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
        env: { ...process.env, LIBRARY: dist, EXPERIMENT: experiment, OPERANDOSE_SITE: "/proc/x/site" },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        // Where a writer does not return.
        timeout: 100_000,
      });
      const lines = said.trim().split("\n");
      expect(lines).toHaveLength(5);
      for (const line of lines) expect(line).toMatch(/^FileError \w+: expected .*\/proc\/x.*, got /);
    },
  );
});

describe("what is no file", () => {
  test("pipes, devices, sockets and folders are refused at once, by every reader", async ({ skip }) => {
    const pipe = join(folder, "pipe.edf");
    if (spawnSync("mkfifo", [pipe]).status !== 0) skip("no mkfifo here");
    const socket = join(folder, "socket.edf");
    const server = createServer().listen(socket);
    await new Promise((done) => server.once("listening", done));
    mkdirSync(join(folder, "folder.edf"));
    const loop = join(folder, "loop.edf");
    symlinkSync(loop, loop);
    const kinds: readonly (readonly [string, RegExp])[] = [
      [pipe, /got a pipe/],
      [socket, /got a socket or a device/],
      ["/dev/zero", /got a socket or a device/],
      [join(folder, "folder.edf"), /got a folder/],
      [loop, /got a link that leads back to itself/],
    ];
    const readers = [
      ...formats.map(({ read }) => read),
      formatOf,
      EdfFile.openSync,
      (p: string) => Cube.load({ sample: p }),
    ];
    for (const [path, got] of kinds) {
      for (const read of readers) {
        const { message, fields } = await fileError(() => read(path));
        expect(message).toMatch(got);
        expect(fields.path).toBe(path);
      }
    }
    server.close();
  });

  test("is never replaced: a device, a folder; a link keeps leading to its file", async () => {
    expect((await fileError(() => writeWhole("test", "/dev/null", "1"))).message).toMatch(
      /got a socket or a device/,
    );
    expect((await fileError(() => writeWhole("test", folder, "1"))).message).toMatch(/got a folder/);
    const [file, link] = [put(folder, "real.txt", "0"), join(folder, "link.txt")];
    symlinkSync("real.txt", link);
    writeWhole("test", link, "1");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(file, "utf8")).toBe("1");
    symlinkSync(join(folder, "later.txt"), join(folder, "dangling.txt"));
    writeWhole("test", join(folder, "dangling.txt"), "2");
    expect(readFileSync(join(folder, "later.txt"), "utf8")).toBe("2");
  });
});

test("files that are larger than the memory are refused before any is taken for them", async () => {
  const lines = ["ByteOrder = LowByteFirst", "DataType = UnsignedShort", "Dim_1 = 1000000", "Dim_2 = 500000"];
  const header = `{\n${lines.map((line) => `${line} ;\n`).join("")}`.padEnd(510);
  const large = put(folder, "large.edf", `${header}}\n`);
  truncateSync(large, 512 + 1e12);
  expect((await fileError(() => readEdf(large))).message).toMatch(
    /of memory, got 1000\.00 GB .*load it with Cube\.load/,
  );
  const text = put(folder, "large.txt", "1 2\n");
  truncateSync(text, 2 ** 30);
  expect((await fileError(() => readColumns(text))).message).toMatch(/at most 0\.54 GB, got 1\.07 GB/);
  const path = join(folder, "large.zarr");
  await writeZarr(path, {
    attributes: {},
    arrays: { a: { type: "float32", shape: [1e6, 1e6], dimensions: ["y", "x"], chunks: [1, 1] } },
  });
  expect((await fileError(() => readZarr(path))).message).toMatch(/got 4000\.00 GB for "a"/);
});

describe("names", () => {
  const image = (k: number) => ({
    header: { energy: 8300 + k },
    shape: [1, 2] as const,
    data: Uint16Array.of(k + 1, 9),
  });
  const images = [0, 1, 2].map(image);

  test("what systems leave beside data is no data", async () => {
    const many = join(folder, "many");
    mkdirSync(many);
    for (const name of ["cube-2.edf", "cube-10.edf"]) await writeEdf(join(many, name), images);
    for (const name of ["._cube-2.edf", ".DS_Store", "Thumbs.db", ".hidden.edf"])
      put(many, name, "\0\x05\x16\x07");
    for (const pattern of ["*.edf", "*", "*cube*"]) {
      const { files } = Cube.load({ sample: join(many, pattern) }).plan.source.sample;
      expect(files.map(({ path }) => basename(path))).toEqual(["cube-2.edf", "cube-10.edf"]);
    }
    const zarr = join(folder, "mac.zarr");
    await writeZarr(zarr, {
      attributes: {},
      arrays: { a: { data: Float64Array.of(1), shape: [1], dimensions: ["x"] } },
    });
    mkdirSync(join(zarr, "._a"));
    put(join(zarr, "._a"), "zarr.json", "\0");
    expect(Object.keys((await readZarr(zarr)).arrays)).toEqual(["a"]);
  });

  test.each(["a::b", "two words", "run*", "h\u00e9", "he\u0301", "new\nline", "[1](2)$"])(
    "a folder %j",
    async (name) => {
      const inside = join(folder, "names", name);
      mkdirSync(inside, { recursive: true });
      await writeEdf(join(inside, "cube.edf"), images);
      for (const last of ["cube.edf", "c*.edf"]) {
        const cube = Cube.load({ sample: join(inside, last) });
        expect(cube.plan.source.sample.files.map(({ path }) => path)).toEqual([join(inside, "cube.edf")]);
        expect((await cube.spectra()).data).toHaveLength(6);
      }
      const { message } = await fileError(() => Cube.load({ sample: join(inside, "missing.edf") }));
      expect(message).toContain(join(inside, "missing.edf"));
    },
  );

  test("an accented letter is one letter, however the file system writes it", async () => {
    const inside = join(folder, "accents");
    mkdirSync(inside);
    await writeEdf(join(inside, "e\u0301lectrode-1.edf"), images);
    expect(Cube.load({ sample: join(inside, "\u00e9lectrode-*.edf") }).plan.source.sample.files).toHaveLength(
      1,
    );
  });

  test("* in a folder's name that is not there is told", async () => {
    const { message } = await fileError(() => Cube.load({ sample: join(folder, "run-*", "cube.edf") }));
    expect(message).toMatch(/found no folder .*write \* only in the last part/);
  });

  test("a dataset is what follows :: after the file", () => {
    const inside = join(folder, "x::y");
    mkdirSync(inside);
    const file = put(inside, "scan.nxs", "1");
    expect(splitPlace(`${file}::/entry/data`)).toEqual({ path: file, dataset: "/entry/data" });
    expect(splitPlace(`${file}::/a::b`)).toEqual({ path: file, dataset: "/a::b" });
    expect(splitPlace(file)).toEqual({ path: file });
    expect(splitPlace(join(inside, "none.edf"))).toEqual({ path: join(inside, "none.edf") });
    expect(splitPlace("none.nxs::/entry/data")).toEqual({ path: "none.nxs", dataset: "/entry/data" });
  });

  test("a second name of a file is the same file", async () => {
    await writeEdf(join(folder, "first.edf"), images);
    linkSync(join(folder, "first.edf"), join(folder, "second.edf"));
    writeFileSync(join(folder, "empty.edf"), "");
    expect((await readEdf(join(folder, "second.edf"))).frames).toHaveLength(3);
    expect((await fileError(() => Cube.load({ sample: join(folder, "empty.edf") }))).message).toMatch(
      /an empty file/,
    );
  });
});

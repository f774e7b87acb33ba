// A file that changed has another stamp, however it changed.
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { closeHdf5, createHdf5, loadHdf5 } from "../../lib/io/hdf5-library.js";
import { withLinked } from "../../lib/io/linked-files.js";
import { NexusFile } from "../../lib/io/nexus-file.js";
import { NexusWriter } from "../../lib/io/nexus-writer.js";
import { fingerprintOf, stampOf, versions } from "../../lib/io/stamp.js";
import { whileLoading, whileUnchanged } from "../../lib/io/unchanged.js";
import { openZarrArray } from "../../lib/io/zarr.js";
import { metadataOf } from "../../lib/io/zarr-store.js";
import { writeZarr } from "../../lib/io/zarr-writer.js";
import { fileError, put, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

test("an edit in place that keeps size and time of modification shows: in the content of a small file, in the version of any", async () => {
  for (const [size, inContent] of [
    [1000, true],
    [3_000_000, false],
  ] as const) {
    const path = put(folder, `edited-${size}`, Buffer.alloc(size, 1));
    const then = new Date(1.7e12);
    utimesSync(path, then, then);
    await pause(150);
    const before = [fingerprintOf(path), stampOf(path).version];
    expect(stampOf(path).settled).toBe(true);
    const bytes = readFileSync(path);
    // Between two sampled blocks of the large file.
    bytes[size === 1000 ? 500 : 100_000] ^= 1;
    writeFileSync(path, bytes);
    utimesSync(path, then, then);
    expect(statSync(path).mtimeMs).toBe(then.getTime());
    expect(fingerprintOf(path) !== before[0]).toBe(inContent);
    expect(stampOf(path).version).not.toBe(before[1]);
  }
});

test("a copy has the same fingerprint and another version; a file put in its place, too", async () => {
  const [path, copy] = [put(folder, "original", Buffer.alloc(2_000_000, 7)), join(folder, "copy")];
  copyFileSync(path, copy);
  const { atime, mtime } = statSync(path);
  utimesSync(copy, atime, mtime);
  expect(fingerprintOf(copy)).toBe(fingerprintOf(path));
  const before = stampOf(path).version;
  renameSync(copy, path);
  expect(stampOf(path).version).not.toBe(before);
});

test("while the times of a file may not tell it from the next one it is equal to nothing", async () => {
  const path = put(folder, "young", "1");
  expect(stampOf(path).settled).toBe(false);
  expect(versions()(path)).not.toBe(versions()(path));
  await pause(150);
  expect(stampOf(path).settled).toBe(true);
  expect(versions()(path)).toBe(versions()(path));
  // A clock that goes wrong: the time of modification lies in the future, the time of change does not.
  utimesSync(path, new Date(), new Date(Date.now() + 3.6e6));
  await pause(150);
  expect(stampOf(path).settled).toBe(true);
});

test("a saved cube is all of its files: a block that another program writes shows", async () => {
  const path = join(folder, "store.zarr");
  const data = Float64Array.from({ length: 8 }, (_, i) => i);
  await writeZarr(path, {
    attributes: {},
    arrays: { data: { data, shape: [8], dimensions: ["x"], chunks: [4] } },
  });
  const before = [fingerprintOf(path), stampOf(path).version];
  const array = await openZarrArray(path, "data");
  await array.write([[0, 4]], Float64Array.of(9, 9, 9, 9));
  expect(fingerprintOf(path)).not.toBe(before[0]);
  expect(stampOf(path).version).not.toBe(before[1]);
});

test("an HDF5 file changes with the files that it refers to", async () => {
  await loadHdf5();
  const [path, other] = [join(folder, "master.h5"), join(folder, "counts.nxs")];
  const record = (value: number) => {
    const writer = NexusWriter.create(other, { kind: "sample" });
    const data = new Uint16Array(6).fill(value);
    writer.append({ header: { energy: 8300 }, shape: [2, 3], data });
    writer.finish();
  };
  record(1);
  const master = createHdf5("test", path);
  master.handle.create_external_link("counts.nxs", "/entry", "entry");
  closeHdf5("test", master);
  NexusFile.openSync({ path }).close();
  expect(withLinked(path)).toEqual([path, other]);
  await pause(150);
  const before = versions()(path);
  expect(versions()(path)).toBe(before);
  record(2);
  await pause(150);
  expect(versions()(path)).not.toBe(before);
  // A master that is written anew refers to what is in it now.
  const anew = createHdf5("test", path);
  anew.handle.create_external_link("counts.nxs", "/entry/instrument", "entry");
  closeHdf5("test", anew);
  rmSync(other);
  expect(withLinked(path)).toEqual([path]);
});

test("what changes while it is read is refused; what is only touched by a backup is not", async () => {
  const path = put(folder, "recorded", "1");
  const read = (meanwhile: () => unknown) => whileUnchanged("read", [path], async () => meanwhile());
  await read(() => chmodSync(path, 0o600));
  for (const change of [
    () => writeFileSync(path, "22"),
    () => {
      renameSync(put(folder, "other", "33"), path);
    },
  ]) {
    const { message, fields } = await fileError(() => read(change));
    expect(message).toMatch(
      /^read: expected a file that stays as it is, got one that changed while it was read: /,
    );
    expect(fields.path).toBe(path);
  }
  const { loaded } = whileLoading(path, () => 0);
  writeFileSync(path, "4444");
  expect((await fileError(() => whileUnchanged("read", [path], async () => 0, loaded))).message).toMatch(
    /changed since it was loaded/,
  );
});

test("what is not there is told by its path", async () => {
  const path = join(folder, "nowhere");
  expect((await fileError(() => stampOf(path))).message).toContain(path);
  expect((await fileError(() => fingerprintOf(path))).message).toContain(path);
  mkdirSync(join(folder, "empty.zarr"));
  expect(metadataOf(join(folder, "empty.zarr"))).toContain("zarr.json");
});

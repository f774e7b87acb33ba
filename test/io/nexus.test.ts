import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { random } from "../../lib/compute/random.js";
import { EdfFile, EdfWriter } from "../../lib/io/edf.js";
import { describeFrames, openFrames, readFrames } from "../../lib/io/frame-file.js";
import { hdf5, loadHdf5 } from "../../lib/io/hdf5-library.js";
import { writeHdf5 } from "../../lib/io/hdf5-writer.js";
import { NexusFile } from "../../lib/io/nexus-file.js";
import { NexusWriter } from "../../lib/io/nexus-writer.js";
import { peer, python } from "../support/peers.js";
import { fileError, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const path = join(folder, "cube.nxs");
const [n, height, width] = [5, 7, 9];
const rng = random(5);
const frames = Array.from({ length: n }, (_, k) => ({
  header: { energy: 8300.25 + k, exposure_time: 0.0044, ring_current: 499.5 + k / 8, time: k / 4, cubes: 3 },
  shape: [height, width] as [number, number],
  data: Uint16Array.from({ length: height * width }, () => Math.floor(65536 * rng.uniform())),
}));

beforeAll(async () => {
  await loadHdf5();
  const writer = NexusWriter.create(path, {
    kind: "flat",
    title: "<b>title</b>",
    sample: "LiNiO2",
    instrument: "x",
  });
  for (const frame of frames) writer.append(frame);
  writer.finish();
});

test("frames come back as an EDF file of the same frames gives them", () => {
  const edf = EdfWriter.create(join(folder, "cube.edf"));
  for (const frame of frames) edf.append(frame);
  edf.finish();
  const [ours, theirs] = [openFrames(path), openFrames(join(folder, "cube.edf"))];
  expect(ours).toBeInstanceOf(NexusFile);
  expect(theirs).toBeInstanceOf(EdfFile);
  expect(ours.frames.map((f) => f.header)).toEqual(
    frames.map(({ header }) =>
      Object.fromEntries(Object.entries(header).map(([key, value]) => [key, String(value)])),
    ),
  );
  const [a, b] = [new Float32Array(3 * width), new Float32Array(3 * width)];
  for (let k = 0; k < n; k++) {
    ours.readRows(k, 2, 3, a);
    theirs.readRows(k, 2, 3, b);
    expect(a).toEqual(b);
  }
  ours.close();
  theirs.close();
  expect(() => ours.readRows(0, 0, 1, a)).toThrow(/after close\(\)/);
});

test("image keys choose the frames; a dataset can be named; one exposure may stand for all", async () => {
  const mixed = join(folder, "mixed.h5");
  const data = Uint16Array.from({ length: 6 * 4 }, (_, i) => i);
  await writeHdf5(mixed, {
    datasets: {
      "/entry/instrument/detector/data": { data, shape: [6, 2, 2] },
      "/entry/instrument/detector/image_key": { data: Int32Array.of(2, 1, 0, 0, 4, 1) },
      "/entry/instrument/detector/count_time": { data: 0.5 },
      "/entry/energy": { data: Float64Array.of(1, 8300, 8300, 8301, 8300, 8301) },
      "/other/stack": { data: Float32Array.from(data), shape: [6, 2, 2] },
      "/other/flat": { data, shape: [24] },
    },
  });
  const first = async (kind: "sample" | "flat" | "dark" | "foil") =>
    (await readFrames({ path: mixed, kind })).map((f) => f.data[0] / 4);
  expect(await first("dark")).toEqual([0]);
  expect(await first("flat")).toEqual([1, 5]);
  expect(await first("sample")).toEqual([2, 3]);
  expect(await first("foil")).toEqual([4]);
  expect(describeFrames({ path: mixed, kind: "sample" }).map((f) => f.header)).toEqual([
    { energy: "8300", exposure_time: "0.5" },
    { energy: "8301", exposure_time: "0.5" },
  ]);
  expect((await readFrames(`${mixed}::/other/stack`)).length).toBe(6);
  expect((await fileError(() => readFrames(`${mixed}::/other/flat`))).message).toMatch(
    /expected numbers .* as \[images, height, width\], got shape \[24\]/,
  );
  expect((await fileError(() => readFrames(`${mixed}::/nothing`))).message).toMatch(
    /got none in .*name the dataset/,
  );
});

test("a file appears only when it is whole", async () => {
  const begun = join(folder, "begun.nxs");
  const writer = NexusWriter.create(begun, { kind: "sample" });
  writer.append(frames[0]);
  expect(readdirSync(folder)).not.toContain("begun.nxs");
  writer.abort();
  expect(readdirSync(folder).filter((name) => name.includes("begun"))).toEqual([]);
  const none = NexusWriter.create(begun, { kind: "sample" });
  expect(() => none.finish()).toThrow(/expected at least one frame/);
  const uneven = NexusWriter.create(begun, { kind: "sample" });
  uneven.append(frames[0]);
  expect(() => uneven.append({ shape: [1, 2], data: Uint16Array.of(1, 2) })).toThrow(
    /expected frames of 7 x 9/,
  );
  expect(() => uneven.append({ shape: [1, 2], data: Float32Array.of(1, 2) })).toThrow(/in a Uint16Array/);
  uneven.abort();
  expect(() => NexusWriter.create(begun, { kind: "white" as never })).toThrow(
    /one of sample, flat, dark, foil/,
  );
  const half = join(folder, "half.nxs");
  writeFileSync(half, readFileSync(path).subarray(0, 4000));
  expect((await fileError(() => readFrames(half))).message).toMatch(
    /got one that is truncated: 4000 of \d+ bytes: .*half\.nxs; /,
  );
});

test("h5py finds the plot that NeXus promises", (context) => {
  peer("h5py")(context);
  const code = `
import h5py
f = h5py.File("${path}"); e = f[f.attrs["default"]]; p = e[e.attrs["default"]]
print(e.attrs["NX_class"], p.attrs["NX_class"], p[p.attrs["signal"]].shape, list(p[p.attrs["axes"][0]][:2]), list(e["instrument/detector/image_key"][:2]), e["title"][()].decode())`;
  expect(python(code).trim()).toBe("NXentry NXdata (5, 7, 9) [8300.25, 8301.25] [1, 1] <b>title</b>");
});

test("images that share a compressed chunk are inflated together, once", async () => {
  const file = join(folder, "chunks.h5");
  const [images, rows, columns] = [40, 8, 6];
  const data = Float32Array.from({ length: images * rows * columns }, (_, i) => i);
  await writeHdf5(file, { datasets: { "/entry/data": { data, shape: [images, rows, columns] } } });
  const opened = NexusFile.openSync({ path: file });
  const out = new Float32Array(3 * columns);
  const slices = vi.spyOn(hdf5().Dataset.prototype, "slice");
  for (let k = 0; k < images; k++) {
    opened.readRows(k, 2, 3, out);
    expect(Array.from(out)).toEqual(
      Array.from(data.subarray((k * rows + 2) * columns, (k * rows + 5) * columns)),
    );
  }
  expect(slices).toHaveBeenCalledTimes(1);
  // Other rows are other numbers.
  opened.readRows(images - 1, 3, 3, out);
  expect(out[0]).toBe(((images - 1) * rows + 3) * columns);
  slices.mockRestore();
  opened.close();
});

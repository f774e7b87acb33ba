import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { openZarrArray, readZarr } from "../../lib/io/zarr.js";
import { writeZarr } from "../../lib/io/zarr-writer.js";
import { peer, python } from "../support/peers.js";
import { fileError, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const rng = random(8);
const cube = Float32Array.from({ length: 2 * 5 * 6 * 7 }, (_, i) =>
  i % 11 === 0 ? Number.NaN : rng.normal(),
);
const shape = [2, 5, 6, 7];
const dimensions = ["time", "energy", "y", "x"];

test("what is written is read back: types, names, attributes", async () => {
  const path = join(folder, "all.zarr");
  const arrays = {
    data: { data: cube, shape, dimensions, chunks: [1, 5, 4, 7], attributes: { quantity: "absorbance" } },
    energy: { data: Float64Array.of(8300, 8301, 8302, 8303, 8304), shape: [5], dimensions: ["energy"] },
    selected: { data: Uint8Array.of(1, 0, 1), shape: [3], dimensions: ["y"] },
  };
  await writeZarr(path, { attributes: { note: "<b>", nested: { list: [1, "two", null] } }, arrays });
  const read = await readZarr(path);
  expect(read.attributes).toEqual({ note: "<b>", nested: { list: [1, "two", null] } });
  for (const [name, { data, shape, dimensions }] of Object.entries(arrays)) {
    expect(read.arrays[name]).toMatchObject({ data, shape, dimensions });
  }
  expect(read.arrays.data.attributes).toEqual({ quantity: "absorbance" });
  expect(Object.keys((await readZarr(path, ["energy"])).arrays)).toEqual(["energy"]);
});

test("blocks: written one by one, read across chunks", async () => {
  const path = join(folder, "blocks.zarr");
  const tree = {
    attributes: {},
    arrays: { data: { type: "float32" as const, shape, dimensions, chunks: [1, 5, 4, 7] } },
  };
  await writeZarr(path, tree, async (temporary) => {
    const array = await openZarrArray(temporary, "data");
    for (const t of [1, 0])
      for (const [from, to] of [
        [4, 6],
        [0, 4],
      ])
        await array.write(
          [
            [t, t + 1],
            [0, 5],
            [from, to],
            [0, 7],
          ],
          block(t, from, to),
        );
    expect(readdirSync(folder)).not.toContain("blocks.zarr");
  });
  expect((await readZarr(path)).arrays.data.data).toEqual(cube);
  const array = await openZarrArray(path, "data");
  expect(
    await array.read([
      [1, 2],
      [0, 5],
      [3, 5],
      [0, 7],
    ]),
  ).toEqual(block(1, 3, 5));
});

function block(t: number, from: number, to: number): Float32Array {
  const out: number[] = [];
  for (let k = 0; k < 5; k++)
    for (let y = from; y < to; y++) for (let x = 0; x < 7; x++) out.push(cube[((t * 5 + k) * 6 + y) * 7 + x]);
  return Float32Array.from(out);
}

test("a failure leaves what was there, and nothing beside it", async () => {
  const path = join(folder, "kept.zarr");
  const one = { attributes: {}, arrays: { a: { data: Float64Array.of(1), shape: [1], dimensions: ["x"] } } };
  await writeZarr(path, one);
  await expect(
    writeZarr(
      path,
      { attributes: {}, arrays: { a: { ...one.arrays.a, data: Float64Array.of(2) } } },
      async () => {
        throw new Error("stopped");
      },
    ),
  ).rejects.toThrow("stopped");
  expect((await readZarr(path)).arrays.a.data).toEqual(Float64Array.of(1));
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  mkdirSync(join(folder, "precious"), { recursive: true });
  writeFileSync(join(folder, "precious", "data.txt"), "1");
  await expect(writeZarr(join(folder, "precious"), one)).rejects.toThrow(
    /got something else at .*choose another path/,
  );
});

test("damage is an error, never a number", async () => {
  const path = join(folder, "bad.zarr");
  await writeZarr(path, {
    attributes: {},
    arrays: { data: { data: cube, shape, dimensions, chunks: [1, 5, 6, 7] } },
  });
  const chunk = join(path, "data", "c", "1", "0", "0", "0");
  const bytes = readFileSync(chunk);
  bytes[200] ^= 0xff;
  writeFileSync(chunk, bytes);
  expect((await fileError(() => readZarr(path))).message).toMatch(
    /^readZarr: expected a Zarr folder .* in .*bad\.zarr; /,
  );
  rmSync(chunk);
  const array = await openZarrArray(path, "data");
  const missing = await fileError(() =>
    array.read([
      [1, 2],
      [0, 5],
      [0, 6],
      [0, 7],
    ]),
  );
  expect(missing.message).toMatch(/expected the chunk 1\/0\/0\/0 of "data", got none/);
  expect((await fileError(() => readZarr(path, ["none"]))).message).toMatch(/got none; there are "data"/);
  expect((await fileError(() => readZarr(folder))).message).toMatch(/^readZarr: /);
  expect((await fileError(() => readZarr(join(folder, "nowhere")))).message).toMatch(/^readZarr: /);
});

test("refuses shapes and names that cannot be", async () => {
  const write = (a: object) => writeZarr(join(folder, "x.zarr"), { attributes: {}, arrays: { a } as never });
  await expect(write({ data: cube, shape: [2], dimensions: ["x"] })).rejects.toThrow(/expected 2 numbers/);
  await expect(write({ data: cube, shape, dimensions: ["x"] })).rejects.toThrow(/with 4 dimensions/);
  await expect(write({ shape, dimensions })).rejects.toThrow(/data or a type/);
  await expect(
    writeZarr(join(folder, "x.zarr"), {
      attributes: {},
      arrays: { "../a": { data: cube, shape, dimensions } },
    }),
  ).rejects.toThrow(/the name of an array/);
});

// An independent reader of the format's text: metadata as JSON, chunks by numcodecs.
test("Python's numcodecs decodes our chunks by the metadata", async (context) => {
  peer("numpy", "numcodecs")(context);
  const path = join(folder, "peer.zarr");
  await writeZarr(path, {
    attributes: {},
    arrays: { data: { data: cube, shape, dimensions, chunks: [1, 5, 4, 7] } },
  });
  const code = `
import json, numpy as np
from numcodecs import Blosc
m = json.load(open("data/zarr.json"))
assert m["zarr_format"] == 3 and m["data_type"] == "float32" and m["fill_value"] == "NaN", m
assert [c["name"] for c in m["codecs"]] == ["bytes", "blosc", "crc32c"], m["codecs"]
assert m["dimension_names"] == ["time", "energy", "y", "x"]
out = np.full(m["shape"], np.nan, "<f4"); size = m["chunk_grid"]["configuration"]["chunk_shape"]
for t in range(2):
    for b in range(2):
        raw = open(f"data/c/{t}/0/{b}/0", "rb").read()
        chunk = np.frombuffer(Blosc().decode(raw[:-4]), "<f4").reshape(size)
        rows = min(4, 6 - 4 * b); out[t, :, 4 * b:4 * b + rows] = chunk[0, :, :rows]
out.tofile("out.raw")`;
  python(code, { cwd: path });
  expect(new Float32Array(new Uint8Array(readFileSync(join(path, "out.raw"))).buffer)).toEqual(cube);
});

test("an array whose damaged shape makes a hundred million chunks is refused at once", async () => {
  const path = join(folder, "many-chunks.zarr");
  await writeZarr(path, {
    attributes: {},
    arrays: { count: { shape: [12], dimensions: ["pixel"], data: new Uint16Array(12) } },
  });
  const metadata = join(path, "count", "zarr.json");
  const damaged = JSON.parse(readFileSync(metadata, "utf8"));
  writeFileSync(metadata, JSON.stringify({ ...damaged, shape: [2 ** 31] }));
  await expect(readZarr(path)).rejects.toThrow(/expected at most 1000000 chunks, got 178956971 for "count"/);
});

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { readHdf5 } from "../../lib/io/hdf5.js";
import { writeHdf5 } from "../../lib/io/hdf5-writer.js";
import { peer, python } from "../support/peers.js";
import { fileError, temporaryFolder } from "./support.js";

const folder = temporaryFolder();

const h5py = (code: string): string =>
  python(
    `import h5py, numpy as np
${code}`,
    { cwd: folder },
  );

const numbers = Float32Array.from({ length: 2400 }, random(3).uniform);

describe("what is written is read back", () => {
  const arrays = {
    i1: Int8Array.of(-128, 127),
    u1: Uint8Array.of(0, 255),
    i2: Int16Array.of(-32768, 32767),
    u2: Uint16Array.of(0, 65535),
    i4: Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
    u4: Uint32Array.of(0, 2 ** 32 - 1),
    f4: Float32Array.of(Number.NaN, Math.fround(1.1)),
    f8: Float64Array.of(Number.POSITIVE_INFINITY, 1.1),
  };
  test("numbers of every type, text, attributes, shapes", async () => {
    const path = join(folder, "all.h5");
    await writeHdf5(path, {
      groups: { "/": { creator: "test" }, "/entry": { NX_class: "NXentry" } },
      datasets: {
        ...Object.fromEntries(
          Object.entries(arrays).map(([name, data]) => [
            `/entry/${name}`,
            { data, attributes: { units: "eV" } },
          ]),
        ),
        "/entry/cube": { data: numbers, shape: [2, 30, 40] },
        "/entry/title": { data: "Ni K edge, 10 µm" },
        "/entry/names": { data: ["Cp1", "Cp2"] },
        "/entry/one": { data: 8333 },
      },
    });
    const content = await readHdf5(path);
    for (const [name, data] of Object.entries(arrays)) {
      expect(content.datasets[`/entry/${name}`]).toEqual({ shape: [2], data, attributes: { units: "eV" } });
    }
    expect(content.datasets["/entry/cube"]).toEqual({ shape: [2, 30, 40], data: numbers, attributes: {} });
    expect(content.datasets["/entry/title"].data).toBe("Ni K edge, 10 µm");
    expect(content.datasets["/entry/names"].data).toEqual(["Cp1", "Cp2"]);
    expect(content.datasets["/entry/one"]).toMatchObject({ shape: [], data: 8333 });
    expect(content.groups).toEqual({ "/": { creator: "test" }, "/entry": { NX_class: "NXentry" } });
    expect(content.skipped).toEqual({});
    expect(Object.keys((await readHdf5(path, { select: "entry/one" })).datasets)).toEqual(["/entry/one"]);
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("nothing appears when a write fails", async () => {
    const path = join(folder, "fails.h5");
    await expect(writeHdf5(path, { datasets: { "/a": { data: numbers, shape: [2, 2] } } })).rejects.toThrow(
      'writeHdf5: expected 2 x 2 = 4 values for "/a", got 2400',
    );
    await expect(writeHdf5(path, { datasets: { "/a": { data: { x: 1 } as never } } })).rejects.toThrow(
      /expected a typed array, a number or text for "\/a"/,
    );
    await expect(
      writeHdf5(join(folder, "none", "x.h5"), { datasets: { "/a": { data: 1 } } }),
    ).rejects.toThrow(/^writeHdf5: .*; /);
    expect(readdirSync(folder)).not.toContain("fails.h5");
  });
});

describe("against h5py", () => {
  beforeEach(peer("h5py"));

  test("h5py reads what we write", async () => {
    const path = join(folder, "ours.h5");
    await writeHdf5(path, {
      datasets: {
        "/entry/cube": { data: numbers, shape: [2, 30, 40], attributes: { units: "counts" } },
        "/s": { data: "text" },
      },
    });
    const said = h5py(
      'f = h5py.File("ours.h5"); d = f["entry/cube"]; print(d.shape, d.dtype, d.compression, d.attrs["units"], f["s"][()].decode()); d[:].tofile("ours.raw")',
    );
    expect(said.trim()).toBe("(2, 30, 40) float32 gzip counts text");
    expect(new Float32Array(new Uint8Array(readFileSync(join(folder, "ours.raw"))).buffer)).toEqual(numbers);
  });

  test("we read what h5py writes: orders of bytes, booleans, 64 bits, chunks, links", async () => {
    h5py(`
f = h5py.File("theirs.h5", "w"); g = f.create_group("entry"); g.attrs["NX_class"] = "NXentry"
g["big"] = np.arange(5, dtype=">i4"); g["wide"] = np.arange(5, dtype="i8"); g["yes"] = np.array([True, False])
g.create_dataset("packed", data=np.arange(6000, dtype="u2").reshape(10, 20, 30), chunks=(1, 20, 30), compression="gzip", shuffle=True, fletcher32=True)
g["soft"] = h5py.SoftLink("/entry/big"); g["gone"] = h5py.SoftLink("/nowhere"); g["out"] = h5py.ExternalLink("/etc/passwd", "/x")
g["text"] = ["a", "bb"]; g["pairs"] = np.zeros(2, dtype=[("a", "f8"), ("b", "i4")])`);
    const { datasets, skipped, groups } = await readHdf5(join(folder, "theirs.h5"));
    expect(groups).toEqual({ "/entry": { NX_class: "NXentry" } });
    expect(Array.from(datasets["/entry/big"].data as Int32Array)).toEqual([0, 1, 2, 3, 4]);
    expect(datasets["/entry/wide"].data).toEqual(Float64Array.of(0, 1, 2, 3, 4));
    expect(Array.from(datasets["/entry/yes"].data as Int8Array)).toEqual([1, 0]);
    expect(datasets["/entry/packed"].data).toEqual(Uint16Array.from({ length: 6000 }, (_, i) => i));
    expect(datasets["/entry/soft"].data).toEqual(datasets["/entry/big"].data);
    expect(datasets["/entry/text"].data).toEqual(["a", "bb"]);
    expect(Object.keys(skipped).sort()).toEqual(["/entry/gone", "/entry/out", "/entry/pairs"]);
  });

  test("corrupt chunks, foreign filters, too large integers are errors, never numbers", async () => {
    h5py(`
f = h5py.File("bad.h5", "w")
d = f.create_dataset("gz", data=(np.arange(6000) % 97).astype("u2").reshape(10, 600), chunks=(1, 600), compression="gzip")
at = d.id.get_chunk_info(3).byte_offset; f["huge"] = np.array([2**60 + 1]); f.close()
b = bytearray(open("bad.h5", "rb").read()); b[at + 8:at + 40] = bytes(32); open("bad.h5", "wb").write(b)
f = h5py.File("lzf.h5", "w"); f.create_dataset("x", data=np.zeros((10, 600)), chunks=(1, 600), compression="lzf")`);
    const corrupt = await fileError(() => readHdf5(join(folder, "bad.h5"), { select: "/gz" }));
    expect(corrupt.message).toMatch(/^readHdf5: expected "\/gz" to be readable in .*bad\.h5, got .*; /);
    expect((await fileError(() => readHdf5(join(folder, "bad.h5"), { select: "/huge" }))).message).toMatch(
      /within 2\^53 in "\/huge", got 1152921504606846977, which a double does not hold/,
    );
    const lzf = await readHdf5(join(folder, "lzf.h5"));
    expect(Array.from(lzf.datasets["/x"].data as Float64Array).every((n) => n === 0)).toBe(true);
  });
});

test("refuses what is missing, no HDF5, truncated, or not in the file", async () => {
  const path = join(folder, "whole.h5");
  await writeHdf5(path, { datasets: { "/entry/cube": { data: numbers } } });
  const half = join(folder, "half.h5");
  writeFileSync(half, readFileSync(path).subarray(0, 3000));
  const text = join(folder, "text.h5");
  writeFileSync(text, "energy mu\n");
  expect((await fileError(() => readHdf5(join(folder, "no.h5")))).message).toMatch(/got no such file/);
  expect((await fileError(() => readHdf5(text))).message).toMatch(/got one without its signature/);
  expect((await fileError(() => readHdf5(half))).message).toMatch(
    /got one that is truncated: 3000 of \d+ bytes: .*half\.h5; /,
  );
  expect((await fileError(() => readHdf5(path, { select: "/entry/x" }))).message).toMatch(
    /expected a group or dataset "\/entry\/x" in .*, got none; there are "entry"/,
  );
  await expect(readHdf5(path, { select: [] })).rejects.toThrow(/expected select to be paths/);
});

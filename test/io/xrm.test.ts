// .xrm and .txrm: compound files made by the test, read to the count by us and by olefile; real files of SSRL, where they
// are there.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Cube } from "../../lib/index.js";
import { openFrames } from "../../lib/io/frame-file.js";
import { readXrm } from "../../lib/io/xrm.js";
import { buildCompound, buildXrm } from "../support/compound-builder.js";
import { fileError, put, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const [ROWS, COLUMNS] = [61, 47];
const image = (k: number) => Uint16Array.from({ length: ROWS * COLUMNS }, (_, p) => 1000 * k + 3 * p);

test("images of counts and of floating-point numbers, in sectors and in short streams", async () => {
  const many = Array.from({ length: 5 }, (_, k) => image(k));
  const path = put(
    folder,
    "many.txrm",
    buildXrm(many, [ROWS, COLUMNS], {
      energy: [8330, 8331.5, 8333, 8334, 8335],
      exposure: [0.3, 0.3, 0.3, 0.3, 0.3],
    }),
  );
  const { frames, pixelSize } = await readXrm(path);
  expect(pixelSize).toBe(0.0312);
  expect(frames.map(({ data }) => data)).toEqual(many);
  expect(frames[1].header).toEqual({ energy: "8331.5", exposure_time: "0.3" });
  const file = openFrames(path);
  expect(file.fullScale).toBe(65535);
  const rows = new Float32Array(3 * COLUMNS);
  file.readRows(4, 17, 3, rows);
  expect(rows).toEqual(Float32Array.from(many[4].subarray(17 * COLUMNS, 20 * COLUMNS)));
  file.close();
  const small = Float32Array.from({ length: 12 }, (_, k) => k / 8);
  const short = await readXrm(put(folder, "s_08333.5_eV_001of003.xrm", buildXrm([small], [3, 4])));
  expect(short.frames[0].data).toEqual(small);
  expect(short.frames[0].header).toEqual({ energy: "8333.5" });
});

test("more than a hundred images lie in several folders", async () => {
  const images = Array.from({ length: 203 }, (_, k) => Uint16Array.of(k, 2 * k, 3, 4));
  const { frames } = await readXrm(put(folder, "hundreds.txrm", buildXrm(images, [2, 2])));
  expect(frames.map(({ data }) => data)).toEqual(images);
});

test("olefile finds the same streams", async (context) => {
  const path = put(folder, "peer.xrm", buildXrm([image(3)], [ROWS, COLUMNS]));
  const code = `
import sys, json, olefile, numpy
f = olefile.OleFileIO(sys.argv[1])
a = numpy.frombuffer(f.openstream("ImageData1/Image1").read(), "<u2")
print(json.dumps([a.tolist(), numpy.frombuffer(f.openstream("ImageInfo/ImageWidth").read(), "<i4").tolist()]))`;
  const python = spawnSync("/usr/bin/python3", ["-c", code, path], { encoding: "utf8" });
  if (python.status !== 0) context.skip("no Python with olefile");
  expect(JSON.parse(python.stdout)).toEqual([Array.from(image(3)), [COLUMNS]]);
});

describe("what is refused", () => {
  test("a file cut anywhere, and other compound files", async () => {
    const whole = buildXrm([image(1)], [ROWS, COLUMNS]);
    for (let n = 8; n < whole.length; n += 97) {
      const error = await fileError(() => readXrm(put(folder, "cut.xrm", whole.subarray(0, n))));
      expect(error.message).toMatch(/^readXrm: expected .*, got .*; copy or record/s);
    }
    const word = put(folder, "letter.doc", buildCompound({ WordDocument: new Uint8Array(5000) }));
    expect((await fileError(() => readXrm(word))).message).toMatch(
      /expected ImageInfo\/ImageWidth .*, got none/,
    );
    const odd = buildXrm([image(1)], [ROWS, COLUMNS + 1]);
    expect((await fileError(() => readXrm(put(folder, "odd.xrm", odd)))).message).toMatch(
      /bytes of image 1 of 1/,
    );
  });

  test("bytes that are changed at random: refused, or an image of that size", async () => {
    const whole = buildXrm([image(1)], [ROWS, COLUMNS]);
    let seed = 7;
    for (let run = 0; run < 300; run++) {
      const bytes = Buffer.from(whole);
      for (let k = 0; k < 4; k++) {
        seed = (seed * 48271) % 2147483647;
        bytes[seed % (run % 2 ? bytes.length : 512)] = seed >> 8;
      }
      const path = put(folder, "noise.xrm", bytes);
      await readXrm(path).catch((error: Error) => expect(error.name).toBe("FileError"));
    }
  });
});

describe("real files of a microscope", () => {
  const shared = join(import.meta.dirname, "../../../shared/data/txm-ssrl");

  test("sums and counts, and the optical density of the mean images", async (context) => {
    if (!existsSync(shared)) context.skip("../shared/data/txm-ssrl is not there");
    const expected = JSON.parse(readFileSync(join(shared, "expected.json"), "utf8"));
    for (const [name, one] of Object.entries(expected) as [string, Record<string, number>][]) {
      const { frames, pixelSize } = await readXrm(join(shared, name));
      const data = frames[0].data as Uint16Array;
      expect(frames[0].shape).toEqual([one.h, one.w]);
      expect(data.reduce((sum, n) => sum + n, 0)).toBe(one.sum);
      expect([data.reduce((a, b) => Math.min(a, b)), data.reduce((a, b) => Math.max(a, b))]).toEqual([
        one.min,
        one.max,
      ]);
      expect(data[0]).toBe(one.a00);
      expect(pixelSize).toBeCloseTo(0.0312, 6);
      expect(Number(frames[0].header.exposure_time)).toBeCloseTo(one.exposure, 6);
      expect(Number(frames[0].header.energy)).toBe(name.includes("08324.0") ? 8324 : 8354);
    }
    const cube = Cube.load({
      sample: join(shared, "rep01_2016*.xrm"),
      flat: join(shared, "rep01_*_ref_*.xrm"),
      edge: "Ni K",
    });
    expect(cube.schema).toMatchObject({ energies: [8324, 8354], height: 1024, width: 1024 });
    expect(cube.schema.times.length).toBe(2);
    expect(cube.schema.pixelSize).toBeCloseTo(0.0312, 6);
    // python3-olefile and NumPy: 1.08142 and 1.19174.
    const { data } = await cube.average().absorb().compute();
    const mean = [0, 1].map(
      (k) => data.subarray(k * 2 ** 20, (k + 1) * 2 ** 20).reduce((sum, n) => sum + n, 0) / 2 ** 20,
    );
    expect(mean[0]).toBeCloseTo(1.08142, 5);
    expect(mean[1]).toBeCloseTo(1.19174, 5);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { ArgumentError, ShapeError } from "../../lib/errors.js";
import { type EdfData, EdfWriter, headerNumber, headerValue, readEdf, writeEdf } from "../../lib/io/edf.js";
import { peer, python } from "../support/peers.js";
import { block, put, shortBytes, shorts, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const numbers = [0, 1, 2, 3, 4, 65535];

// Every name that a DataType may have, with the six numbers of an image, low byte first.
const known: [names: string, bytes: ArrayBufferView, values: number[]][] = [
  ["SignedByte Signed8", Int8Array.of(-128, -1, 0, 1, 2, 127), [-128, -1, 0, 1, 2, 127]],
  ["UnsignedByte Unsigned8", Uint8Array.of(0, 1, 2, 128, 254, 255), [0, 1, 2, 128, 254, 255]],
  ["SignedShort Signed16", Int16Array.of(-32768, -1, 0, 1, 2, 32767), [-32768, -1, 0, 1, 2, 32767]],
  ["UnsignedShort Unsigned16 UnsignedShortInteger unsignedshort", Uint16Array.from(numbers), numbers],
  [
    "SignedInteger SignedLong Signed32",
    Int32Array.of(-(2 ** 31), -1, 0, 1, 2, 2 ** 31 - 1),
    [-(2 ** 31), -1, 0, 1, 2, 2 ** 31 - 1],
  ],
  [
    "UnsignedInteger UnsignedLong Unsigned32",
    Uint32Array.of(0, 1, 2, 3, 4, 2 ** 32 - 1),
    [0, 1, 2, 3, 4, 2 ** 32 - 1],
  ],
  [
    "Signed64",
    BigInt64Array.of(-(2n ** 53n) + 1n, -1n, 0n, 1n, -(2n ** 32n), 2n ** 40n),
    [-(2 ** 53) + 1, -1, 0, 1, -(2 ** 32), 2 ** 40],
  ],
  [
    "Unsigned64",
    BigUint64Array.of(0n, 1n, 2n, 3n, 2n ** 32n, 2n ** 53n - 1n),
    [0, 1, 2, 3, 2 ** 32, 2 ** 53 - 1],
  ],
  [
    "FloatValue Float FLOAT Float32 FloatIEEE32",
    Float32Array.of(-1.5, 0, NaN, Infinity, 1e-30, 7.25),
    [-1.5, 0, NaN, Infinity, Math.fround(1e-30), 7.25],
  ],
  [
    "DoubleValue Double FloatIEEE64 DoubleIEEE64",
    Float64Array.of(-1.5, 0, NaN, -Infinity, 1e-300, Math.PI),
    [-1.5, 0, NaN, -Infinity, 1e-300, Math.PI],
  ],
];

function swapped(view: ArrayBufferView): Uint8Array {
  const bytes = Buffer.from(
    view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer,
  );
  const width = (view as Uint8Array).BYTES_PER_ELEMENT;
  for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse();
  return bytes;
}

describe("readEdf reads every type", () => {
  for (const [names, view, values] of known) {
    for (const name of names.split(" ")) {
      for (const order of ["LowByteFirst", "HighByteFirst"]) {
        test(`${name}, ${order}`, async () => {
          const bytes = order === "LowByteFirst" ? new Uint8Array(view.buffer) : swapped(view);
          const lines = [
            `DataType = ${name}`,
            `ByteOrder = ${order}`,
            "Dim_1 = 3",
            "Dim_2 = 2",
            `Size = ${bytes.length}`,
          ];
          const { frames } = await readEdf(put(folder, "typed.edf", block(lines, bytes)));
          expect(frames).toHaveLength(1);
          expect(frames[0].shape).toEqual([2, 3]);
          expect(Array.from(frames[0].data)).toEqual(values);
        });
      }
    }
  }
});

describe("readEdf accepts what other programs write", () => {
  test.each([512, 1024, 1536, 4096, 8192])("header blocks of %i bytes", async (length) => {
    const { frames } = await readEdf(put(folder, "long.edf", block(shorts, shortBytes, length)));
    expect(Array.from(frames[0].data)).toEqual(numbers);
  });

  test("blocks of different lengths, shapes and types in one file", async () => {
    const floats = ["DataType = FloatValue", "ByteOrder = LowByteFirst", "Dim_1 = 1", "Dim_2 = 2"];
    const path = put(
      folder,
      "mixed.edf",
      Buffer.concat([
        block(shorts, shortBytes, 1024),
        block(floats, new Uint8Array(Float32Array.of(1.5, -2).buffer), 512),
        block(shorts, shortBytes, 2560),
      ]),
    );
    const { frames } = await readEdf(path);
    expect(frames.map((frame) => frame.shape)).toEqual([
      [2, 3],
      [2, 1],
      [2, 3],
    ]);
    expect(Array.from(frames[1].data)).toEqual([1.5, -2]);
    expect(Array.from(frames[2].data)).toEqual(numbers);
  });

  test("keys in any order and any case, Dim_3 = 1, no Size, \\r\\n line ends", async () => {
    const lines = [
      "dim_2 = 2",
      "DIM_3=1",
      "  datatype=UNSIGNEDSHORT",
      "dim_1   =3",
      "BYTEORDER = lowbytefirst",
    ];
    const text = `{\r\n${lines.map((line) => `${line};\r\n`).join("")}`.padEnd(509);
    const { frames } = await readEdf(
      put(folder, "odd.edf", Buffer.concat([Buffer.from(`${text}}\r\n`), shortBytes])),
    );
    expect(Array.from(frames[0].data)).toEqual(numbers);
    expect(headerValue(frames[0].header, "Dim_1")).toBe("3");
    expect(headerNumber(frames[0].header, "dim_2")).toBe(2);
    expect(headerNumber(frames[0].header, "energy")).toBeNaN();
  });

  test("a binary block that was filled up to 512 bytes", async () => {
    const padded = new Uint8Array(512);
    padded.set(shortBytes);
    const one = block([...shorts, "EDF_BinarySize = 512"], padded);
    const { frames } = await readEdf(put(folder, "padded.edf", Buffer.concat([one, one])));
    expect(frames).toHaveLength(2);
    expect(Array.from(frames[1].data)).toEqual(numbers);
  });

  test("a few line ends after the last block", async () => {
    const { frames } = await readEdf(
      put(folder, "newline.edf", Buffer.concat([block(shorts, shortBytes), Buffer.from("\r\n \n")])),
    );
    expect(frames).toHaveLength(1);
  });

  test("hostile strings are text, and end nowhere but at their semicolon", async () => {
    const hostile = [
      "title = <script>alert(1)</script>",
      "__proto__ = polluted",
      "constructor = x",
      "braces = a } b { c }",
      "closing = }\nand more",
      "equals = a = b == c",
      "latin = \xb5m",
      "empty =",
    ];
    const { frames } = await readEdf(
      put(folder, "hostile.edf", block([...hostile, ...shorts], shortBytes, 1024)),
    );
    const { header } = frames[0];
    expect(header.title).toBe("<script>alert(1)</script>");
    expect(Object.getOwnPropertyDescriptor(header, "__proto__")?.value).toBe("polluted");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(header.braces).toBe("a } b { c }");
    expect(header.closing).toBe("}\nand more");
    expect(header.equals).toBe("a = b == c");
    expect(header.latin).toBe("\xb5m");
    expect(header.empty).toBe("");
    expect(Array.from(frames[0].data)).toEqual(numbers);
  });

  test("EDF_HeaderSize decides where a value itself looks like the end of a header", async () => {
    // "}\n" ends exactly at byte 512, inside the value of `note`.
    const start = `{\nEDF_HeaderSize = 1024 ;\n${shorts.map((line) => `${line} ;\n`).join("")}note = `;
    const text = `${start.padEnd(510, "x")}}\nrest ;\n`.padEnd(1022);
    const { frames } = await readEdf(
      put(folder, "trap.edf", Buffer.concat([Buffer.from(`${text}}\n`), shortBytes])),
    );
    expect(frames[0].header.note).toMatch(/^x+}\nrest$/);
    expect(Array.from(frames[0].data)).toEqual(numbers);
  });
});

describe("compression by content, whatever the name", () => {
  const plain = Buffer.concat([block(shorts, shortBytes), block(shorts, shortBytes)]);

  test("gzip, also of several members", async () => {
    const whole = await readEdf(put(folder, "zipped.edf", gzipSync(plain)));
    const members = Buffer.concat([gzipSync(plain.subarray(0, 700)), gzipSync(plain.subarray(700))]);
    expect(whole.frames.map((frame) => Array.from(frame.data))).toEqual([numbers, numbers]);
    expect(await readEdf(put(folder, "members.dat", members))).toEqual(whole);
  });

  test("bzip2, also of several streams", async () => {
    // Made with Python's bz2, because there is no encoder here: an image of 300 x 2 counts, i*i mod 65536.
    const { frames } = await readEdf(join(import.meta.dirname, "fixtures", "squares.edf.bz2"));
    expect(frames.map((frame) => frame.shape)).toEqual([[2, 300]]);
    expect(frames[0].data).toEqual(Uint16Array.from({ length: 600 }, (_, i) => (i * i) % 65536));
  });
});

describe("writeEdf", () => {
  const arrays: EdfData[] = [
    Int8Array.of(-128, 0, 1, 2, 3, 127),
    Uint8Array.of(0, 1, 2, 3, 4, 255),
    Int16Array.of(-32768, 0, 1, 2, 3, 32767),
    Uint16Array.from(numbers),
    Int32Array.of(-(2 ** 31), 0, 1, 2, 3, 2 ** 31 - 1),
    Uint32Array.of(0, 1, 2, 3, 4, 2 ** 32 - 1),
    Float32Array.of(-1.5, NaN, 0, Infinity, 1e-30, 7),
    Float64Array.of(-1.5, NaN, 0, Infinity, 1e-300, Math.PI),
  ];

  for (const byteOrder of ["LowByteFirst", "HighByteFirst"] as const) {
    test(`gives every type back, ${byteOrder}, all in one file`, async () => {
      const path = join(folder, "round.edf");
      const header = { energy: 8333.12345678901, exposure_time: 0.004374, note: "a } b" };
      const before = arrays.map((data) => data.slice());
      await writeEdf(
        path,
        arrays.map((data) => ({ header, shape: [2, 3], data })),
        { byteOrder },
      );
      const { frames } = await readEdf(path);
      expect(frames.map((frame) => frame.data)).toEqual(before);
      for (const frame of frames) {
        expect(frame.shape).toEqual([2, 3]);
        expect(headerNumber(frame.header, "energy")).toBe(8333.12345678901);
        expect(frame.header.note).toBe("a } b");
        expect(frame.header.ByteOrder).toBe(byteOrder);
      }
      expect(arrays, "the caller's arrays are left alone").toEqual(before);

      await writeEdf(path, frames);
      expect(
        (await readEdf(path)).frames.map((frame) => frame.data),
        "what was read can be written again",
      ).toEqual(before);
    });
  }

  test("64-bit integers go out from BigInt arrays, come in as doubles, and go out again as integers", async () => {
    const path = join(folder, "wide.edf");
    await writeEdf(path, [
      { shape: [1, 2], data: BigInt64Array.of(-5n, 2n ** 50n) },
      { shape: [1, 2], data: BigUint64Array.of(0n, 2n ** 53n - 1n) },
    ]);
    const bytes = readFileSync(path);
    const { frames } = await readEdf(path);
    expect(frames.map((frame) => Array.from(frame.data))).toEqual([
      [-5, 2 ** 50],
      [0, 2 ** 53 - 1],
    ]);
    await writeEdf(path, frames);
    expect(readFileSync(path)).toEqual(bytes);
  });

  test("any header of printable text and any image come back", async () => {
    const path = join(folder, "random.edf");
    const value = fc
      .string({ unit: "grapheme-ascii", maxLength: 300 })
      .map((text) => text.replace(/[;\x7f]/g, "").trim());
    const key = fc
      .stringMatching(/^[a-z][a-z_. ]{0,20}[a-z]$/)
      .filter((text) => !/^(dim_|edf_|size$|image$)/.test(text));
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(key, value, { maxKeys: 12 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        async (header, rows, columns) => {
          const data = Float32Array.from({ length: rows * columns }, (_, i) => i / 3);
          await writeEdf(path, [
            { header, shape: [rows, columns], data },
            { header, shape: [rows, columns], data },
          ]);
          for (const frame of (await readEdf(path)).frames) {
            expect(frame.header).toMatchObject(header);
            expect(frame.shape).toEqual([rows, columns]);
            expect(frame.data).toEqual(data);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("headers are multiples of 512 bytes and say so", async () => {
    const path = join(folder, "sizes.edf");
    for (let n = 0; n < 1100; n += 7) {
      await writeEdf(path, [{ header: { note: "x".repeat(n) }, shape: [1, 1], data: Uint8Array.of(7) }]);
      const bytes = readFileSync(path);
      const declared = Number(/EDF_HeaderSize = +(\d+)/.exec(bytes.toString("latin1"))?.[1]);
      expect(declared % 512).toBe(0);
      expect(bytes.length).toBe(declared + 1);
      expect(bytes.toString("latin1", declared - 2, declared)).toBe("}\n");
    }
  });

  test("refuses what cannot be written, and leaves nothing behind", async () => {
    const inside = temporaryFolder();
    const path = join(inside, "refused.edf");
    const data = Uint16Array.of(1, 2);
    const frame = { shape: [1, 2] as [number, number], data };
    const refused = async (frames: unknown, type: unknown, message: RegExp) => {
      const attempt = writeEdf(path, frames as never);
      await expect(attempt).rejects.toThrow(type as never);
      await expect(attempt).rejects.toThrow(message);
      expect(readdirSync(inside)).toEqual([]);
    };
    await refused([], ArgumentError, /writeEdf: expected a list of frames/);
    await refused(
      [frame, { ...frame, shape: [2, 2] }],
      ShapeError,
      /expected 2 x 2 = 4 numbers, got 2 in frame 1/,
    );
    await refused([{ ...frame, shape: [2] }], ShapeError, /expected shape \[rows, columns\]/);
    await refused([{ ...frame, data: [1, 2] }], ArgumentError, /expected data in a typed array/);
    await refused(
      [{ ...frame, header: { title: "a;Dim_1 = 7" } }],
      ArgumentError,
      /expected title as .* without ";"/,
    );
    await refused([{ ...frame, header: { title: "5 \xb5m" } }], ArgumentError, /printable ASCII/);
    await refused([{ ...frame, header: { title: "a\nb" } }], ArgumentError, /printable ASCII/);
    await refused([{ ...frame, header: { "a=b": "c" } }], ArgumentError, /expected a header key/);
    await refused(
      [{ shape: [1, 2], data: Float64Array.of(1, 2.5), header: { DataType: "Signed64" } }],
      ArgumentError,
      /remove DataType/,
    );
  });
});

describe("EdfWriter", () => {
  const frame = { shape: [1, 2] as const, data: Uint16Array.of(1, 2) };

  test("a file has its name only when it is finished, and an older one stays until then", async () => {
    const inside = temporaryFolder();
    const path = join(inside, "stream.edf");
    put(inside, "stream.edf", "old");
    const writer = EdfWriter.create(path, {});
    writer.append(frame);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(inside)).toHaveLength(2);
    writer.finish();
    expect(readdirSync(inside)).toEqual(["stream.edf"]);
    expect((await readEdf(path)).frames).toHaveLength(1);
    expect(() => writer.append(frame)).toThrow(/expected an open file/);
  });

  test("abort leaves nothing, nor does finishing without a frame", () => {
    const inside = temporaryFolder();
    const path = join(inside, "gone.edf");
    const aborted = EdfWriter.create(path);
    aborted.append(frame);
    aborted.abort();
    expect(() => EdfWriter.create(path).finish()).toThrow(/expected at least one frame/);
    expect(readdirSync(inside)).toEqual([]);
  });

  test("refuses an unknown byte order and a folder that is not there", () => {
    expect(() => EdfWriter.create(join(folder, "x.edf"), { byteOrder: "Middle" as never })).toThrow(
      ArgumentError,
    );
    expect(() => EdfWriter.create(join(folder, "none", "x.edf"))).toThrow(/none.x\.edf, got no such file/);
  });
});

describe("agreement with fabio", () => {
  beforeEach(peer("fabio"));
  const types = [
    "int8",
    "uint8",
    "int16",
    "uint16",
    "int32",
    "uint32",
    "int64",
    "uint64",
    "float32",
    "float64",
  ];

  test("fabio reads what we write", async () => {
    const path = join(folder, "ours.edf");
    const values = [0, 1, 2, 100, 120, 127];
    const arrays = [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array].map((Type) =>
      Type.from(values),
    );
    const big = [BigInt64Array, BigUint64Array].map((Type) => Type.from(values.map(BigInt)));
    const data: EdfData[] = [...arrays, ...big, Float32Array.from(values), Float64Array.from(values)];
    for (const byteOrder of ["LowByteFirst", "HighByteFirst"] as const) {
      await writeEdf(
        path,
        data.map((one, i) => ({
          header: { energy: 8878 - i, note: "x".repeat(90 * i) },
          shape: [2, 3],
          data: one,
        })),
        { byteOrder },
      );
      const script = `
import fabio, json, sys
image = fabio.open(sys.argv[1])
print(json.dumps([[str(f.data.dtype.newbyteorder("=")), list(f.data.shape), f.data.ravel().tolist(), f.header["energy"], len(f.header["note"])]
                  for f in image.frames()]))`;
      const seen = JSON.parse(python(script, { args: [path] }));
      expect(seen).toEqual(types.map((type, i) => [type, [2, 3], values, String(8878 - i), 90 * i]));
    }
  });

  test("we read what fabio writes", async () => {
    const path = join(folder, "fabio.edf");
    const script = `
import sys, numpy
from fabio.edfimage import EdfImage
image = None
for k, name in enumerate(sys.argv[2:]):
    data = (numpy.arange(35).reshape(5, 7) * 3).astype(name)
    header = {"energy": str(8878 - k), "comment": "y" * 200 * k}
    if image is None: image = EdfImage(data=data, header=header)
    else: image.append_frame(data=data, header=header)
image.write(sys.argv[1])`;
    python(script, { args: [path, ...types] });
    const { frames } = await readEdf(path);
    expect(frames).toHaveLength(types.length);
    frames.forEach((frame, k) => {
      expect(frame.shape).toEqual([5, 7]);
      expect(Array.from(frame.data)).toEqual(Array.from({ length: 35 }, (_, i) => 3 * i));
      expect(headerNumber(frame.header, "energy")).toBe(8878 - k);
      expect(frame.header.comment ?? "").toHaveLength(200 * k);
    });
  });
});

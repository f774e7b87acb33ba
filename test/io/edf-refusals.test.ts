// What the readers of EDF refuse: nothing that is damaged may ever come out as numbers.
import { readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FileError } from "../../lib/errors.js";
import { EdfFile, readEdf } from "../../lib/io/edf.js";
import { block, fileError, put, shortBytes, shorts, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const good = block(shorts, shortBytes);
const without = (key: string) => shorts.filter((line) => !line.startsWith(key));
const replaced = (key: string, line: string) => [...without(key), line];

const cases: [name: string, content: Uint8Array, frame: number, offset: number, message: RegExp][] = [
  ["an empty file", new Uint8Array(0), 0, 0, /got an empty file/],
  [
    "something else",
    Buffer.from("<html>".padEnd(2000)),
    0,
    0,
    /expected "\{" at the start.*got "<html>.*this is no EDF file/,
  ],
  ["a header cut short", good.slice(0, 300), 0, 0, /closed by "}".*got none in 300 bytes/],
  [
    "no closing brace",
    Buffer.concat([Buffer.from("{\nDim_1 = 3 ;\n".padEnd(5000)), shortBytes]),
    0,
    0,
    /closed by "}"/,
  ],
  [
    "a brace off the multiple of 512, in a value",
    Buffer.concat([good.slice(0, 400), Buffer.from("note = }\n"), shortBytes]),
    0,
    0,
    /multiple of 512/,
  ],
  [
    "no Dim_1",
    block(without("Dim_1"), shortBytes),
    0,
    0,
    /expected Dim_1 as a positive whole number, got none/,
  ],
  ["no Dim_2", block(without("Dim_2"), shortBytes), 0, 0, /expected Dim_2/],
  ["Dim_1 = 0", block(replaced("Dim_1", "Dim_1 = 0"), shortBytes), 0, 0, /got "0"/],
  ["Dim_1 = -3", block(replaced("Dim_1", "Dim_1 = -3"), shortBytes), 0, 0, /got "-3"/],
  ["Dim_1 = 3.5", block(replaced("Dim_1", "Dim_1 = 3.5"), shortBytes), 0, 0, /got "3.5"/],
  ["Dim_1 = three", block(replaced("Dim_1", "Dim_1 = three"), shortBytes), 0, 0, /got "three"/],
  [
    "Dim_1 twice, differently",
    block([...shorts, "DIM_1 = 4"], shortBytes),
    0,
    0,
    /one value of DIM_1, got "3" and "4"/,
  ],
  [
    "images beyond any file",
    block([...without("Dim").slice(0, -1), "Dim_1 = 99999999999", "Dim_2 = 99999999999"], shortBytes),
    0,
    0,
    /fits a file/,
  ],
  [
    "Dim_3 = 0",
    block([...without("Size"), "Dim_3 = 0"], shortBytes),
    0,
    0,
    /Dim_3 as a positive whole number/,
  ],
  [
    "Dim_3 = 2 with one image",
    block([...without("Size"), "Dim_3 = 2"], shortBytes),
    1,
    524,
    /12 bytes of data, got 0 .*the first frame is whole: readEdf\(path, \{ incomplete: "keep" \}\)/,
  ],
  [
    "Num_Images = 3 with one image",
    block([...shorts, "Num_Images = 3"], shortBytes),
    1,
    524,
    /expected 3 images \(Num_Images\), got a file that ends after 1 in frame 1/,
  ],
  [
    "energy twice, differently",
    block([...shorts, "energy = 8333", "Energy = 9000"], shortBytes),
    0,
    0,
    /one value of Energy, got "8333" and "9000" .*; remove the wrong one/,
  ],
  [
    "a missing semicolon before a number that counts",
    block([...shorts, "title = Ni foil\nring_current = 200"], shortBytes),
    0,
    0,
    /expected ";" at the end of title, got another line with ring_current =/,
  ],
  [
    "no DataType",
    block(without("DataType"), shortBytes),
    0,
    0,
    /expected a DataType of .*UnsignedShort.*, got none/,
  ],
  [
    "an unknown DataType",
    block(replaced("DataType", "DataType = Complex"), shortBytes),
    0,
    0,
    /got "Complex"/,
  ],
  ["no ByteOrder", block(without("ByteOrder"), shortBytes), 0, 0, /expected a ByteOrder/],
  [
    "an unknown ByteOrder",
    block(replaced("ByteOrder", "ByteOrder = MiddleByteFirst"), shortBytes),
    0,
    0,
    /got "MiddleByteFirst"/,
  ],
  ["Size too small", block(replaced("Size", "Size = 10"), shortBytes), 0, 0, /expected Size = 12 .*got "10"/],
  [
    "Size too large",
    block(replaced("Size", "Size = 14"), Buffer.concat([shortBytes, Buffer.alloc(2)])),
    0,
    0,
    /expected Size = 12/,
  ],
  ["Size in words", block(replaced("Size", "Size = many"), shortBytes), 0, 0, /got "many"/],
  [
    "EDF_BinarySize too small",
    block([...shorts, "EDF_BinarySize = 8"], shortBytes),
    0,
    0,
    /EDF_BinarySize = 12, got "8"/,
  ],
  [
    "EDF_BinarySize far too large",
    block([...shorts, "EDF_BinarySize = 4096"], Buffer.alloc(4096)),
    0,
    0,
    /EDF_BinarySize = 12/,
  ],
  [
    "EDF_HeaderSize too large",
    block(["EDF_HeaderSize = 1024", ...shorts], Buffer.alloc(1024)),
    0,
    0,
    /EDF_HeaderSize = 1024/,
  ],
  [
    "EDF_HeaderSize beyond the file",
    block(["EDF_HeaderSize = 10240", ...shorts], shortBytes),
    0,
    0,
    /closed by "}"/,
  ],
  [
    "EDF_HeaderSize of any number",
    block(["EDF_HeaderSize = 500", ...shorts], shortBytes),
    0,
    0,
    /closes with "}" after its EDF_HeaderSize = 500 bytes, got none/,
  ],
  [
    "compression inside the block",
    block([...shorts, "Compression = GzipCompression"], shortBytes),
    0,
    0,
    /without compression inside/,
  ],
  [
    "data in another file",
    block([...shorts, "EDF_BinaryFileName = x.raw"], shortBytes),
    0,
    0,
    /data in the same file/,
  ],
  ["data cut short", good.slice(0, 523), 0, 512, /expected 12 bytes of data, got 11 in frame 0 at byte 512/],
  ["no data at all", good.slice(0, 512), 0, 512, /expected 12 bytes of data, got 0/],
  [
    "the second frame cut short",
    Buffer.concat([good, good.slice(0, 520)]),
    1,
    1036,
    /got 8 in frame 1 at byte 1036/,
  ],
  [
    "the second header cut short",
    Buffer.concat([good, good.slice(0, 100)]),
    1,
    524,
    /in frame 1 at byte 524/,
  ],
  [
    "trailing garbage",
    Buffer.concat([good, Buffer.from("garbage")]),
    1,
    524,
    /expected "\{".*"garbage" in frame 1 at byte 524/,
  ],
  ["trailing zeros", Buffer.concat([good, new Uint8Array(512)]), 1, 524, /in frame 1 at byte 524/],
];

describe.each(cases)("%s", (_, content, frame, offset, message) => {
  test.each(["readEdf", "EdfFile.openSync"])("is refused by %s with path, frame and offset", async (call) => {
    const path = put(folder, "bad.edf", content);
    const error = await fileError(() => (call === "readEdf" ? readEdf(path) : EdfFile.openSync(path)));
    expect(error.message).toMatch(message);
    expect(error.message.startsWith(`${call}: expected `), error.message).toBe(true);
    expect(error.message).toContain(path);
    expect(error.fields).toMatchObject({ path, frame, offset });
  });
});

test("what is damaged inside gzip is refused with the same words", async () => {
  for (const [name, content, , , message] of cases) {
    if (name === "an empty file") continue;
    const error = await fileError(() => readEdf(put(folder, "bad.edf.gz", gzipSync(content))));
    expect(error.message).toMatch(message);
  }
});

test("a file cut at any byte is refused, except between two frames", async () => {
  const whole = Buffer.concat([good, block(shorts, shortBytes, 1024), good]);
  const ends = [524, 524 + 1036];
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
      const path = put(folder, "cut.edf", whole.subarray(0, length));
      if (ends.includes(length)) expect((await readEdf(path)).frames.length).toBe(ends.indexOf(length) + 1);
      else expect((await fileError(() => readEdf(path))).fields.path).toBe(path);
    }),
    { numRuns: 150, examples: [[0], [523], [525], [1559], [1561]] },
  );
});

test("bytes that are changed at random are refused or read as a whole image, nothing else is thrown", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(523), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      async (changes) => {
        const bytes = Uint8Array.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          const { frames } = await readEdf(put(folder, "noise.edf", bytes));
          for (const { data, shape } of frames) expect(data.length).toBe(shape[0] * shape[1]);
        } catch (error) {
          expect(error).toBeInstanceOf(FileError);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("integers that a double would round are refused, with their place", async () => {
  const lines = ["DataType = Signed64", "ByteOrder = LowByteFirst", "Dim_1 = 3", "Dim_2 = 1"];
  const path = put(
    folder,
    "wide.edf",
    block(lines, new Uint8Array(BigInt64Array.of(1n, 2n, 2n ** 53n + 1n).buffer)),
  );
  const error = await fileError(() => readEdf(path));
  expect(error.message).toMatch(
    /whole numbers within 2\^53, got a larger one \(Signed64\) in frame 0 at byte 528/,
  );
  const file = EdfFile.openSync(path);
  expect(() => file.readRows(0, 0, 1, new Float64Array(3))).toThrow(/within 2\^53/);
  file.close();
});

describe("compressed files", () => {
  const zipped = gzipSync(Buffer.concat([good, good]));

  test.each<[string, Uint8Array]>([
    ["cut short", zipped.subarray(0, zipped.length - 12)],
    [
      "with a wrong checksum",
      Uint8Array.from(zipped, (byte, i) => (i === zipped.length - 6 ? byte ^ 1 : byte)),
    ],
    ["of nothing but the magic", zipped.subarray(0, 4)],
    ["with something after their end", Buffer.concat([zipped, Buffer.from("garbage")])],
  ])("gzip %s", async (_, content) => {
    const path = put(folder, "bad.edf.gz", content);
    const error = await fileError(() => readEdf(path));
    expect(error.message).toMatch(
      /^readEdf: expected whole gzip data, got .*bad\.edf\.gz; the compressed file is damaged/,
    );
    expect(error.fields).toMatchObject({ path, compression: "gzip" });
    expect(error.cause).toBeInstanceOf(Error);
  });

  test.each<[string, (bytes: Buffer) => Uint8Array]>([
    ["cut short", (bytes) => bytes.subarray(0, bytes.length - 5)],
    ["cut shorter", (bytes) => bytes.subarray(0, bytes.length >> 1)],
    ["with a changed byte", (bytes) => Uint8Array.from(bytes, (byte, i) => (i === 120 ? byte ^ 8 : byte))],
    ["of nothing but the magic", (bytes) => bytes.subarray(0, 4)],
    ["with something after their end", (bytes) => Buffer.concat([bytes, Buffer.from("garbage")])],
  ])("bzip2 %s", async (_, spoil) => {
    const bytes = readFileSync(join(import.meta.dirname, "fixtures", "squares.edf.bz2"));
    const path = put(folder, "bad.edf.bz2", spoil(bytes));
    const error = await fileError(() => readEdf(path));
    expect(error.message).toMatch(
      /^readEdf: expected whole bzip2 data, got .*bad\.edf\.bz2; the compressed file is damaged/,
    );
  });

  test("bzip2 cut at any byte", async () => {
    const bytes = readFileSync(join(import.meta.dirname, "fixtures", "squares.edf.bz2"));
    for (let length = 5; length < bytes.length; length += 29) {
      await fileError(() => readEdf(put(folder, "cut.edf.bz2", bytes.subarray(0, length))));
    }
  });

  test("EdfFile names the remedy", async () => {
    const error = await fileError(() => EdfFile.openSync(put(folder, "packed.edf", zipped)));
    expect(error.message).toMatch(
      /expected a plain EDF file, got one compressed with gzip.*unpack it first, or use readEdf/,
    );
  });
});

test("missing files and folders are FileErrors", async () => {
  const path = join(folder, "none.edf");
  for (const call of [() => readEdf(path), () => EdfFile.openSync(path)]) {
    const error = await fileError(call);
    expect(error.message).toMatch(/none\.edf, got no such file/);
    expect(error.fields).toMatchObject({ path, code: "ENOENT" });
  }
  expect((await fileError(() => readEdf(folder))).message).toMatch(/got a folder/);
  expect((await fileError(() => EdfFile.openSync(folder))).message).toMatch(/got a folder/);
});

test("a file that shrinks or grows after it was opened is noticed", async () => {
  const out = new Float32Array(6);
  const path = put(folder, "live.edf", Buffer.concat([good, good]));
  const file = EdfFile.openSync(path);
  file.readRows(1, 0, 2, out);
  truncateSync(path, 1044);
  const shorter = await fileError(() => file.readRows(1, 0, 2, out));
  expect(shorter.message).toMatch(/changed from 1048 to 1044 bytes in frame 1 at byte 1036/);
  expect(shorter.fields).toMatchObject({ path, frame: 1, offset: 1036 });
  put(folder, "live.edf", Buffer.concat([good, good, good]));
  expect((await fileError(() => file.readRows(0, 0, 2, out))).message).toMatch(/changed from 1048 to 1572/);
  file.close();
});

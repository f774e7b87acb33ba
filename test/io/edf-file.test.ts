import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ArgumentError, ShapeError } from "../../lib/errors.js";
import { type EdfData, EdfFile, EdfWriter, readEdf, writeEdf } from "../../lib/io/edf.js";
import { fileError, temporaryFolder } from "./support.js";

const folder = temporaryFolder();

describe("EdfFile", () => {
  test("indexes frames with their header, shape, type and place", async () => {
    const path = join(folder, "index.edf");
    const writer = EdfWriter.create(path, {});
    for (let k = 0; k < 300; k++) {
      // Headers of changing length, so that the guess from the one before is wrong now and then.
      const header = { energy: 8878 - k, note: "x".repeat(k % 7 === 0 ? 1200 : 0) };
      writer.append({ header, shape: [4, 5], data: new Uint16Array(20).fill(k) });
    }
    writer.finish();
    const file = EdfFile.openSync(path);
    expect(file.frames).toHaveLength(300);
    const out = new Float64Array(20);
    file.frames.forEach((frame, k) => {
      expect(frame).toMatchObject({
        shape: [4, 5],
        dataType: "UnsignedShort",
        byteOrder: "LowByteFirst",
        bytes: 40,
      });
      expect(Number(frame.header.energy)).toBe(8878 - k);
      file.readRows(k, 0, 4, out);
      expect(out.every((value) => value === k)).toBe(true);
    });
    file.close();
  });

  test("rows of any type, in any order and byte order, are those of readEdf", async () => {
    const path = join(folder, "rows.edf");
    const rows = 11;
    const columns = 3;
    const values = Array.from({ length: rows * columns }, (_, i) => (i * 37) % 127);
    const data: EdfData[] = [
      ...[Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array].map((Type) =>
        Type.from(values),
      ),
      ...[BigInt64Array, BigUint64Array].map((Type) => Type.from(values.map(BigInt))),
      Float32Array.from(values, (v) => v / 3),
      Float64Array.from(values, (v) => v / 3),
    ];
    for (const byteOrder of ["LowByteFirst", "HighByteFirst"] as const) {
      await writeEdf(
        path,
        data.map((one) => ({ shape: [rows, columns], data: one })),
        { byteOrder },
      );
      const { frames } = await readEdf(path);
      const file = EdfFile.openSync(path);
      fc.assert(
        fc.property(
          fc.nat(data.length - 1),
          fc.nat(rows - 1),
          fc.nat(rows - 1),
          fc.boolean(),
          (frame, a, b, single) => {
            const first = Math.min(a, b);
            const n = Math.abs(a - b) + 1;
            const out = new (single ? Float32Array : Float64Array)(n * columns + 2).fill(-7);
            file.readRows(frame, first, n, out);
            const expected = Array.from(frames[frame].data.subarray(first * columns, (first + n) * columns));
            expect(Array.from(out)).toEqual([...(single ? expected.map(Math.fround) : expected), -7, -7]);
          },
        ),
      );
      file.close();
    }
  });

  test("reads into shared memory, as workers do", async () => {
    const path = join(folder, "shared.edf");
    await writeEdf(path, [{ shape: [2, 2], data: Uint16Array.of(1, 2, 3, 65535) }]);
    const out = new Float32Array(new SharedArrayBuffer(16));
    const file = EdfFile.openSync(path);
    file.readRows(0, 0, 2, out);
    file.close();
    expect(Array.from(out)).toEqual([1, 2, 3, 65535]);
  });

  test("refuses frames and rows that are not there, short arrays, and reading after close", async () => {
    const path = join(folder, "small.edf");
    await writeEdf(path, [{ shape: [3, 2], data: new Uint8Array(6) }]);
    const file = EdfFile.openSync(path);
    const out = new Float32Array(6);
    expect(() => file.readRows(1, 0, 1, out)).toThrow(/expected a frame from 0 to 0, got 1/);
    for (const [first, n] of [
      [-1, 1],
      [0, 4],
      [3, 1],
      [0, 0],
      [0.5, 1],
      [0, Number.NaN],
    ]) {
      expect(() => file.readRows(0, first, n, out)).toThrow(ArgumentError);
    }
    expect(() => file.readRows(0, 0, 3, new Float32Array(5))).toThrow(ShapeError);
    file.close();
    expect((await fileError(() => file.readRows(0, 0, 1, out))).message).toMatch(
      /after close\(\); open it again/,
    );
  });
});

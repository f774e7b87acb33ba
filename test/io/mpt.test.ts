import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ArgumentError, ShapeError } from "../../lib/errors.js";
import { readMpt, writeMpt } from "../../lib/io/mpt.js";
import { peer, shared } from "../support/peers.js";
import { fileError, put, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const text = (rows: string, count = 5) =>
  Buffer.from(
    `EC-Lab ASCII FILE\r\nNb header lines : ${count}                 \r\nSurface : 1,000 cm\xb2\r\n\r\nmode\ttime/s\tEwe/V\r\n${rows}`,
    "latin1",
  );
const read = (content: Uint8Array) => readMpt(put(folder, "cell.mpt", content));

describe("readMpt", () => {
  test.each([
    ["decimal commas", "1\t0,0E+000\t3,5\r\n1\t3,0E+001\t3,75\r\n"],
    ["decimal points", "1\t0.0E+000\t3.5\n1\t3.0E+001\t3.75\n"],
    ["a tab at the end of every row", "1\t0.0\t3.5\t\r\n1\t30\t3.75\t\r\n"],
  ])("%s", async (_, rows) => {
    const { header, columns } = await read(text(rows));
    expect(header).toHaveLength(5);
    expect(header[2]).toBe("Surface : 1,000 cm\xb2");
    expect(Object.keys(columns)).toEqual(["mode", "time/s", "Ewe/V"]);
    expect(Array.from(columns["time/s"])).toEqual([0, 30]);
    expect(Array.from(columns["Ewe/V"])).toEqual([3.5, 3.75]);
  });

  test.each([3, 4, 6, 7, 82])("a header whose count says %i instead of 5", async (count) => {
    const { header, columns } = await read(text("1\t0\t3.5\r\n1\t30\t3.75\r\n2\t60\t4\r\n", count));
    expect(header).toHaveLength(5);
    expect(Object.keys(columns)).toEqual(["mode", "time/s", "Ewe/V"]);
    expect(Array.from(columns["Ewe/V"])).toEqual([3.5, 3.75, 4]);
  });

  test("saved again as UTF-8 with its mark, \\r alone, empty cells and lines", async () => {
    const lines = ["\uFEFFEC-Lab ASCII FILE", "Nb header lines : 3", "time/s\t<I>/µA", "0\t", "", "1\t5", ""];
    const { columns } = await read(Buffer.from(lines.join("\r"), "utf8"));
    expect(Array.from(columns["<I>/µA"])).toEqual([Number.NaN, 5]);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["something else", Buffer.from("hello\nworld\n"), /expected "EC-Lab ASCII FILE", got "hello" in line 1/],
    [
      "no count of lines",
      Buffer.from("EC-Lab ASCII FILE\nmode\n1\n"),
      /expected "Nb header lines : N", got "mode" in line 2/,
    ],
    [
      "a header cut short",
      text("", 82),
      /expected 82 header lines and rows of numbers, got 5 lines.*cut short/,
    ],
    [
      "no rows",
      text(""),
      /expected rows of numbers after the header, got none in line 5 .*nothing was recorded yet/,
    ],
    [
      "absolute times",
      text("1\t07/26/2022 22:38:30.190\t3.5\r\n"),
      /times in seconds, got a date, "07\/26\/2022 .*relative times/,
    ],
    ["two decimal signs", text("1\t0,5\t3,5\r\n1\t1.5\t3.5\r\n"), /one decimal sign in all numbers/],
    ["a row cut short", text("1\t0\t3.5\r\n1\t30"), /expected 3 columns, got 2 in line 7 .*cut short/],
    ["a word", text("1\t0\tXXX\r\n"), /expected a number, got "XXX" in column 3/],
    ["the first line alone", Buffer.from("EC-Lab ASCII FILE"), /got undefined in line 2/],
  ])("refuses %s", async (_, content, message) => {
    const error = await fileError(() => read(content));
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^readMpt: expected /);
    expect(error.fields.path).toBe(join(folder, "cell.mpt"));
  });
});

describe("writeMpt", () => {
  const columns = {
    mode: [1, 1, 1],
    "time/s": [0, 0.1 + 0.2, 1e-9],
    "Ewe/V": [3.42, Number.NaN, -1e300],
    "<I>/mA": [0, 1, 2],
  };

  test.each([".", ","] as const)("gives the numbers back with decimal %s", async (decimal) => {
    const path = join(folder, "ours.mpt");
    writeMpt(path, { columns, header: ["Galvanostatic cycling", "Surface : 1 cm\xb2"] }, { decimal });
    expect(readFileSync(path, "latin1").includes(".3")).toBe(decimal === ".");
    const result = await readMpt(path);
    expect(result.header[1]).toBe(`Nb header lines : ${result.header.length}`);
    expect(result.header.slice(2, -1)).toEqual(["Galvanostatic cycling", "Surface : 1 cm\xb2"]);
    for (const [name, values] of Object.entries(columns))
      expect(Array.from(result.columns[name])).toEqual(values);
    writeMpt(path, result, { decimal });
    expect(await readMpt(path)).toEqual(result);
  });

  test("null, as JSON has it for NaN, is a missing value", async () => {
    const path = join(folder, "null.mpt");
    writeMpt(path, { columns: JSON.parse(JSON.stringify({ "time/s": [0, 1], "I/mA": [Number.NaN, 2] })) });
    expect(Array.from((await readMpt(path)).columns["I/mA"])).toEqual([Number.NaN, 2]);
  });

  test("refuses what would not come back", () => {
    const path = join(folder, "refused.mpt");
    expect(() => writeMpt(path, { columns: { "1": [1] } })).toThrow(/names in words/);
    expect(() => writeMpt(path, { columns: { a: [1] } }, { decimals: "," } as never)).toThrow(
      /did you mean "decimal"\?/,
    );
    expect(() => writeMpt(path, { column: { a: [1] } } as never)).toThrow(/did you mean "columns"\?/);
    expect(() => writeMpt(path, { columns: {} })).toThrow(ShapeError);
    expect(() => writeMpt(path, { columns: { a: [1], b: [1, 2] } })).toThrow(
      /expected 1 numbers in "b", got 2/,
    );
    expect(() => writeMpt(path, { columns: { "a\tb": [1] } })).toThrow(ArgumentError);
    expect(() => writeMpt(path, { columns: { a: [1] }, header: ["5 \u03bcm"] })).toThrow(/Latin-1/);
    expect(() => writeMpt(path, { columns: { a: [1] } }, { decimal: ";" as never })).toThrow(
      /expected decimal/,
    );
  });
});

describe("the real file", () => {
  test("82 header lines, Latin-1, decimal commas", async (context) => {
    const path = "../shared/data/rock-lno/220726cell4operandoxas_C06.mpt";
    peer(path)(context);
    const { header, columns } = await readMpt(shared(path));
    expect(header).toHaveLength(82);
    expect(header.some((line) => line.startsWith("Electrode surface area : 1,000 cm\xb2"))).toBe(true);
    const time = columns["time/s"];
    const voltage = columns["Ewe/V"];
    expect(time[0]).toBe(0);
    expect(voltage[0]).toBe(3.4912014);
    expect(time.at(-1)).toBe(139968.6453004307);
    expect(time.every((t, i) => i === 0 || t >= time[i - 1])).toBe(true);
    expect(voltage.every((v) => v > 2.5 && v < 4.4)).toBe(true);
    expect(columns["<I>/mA"].length).toBe(time.length);
  });
});

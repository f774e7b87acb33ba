import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { ArgumentError, ShapeError } from "../../lib/errors.js";
import { readColumns, writeColumns } from "../../lib/io/columns.js";
import { peer, shared } from "../support/peers.js";
import { fileError, put, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const read = (text: string | Uint8Array) => readColumns(put(folder, "columns.txt", text));
const values = async (text: string) => (await read(text)).columns.map((column) => Array.from(column));

describe("readColumns", () => {
  test.each([
    ["blanks", " 1.5   2\n 3    -4e-1 \n"],
    ["tabs", "1.5\t2\n3\t-0.4\n"],
    ["tabs at the end of every line", "1.5\t2\t\n3\t-0.4\t\n"],
    ["commas", "1.5,2\n3,-0.4\n"],
    ["commas and blanks", "1.5, 2\n3, -.4\n"],
    ["semicolons", "1.5;2\n3;-0.4\n"],
    ["semicolons and decimal commas", "1,5;2\n3;-0,4\n"],
    ["tabs and decimal commas", "1,5\t2,0\n3,0\t-0,4\n"],
    ["blanks and decimal commas", "1,5 2,0\n3,0 -4,0E-1\n"],
    ["\\r\\n, empty lines and a byte order mark", "\uFEFF1.5 2\r\n\r\n3 -0.4\r\n"],
    ["quotes", '"1.5","2"\n"3","-0.4"\n'],
    ["Fortran's exponents", "0.15D+01 2\n3.0d0 -0.4\n"],
  ])("numbers between %s", async (_, text) => {
    expect(await values(text)).toEqual([
      [1.5, 3],
      [2, -0.4],
    ]);
  });

  test("a comma between two integers separates, as in every CSV", async () => {
    expect(await values("8270,1\n8271,2\n")).toEqual([
      [8270, 8271],
      [1, 2],
    ]);
  });

  test.each(["8300, 0.5\n8301, 1\n", "8300, 1\n8301, 2\n", "8300 ,1\n8301 ,2\n", "8300,\t1\n8301,\t2\n"])(
    "a comma beside a blank separates: %j",
    async (rows) => {
      const { labels, columns } = await read(`energy, mu\n${rows}`);
      expect(labels).toEqual(["energy", "mu"]);
      expect([...columns[0]]).toEqual([8300, 8301]);
      expect(columns[1][0] * 2).toBe(columns[1][1]);
    },
  );

  test("missing and infinite values are numbers, other words are not", async () => {
    for (const word of ["nan", "NaN", "-nan", "NA", "n/a", "null", "***", "--", "---"]) {
      expect(await values(`1 ${word}\n${word} -2\n`)).toEqual([
        [1, Number.NaN],
        [Number.NaN, -2],
      ]);
    }
    expect(await values("1 inf\n-Infinity 2\n")).toEqual([
      [1, -Infinity],
      [Infinity, 2],
    ]);
    for (const word of ["none", "1e", "0x10", "1_000", "--1", "1.2.3"]) {
      await fileError(() => read(`1 2\n3 ${word}\n`));
    }
  });

  test.each<[string, string, string[], string[]]>([
    ["the last comment", "# first\n# energy  mu\n1 2\n", ["energy", "mu"], ["first"]],
    [
      "the last comment, with blanks in the labels",
      "#energy (eV)\tmu raw\n1\t2\n",
      ["energy (eV)", "mu raw"],
      [],
    ],
    ["a line that is no comment", "# two words\nenergy,mu\n1,2\n", ["energy", "mu"], ["two words"]],
    ["a quoted line", '"energy";"mu"\n1;2\n', ["energy", "mu"], []],
    ["no labels: words that do not fit", "# just a remark here\n1 2\n", [], ["just a remark here"]],
    ["no labels: a row that was taken out", "# 0 1\n1 2\n", [], ["0 1"]],
    ["no labels at all", "1 2\n# after the first row\n3 4\n", [], ["after the first row"]],
  ])("labels from %s", async (_, text, labels, comments) => {
    const result = await read(text);
    expect(result.labels).toEqual(labels);
    expect(result.comments).toEqual(comments);
  });

  test("Latin-1 text that is no UTF-8", async () => {
    expect((await read(Buffer.from("# time  I/\xb5A\n1 2\n", "latin1"))).labels).toEqual(["time", "I/\xb5A"]);
  });

  test.each<[string, string, number, RegExp]>([
    ["a short row", "# c\n1 2 3\n4 5\n", 3, /expected 3 columns, got 2 in line 3/],
    ["a long row", "1 2\n3 4\n5 6 7\n", 3, /expected 2 columns, got 3 in line 3/],
    ["a word", "1,2\n3,abc\n", 2, /expected a number, got "abc" in column 2 in line 2/],
    [
      "a row of numbers with a mistake before the rows",
      "83o0 1.5 2\n8301 1.5 2\n",
      1,
      /labels in words, or numbers only, got "83o0 1.5 2"/,
    ],
    ["numbers as labels", "energy,0,10\n8300,1,2\n", 1, /labels in words/],
    ["an apostrophe before the rows", "8'300.5\n8301\n", 1, /labels in words/],
    ["glued numbers", "-1.0 -2.0\n-1.0-2.0\n", 2, /a separator between two numbers, got "-1.0-2.0"/],
    ["glued numbers before the rows", "-1.0-2.0 3\n1 2 3\n", 1, /labels in words|3 labels/],
    ["an apostrophe", "8300 1\n8'301 2\n", 2, /got "8'301" in column 1/],
    ["thousands and decimals", "1.5\t2\n1.234,5\t3\n", 2, /a number, got "1.234,5"/],
    [
      "commas for thousands or decimals",
      "8,270\t1\n8,271\t2\n",
      3,
      /decimal points, got "8,270", whose comma may/,
    ],
    [
      "points and commas",
      "8270,5\t1.5\n8271,5\t2.5\n",
      1,
      /one decimal sign in all numbers, got "1.5" and "8270,5"/,
    ],
    ["columns or thousands", "8,270\n8,271\n", 3, /commas that may set thousands apart/],
    ["two separators", "1, 2; 3\n", 2, /at least one row of numbers, got none/],
    ["a decimal comma between commas", "1.5,2\n1,5,2\n", 2, /expected 2 columns, got 3/],
    [
      "two lines of labels",
      "energy mu\neV 1/cm\n1 2\n",
      2,
      /expected numbers after the line of labels, got "eV 1\/cm" in line 2/,
    ],
    ["too few labels", "energy,mu\n1,2,3\n", 1, /expected 3 labels, got 2 in line 1/],
    ["only comments", "# a\n# b\n", 3, /expected at least one row of numbers, got none/],
    ["markup", "<table><tr>\n<td>1</td>\n", 2, /expected numbers/],
  ])("refuses %s", async (_, text, line, message) => {
    const error = await fileError(() => read(text));
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^readColumns: expected /);
    expect(error.fields).toMatchObject({ path: join(folder, "columns.txt"), line });
  });
});

describe("other programs' habits", () => {
  test("gzip, by content; cut short it is refused", async () => {
    const zipped = gzipSync("# energy mu\n1 2\n3 4\n");
    expect((await read(zipped)).labels).toEqual(["energy", "mu"]);
    const error = await fileError(() => read(zipped.subarray(0, zipped.length - 9)));
    expect(error.message).toMatch(/^readColumns: expected whole gzip data/);
  });

  test.each(["#", "%", "!", "*", "//"])("comments after %s", async (mark) => {
    const { labels, comments, columns } = await read(`${mark} first\n${mark} energy mu\n1 2\n`);
    expect([labels, comments]).toEqual([["energy", "mu"], ["first"]]);
    expect(columns[1][0]).toBe(2);
  });

  test("empty cells are missing values where a separator shows them", async () => {
    expect(await values("1,2,3\n,4,\n5,,6\n")).toEqual([
      [1, Number.NaN, 5],
      [2, 4, Number.NaN],
      [3, Number.NaN, 6],
    ]);
    expect(await values("a;b;c\n1;2;\n3;4;5\n")).toEqual([
      [1, 3],
      [2, 4],
      [Number.NaN, 5],
    ]);
    expect(await values("a;b;\n1;2;\n3;4;\n")).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  test("Fortran's stars in the first column are a missing value, not a comment", async () => {
    expect(await values("1 2\n**** 4\n")).toEqual([
      [1, Number.NaN],
      [2, 4],
    ]);
  });

  test("a line of dashes under the labels is no row", async () => {
    expect((await fileError(() => read("energy mu\n------ --\n1 2\n"))).message).toMatch(
      /got "------ --" in line 2/,
    );
  });

  test("decimal commas that cannot be thousands", async () => {
    expect(await values("8270,125\t0,123\n8271,250\t1,234\n")).toEqual([
      [8270.125, 8271.25],
      [0.123, 1.234],
    ]);
  });

  test("labels tell columns from thousands", async () => {
    expect((await read("sep=,\na,b\n8,270\n")).columns.map((column) => column[0])).toEqual([8, 270]);
  });

  test("units in brackets belong to the word before them", async () => {
    expect((await read("energy [eV] mu (a.u.)\n1 2\n")).labels).toEqual(["energy [eV]", "mu (a.u.)"]);
    expect((await read("# energy [eV] mu (a.u.)\n1 2\n")).labels).toEqual(["energy [eV]", "mu (a.u.)"]);
    expect((await read('"energy, eV","mu"\n"1","2"\n')).labels).toEqual(["energy, eV", "mu"]);
  });

  test("UTF-16 with its mark, \\r alone as line end", async () => {
    const text = "# energy µ\r1 2\r3 4\r";
    const little = Buffer.from(`\uFEFF${text}`, "utf16le");
    for (const bytes of [little, Buffer.from(little).swap16()]) {
      const { labels, columns } = await read(bytes);
      expect(labels).toEqual(["energy", "µ"]);
      expect(columns.map((column) => Array.from(column))).toEqual([
        [1, 3],
        [2, 4],
      ]);
    }
    expect((await fileError(() => read(Buffer.from("1 2\n", "utf16le")))).message).toMatch(/bytes of zero/);
  });
});

describe("writeColumns", () => {
  test("null, as JSON has it for NaN, is a missing value; what is no number is refused", async () => {
    const path = join(folder, "null.txt");
    const columns = JSON.parse(JSON.stringify([[1, Number.NaN]]));
    writeColumns(path, { columns });
    expect(Array.from((await readColumns(path)).columns[0])).toEqual([1, Number.NaN]);
    expect(() => writeColumns(path, { columns: [["1"]] as never })).toThrow(/expected numbers, got "1"/);
    expect(() => writeColumns(path, { columns: [[1]], label: ["a"] } as never)).toThrow(
      /did you mean "labels"\?/,
    );
    expect(() => writeColumns(path, [[1]] as never)).toThrow(ArgumentError);
  });

  test.each(["round.txt", "round.csv"])("%s gives everything back", async (name) => {
    const path = join(folder, name);
    const word = fc
      .stringMatching(/^[a-z][a-z0-9_./()<>&]{0,9}$/)
      .filter((text) => !/^([+-]?nan|na|n\/a|null|inf|infinity)$/.test(text));
    const content = fc.integer({ min: 1, max: 5 }).chain((width) =>
      fc.record({
        labels: fc.oneof(fc.constant<string[]>([]), fc.array(word, { minLength: width, maxLength: width })),
        comments: fc.array(
          fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(" ")),
          { maxLength: 3 },
        ),
        columns: fc.integer({ min: 1, max: 4 }).chain((length) => {
          const number = fc.double().map((x) => x + 0);
          return fc.array(fc.array(number, { minLength: length, maxLength: length }), {
            minLength: width,
            maxLength: width,
          });
        }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(content, async ({ labels, comments, columns }) => {
        writeColumns(path, { labels, comments, columns });
        const result = await readColumns(path);
        expect(result.labels).toEqual(labels);
        expect(result.comments).toEqual(comments);
        expect(result.columns.map((column) => Array.from(column))).toEqual(columns);
      }),
      { numRuns: 80 },
    );
  });

  test("refuses what would not come back", () => {
    const path = join(folder, "refused.txt");
    expect(() => writeColumns(path, { columns: [] })).toThrow(ShapeError);
    expect(() => writeColumns(path, { columns: [[1, 2], [1]] })).toThrow(/equal length 2, got 1 in column 2/);
    expect(() => writeColumns(path, { labels: ["a"], columns: [[1], [2]] })).toThrow(
      /expected 2 labels, one per column, got 1/,
    );
    expect(() => writeColumns(path, { labels: ["a\tb", "c"], columns: [[1], [2]] })).toThrow(ArgumentError);
    expect(() => writeColumns(path, { labels: ["1", "2"], columns: [[1], [2]] })).toThrow(
      /labels of one line in words/,
    );
    expect(() => writeColumns(path, { columns: [[1]], comments: ["a\n1 2"] })).toThrow(
      /comments of one line/,
    );
  });
});

describe("real files", () => {
  beforeEach(peer("../shared/data/rock-lno", "../shared/spectra"));

  test("a series of normalized spectra", async () => {
    const { labels, columns, comments } = await readColumns(
      shared("../shared/data/rock-lno/charge-normalized.csv"),
    );
    expect(columns).toHaveLength(59);
    expect(labels[0]).toBe("energy_eV");
    expect([columns[0][0], columns[0].at(-1), columns[0].length]).toEqual([8270, 8878, 985]);
    expect(comments[0]).toMatch(/^start times \(local\): 2022-07-26T23:01:58/);
  });

  test("a beamline program's own text", async () => {
    const { labels, columns, comments } = await readColumns(
      shared("../shared/data/rock-lno/norm_op2_cell4_pos1_dq1_0001_av240_00001.txt"),
    );
    expect(columns).toHaveLength(5);
    expect(comments.length).toBeGreaterThan(10);
    expect(labels.length === 5 || labels.length === 0).toBe(true);
    const at = columns[0].indexOf(8333);
    expect(Array.from(columns, (column) => column[at])).toEqual([
      8333, 0.03517396, 1.225875, 0.1482164, 16073.02,
    ]);
  });

  test.each(["Ni_metal_rt_01.csv", "NiO_athena.csv"])("%s", async (name) => {
    const { labels, columns } = await readColumns(shared(`../shared/spectra/${name}`));
    expect(labels).toHaveLength(columns.length);
    expect(labels.slice(0, 2)).toEqual(["energy_eV", "mu"]);
    expect(columns[0].every((value, i) => i === 0 || value > columns[0][i - 1])).toBe(true);
  });
});

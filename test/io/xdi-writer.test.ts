import { join } from "node:path";
import { expect, test } from "vitest";
import { readXdi } from "../../lib/io/xdi.js";
import { writeXdi } from "../../lib/io/xdi-writer.js";
import { temporaryFolder } from "./support.js";

const path = join(temporaryFolder(), "x.xdi");
const energy = { label: "energy", unit: "eV", data: [8300.25, 8301.5, 8302] };

test("what is written is read back", async () => {
  writeXdi(path, {
    columns: [energy, { label: "mutrans", data: [0.1, 1 / 3, Number.NaN] }],
    headers: { "Element.symbol": "Ni", "Element.edge": "K", "Mono.d_spacing": 3.1356 },
    comments: ["<script>", "two\nlines"],
  });
  const xdi = await readXdi(path);
  expect(xdi.headers).toMatchObject({ "Element.symbol": "Ni", "Mono.d_spacing": "3.1356" });
  expect(xdi.comments).toEqual(["<script>", "two", "lines"]);
  expect(Array.from(xdi.energy ?? [])).toEqual(energy.data);
  expect(Array.from(xdi.mu ?? [])).toEqual([0.1, 1 / 3, Number.NaN]);
});

test("null, as JSON has it for NaN, is a missing value", async () => {
  const data = JSON.parse(JSON.stringify([1, Number.NaN, 3]));
  writeXdi(path, { columns: [energy, { label: "mu", data }] });
  expect(Array.from((await readXdi(path)).mu ?? [])).toEqual([1, Number.NaN, 3]);
});

test("refuses what XDI cannot hold", () => {
  expect(() => writeXdi(path, { columns: [{ label: "mu", data: [1] }] })).toThrow(/with one called "energy"/);
  expect(() => writeXdi(path, { columns: [energy, { label: "a b", data: [1, 2, 3] }] })).toThrow(
    /of one word/,
  );
  expect(() => writeXdi(path, { columns: [energy, { label: "mu", data: [1] }] })).toThrow(
    /expected 3 numbers in "mu", got 1/,
  );
  expect(() => writeXdi(path, { columns: [energy, energy] })).toThrow(/different labels/);
  expect(() => writeXdi(path, { columns: [{ ...energy, unit: "keV" }] })).toThrow(/energy in eV, got "keV"/);
  expect(() => writeXdi(path, { columns: [energy], comments: ["a\n-----"] })).toThrow(/end a section of XDI/);
  expect(() => writeXdi(path, { columns: [energy], headers: { "Column.1": "x" } })).toThrow(/Column.N comes/);
  expect(() => writeXdi(path, { columns: [energy], header: {} } as never)).toThrow(
    /did you mean "headers"\?/,
  );
  expect(() => writeXdi(path, { columns: [energy], headers: { edge: "K" } })).toThrow(/Namespace\.key/);
  expect(() => writeXdi(path, { columns: [energy], headers: { "A.b": "x\ny" } })).toThrow(/of one line/);
});

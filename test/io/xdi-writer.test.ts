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

test("refuses what XDI cannot hold", () => {
  expect(() => writeXdi(path, { columns: [{ label: "mu", data: [1] }] })).toThrow(/with one called "energy"/);
  expect(() => writeXdi(path, { columns: [energy, { label: "a b", data: [1, 2, 3] }] })).toThrow(
    /of one word/,
  );
  expect(() => writeXdi(path, { columns: [energy, { label: "mu", data: [1] }] })).toThrow(
    /expected 3 numbers in "mu", got 1/,
  );
  expect(() => writeXdi(path, { columns: [energy], headers: { edge: "K" } })).toThrow(/Namespace\.key/);
  expect(() => writeXdi(path, { columns: [energy], headers: { "A.b": "x\ny" } })).toThrow(/of one line/);
});

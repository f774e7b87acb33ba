// Tables of danfojs as text: short, aligned, and with numbers that are not cut.
import { inspect } from "node:util";
import { DataFrame, Series } from "danfojs-node";
import { expect, test } from "vitest";
import { frameText } from "../../kernel/jupyter/display/frame.js";
import { printed } from "../../kernel/jupyter/display/printed.js";

const n = 60;
const count = Array.from({ length: n }, (_, i) => i);

test("a long table has its first and last rows, and its size", () => {
  const text = frameText(new DataFrame({ energy: count.map((i) => 8300 + i / 3), at: count })) ?? "";
  const lines = text.split("\n");
  expect(lines.length).toBe(1 + 10 + 1 + 10 + 1);
  expect(lines[2]).toBe("1    8300.33    1");
  expect(lines[11]).toMatch(/^\.\.\. +\.\.\. +\.\.\.$/);
  expect(lines.at(-2)).toBe("59   8319.67   59");
  expect(lines.at(-1)).toBe("60 rows, 2 columns");
});

test("columns that do not fit into a line follow below, each row with its name", () => {
  const names = Array.from({ length: 12 }, (_, k) => `a long name ${k}`);
  const frame = new DataFrame(Object.fromEntries(names.map((name, k) => [name, [k, 0.5 + k]])));
  const lines = (frameText(frame) ?? "").split("\n");
  expect(lines).toHaveLength(2 * 3 + 1);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110);
  for (const name of names) expect(lines.filter((line) => line.includes(name))).not.toEqual([]);
  expect(lines.filter((line) => line.startsWith("1 "))).toHaveLength(2);
});

test("exponents stay, gaps are empty, and text cannot move the cursor", () => {
  const frame = new DataFrame({ value: [1.23456789e-12, null], name: ["a\u001b[2J", "b"] });
  const text = frameText(frame) ?? "";
  expect(text).toContain("1.23457e-12");
  expect(text).not.toMatch(/null|NaN/);
  expect(text).not.toContain("\u001b");
});

test("a series is a table of one column; other values are printed as Node does", () => {
  expect(frameText(new Series([1, 2, 3]))?.split("\n")).toHaveLength(5);
  for (const value of [1, "text", null, undefined, { a: [1] }, new Map([[1, 2]])]) {
    expect(frameText(value)).toBeNull();
    expect(printed(value)).toBe(inspect(value));
  }
});

test("console.log prints tables as tables, also inside of other values, and those without rows", () => {
  const table = new DataFrame({ energy: count, mu: count.map((i) => i / 7) });
  expect(inspect(table)).toBe(frameText(table));
  expect(inspect({ table, list: [new Series(count)] }, { depth: 5 }).split("\n").length).toBeLessThan(60);
  expect(inspect(new DataFrame()).split("\n").length).toBeLessThan(30);
});

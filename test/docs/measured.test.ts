// Numbers that a benchmark measured stand in tables, most of them written by the benchmark itself: a text that repeats them
// contradicts its table as soon as the benchmark runs again.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./markdown.js";

const markdown = readFileSync(join(root, "docs/measured.md"), "utf8");

/** Lines of prose: no table, no heading, nothing that a benchmark writes, no code. */
function prose(text: string): string[] {
  const own = text.replace(/<!-- (bench\S+) -->[\s\S]*?<!-- \/\1 -->/g, "").replace(/`[^`]*`/g, "");
  return own.split("\n").filter((line) => line !== "" && !/^[|#]/.test(line));
}

const number = /(?<![\w-])\d/;

test("the text of docs/measured.md repeats no number of its tables", () => {
  expect(prose(markdown).length).toBeGreaterThan(10);
  expect(prose(markdown).filter((line) => number.test(line))).toEqual([]);
});

test("a number in a sentence is found, a type of numbers is not", () => {
  expect(number.test("It takes 3.5 s.")).toBe(true);
  expect(number.test("Products in float64 take longer.")).toBe(false);
});

// A check that cannot fail teaches nothing: what is right passes, what is wrong does not, and the words help.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ArgumentError, DataError } from "../../lib/errors.js";
import { check } from "../../lib/notebook/exercise.js";

const hint = "look at the edge";

describe("check", () => {
  test("takes a number up to its tolerance, and none beyond", () => {
    const shift = (answer: number) => check("shift", answer, 1.5, { within: 0.1, unit: "eV", hint });
    for (const right of [1.5, 1.41, 1.59]) expect(shift(right)).toMatch(/^shift: right, 1\.\d+ eV/);
    expect(() => shift(1.61)).toThrow(DataError);
    expect(() => shift(1.61)).toThrow(
      'check("shift"): expected a number within 0.1 eV of the right one, got 1.61 eV, which is too large; look at the edge',
    );
    expect(() => shift(1.39)).toThrow("which is too small");
    expect(() => shift(Number.POSITIVE_INFINITY)).toThrow("which is too large");
  });

  test("tells slips of sign and unit from other mistakes", () => {
    const dose = (answer: number) => check("dose", answer, 35, { within: 1, unit: "MGy", hint });
    expect(() => dose(-35)).toThrow("which has the wrong sign");
    expect(() => dose(35e6)).toThrow("which is 1000000 times too large");
    expect(() => dose(0.035)).toThrow("which is 1000 times too small");
    expect(() => dose(70)).toThrow(/which is too large;/);
  });

  test("does not give the right answer away", () => {
    const message = (answer: number): string => {
      try {
        return check("pixels", answer, 7341, { within: 2, hint });
      } catch (error) {
        return (error as Error).message;
      }
    };
    for (const answer of [0, -1, 7000, 8000, Number.NaN]) expect(message(answer)).not.toContain("7341");
  });

  test("wants a number where a number is asked for", () => {
    expect(() => check("n", Number.NaN, 2, { within: 0, hint })).toThrow("expected a number, got NaN");
    expect(() => check("n", "2", 2, { within: 0, hint })).toThrow('expected a number, got "2"');
    expect(check("n", 2, 2, { within: 0, hint })).toContain("right");
    expect(check("nothing", 0.001, 0, { within: 0.01, hint })).toContain("right");
  });

  test("takes words and yes or no", () => {
    expect(check("choice", " B ", "b", { hint })).toBe("choice: right,  B ");
    expect(() => check("choice", "a", "b", { hint })).toThrow('expected another answer, got "a"; look');
    expect(() => check("choice", 2, "b", { hint })).toThrow("expected a word in quotes, got 2");
    expect(check("grows", true, true, { hint })).toContain("right");
    expect(() => check("grows", false, true, { hint })).toThrow(DataError);
    expect(() => check("grows", "true", true, { hint })).toThrow("expected true or false");
  });

  test("refuses exercises that cannot fail or cannot be answered", () => {
    const broken: [unknown, unknown][] = [
      [Number.NaN, { within: 1, hint }],
      [Number.POSITIVE_INFINITY, { within: 1, hint }],
      [5, { hint }],
      [5, { within: -1, hint }],
      [5, { within: Number.NaN, hint }],
      [5, { within: Number.POSITIVE_INFINITY, hint }],
      [5, { within: 5, hint }],
      [5, { within: 1, hint: " " }],
      [5, undefined],
      ["a", { within: 1, hint }],
    ];
    for (const [expected, options] of broken) {
      expect(() => check("broken", 5, expected as number, options as never), String(expected)).toThrow(
        ArgumentError,
      );
    }
  });
});

describe("the course", () => {
  const folder = new URL("../../notebooks/", import.meta.url);
  const names = readdirSync(folder).filter((name) => /^course-.*\.ipynb$/.test(name));
  const cellsOf = (name: string): { kind: string; text: string }[] =>
    JSON.parse(readFileSync(new URL(name, folder), "utf8")).cells.map(
      (cell: { cell_type: string; source: string[] }) => ({
        kind: cell.cell_type,
        text: cell.source.join(""),
      }),
    );

  test("has six parts, and its overview names them all in order", () => {
    expect(names.map((name) => name.slice(0, 8))).toEqual([1, 2, 3, 4, 5, 6].map((n) => `course-${n}`));
    const overview = readFileSync(new URL("../../docs/course.md", import.meta.url), "utf8");
    const places = names.map((name) => overview.indexOf(`(../notebooks/${name})`));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test.each(names)("%s: each exercise is asked, answered, checked by another way, and explained", (name) => {
    const cells = cellsOf(name);
    const asked = cells.filter(
      ({ kind, text }) => kind === "markdown" && text.includes("**Exercise "),
    ).length;
    expect(asked).toBeGreaterThanOrEqual(2);
    const answered = cells.flatMap(({ kind, text }, i) => (kind === "code" && MARK.test(text) ? [i] : []));
    expect(answered).toHaveLength(asked);
    for (const i of answered) {
      const variable = MARK.exec(cells[i].text)?.[1] ?? "";
      const { text } = cells[i + 1];
      expect(text, cells[i].text).toMatch(new RegExp(`check\\("[^"]+", ${variable}, `));
      // What the answer is held against does not use the answer.
      const code = text.replace(/"[^"]*"/g, '""').replace(/\/\/.*$/gm, "");
      expect(code.match(new RegExp(`(?<![.\\w])${variable}\\b`, "g")), text).toHaveLength(1);
    }
    const solutions = cells.at(-1)?.text ?? "";
    expect(solutions).toContain("## Solutions");
    expect(solutions.match(/^\d+\. /gm)).toHaveLength(asked);
  });

  const MARK = /^const (\w+) = .*; \/\/ your answer: replace this line$/m;
});

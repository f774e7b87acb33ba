// The table of claims: what counts as agreement, and how it reads.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { countWords, terminalTable } from "../../kernel/cli/claims-table.js";
import {
  type Claim,
  claimRows,
  judge,
  type Measurement,
  readClaims,
  readMeasurements,
} from "../../kernel/site/claims.js";
import { measuredWords, paperWords, toleranceWords } from "../../kernel/site/words.js";
import { root, temporaryFolder } from "./notebooks.js";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const claim = (change: Partial<Claim> = {}): Claim => ({
  id: "rate",
  text: "Maximum dose rate",
  where: "section 3",
  paper: { value: 7, unit: "kGy/s" },
  tolerance: { rel: 0.05 },
  kind: "calibrated",
  ...change,
});
const measured = (value: Measurement["value"], change: Partial<Measurement> = {}): Measurement => ({
  id: "rate",
  value,
  verdict: "holds",
  ...change,
});

describe("verdict", () => {
  test.each([
    [7.35, "holds"], // just within 5 %
    [6.65, "holds"],
    [7.36, "differs"],
    [6.64, "differs"],
    [Number.NaN, "differs"],
    [Number.POSITIVE_INFINITY, "differs"],
  ] as const)("of %d against 7 within 5 %%: %s", (value, verdict) => {
    expect(judge(claim(), measured(value))).toBe(verdict);
  });

  test("an absolute tolerance includes its ends, whatever rounding does to them", () => {
    const near = claim({ paper: { value: 0.7 }, tolerance: { abs: 0.1 } });
    expect(judge(near, measured(0.8))).toBe("holds"); // 0.7 + 0.1 is 0.7999999999999999
    expect(judge(near, measured(0.8001))).toBe("differs");
    expect(judge(claim({ paper: { value: 580 }, tolerance: { abs: 0 } }), measured(580))).toBe("holds");
  });

  test("with two tolerances the wider one counts", () => {
    const both = claim({ paper: { value: 100 }, tolerance: { abs: 1, rel: 0.05 } });
    expect(judge(both, measured(104))).toBe("holds");
    expect(judge(both, measured(106))).toBe("differs");
  });

  test("an interval of the paper is widened by the tolerance", () => {
    const interval = claim({ paper: { value: [10, 20] }, tolerance: { abs: 1 } });
    expect([8.9, 9, 15, 21, 21.1].map((value) => judge(interval, measured(value)))).toEqual([
      "differs",
      "holds",
      "holds",
      "holds",
      "differs",
    ]);
  });

  test("a tolerance outweighs the notebook's own judgement; without one that judgement counts", () => {
    expect(judge(claim(), measured(9, { verdict: "holds" }))).toBe("differs");
    expect(judge(claim(), measured(7, { verdict: "differs" }))).toBe("holds");
    const fact = claim({ paper: { value: true }, tolerance: null });
    expect(judge(fact, measured(true, { verdict: "differs" }))).toBe("differs");
    expect(judge(fact, measured(true))).toBe("holds");
    expect(judge(fact, measured(true, { verdict: "perhaps" as "holds" }))).toBe("differs");
  });

  test("scaling paper, measurement and absolute tolerance changes nothing", () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.double({ min: 0, max: 1e6, noNaN: true }), (paper, value, abs) => {
        // Away from the bound itself, where rounding may decide.
        fc.pre(Math.abs(Math.abs(value - paper) - abs) > 1e-6 * (1 + Math.abs(paper)));
        const verdict = (scale: number) =>
          judge(
            claim({ paper: { value: paper * scale }, tolerance: { abs: abs * scale } }),
            measured(value * scale),
          );
        expect(verdict(1e3)).toBe(verdict(1));
        expect(verdict(1)).toBe(Math.abs(value - paper) <= abs ? "holds" : "differs");
      }),
    );
  });
});

describe("table", () => {
  const claims = [
    claim(),
    claim({ id: "frames", text: "Frames", paper: { value: 580 }, tolerance: { abs: 0 } }),
  ];

  test("every claim has a line, measured or not, and one more for each further measurement", () => {
    const rows = claimRows(
      claims,
      new Map([
        ["fig-05", [measured(6.99)]],
        ["fig-07", [measured(9)]],
      ]),
    );
    expect(rows.map(({ claim: { id }, notebook, verdict }) => [id, notebook, verdict])).toEqual([
      ["rate", "fig-05", "holds"],
      ["rate", "fig-07", "differs"],
      ["frames", null, "missing"],
    ]);
    expect(countWords(rows)).toBe("1 holds, 1 differs, 1 missing");
  });

  test("a measurement of an unknown claim is shown and never holds", () => {
    const rows = claimRows(claims, new Map([["fig-05", [measured(1, { id: "typo" })]]]));
    expect(rows.at(-1)).toMatchObject({ claim: { id: "typo" }, verdict: "differs" });
  });

  test("is aligned, cuts what is too long, and keeps control characters from the terminal", () => {
    const long = claim({ id: "long", text: `\u001b[2J${"long ".repeat(30)}`, configuration: "closer" });
    const lines = terminalTable(claimRows([...claims, long], new Map([["n", [measured(6.99)]]]))).split("\n");
    expect(lines.join()).not.toContain("\u001b");
    const column = lines[0].indexOf("paper");
    for (const line of lines.slice(2, 5)) expect(line.slice(column - 2, column)).toBe("  ");
    expect(lines[2].slice(column)).toMatch(/^7 kGy\/s +6.99 kGy\/s +5 % relative +holds$/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(160);
  });
});

test("words", () => {
  expect(paperWords(claim({ paper: { value: 1.041e12, unit: "ph/s" } }))).toBe("1.041e12 ph/s");
  expect(paperWords(claim({ paper: { value: [10, 20], unit: "%" } }))).toBe("10 to 20 %");
  expect(paperWords(claim({ paper: { value: true, text: "bimodal" } }))).toBe("bimodal");
  expect(paperWords(claim({ paper: { value: false, unit: "" } }))).toBe("no");
  expect(measuredWords(claim(), measured(6.98765))).toBe("6.988 kGy/s");
  expect(measuredWords(claim(), measured(7.0004, { uncertainty: 0.05 }))).toBe("7 ± 0.05 kGy/s");
  expect(measuredWords(claim(), measured(35.2, { uncertainty: [31, 40], unit: "MGy" }))).toBe(
    "35.2 (31 to 40) MGy",
  );
  expect(measuredWords(claim(), null)).toBe("");
  expect(toleranceWords(claim({ tolerance: { abs: 0.5 }, paper: { value: 21, unit: "%" } }))).toBe("± 0.5 %");
  expect(toleranceWords(claim({ tolerance: null }))).toBe("");
});

describe("files", () => {
  test("the repository's own claims are read, each with an id of its own", () => {
    const claims = readClaims(join(root, "data", "claims.json"));
    expect(claims.length).toBeGreaterThan(0);
    expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length);
  });

  test("what is no table of claims is refused with the name of the file", () => {
    const path = join(folder, "claims.json");
    writeFileSync(path, "{");
    expect(() => readClaims(path)).toThrow(`claims: expected JSON in ${path}`);
    writeFileSync(path, `{ "claims": [{ "id": 1 }] }`);
    expect(() => readClaims(path)).toThrow(`readClaims: expected { "claims": [{`);
    expect(readClaims(join(folder, "none.json"))).toEqual([]);
  });

  test("measurements are read by notebook", () => {
    writeFileSync(
      join(folder, "claims.json"),
      JSON.stringify({ notebook: "x", measurements: [measured(1)] }),
    );
    expect(readMeasurements(folder).get("claims")).toEqual([measured(1)]);
    writeFileSync(join(folder, "claims.json"), "{}");
    expect(() => readMeasurements(folder)).toThrow(`readMeasurements: expected { "measurements": [] } in`);
    expect(readMeasurements(join(folder, "none")).size).toBe(0);
  });
});

// The table of claims: what counts as agreement, what is counted, and how it reads.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { countLines, report } from "../../kernel/cli/report.js";
import { claimRows, countClaims } from "../../lib/notebook/claim-rows.js";
import { claimText } from "../../lib/notebook/claim-text.js";
import { type Claim, judge, type Measurement, readMeasurements } from "../../lib/notebook/claims.js";
import { temporaryFolder } from "../kernel/notebooks.js";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const claim = (change: Partial<Claim> = {}): Claim => ({
  id: "rate",
  text: "Maximum dose rate",
  where: "section 3",
  paper: { value: 7, unit: "kGy/s" },
  tolerance: { rel: 0.05 },
  kind: "result",
  ...change,
});
const measured = (value: Measurement["value"], change: Partial<Measurement> = {}): Measurement => ({
  id: "rate",
  value,
  verdict: "holds",
  ...change,
});

describe("judge", () => {
  test.each([
    [7.35, "holds"], // just within 5 %
    [6.65, "holds"],
    [7.36, "differs"],
    [6.64, "differs"],
    [Number.NaN, "differs"],
    [Number.POSITIVE_INFINITY, "differs"],
    ["none", "differs"],
    [true, "differs"],
  ] as const)("%s against 7 within 5 %%: %s", (value, verdict) => {
    expect(judge(claim(), value)).toBe(verdict);
  });

  test("an absolute tolerance includes its ends, whatever rounding does to them", () => {
    const near = claim({ paper: { value: 0.7 }, tolerance: { abs: 0.1 } });
    expect(judge(near, 0.8)).toBe("holds"); // 0.7 + 0.1 is 0.7999999999999999
    expect(judge(near, 0.8001)).toBe("differs");
    expect(judge(claim({ paper: { value: 580 }, tolerance: { abs: 0 } }), 580)).toBe("holds");
  });

  test("with two tolerances the wider one counts", () => {
    const both = claim({ paper: { value: 100 }, tolerance: { abs: 1, rel: 0.05 } });
    expect(judge(both, 104)).toBe("holds");
    expect(judge(both, 106)).toBe("differs");
  });

  test("a limit of the paper is not reached by its own value", () => {
    const above = claim({ paper: { value: 2.5, bound: "above" }, tolerance: null });
    const below = claim({ paper: { value: 80, bound: "below" }, tolerance: null });
    expect([2.4, 2.5, 2.6].map((value) => judge(above, value))).toEqual(["differs", "differs", "holds"]);
    expect([79, 80, 81].map((value) => judge(below, value))).toEqual(["holds", "differs", "differs"]);
    expect(judge(above, "none")).toBe("differs");
  });

  test("a fact agrees with itself", () => {
    const fact = claim({ paper: { value: true }, tolerance: null });
    expect([true, false, "none" as const, 1].map((value) => judge(fact, value))).toEqual([
      "holds",
      "differs",
      "differs",
      "differs",
    ]);
  });

  test("scaling paper, measurement and absolute tolerance changes nothing", () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.double({ min: 0, max: 1e6, noNaN: true }), (paper, value, abs) => {
        // Away from the bound itself, where rounding may decide.
        fc.pre(Math.abs(Math.abs(value - paper) - abs) > 1e-6 * (1 + Math.abs(paper)));
        const verdict = (scale: number) =>
          judge(claim({ paper: { value: paper * scale }, tolerance: { abs: abs * scale } }), value * scale);
        expect(verdict(1e3)).toBe(verdict(1));
        expect(verdict(1)).toBe(Math.abs(value - paper) <= abs ? "holds" : "differs");
      }),
    );
  });
});

describe("table", () => {
  const claims = [
    claim(),
    claim({ id: "frames", text: "Frames", paper: { value: 580 }, tolerance: { abs: 0 }, kind: "input" }),
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
  });

  test("the verdict follows from the value, whatever the record says", () => {
    const rows = claimRows(claims, new Map([["fig-05", [measured(9, { verdict: "holds" })]]]));
    expect(rows[0].verdict).toBe("differs");
  });

  test("a claim counts once, by kind, and differs where one of its measurements does", () => {
    const twice = new Map([
      ["fig-05", [measured(6.99)]],
      ["fig-07", [measured(7.01)]],
    ]);
    expect(countClaims(claimRows(claims, twice)).result).toEqual({ holds: 1, differs: 0, missing: 0 });
    const apart = new Map([...twice, ["fig-08", [measured(9)]]]);
    const rows = claimRows(claims, apart);
    expect(countClaims(rows)).toEqual({
      result: { holds: 0, differs: 1, missing: 0 },
      calibrated: { holds: 0, differs: 0, missing: 0 },
      input: { holds: 0, differs: 0, missing: 1 },
    });
    expect(countLines(rows)).toEqual([
      "Results of physics and analysis: 0 hold, 1 differs",
      "Numbers that the simulation was calibrated to: 0 hold",
      "Inputs of the simulation: 0 hold, 1 missing",
    ]);
  });

  test("a measurement of an unknown claim is shown and never holds", () => {
    const rows = claimRows(claims, new Map([["fig-05", [measured(1, { id: "typo" })]]]));
    expect(rows.at(-1)).toMatchObject({ claim: { id: "typo" }, verdict: "differs" });
  });

  test("end in a short report: findings, counts, what differs with both values, and what to do next", () => {
    const long = claim({ id: "long", text: `\u001b[2J${"long ".repeat(30)}` });
    const rows = claimRows(
      [...claims, long],
      new Map([["n", [measured(6.99), measured(9, { id: "long", verdict: "differs" })]]]),
    );
    const parts = { rows, notebooks: 40, seconds: 483.4, page: "/somewhere/site/index.html" };
    const text = report({ ...parts, findings: [`Cp3 is level up to 28 MGy, ${"and on ".repeat(30)}end.`] });
    expect(text).not.toContain("\u001b");
    expect(text).toContain("Cp3 is level up to 28 MGy, and on");
    expect(text).toContain("Results of physics and analysis: 1 hold");
    expect(text.replace(/\s+/g, " ")).toMatch(/differs: \S* ?long long.*paper 7 kGy\/s, here 9 kGy\/s/);
    expect(text).toContain("40 notebooks in 8 min 3 s.");
    expect(text).toContain("\n  /somewhere/site/index.html\n");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    const same = report({
      ...parts,
      findings: [],
      rows: claimRows(claims, new Map([["n", [measured(6.99)]]])),
    });
    expect(same).not.toContain("differs:");
  });
});

test("claims as text", () => {
  const paper = (change: Partial<Claim>) => claimText(claim(change), null).paper;
  expect(paper({ paper: { value: 1.041e12, unit: "ph/s" } })).toBe("1.041e12 ph/s");
  expect(paper({ paper: { value: true, text: "bimodal" } })).toBe("bimodal");
  expect(paper({ paper: { value: false, unit: "" } })).toBe("no");
  const ours = (...of: Parameters<typeof measured>) => claimText(claim(), measured(...of)).ours;
  expect(ours(6.98765)).toBe("6.988 kGy/s");
  expect(ours(35.2, { uncertainty: [31, 40], unit: "MGy" })).toBe("35.2 (31 to 40) MGy");
  expect(ours("none")).toBe("none kGy/s");
  expect(claimText(claim(), null).ours).toBe("");
  const tolerance = (change: Partial<Claim>) => claimText(claim(change), null).tolerance;
  expect(tolerance({ tolerance: { abs: 0.5 }, paper: { value: 21, unit: "%" } })).toBe("± 0.5 %");
  expect(tolerance({ tolerance: null })).toBe("");
});

describe("files", () => {
  test("measurements are read by notebook, and other files are refused with their name", () => {
    const path = join(folder, "some.json");
    writeFileSync(path, JSON.stringify({ notebook: "x", measurements: [measured(1)] }));
    expect(readMeasurements(folder).get("some")).toEqual([measured(1)]);
    writeFileSync(path, "{}");
    expect(() => readMeasurements(folder)).toThrow(`readMeasurements: expected { "measurements": [] } in`);
    writeFileSync(path, "{");
    expect(() => readMeasurements(folder)).toThrow(`readMeasurements: expected JSON in ${path}`);
    expect(readMeasurements(join(folder, "none")).size).toBe(0);
  });
});

// The paper's numbers: the file is well-formed, and a measurement is held against them honestly.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { ArgumentError } from "../../lib/errors.js";
import { claim } from "../../lib/notebook/claim.js";
import { claims } from "../../lib/notebook/claims.js";

afterEach(() => {
  delete process.env.OPERANDOSE_SITE;
  delete process.env.OPERANDOSE_NOTEBOOK;
});

describe("data/claims.json", () => {
  test("names each claim once, with a place, a kind and a tolerance that fits its value", () => {
    const ids = claims().map((c) => c.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const c of claims()) {
      expect(c.where, c.id).not.toBe("");
      expect(["input", "calibrated", "result"], c.id).toContain(c.kind);
      if (typeof c.paper.value === "boolean") expect(c.tolerance, c.id).toBeNull();
    }
  });

  test("is what the notebooks ask for, no more and no less", () => {
    const folder = new URL("../../notebooks/", import.meta.url);
    const used = readdirSync(folder)
      .filter((file) => file.endsWith(".ipynb"))
      .flatMap((file) => {
        const { cells } = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
        const text = cells.flatMap(({ source }: { source: string[] }) => source).join("");
        return [...text.matchAll(/claim\(\s*"([\w-]+)"/g)].map((m) => m[1]);
      });
    const known = claims().map((c) => c.id);
    expect([...new Set(used)].sort()).toEqual([...known].sort());
  });
});

describe("claim", () => {
  test("says what the paper says and what was measured, and whether they agree", () => {
    const check = claim("cp2-maximum-farther", 55.5, { note: "test" });
    expect(String(check)).toBe(
      "Maximum of Cp2 at 0.7-1.0 kGy/s (Fig. 6b): paper 58 %, ours 55.5 %, tolerance ± 5 %: holds",
    );
    // A deviation is shown. A notebook that runs in Jupyter must not stop there.
    expect(String(claim("cp2-maximum-farther", 52))).toMatch(/ours 52 %, tolerance ± 5 %: differs$/);
    expect(claim("incident-flux", 1.041e12).measurement.verdict).toBe("holds");
    expect(claim("cp3-low-dose-closer", 71).measurement.verdict).toBe("holds");
    expect(claim("cp3-low-dose-closer", 80).measurement.verdict).toBe("differs");
  });

  test("gives the verdict of each alternative choice beside its own", () => {
    const alternatives = [
      { choice: "steps of 1 MGy", value: 80.4 },
      { choice: "no steps", value: Number.NaN },
    ];
    const check = claim("cp3-low-dose-closer", 71, { alternatives });
    expect(check.measurement.alternatives).toEqual([
      { ...alternatives[0], verdict: "differs" },
      { choice: "no steps", value: "none", verdict: "differs" },
    ]);
    expect(String(check)).toMatch(
      /holds; with steps of 1 MGy: 80.4 %, differs; with no steps: none %, differs$/,
    );
  });

  test("refuses unknown claims and values of another kind, and takes no value for a deviation", () => {
    expect(() => claim("no-such-claim", 1)).toThrow(ArgumentError);
    expect(() => claim("dose-rati", 1)).toThrow('did you mean "dose-ratio"?');
    expect(() => claim("dose-ratio", 3, { holds: true } as object)).toThrow('an option "holds"');
    expect(String(claim("cp2-maximum-farther", Number.NaN))).toMatch(
      /ours none %, tolerance ± 5 %: differs$/,
    );
    expect(() => claim("cp2-maximum-farther", true)).toThrow("expected a number, got true");
  });

  test("records what was measured, also when it differs, and shows text only as text", () => {
    const site = mkdtempSync(join(tmpdir(), "operandose-claims-"));
    process.env.OPERANDOSE_SITE = site;
    process.env.OPERANDOSE_NOTEBOOK = "some-notebook";
    expect(claim("max-dose-farther", 200, { note: "<script>" }).measurement.verdict).toBe("differs");
    expect(claim("threshold-farther", Number.NaN).measurement.value).toBe("none");
    const { measurements } = JSON.parse(readFileSync(join(site, "claims", "some-notebook.json"), "utf8"));
    expect(measurements).toMatchObject([
      { id: "max-dose-farther", value: 200, unit: "MGy", verdict: "differs" },
      { id: "threshold-farther", value: "none", verdict: "differs" },
    ]);
    rmSync(site, { recursive: true });
    const shown = claim("max-dose-farther", 121) as unknown as Record<symbol, () => Record<string, string>>;
    expect(shown[Symbol.for("Jupyter.display")]()["text/html"]).toContain("<td>120 MGy</td>");
  });
});

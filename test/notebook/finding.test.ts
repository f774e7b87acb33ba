// Findings: a sentence with all its numbers, in the site that npm start builds.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ArgumentError } from "../../lib/errors.js";
import { finding } from "../../lib/notebook/finding.js";

let site = "";
beforeEach(() => {
  site = mkdtempSync(join(tmpdir(), "site-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(site, { recursive: true });
});

test("a finding is a file of the site, and nothing outside npm start", () => {
  vi.stubEnv("OPERANDOSE_SITE", "");
  const sentence = "The onset is at 28 MGy\n(24 to 34 MGy).";
  expect(finding("onset", sentence)).toBe("The onset is at 28 MGy (24 to 34 MGy).");
  expect(readdirSync(site)).toEqual([]);
  vi.stubEnv("OPERANDOSE_SITE", site);
  finding("onset", sentence);
  expect(readFileSync(join(site, "findings", "onset.txt"), "utf8")).toBe(
    "The onset is at 28 MGy (24 to 34 MGy).\n",
  );
});

test.each([
  ["Onset", "The onset is at 28 MGy."],
  ["../onset", "The onset is at 28 MGy."],
  ["onset", "The onset is at 28 MGy"],
  ["onset", `The onset is at ${Number.NaN} MGy.`],
  ["onset", `The onset is at ${undefined} MGy.`],
  ["onset", `The onset is at ${null} MGy.`],
  ["onset", `At most ${Number.POSITIVE_INFINITY} MGy are needed.`],
  ["onset", ""],
  ["onset", 28 as unknown as string],
])("refuses %o with %o", (id, sentence) => {
  vi.stubEnv("OPERANDOSE_SITE", site);
  expect(() => finding(id, sentence)).toThrow(ArgumentError);
  expect(readdirSync(site)).toEqual([]);
});

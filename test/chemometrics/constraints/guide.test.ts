// The examples of docs/constraints.md run as they stand, one after another.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { constraints } from "../../../lib/chemometrics/mcr/constraints/index.js";
import { type McrAls, mcrAls } from "../../../lib/chemometrics/mcr/mcr-als.js";

const guide = readFileSync(new URL("../../../docs/constraints.md", import.meta.url), "utf8");

test("runs every example of the guide, each with a result that satisfies its constraints", () => {
  const code = [...guide.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1]).join("\n");
  const body = code.replace(/^import .*$/m, "");
  const run = new Function("mcrAls", `${body}\nreturn { plain, fit, two, timed };`);
  const results = run(mcrAls) as Record<string, McrAls>;
  for (const result of Object.values(results)) {
    expect(Math.max(...Object.values(result.violations))).toBeLessThan(1e-9);
  }
  expect(results.plain.order).toEqual(["nonNegative", "closure"]);
  expect(results.two.blocks?.C.length).toBe(2);
  const [{ rates }] = results.timed.found.kinetic as { rates: Float64Array }[];
  expect(rates[0]).toBeGreaterThan(0);
});

test("describes every constraint of the registry", () => {
  for (const name of Object.keys(constraints)) expect(guide).toContain(`| \`${name}\` |`);
});

// Every public function and verb has an example; all examples compile against the built library, run, and give what their
// comments state.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simulate } from "operandose";
import { afterAll, describe, expect, test } from "vitest";
import { complaintsAbout, moduleOf, runnableModule } from "./modules.js";
import { publicNames } from "./public-names.js";
import { disagreement, STATED, withChecks } from "./stated.js";

const folder = mkdtempSync(join(tmpdir(), "operandose-examples-"));
afterAll(() => rmSync(folder, { recursive: true }));

const names = publicNames();
const examples = names.flatMap(({ name, examples }) => examples.map((code) => ({ name, code })));

/** An example that needs what a test does not have (files of the reader) says so in its first line. */
const COMPILED_ONLY = /^\/\/ Compiled only: /;

interface Report {
  readonly failures: readonly string[];
  readonly given: readonly { readonly name: string; readonly stated: string; readonly value?: unknown }[];
}

describe("examples in docstrings", () => {
  test("every public function, class and verb has one", () => {
    expect(names.length).toBeGreaterThan(150);
    expect(names.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([]);
  });

  test("compile", () => {
    const modules = examples.map(({ name, code }) => ({ place: name, text: moduleOf(code) }));
    const wrong = { place: "wrong", text: moduleOf('Cube.load().bin("4");') };
    const complaints = complaintsAbout([...modules, wrong], folder);
    expect(complaints.filter((words) => !words.startsWith("wrong"))).toEqual([]);
    expect(complaints.filter((words) => words.startsWith("wrong"))).toHaveLength(1);
  });

  test("run, and give what they state", async () => {
    const recording = join(folder, "recording");
    await simulate("farther", { scale: "tiny", seed: 1, every: 2, out: recording });
    const run = join(folder, "run");
    mkdirSync(run);
    const own = examples.filter(({ code }) => !COMPILED_ONLY.test(code));
    own.forEach(({ code }, i) => {
      writeFileSync(join(run, `example-${i}.mjs`), runnableModule(withChecks(code)));
    });
    writeFileSync(join(run, "run.mjs"), runner(own.map(({ name }) => name)));
    const env = { ...process.env, OPERANDOSE_DEMO: recording, OPERANDOSE_CACHE: join(folder, "cache") };
    const { status, stderr } = spawnSync(process.execPath, ["run.mjs"], { cwd: run, env, encoding: "utf8" });
    expect(status, stderr).toBe(0);
    const { failures, given } = JSON.parse(readFileSync(join(run, "report.json"), "utf8")) as Report;
    expect(failures).toEqual([]);
    expect(given.length).toBeGreaterThan(50);
    const wrong = given.flatMap(({ name, stated, value }) => {
      const why = disagreement(value, stated);
      return why === null ? [] : [`${name}: ${why}`];
    });
    expect(wrong).toEqual([]);
  }, 600_000);
});

describe("values that comments state", () => {
  test("are checked where a line gives them, and words are not", () => {
    const code = 'f(1); // 13.7 eV\ng; // "a"\nh(2); // in %\nconst x = 1; // 2\n';
    expect(withChecks(code)).toBe(
      `${STATED}((f(1)), "13.7"); // 13.7 eV\n${STATED}((g), "\\"a\\""); // "a"\nh(2); // in %\nconst x = 1; // 2\n`,
    );
  });

  test.each([
    [13.74, "13.7", true],
    [13.76, "13.7", false],
    [-540, "-540", true],
    [1.24e-6, "1.2e-6", true],
    ["a", '"a"', true],
    [42, "about 40", true],
    [45, "about 40", false],
    [true, "false", false],
    [Uint8Array.of(0, 1), "[0, 1]", true],
    [[0, 1, 2], "[0, 1]", false],
    [undefined, "1", false],
  ])("%s as %s: %s", (value, stated, agree) => {
    expect(disagreement(value, stated) === null).toBe(agree);
  });
});

/** Runs the examples one after the other in one process; reports what failed and what lines with a stated value gave. */
function runner(names: readonly string[]): string {
  return `
import { writeFileSync } from "node:fs";
const [failures, given] = [[], []];
let name = "";
globalThis.${STATED} = (value, stated) => {
  given.push({ name, stated, value: ArrayBuffer.isView(value) ? Array.from(value) : value });
};
console.log = console.warn = () => {};
for (const [i, one] of ${JSON.stringify(names)}.entries()) {
  name = one;
  try {
    await import("./example-" + i + ".mjs");
  } catch (error) {
    failures.push(name + ": " + (error.stack ?? error));
  }
}
writeFileSync("report.json", JSON.stringify({ failures, given }));
process.exit();
`;
}

// The TypeScript in README and docs/ compiles against the library, and what can run on little data runs.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as library from "operandose";
import { afterAll, describe, expect, test } from "vitest";
import { type Block, blocksOf, documents } from "./markdown.js";
import { complaintsAbout, moduleOf, runnableModule } from "./modules.js";

/** What the texts take for granted: they have said in words what these are. A block that declares one has its own. */
const assumed = `
import type * as library from "operandose";
declare global {
  const cube: library.Cube;
  const stack: library.Stack;
  const beam: library.Beam;
  const budget: library.DoseBudget;
  const fit: library.FitResult;
  const fitFarther: library.FitResult;
  const fitCloser: library.FitResult;
  const doseMap: library.MapResult;
  const doseMapFarther: library.MapResult;
  const doseMapCloser: library.MapResult;
  const dose: Float64Array;
  const response: Float64Array;
  const low: Float64Array;
  const high: Float64Array;
  const width: number;
  const height: number;
  const pixelSize: number;
}
`;

/** Blocks that are no whole program say so: \`\`\`ts fragment. */
const isFragment = ({ info }: Block) => info.split(/\s+/).includes("fragment");

const blocks = documents()
  .flatMap(blocksOf)
  .filter(({ language }) => ["ts", "typescript"].includes(language));

const folder = mkdtempSync(join(tmpdir(), "operandose-docs-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Those that need nothing but the library, or a recording that `Cube.load()` finds by itself. */
const runnable = (block: Block) =>
  block.place.startsWith("README.md:") || /\b(dryRun|runPlan)\(/.test(block.code);

describe("code in README and docs/", () => {
  test("the complete experiment.json is valid, and an entry that is misspelled in it is refused", () => {
    const examples = documents()
      .filter(({ path }) => path === "docs/experiment-format.md")
      .flatMap(blocksOf)
      .filter(({ language }) => language === "json");
    expect(examples).toHaveLength(1);
    const at = join(folder, "experiment");
    mkdirSync(at);
    writeFileSync(join(at, "experiment.json"), examples[0].code);
    const { manifest, partNames } = library.openExperiment(at);
    expect(partNames).toEqual(["dark", "flat", "foil", "charge"]);
    expect(manifest).toMatchObject(JSON.parse(examples[0].code));
    writeFileSync(join(at, "experiment.json"), examples[0].code.replace('"saturation"', '"saturaton"'));
    expect(() => library.openExperiment(at)).toThrow(/saturaton/);
  });

  test("runs, where it says itself what it works on", async () => {
    const recording = join(folder, "recording");
    await library.simulate("farther", { scale: "tiny", seed: 1, out: recording });
    const own = blocks.filter(runnable);
    expect(own.length).toBeGreaterThan(1);
    const paths = own.map((block, i) => {
      // The tiny recording has few pixels: none of them is to be lost in the mean of 4 x 4.
      const code = runnableModule(block.code).replaceAll(".bin(4)", ".bin(1)");
      writeFileSync(join(folder, `run-${i}.mjs`), code);
      return `./run-${i}.mjs`;
    });
    const all = paths.map((path) => `await import("${path}");\nconsole.log("ran");\n`).join("");
    writeFileSync(join(folder, "run.mjs"), `${all}process.exit();\n`);
    const env = { ...process.env, OPERANDOSE_DEMO: recording };
    const { status, stdout, stderr } = spawnSync(process.execPath, ["run.mjs"], {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    const next = own[stdout.split("\n").filter((line) => line === "ran").length];
    expect(status, `${next?.place}: ${stderr}`).toBe(0);
  });

  test("compiles; and one wrong option would be found", () => {
    const whole = blocks.filter((block) => !isFragment(block));
    expect(whole.length).toBeGreaterThan(5);
    const wrong = {
      place: "wrong",
      text: 'import { Cube } from "operandose";\nCube.load().bin("4");\nCube.load().normalise();\n',
    };
    const complaints = complaintsAbout(
      [...whole.map(({ place, code }) => ({ place, text: moduleOf(code) })), wrong],
      folder,
      assumed,
    );
    expect(complaints.filter((words) => !words.startsWith("wrong"))).toEqual([]);
    expect(complaints.filter((words) => words.startsWith("wrong"))).toHaveLength(2);
  });
});

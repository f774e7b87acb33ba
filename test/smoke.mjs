// The short way through everything: compiles, records a small experiment, runs the chain on it, and a notebook in the
// kernel. For versions of Node that the tests do not run under: `npm exec --yes --package=node@24 -- node test/smoke.mjs`.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "operandose-smoke-"));
/** @param {string[]} args */
const node = (...args) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  assert.equal(status, 0, `${args.join(" ")} ended with ${status} under Node ${process.version}`);
};
try {
  rmSync(join(root, "dist", ".stamp.json"), { force: true });
  node("kernel/setup.mjs");

  const { Cube, rockCell, simulate } = await import("operandose");
  const recording = await simulate("farther", {
    scale: "tiny",
    seed: 1,
    only: ["ocv"],
    out: join(folder, "recording"),
  });
  const cube = Cube.load(recording, { part: "ocv" }).calibrate().absorb().bin(2).doseRate(rockCell());
  const { lackOfFit } = await cube.mcrAls(2);
  assert.ok(
    lackOfFit.experimental > 0 && lackOfFit.experimental < 5,
    `lack of fit ${lackOfFit.experimental} %`,
  );

  const out = join(folder, "executed.ipynb");
  node("kernel/cli/operandose.mjs", "run", "notebooks/course-6-plan-your-own.ipynb", "--out", out);
  const { cells } = JSON.parse(readFileSync(out, "utf8"));
  assert.ok(cells.some((/** @type {{ outputs?: object[] }} */ cell) => cell.outputs?.length));
  console.log(`smoke test passed under Node ${process.version}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// Workers of the library may still wait for work.
process.exit();

// node dist/kernel/runner/compare.js [NOTEBOOK ...]: runs notebooks with the runner and under Jupyter
// (nbconvert of Debian's python3) and compares the outputs, except for times. Default: all notebooks of
// notebooks/. Exit codes: 0 equal, 1 a difference or a failure, 2 no Jupyter.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join, resolve } from "node:path";
import { place } from "../places.js";
import { paperOrder } from "../site/paper-order.js";
import { type CodeCell, readNotebook } from "./format.js";
import { runNotebook } from "./run-notebook.js";
import { differences } from "./same-outputs.js";

/** Debian's Python, because another one may be first on PATH. */
const python = "/usr/bin/python3";

process.exitCode = await main(process.argv.slice(2));

async function main(named: string[]): Promise<number> {
  if (spawnSync(python, ["-c", "import nbconvert"]).status !== 0) {
    process.stderr.write(
      `compare: expected nbconvert for ${python}, got none; apt-get install jupyter-nbconvert\n`,
    );
    return 2;
  }
  const source = place("notebooks");
  const all = paperOrder(readdirSync(source).filter((file) => file.endsWith(".ipynb"))).map((file) =>
    join(source, file),
  );
  const folder = mkdtempSync(join(tmpdir(), "operandose-compare-"));
  let differing = 0;
  try {
    for (const path of named.length > 0 ? named.map((file) => resolve(file)) : all) {
      const complaints = await compare(path, folder);
      const words = complaints.length === 0 ? "the same" : `differs\n  ${complaints.join("\n  ")}`;
      process.stdout.write(`${basename(path, ".ipynb")}: ${words}\n`);
      if (complaints.length > 0) differing++;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return differing > 0 ? 1 : 0;
}

/** Differences between both runs; empty if there are none. */
async function compare(path: string, folder: string): Promise<string[]> {
  const [ours, theirs] = [join(folder, "ours.ipynb"), join(folder, "theirs.ipynb")];
  const { failure } = await runNotebook(path, { out: ours });
  if (failure) return [`runner: cell ${failure.cell} failed: ${failure.ename}: ${failure.evalue}`];
  const { code, output } = await convert(path, theirs);
  if (code !== 0) return [`Jupyter: failed with exit code ${code}: ${output.trim().split("\n").at(-1)}`];
  return differences(codeCells(ours), codeCells(theirs));
}

function convert(path: string, out: string): Promise<{ code: number; output: string }> {
  const settings = ["--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=600"];
  const env = {
    ...process.env,
    JUPYTER_PATH: [place("kernel/jupyter"), process.env.JUPYTER_PATH].filter(Boolean).join(delimiter),
  };
  return new Promise((done) => {
    const child = spawn(python, ["-m", "nbconvert", ...settings, "--output", out, path], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let output = "";
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => done({ code: 127, output: error.message }));
    child.on("close", (status) => done({ code: status ?? 1, output }));
  });
}

function codeCells(path: string): CodeCell[] {
  return readNotebook(path).cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
}

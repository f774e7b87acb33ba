// node dist/kernel/runner/run.js NOTEBOOK --out FILE [--timeout SECONDS]: runs a notebook and writes it with
// its outputs. Exit codes: 0 all cells ran, 1 a cell failed, 2 wrong use.
import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { describeFailure } from "./describe.js";
import { runNotebook } from "./run-notebook.js";

const usage = "usage: node dist/kernel/runner/run.js NOTEBOOK --out FILE [--timeout SECONDS_PER_CELL]";

process.exitCode = await main();

async function main(): Promise<number> {
  const { path, out, timeout, problem } = parse();
  if (problem !== null) {
    process.stderr.write(`${problem}\n${usage}\n`);
    return 2;
  }
  const { ok, failure, seconds } = await runNotebook(path, {
    out,
    timeout,
    onCell: (cell, cells) => process.stderr.write(`  ${path}: cell ${cell} of ${cells}\n`),
  });
  process.stderr.write(
    ok ? `${path}: ran in ${seconds.toFixed(1)} s, written to ${out}\n` : describeFailure(path, failure!),
  );
  return ok ? 0 : 1;
}

function parse() {
  const nothing = { path: "", out: "", timeout: undefined };
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { out: { type: "string" }, timeout: { type: "string" } },
    });
    const [path, ...more] = positionals;
    if (!path || more.length > 0) return { ...nothing, problem: "run: expected one notebook" };
    if (!values.out)
      return { ...nothing, problem: "run: expected --out FILE; notebooks are not changed in place" };
    if (!existsSync(path)) return { ...nothing, problem: `run: expected a notebook, got no file at ${path}` };
    if (existsSync(values.out) && realpathSync(values.out) === realpathSync(path)) {
      return { ...nothing, problem: `run: expected --out to be another file than ${path}` };
    }
    const timeout = values.timeout === undefined ? undefined : Number(values.timeout);
    if (timeout !== undefined && !(timeout > 0)) {
      return { ...nothing, problem: `run: expected --timeout in seconds, got ${values.timeout}` };
    }
    return { path, out: resolve(values.out), timeout, problem: null };
  } catch (error) {
    return { ...nothing, problem: `run: ${(error as Error).message}` };
  }
}

// operandose run: runs a notebook and writes it with its outputs.
import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { CommandFile } from "./command.js";
import { number } from "./numbers.js";
import { UsageError } from "./usage-error.js";

interface Options {
  out: string;
  timeout?: string;
  json?: boolean;
}

/** The command `run`. */
export const runCommand: CommandFile = {
  name: "run",
  group: "Notebooks",
  define(command, context) {
    command
      .description("runs a notebook without Jupyter and writes it with its outputs")
      .argument("<NOTEBOOK>")
      .requiredOption("-o, --out <FILE>", "the notebook with its outputs; NOTEBOOK itself is never changed")
      .option("--timeout <S>", "longest time per cell, s (default: 600)")
      .option("--json", "prints the result as JSON: ok, seconds, and the cell and error of a failure")
      .action(async (path: string, { out, timeout, json }: Options) => {
        if (!existsSync(path)) throw new UsageError(`expected a notebook, got no file at ${path}`);
        if (existsSync(out) && realpathSync(out) === realpathSync(path)) {
          throw new UsageError(`expected --out to be another file than ${path}`);
        }
        const limit = timeout === undefined ? undefined : number("--timeout", timeout);
        if (limit !== undefined && !(limit > 0)) {
          throw new UsageError(`expected --timeout in seconds, got ${timeout}`);
        }
        const { runNotebook } = await import("../runner/run-notebook.js");
        const { describeFailure } = await import("../runner/describe.js");
        const { ok, failure, seconds } = await runNotebook(path, {
          out: resolve(out),
          timeout: limit,
          onCell: (cell, cells) => context.error(`  ${path}: cell ${cell} of ${cells}\n`),
        });
        const words = ok
          ? `${path}: ran in ${seconds.toFixed(1)} s, written to ${out}\n`
          : describeFailure(path, failure!);
        context.error(words);
        if (json) {
          const { cell, ename, evalue } = failure ?? {};
          const problem = failure && { cell, ename, evalue };
          context.out(`${JSON.stringify({ notebook: path, out, ok, seconds, failure: problem }, null, 2)}\n`);
        }
        if (!ok) context.code = 1;
      });
  },
};

// operandose reduce: computes the cube of a saved plan and writes it, on this machine or another one.
import { resolve } from "node:path";
import type { CommandFile } from "./command.js";
import { number } from "./numbers.js";

interface Options {
  out: string;
  root?: string;
  task?: string;
  strict?: boolean;
  workers?: string;
}

/** The command `reduce`. */
export const reduceCommand: CommandFile = {
  name: "reduce",
  group: "Files and doses",
  define(command, context) {
    command
      .description("computes the cube of a plan and writes it as a saved cube")
      .argument("<PLAN>", "written with cube.savePlan(path)")
      .requiredOption("--out <FOLDER.zarr>", "of the saved cube; what is there of it is kept")
      .option("--root <FOLDER>", "of the files on this machine; default the one in the plan")
      .option("--task <I/N>", "only one of N parts of the series, such as 3/100")
      .option("--strict", "ends at the first cube that cannot be computed; default: it is reported and NaN")
      .option("--workers <N>", "threads; default one per core")
      .action(async (plan: string, { out, root, task, strict, workers }: Options) => {
        const { Cube, setProgress } = await import("operandose");
        const { terminalProgress } = await import("./terminal-progress.js");
        setProgress(terminalProgress());
        const cube = Cube.from(resolve(plan), root === undefined ? {} : { root: resolve(root) });
        await cube.save(resolve(out), {
          ...(task !== undefined && { task }),
          ...(strict && { strict }),
          ...(workers !== undefined && { workers: number("--workers", workers) }),
        });
        context.out(`${cube.explain()}\nsaved in ${out}; go on with Cube.load(${JSON.stringify(out)})\n`);
      });
  },
};

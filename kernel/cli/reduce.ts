// operandose reduce: computes the cube of a saved plan and writes it, on this machine or another one.
import { resolve } from "node:path";
import type { CommandFile } from "./command.js";
import { number } from "./numbers.js";

interface Options {
  out: string;
  root?: string;
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
      .requiredOption("--out <FOLDER.zarr>", "of the saved cube; a saved cube there is replaced")
      .option("--root <FOLDER>", "of the files on this machine; default the one in the plan")
      .option("--workers <N>", "threads; default one per core")
      .action(async (plan: string, { out, root, workers }: Options) => {
        const { Cube, setProgress } = await import("operandose");
        const { terminalProgress } = await import("./terminal-progress.js");
        setProgress(terminalProgress());
        const cube = Cube.from(resolve(plan), root === undefined ? {} : { root: resolve(root) });
        await cube.save(resolve(out), workers === undefined ? {} : { workers: number("--workers", workers) });
        context.out(`${cube.explain()}\nsaved in ${out}; go on with Cube.load(${JSON.stringify(out)})\n`);
      });
  },
};

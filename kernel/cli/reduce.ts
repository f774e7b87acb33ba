// operandose reduce: computes the cube of a saved plan and writes it, on this machine or another one.
import { resolve } from "node:path";
import type { CommandFile } from "./command.js";
import { number } from "./numbers.js";
import { UsageError } from "./usage-error.js";

interface Options {
  out: string;
  root?: string;
  task?: string;
  strict?: boolean;
  workers?: string;
  slurm?: boolean;
  sbatch?: string;
  atOnce?: string;
  before?: string;
  dryRun?: boolean;
}

/** The command `reduce`. */
export const reduceCommand: CommandFile = {
  name: "reduce",
  group: "Files and doses",
  define(command, context) {
    command
      .description("computes the cube of a plan and writes it as a saved cube; what is there is kept")
      .argument("<PLAN>", "written with cube.savePlan(path)")
      .requiredOption("--out <FOLDER.zarr>", "of the saved cube")
      .option("--root <FOLDER>", "of the files on this machine; default the one in the plan")
      .option("--task <I/N>", "only one of N parts of the series, such as 3/100")
      .option("--strict", "ends at the first cube that cannot be computed; default: it is reported and NaN")
      .option("--workers <N>", "threads; default one per core")
      .option("--slurm", "submits a job array of Slurm, in which each task computes a part")
      .option(
        "--sbatch <OPTIONS>",
        'with --slurm: options of sbatch, "--partition=x --mem=16G --time=2:00:00"',
      )
      .option("--at-once <N>", "with --slurm: tasks that run at the same time at most")
      .option("--before <COMMAND>", 'with --slurm: what each task runs first, "module load nodejs"')
      .option("--dry-run", "with --slurm: prints the script and submits nothing")
      .action(async (plan: string, options: Options) => {
        const { out, root, task, strict, workers, slurm, sbatch, atOnce, before, dryRun } = options;
        if (!slurm && [sbatch, atOnce, before, dryRun].some((option) => option !== undefined)) {
          throw new UsageError(
            "expected --slurm beside --sbatch, --at-once, --before and --dry-run, got none",
          );
        }
        if (slurm && task !== undefined) throw new UsageError("expected --slurm or --task, got both");
        const { Cube, setProgress } = await import("operandose");
        const cube = Cube.from(resolve(plan), root === undefined ? {} : { root: resolve(root) });
        if (slurm) {
          const { reduceOnSlurm } = await import("./slurm.js");
          const more = [
            ...(root === undefined ? [] : ["--root", resolve(root)]),
            ...(strict ? ["--strict"] : []),
            ...(workers === undefined ? [] : ["--workers", String(number("--workers", workers))]),
          ];
          context.out(
            reduceOnSlurm({
              words: [resolve(plan), "--out", resolve(out), ...more],
              out: resolve(out),
              cubes: cube.schema.times.length,
              sbatch: sbatch?.split(/\s+/).filter(Boolean) ?? [],
              ...(atOnce !== undefined && { atOnce: number("--at-once", atOnce) }),
              ...(before !== undefined && { before }),
              dryRun: dryRun === true,
            }),
          );
          return;
        }
        const { terminalProgress } = await import("./terminal-progress.js");
        setProgress(terminalProgress());
        await cube.save(resolve(out), {
          ...(task !== undefined && { task }),
          ...(strict && { strict }),
          ...(workers !== undefined && { workers: number("--workers", workers) }),
        });
        context.out(`${cube.explain()}\nsaved in ${out}; go on with Cube.load(${JSON.stringify(out)})\n`);
      });
  },
};

// Jobs of Slurm: an array whose tasks compute one part of a series each. Only sbatch and scontrol are called.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { FileError } from "operandose";
import { place } from "../places.js";
import { UsageError } from "./usage-error.js";

/** A reduction as a job array. */
export interface SlurmReduction {
  /** What follows `operandose reduce`, without the task. */
  readonly words: readonly string[];
  /** Path of the store; the outputs of the tasks go to a folder beside it. */
  readonly out: string;
  readonly cubes: number;
  /** Options of sbatch. */
  readonly sbatch: readonly string[];
  /** Tasks that run at the same time at most. */
  readonly atOnce?: number;
  /** A line that each task runs before. */
  readonly before?: string;
  /** Nothing is submitted. */
  readonly dryRun: boolean;
}

/** Submits the array. @returns the script, or what to do next. @throws FileError with the words of Slurm */
export function reduceOnSlurm(given: SlurmReduction): string {
  const { out, cubes, sbatch, atOnce, before, dryRun } = given;
  const array = sbatch.find((option) => /^(-a|--array)/.test(option));
  if (array !== undefined) {
    throw new UsageError(`expected --sbatch without an array, got ${array}; --at-once limits the tasks`);
  }
  if (atOnce !== undefined && !(Number.isInteger(atOnce) && atOnce >= 1)) {
    throw new UsageError(`expected --at-once as a whole number >= 1, got ${atOnce}`);
  }
  const tasks = Math.min(cubes, mostTasks());
  const logs = `${out}.logs`;
  const words = [process.execPath, place("kernel/cli/operandose.mjs"), "reduce", ...given.words];
  const script = [
    "#!/bin/bash",
    "#SBATCH --job-name=operandose",
    `#SBATCH --array=1-${tasks}${atOnce === undefined ? "" : `%${atOnce}`}`,
    "#SBATCH --requeue",
    `#SBATCH --output="${logs.replaceAll("%", "%%")}/%a.log"`,
    ...(before === undefined ? [] : [before]),
    `exec ${words.map(quoted).join(" ")} --task "$SLURM_ARRAY_TASK_ID/${tasks}"`,
    "",
  ].join("\n");
  if (dryRun) return script;
  mkdirSync(logs, { recursive: true });
  const job = ask("sbatch", ["--parsable", ...sbatch], script)
    .trim()
    .split(";")[0];
  return `job ${job}: ${cubes} cubes in ${tasks} tasks, outputs in ${logs}
squeue -j ${job} shows it, scancel ${job} ends it; the same command again computes what is missing
`;
}

/** Tasks of an array at most: Slurm limits their index, and not only their number. */
function mostTasks(): number {
  const [, size] = /^MaxArraySize\s*=\s*(\d+)/m.exec(ask("scontrol", ["show", "config"])) ?? [];
  if (size !== undefined && Number(size) > 1) return Number(size) - 1;
  throw new FileError(
    "reduce: expected MaxArraySize in scontrol show config, got none; use --task in a script",
  );
}

/** What a program of Slurm prints. */
function ask(program: string, args: readonly string[], input = ""): string {
  const { error, status, stdout, stderr } = spawnSync(program, args, { input, encoding: "utf8" });
  if (error) {
    throw new FileError(
      `reduce: expected ${program} of Slurm on this machine, got ${error.message}; run it where jobs are submitted, or use --task without Slurm`,
    );
  }
  if (status === 0) return stdout;
  throw new FileError(
    `reduce: expected an answer of ${program}, got ${JSON.stringify(stderr.trim())}; correct --sbatch, look at the script with --dry-run, or call the administrators of the cluster`,
    { status },
  );
}

/** A word as a shell reads it again. */
function quoted(word: string): string {
  return /^[\w./:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

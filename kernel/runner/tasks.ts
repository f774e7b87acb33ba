// What npm start has to do once the recordings are there: a few tasks at a time, in view.
import { availableParallelism, totalmem } from "node:os";
import { overview } from "../cli/overview.js";
import { inPool } from "./pool.js";

/** Something that takes a while. */
export interface Task {
  name: string;
  /** How long it took the last time, or a guess, s. */
  expected: number;
  /**
   * Does it. A task that fails says so in its line, and keeps no other from being done.
   *
   * @returns one line on the result
   */
  run(report: (fraction: number, words: string) => void): Promise<string>;
}

/** Two notebooks want two cores and up to 4 GB. */
const AT_ONCE = 2;
const MEMORY = 3e9;

/** Does all tasks, the longest first: the last ones should not leave a core idle for long. */
export async function doTasks(tasks: readonly Task[]): Promise<void> {
  if (tasks.length === 0) return;
  const width = Math.max(1, Math.min(AT_ONCE, availableParallelism(), Math.floor(totalmem() / MEMORY)));
  const sorted = [...tasks].sort((a, b) => b.expected - a.expected);
  const view = overview(sorted, width);
  const one =
    ({ name, run }: Task) =>
    async () => {
      view.begin(name);
      view.end(name, await run((fraction, words) => view.update(name, fraction, words)));
    };
  try {
    await inPool(sorted.map(one), width);
  } finally {
    view.close();
  }
}

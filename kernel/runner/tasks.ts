// Tasks of npm start after the recordings, a few at a time, with progress.
import { availableParallelism, totalmem } from "node:os";
import { overview } from "../cli/overview.js";
import { inPool } from "./pool.js";

/** A long task. */
export interface Task {
  name: string;
  /** Last or estimated duration, s. */
  expected: number;
  /** Comes before the others: its result is on the first page. */
  early?: boolean;
  /**
   * Runs the task. A failure is reported in its line and does not stop other tasks.
   *
   * @returns one line on the result
   */
  run(report: (fraction: number, words: string) => void): Promise<string>;
}

/** Two notebooks need two cores and up to 4 GB. */
const AT_ONCE = 2;
const MEMORY = 3e9;

/**
 * Runs all tasks, the longest first, so that no core is idle for long at the end.
 *
 * @param after called after each task; the line that it returns is shown
 */
export async function doTasks(tasks: readonly Task[], after: () => string | null): Promise<void> {
  if (tasks.length === 0) return;
  const width = Math.max(1, Math.min(AT_ONCE, availableParallelism(), Math.floor(totalmem() / MEMORY)));
  const sorted = [...tasks].sort(
    (a, b) => Number(b.early ?? false) - Number(a.early ?? false) || b.expected - a.expected,
  );
  const view = overview(sorted, width);
  const one =
    ({ name, run }: Task) =>
    async () => {
      view.begin(name);
      const line = await run((fraction, words) => view.update(name, fraction, words));
      const more = after();
      view.end(name, more === null ? line : `${line}\n${more}`);
    };
  try {
    await inPool(sorted.map(one), width);
  } finally {
    view.close();
  }
}

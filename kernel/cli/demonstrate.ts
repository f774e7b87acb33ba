// The work of operandose start: records the demonstration with the simulated beamline, runs the notebooks on
// it, writes the site, and reports which claims hold. Each step runs again only if one of its inputs has changed.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { claims, setProgress } from "operandose";
import { home, place, root } from "../places.js";
import { type Compiler, startCompiler } from "../runner/compiler.js";
import { openLedger } from "../runner/ledger.js";
import { notebookWork } from "../runner/notebooks.js";
import { doTasks } from "../runner/tasks.js";
import { referenceIsDone, referenceTask } from "../site/reference.js";
import { writeSite } from "../site/site.js";
import { record, seed } from "./recordings.js";
import { report } from "./report.js";
import { say } from "./say.js";
import { terminalProgress } from "./terminal-progress.js";

/** Shortest time between two pages that are not complete, s; writing one takes seconds. */
const PAUSE = 60;

/**
 * Does everything.
 *
 * @returns the exit code: 0 when all notebooks ran and every claim was measured; a claim that differs is a
 *   result, not a failure
 */
export async function demonstrate(): Promise<number> {
  setProgress(terminalProgress());
  const recordings = await record();

  const site = join(home, "site");
  // For the notebooks, which run in their own folder.
  process.env.OPERANDOSE_DEMO ??= recordings.folders[0];

  mkdirSync(site, { recursive: true });
  const ledger = openLedger(site);
  let compiler: Compiler | undefined;
  const notebooks = notebookWork(site, ledger, () => {
    compiler ??= startCompiler(place("notebooks"));
    return compiler;
  });
  if (notebooks.unchanged > 0) say(`${notebooks.unchanged} notebooks have not changed since they ran`);
  const reference = referenceTask(site, ledger);
  // Since the start of the process.
  const seconds = () => performance.now() / 1000;
  const write = (left: number) =>
    writeSite({
      site,
      root,
      claims: claims(),
      recordings: { ...recordings, seed },
      runs: notebooks.runs(),
      left,
      seconds: seconds(),
    });
  let written: number | undefined;
  // The page is there as soon as it has its findings, and grows.
  const grow = () => {
    const left = notebooks.unchanged + notebooks.tasks.length - notebooks.runs().length;
    if (left === 0 || !notebooks.begun() || seconds() - (written ?? -Infinity) < PAUSE) return null;
    const { page } = write(left);
    const line = written === undefined ? `the first figures are in ${page}, to which others are added` : null;
    written = seconds();
    return line;
  };
  await doTasks([...(reference ? [reference] : []), ...notebooks.tasks], grow).finally(() =>
    compiler?.stop(),
  );

  notebooks.tidy();
  const runs = notebooks.runs();
  const { page, rows, twice, findings } = write(0);
  const missing = rows.filter(({ verdict }) => verdict === "missing").map(({ claim }) => claim.id);
  const problems = [
    ...runs
      .filter(({ ok }) => !ok)
      .map(({ name }) => `${name} did not run to its end; the reason is above and on its page`),
    ...(missing.length > 0
      ? [
          `measured by no notebook: ${missing.join(", ")}; each claim of data/claims.json needs a cell with claim(id, value)`,
        ]
      : []),
    ...twice.map((words) => `published twice: ${words}; give one of them another name`),
    ...(referenceIsDone(site, ledger) ? [] : ["the API reference was not written; the reason is above"]),
    ...(runs.length === 0 ? [`no notebooks in ${place("notebooks")}`] : []),
  ];
  for (const problem of problems) say(problem);
  const parts = { findings, rows, notebooks: runs.length, seconds: seconds(), page };
  process.stdout.write(`\n${report(parts, { color: process.stdout.isTTY })}\n`);
  return problems.length > 0 ? 1 : 0;
}

// npm start, once everything is compiled: records the demonstration with the simulated beamline, runs the notebooks on it,
// writes a page of what they found, and says whether the paper's numbers hold. Each part is done again only when something
// that it depends on has changed.
import { styleText } from "node:util";
import { setProgress } from "operandose";
import { countWords, terminalTable } from "./claims/terminal-table.js";
import { place } from "./places.js";
import { terminalProgress } from "./progress/terminal.js";
import { runNotebooks } from "./start/notebooks.js";
import { record } from "./start/record.js";
import { say, seconds } from "./start/say.js";
import { writeSite } from "./start/site.js";

setProgress(terminalProgress());
process.exitCode = await main();
// Workers of the library may still wait for work.
process.exit();

/** @returns the exit code: 0 when all notebooks ran and every measured claim is within its tolerance */
async function main(): Promise<number> {
  const started = performance.now();
  const recordings = await record();
  const runs = await runNotebooks();
  const { page, rows } = writeSite({ recordings, runs, seconds: (performance.now() - started) / 1000 });

  process.stdout.write(`\n${terminalTable(rows, { color: process.stdout.isTTY })}\n\n`);
  const failed = runs.filter((run) => !run.ok);
  const differing = rows.filter((row) => row.verdict === "differs");
  for (const { name } of failed) say(`${name} did not run to its end; why is said above and on its page`);
  if (differing.length > 0) say(`outside of tolerance: ${differing.map((row) => row.claim.id).join(", ")}`);
  say(`${runs.length} notebooks, ${countWords(rows)}, in ${seconds(started)}`);
  process.stdout.write(`${process.stdout.isTTY ? styleText("bold", page) : page}\n`);
  if (runs.length === 0) say(`no notebooks in ${place("notebooks")}`);
  return failed.length + differing.length > 0 ? 1 : 0;
}

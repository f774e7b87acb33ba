// Runs the notebooks whose inputs have changed.
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { place, root } from "../places.js";
import { paperOrder } from "../site/paper-order.js";
import { filesBelow, hashOf } from "../stamp.mjs";
import type { Compiler } from "./compiler.js";
import { describeFailure } from "./describe.js";
import { claimsPath, startHarvest } from "./harvest.js";
import { commonInputs, type Ledger, type LedgerEntry } from "./ledger.js";
import { codeStamp, refreshText } from "./refresh-text.js";
import { runNotebook } from "./run-notebook.js";
import type { Task } from "./tasks.js";

/** Result of a notebook. */
export interface NotebookRun {
  name: string;
  ok: boolean;
  seconds: number;
  /** The notebook with its outputs. */
  out: string;
  /** Its files in the site, with the cell of each. */
  files: Record<string, number>;
  /** Error in one line. */
  problem?: string;
}

export interface NotebookWork {
  /** Number of notebooks without changes since their last run. */
  unchanged: number;
  tasks: Task[];
  /** Whether the results of the first page are there. */
  begun(): boolean;
  /** The notebooks that have run, in reading order. */
  runs(): NotebookRun[];
  /** Removes what no notebook makes any longer; called after the tasks. */
  tidy(): void;
}

/** Notebooks of the first page: its findings, its figures, and the first door. */
const EARLY: ReadonlySet<string> = new Set(["start-here", "fig-07", "fig-08", "fig-13"]);

/** Estimated duration of a notebook that never ran, s. */
const GUESS = 20;

/**
 * Tasks for the notebooks of notebooks/.
 *
 * @param compiler called if there is something to run
 */
export function notebookWork(site: string, ledger: Ledger, compiler: () => Compiler): NotebookWork {
  const source = place("notebooks");
  const files = existsSync(source) ? readdirSync(source).filter((file) => file.endsWith(".ipynb")) : [];
  const names = paperOrder(files.map((file) => basename(file, ".ipynb")));
  const common = commonInputs();
  const runs = new Map<string, NotebookRun>();
  const tasks: Task[] = [];
  mkdirSync(join(site, "notebooks"), { recursive: true });
  for (const name of names) {
    const path = join(source, `${name}.ipynb`);
    const out = join(site, "notebooks", `${name}.ipynb`);
    const inputs = `${stampOf(path)} ${common}`;
    const before = ledger.get(name);
    if (before?.inputs === inputs && [out, ...ownFiles(site, before)].every(existsSync)) {
      refreshText(path, out);
      runs.set(name, { name, ok: true, seconds: before.seconds, out, files: before.files });
      continue;
    }
    const expected = before?.seconds ?? GUESS;
    tasks.push({
      name,
      expected,
      early: EARLY.has(name),
      async run(report) {
        // Its earlier results are no longer valid.
        for (const file of before ? ownFiles(site, before) : []) rmSync(file, { force: true });
        const { run, line } = await runOne(path, { name, out, site, compiler: compiler(), report });
        ledger.set(name, { inputs: run.ok ? inputs : "", seconds: run.seconds, files: run.files });
        runs.set(name, run);
        return line;
      },
    });
  }
  return {
    unchanged: runs.size,
    tasks,
    begun: () => names.every((name) => !EARLY.has(name) || runs.has(name)),
    runs: () => names.flatMap((name) => runs.get(name) ?? []),
    tidy: () => forgetOthers(site, ledger, names),
  };
}

interface OneRun {
  name: string;
  out: string;
  site: string;
  compiler: Compiler;
  report: Parameters<Task["run"]>[0];
}

async function runOne(
  path: string,
  { name, out, site, compiler, report }: OneRun,
): Promise<{ run: NotebookRun; line: string }> {
  const harvest = startHarvest(join(site, ".running", name), name);
  const result = await runNotebook(path, {
    out,
    compiler,
    // The functions claim() and publish() of the library write below this folder.
    env: { OPERANDOSE_SITE: harvest.folder, OPERANDOSE_NOTEBOOK: name },
    onCell: (cell, cells) => report((cell - 1) / cells, `${name}: cell ${cell} of ${cells}`),
    onCellDone: (cell) => harvest.after(cell),
  });
  const files = harvest.bring(site);
  const { ok, failure, seconds } = result;
  const run: NotebookRun = { name, ok, seconds, out, files };
  if (failure === null) return { run, line: `${name}: ran in ${seconds.toFixed(0)} s` };
  const problem = `Cell ${failure.cell} failed: ${failure.ename}: ${failure.evalue}`;
  return {
    run: { ...run, problem },
    line: `${name} failed\n${describeFailure(path, failure)}${name}: failed`,
  };
}

/** Stamp of the code of a notebook; of the file where it is no notebook, which its run then reports. */
function stampOf(path: string): string {
  try {
    return codeStamp(path);
  } catch {
    return hashOf([path], root);
  }
}

/** Files of a notebook in the site. */
function ownFiles(site: string, { files }: LedgerEntry): string[] {
  return Object.keys(files).map((file) => join(site, file));
}

/** Removes results of notebooks that no longer exist, or that a notebook no longer makes. */
function forgetOthers(site: string, ledger: Ledger, names: readonly string[]): void {
  for (const name of ledger.names()) {
    if (!names.includes(name) && !name.startsWith("(")) ledger.remove(name);
  }
  const own = names.flatMap((name) => Object.keys(ledger.get(name)?.files ?? {}));
  const known = new Set([
    ...names.flatMap((name) => [`notebooks/${name}.ipynb`, `notebooks/${name}.html`, claimsPath(name)]),
    ...own,
  ]);
  for (const folder of ["notebooks", "claims", "figures", "findings", "explore"]) {
    for (const path of filesBelow(join(site, folder), /./)) {
      if (!known.has(path.slice(site.length + 1).replaceAll("\\", "/"))) rmSync(path);
    }
  }
  const running = join(site, ".running");
  if (existsSync(running)) rmSync(running, { recursive: true });
}

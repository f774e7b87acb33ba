// Runs the notebooks, those that build on nothing first, and only when something that they depend on has changed.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describeFailure } from "../notebook/describe.js";
import { runNotebook } from "../notebook/run-notebook.js";
import { place, root } from "../places.js";
import { terminalProgress } from "../progress/terminal.js";
import { filesBelow, hashOf } from "../stamp.mjs";
import { say, seconds } from "./say.js";

/** What became of a notebook. */
export interface NotebookRun {
  name: string;
  ok: boolean;
  seconds: number;
  /** The notebook with its outputs. */
  out: string;
  /** What went wrong, in a line. */
  problem?: string;
}

/** The order in which they are read; others follow by name. */
const order = [
  "start-here",
  "dose-of-the-cell",
  "fig-05",
  "fig-06",
  "fig-07",
  "fig-08",
  "closer-focus",
  "teach-the-beamline",
  "teach-mcr-als",
  "is-it-dose-or-neighbourhood",
  "plan-an-experiment",
];

/** What successful runs depended on, by notebook. */
type Ledger = Record<string, { inputs: string; seconds: number; claims: boolean }>;

/** Names of notebooks in the order in which they run. */
export function inOrder(names: readonly string[]): string[] {
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...names].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, "en", { numeric: true }));
}

/** Runs the notebooks of notebooks/ whose inputs have changed; one that fails does not keep the others from running. */
export async function runNotebooks(): Promise<NotebookRun[]> {
  const [source, site] = [place("notebooks"), place("site")];
  const files = existsSync(source) ? readdirSync(source).filter((file) => file.endsWith(".ipynb")) : [];
  const names = inOrder(files.map((file) => basename(file, ".ipynb")));
  for (const folder of ["notebooks", "claims"]) mkdirSync(join(site, folder), { recursive: true });
  forgetOthers(site, names);

  const ledgerPath = join(site, ".runs.json");
  const ledger = readLedger(ledgerPath);
  const common = commonInputs();
  const runs: NotebookRun[] = [];
  for (const [i, name] of names.entries()) {
    const path = join(source, `${name}.ipynb`);
    const out = join(site, "notebooks", `${name}.ipynb`);
    const inputs = `${hashOf([path], root)} ${common}`;
    const before = ledger[name];
    const claims = join(site, "claims", `${name}.json`);
    if (before?.inputs === inputs && existsSync(out) && (!before.claims || existsSync(claims))) {
      say(`${name}: nothing has changed since it ran`);
      runs.push({ name, ok: true, seconds: before.seconds, out });
      continue;
    }
    delete ledger[name];
    const run = await runOne(path, {
      name,
      out,
      site,
      title: `notebook ${i + 1} of ${names.length}, ${name}`,
    });
    runs.push(run);
    if (run.ok) ledger[name] = { inputs, seconds: run.seconds, claims: existsSync(claims) };
    writeFileSync(ledgerPath, JSON.stringify(ledger, null, 1));
  }
  return runs;
}

async function runOne(
  path: string,
  { name, out, site, title }: { name: string; out: string; site: string; title: string },
): Promise<NotebookRun> {
  const started = performance.now();
  rmSync(join(site, "claims", `${name}.json`), { force: true }); // what it measured before is no longer true
  const bar = terminalProgress()(title);
  bar.update(0, `${title}: starting`);
  const {
    ok,
    failure,
    seconds: took,
  } = await runNotebook(path, {
    out,
    // The library's claim() writes below this folder, under the notebook's name.
    env: { OPERANDOSE_SITE: site, OPERANDOSE_NOTEBOOK: name },
    onCell: (cell, cells) => bar.update((cell - 1) / cells, `${title}: cell ${cell} of ${cells}`),
  }).finally(() => bar.done());
  if (failure === null) {
    say(`${name}: ran in ${seconds(started)}`);
    return { name, ok, seconds: took, out };
  }
  process.stderr.write(describeFailure(path, failure));
  return {
    name,
    ok,
    seconds: took,
    out,
    problem: `Cell ${failure.cell} failed: ${failure.ename}: ${failure.evalue}`,
  };
}

/** What all notebooks depend on: the compiled library, its data, the recordings. */
function commonInputs(): string {
  const manifests = filesBelow(place("recordings"), /^experiment\.json$/);
  return hashOf(
    [place("dist/.stamp.json"), ...filesBelow(place("data"), /./), ...manifests].filter(existsSync),
    root,
  );
}

/** Results of notebooks that are gone would stay on the page for ever. */
function forgetOthers(site: string, names: readonly string[]): void {
  for (const folder of ["notebooks", "claims"]) {
    for (const file of readdirSync(join(site, folder))) {
      if (!names.includes(file.replace(/\.(ipynb|html|json)$/, "")))
        rmSync(join(site, folder, file), { recursive: true });
    }
  }
}

function readLedger(path: string): Ledger {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return {}; // there is none yet, or it was cut short: then everything runs
  }
}

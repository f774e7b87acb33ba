// API reference: TypeDoc for the public names of the library, repeated only if the library has changed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { place, root } from "../places.js";
import type { Ledger } from "../runner/ledger.js";
import type { Task } from "../runner/tasks.js";
import { filesBelow, hashOf } from "../stamp.mjs";

/** Name in the ledger and on the screen; no notebook has this name. */
const REFERENCE = "(API reference)";

/** Its first page, below the site. */
const page = "api/index.html";

/** TypeDoc; an installed package has neither it nor the sources. */
const program = place("node_modules/typedoc/bin/typedoc");

/** Its task; null if the library has not changed, or in an installed package. */
export function referenceTask(site: string, ledger: Ledger): Task | null {
  if (!existsSync(program)) return null;
  const settings = [
    "typedoc.json",
    "tsconfig.json",
    "kernel/site/typedoc-plugin.mjs",
    "kernel/site/topics.mjs",
    "kernel/site/menu.mjs",
    "kernel/site/typedoc.css",
  ].map(place);
  const version = place("node_modules/typedoc/package.json");
  const sources = [...filesBelow(place("lib"), /\.ts$/), ...settings, version].filter(existsSync);
  const inputs = hashOf(sources, root);
  const before = ledger.get(REFERENCE);
  if (before?.inputs === inputs && existsSync(join(site, page))) return null;
  return {
    name: REFERENCE,
    expected: before?.seconds || 30,
    // It needs one core while the first notebook reduces the cubes that all share.
    early: true,
    async run() {
      const started = performance.now();
      const { code, output } = await typedoc(join(site, "api"));
      const seconds = (performance.now() - started) / 1000;
      ledger.set(REFERENCE, { inputs: code === 0 ? inputs : "", seconds, files: {} });
      return code === 0
        ? `API reference: written in ${seconds.toFixed(0)} s`
        : `API reference: failed with exit code ${code}\n${output.trim()}`;
    },
  };
}

/** Whether the reference exists and was made without an error; an installed package needs none. */
export function referenceIsDone(site: string, ledger: Ledger): boolean {
  if (!existsSync(program)) return true;
  return existsSync(join(site, page)) && Boolean(ledger.get(REFERENCE)?.inputs);
}

function typedoc(out: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, "--out", out, "--logLevel", "Error"], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => resolve({ code: 127, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

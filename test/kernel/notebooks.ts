// Notebooks for the tests, and what a notebook looks like after it ran.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { CodeCell, Notebook } from "../../kernel/runner/format.js";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The compiled kernel; `npm test` compiles it first. */
export const compiled = (path: string) => resolve(root, "dist", path);

/** The command line. */
export const command = resolve(root, "kernel/cli/operandose.mjs");

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "operandose-kernel-"));
}

/** Writes a notebook with these cells of code, as Jupyter would save it without outputs. */
export function writeTestNotebook(folder: string, name: string, cells: readonly string[]): string {
  const path = join(folder, `${name}.ipynb`);
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: "tslab", display_name: "TypeScript (operandose)", language: "typescript" },
    },
    cells: cells.map((source, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      metadata: {},
      source: source.split(/(?<=\n)/),
      execution_count: null,
      outputs: [],
    })),
  };
  writeFileSync(path, JSON.stringify(notebook));
  return path;
}

/** The cells of an executed notebook. */
export function executedCells(path: string): CodeCell[] {
  return (JSON.parse(readFileSync(path, "utf8")) as Notebook).cells as CodeCell[];
}

/** One cell for each thing that a kernel does; the last one fails. */
export const showcase: Record<string, string> = {
  typed: `import { massAttenuation, setProgress } from "operandose";\nconst mu: number = massAttenuation("Ni", 8400);\nmu > 0`,
  streams: `console.log("out <b>"); console.error("err"); void process.stdout.write(Buffer.from("µ\\n"));`,
  display: `const shown = { [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>rich</b>", "text/plain": "rich" }) };\nshown`,
  promise: `new Promise((resolve) => setTimeout(() => resolve(shown), 20))`,
  element: `import { parseHTML } from "linkedom";\nparseHTML("<html><svg id='s'></svg></html>").document.querySelector("svg")`,
  table: `import { DataFrame } from "danfojs-node";\nnew DataFrame({ name: ["<i>a</i>", "b"], value: [1, 0.5] })`,
  forAwait: `for await (const x of [Promise.resolve(1), 2]) console.log(x);`,
  earlier: `const box = { width: 3, inner: { depth: 4 } };\nexport const width = 5;`,
  shorthand: `const both = { width, box };\nconst { width: w, inner: { depth: d } } = box;\nconsole.log(both.width, w, d);`,
  progress: `import { startProgress } from ${JSON.stringify(compiled("compute/progress.js"))};
const bar = startProgress("counting <photons>");
for (let i = 1; i <= 8; i++) { await new Promise((r) => setTimeout(r, 60)); bar.update(i / 8, "step " + i); }
bar.done();`,
  empty: "",
  redeclared: `const mu = "another type"; mu`,
  failing: `function fail(): never { throw new RangeError("no <signal>", { cause: new Error("dark") }); }\nfail()`,
};

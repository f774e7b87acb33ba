// The checker of the layers, on a small tree that breaks the law in every way it knows.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { layers, violations } from "../import-law.mjs";
import { root, temporaryFolder } from "./notebooks.js";

let tree: string;
beforeEach(() => {
  tree = temporaryFolder();
});
afterEach(() => rmSync(tree, { recursive: true }));

function write(path: string, ...lines: string[]): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), lines.join("\n"));
}

test("imports to the left, packages and files of the same layer are lawful", () => {
  write("lib/index.ts", `export * from "./beamline/simulate.js";`, `export { Cube } from "./cube/cube.js";`);
  write("lib/cube/cube.ts", `import { pca } from "../chemometrics/pca.js";`, `import "./verbs/mask.js";`);
  write("lib/cube/verbs/mask.ts", `import type { Plan } from "../plan.js";`, `import { z } from "zod";`);
  write("lib/dose/table.ts", `import table from "../../data/table.json" with { type: "json" };`);
  write("lib/io/edf.ts", `import { ShapeError } from "../errors.js";`, `// import "../cube/cube.js";`);
  write(
    "lib/io/url.ts",
    `new URL("../../data/a.json", import.meta.url); const s = 'import "../cube/cube.js"';`,
  );
  write("kernel/start.ts", `import { Cube } from "operandose";`, `import "./say.js";`);
  write("kernel/start.mjs", `await import("../dist/kernel/start.js");`);
  expect(violations(tree)).toEqual([]);
});

test.each([
  ["lib/compute/a.ts", `import "../io/edf.js";`, "layer compute may not know io"],
  ["lib/io/a.ts", `import type { X } from "../xas/edge.js";`, "layer io may not know xas"],
  ["lib/xas/a.ts", `export { x } from "../dose/dose.js";`, "layer xas may not know dose"],
  ["lib/cube/a.ts", `const x = await import("../figures/map.js");`, "layer cube may not know figures"],
  ["lib/cube/a.ts", `let x: import("../beamline/simulate.js").X;`, "layer cube may not know beamline"],
  ["lib/figures/a.ts", `import "../beamline/index.js";`, "layer figures may not know beamline"],
  ["lib/beamline/a.ts", `import "../cube/cube.js";`, "layer beamline may not know cube"],
  [
    "lib/beamline/index.ts",
    `export { truth } from "./truth.js";`,
    "only tests and benches may know the truth behind a simulated experiment",
  ],
  ["lib/dose/a.ts", `new Worker(new URL("../cube/w.js", import.meta.url));`, "layer dose may not know cube"],
  ["lib/dose/a.cts", `const x = require("../index.js");`, "layer dose may not know index"],
  ["lib/errors.ts", `import "./units.js";`, "layer errors may not know units"],
  [
    "lib/cube/a.ts",
    `import "../../dist/errors.js";`,
    "layer cube may not know dist/errors.js, which is outside of lib/",
  ],
  [
    "lib/cube/a.ts",
    `import "operandose";`,
    "layer cube may not know the library's public names; import the file",
  ],
  ["lib/stray/a.ts", `import "../errors.js";`, "stray is no layer; name it in test/import-law.mjs"],
  ["kernel/a.ts", `import "../lib/errors.js";`, "kernel may not know lib/; import from operandose"],
  ["kernel/a.ts", `import "../dist/errors.js";`, "kernel may not know dist/; import from operandose"],
])("%s: %s", (file, line, why) => {
  write(file, "// a comment", line);
  const specifier = /"([^"]+)"/.exec(line)?.[1];
  expect(violations(tree)).toEqual([`${file}:2 imports ${specifier}: ${why}`]);
});

test("layers are in an order: none knows, even through others, what knows it", () => {
  const reach = (layer: string, seen = new Set<string>()): Set<string> => {
    for (const next of layers[layer]) if (!seen.has(next)) reach(next, seen.add(next));
    return seen;
  };
  for (const layer of Object.keys(layers)) expect(reach(layer)).not.toContain(layer);
});

test("a circle of imports is forbidden, of types too, within a folder, and is printed", () => {
  write("lib/dose/a.ts", `import type { B } from "./b.js";`);
  write("lib/dose/b.ts", `export * from "./c.js";`);
  write("lib/dose/c.ts", `export type C = import("./a.js").A;`);
  write("lib/dose/d.ts", `import "./a.js";`, `import "./b.js";`); // leads into the circle, and is not of it
  write("lib/io/own.ts", `import { x } from "./own.js";`);
  write("kernel/say.ts", `import "./start.js";`);
  write("kernel/start.ts", `const say = await import("./say.js");`);
  const advice = "; move what they share into a file of its own";
  expect(violations(tree)).toEqual([
    `circle of imports: lib/dose/a.ts -> lib/dose/b.ts -> lib/dose/c.ts -> lib/dose/a.ts${advice}`,
    `circle of imports: lib/io/own.ts -> lib/io/own.ts${advice}`,
    `circle of imports: kernel/say.ts -> kernel/start.ts -> kernel/say.ts${advice}`,
  ]);
  write("lib/dose/c.ts", "export type C = number;");
  write("lib/io/own.ts", "");
  write("kernel/say.ts", "");
  expect(violations(tree)).toEqual([]);
});

test("a worker may import from the file that starts it", () => {
  write("lib/dose/a.ts", `new URL("./worker.js", import.meta.url);`);
  write("lib/dose/worker.ts", `import "./a.js";`);
  expect(violations(tree)).toEqual([]);
});

test("two circles that share a file are both printed", () => {
  write("lib/dose/a.ts", `import "./b.js";`, `import "./c.js";`);
  write("lib/dose/b.ts", `import "./a.js";`);
  write("lib/dose/c.ts", `import "./a.js";`);
  expect(violations(tree)).toHaveLength(2);
});

test("the command prints violations and fails; without any it is silent", () => {
  const checker = join(root, "test", "import-law.mjs");
  write("lib/io/a.ts", `import "../cube/cube.js";`);
  const { status, stdout } = spawnSync(process.execPath, [checker, tree], { encoding: "utf8" });
  expect([status, stdout]).toEqual([
    1,
    "lib/io/a.ts:1 imports ../cube/cube.js: layer io may not know cube\n",
  ]);
  write("lib/io/a.ts", "");
  expect(execFileSync(process.execPath, [checker, tree], { encoding: "utf8" })).toBe("");
});

test("the packed package is without the truth behind the simulation", () => {
  const list = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const paths = JSON.parse(list)[0].files.map((file: { path: string }) => file.path);
  expect(paths).toContain("dist/beamline/simulate.js");
  expect(paths.filter((path: string) => path.includes("beamline/truth"))).toEqual([]);
});

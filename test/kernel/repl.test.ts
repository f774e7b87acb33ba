// The terminal: the library's names are there, await works, tables are tables, and numbers are numbers.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { examples, greeting } from "../../kernel/cli/repl.js";
import { command } from "./notebooks.js";

/** What the prompt prints for these lines. */
async function typed(...lines: string[]): Promise<string> {
  const repl = spawn(process.execPath, [command, "repl"], { stdio: ["pipe", "pipe", "pipe"] });
  let printed = "";
  repl.stdout.on("data", (chunk) => (printed += chunk));
  repl.stdin.end(`${lines.join("\n")}\n`);
  expect(await new Promise((done) => repl.on("close", done))).toBe(0);
  return printed.replaceAll("operandose> ", "").trim();
}

test("public names and await", async () => {
  const lines = ['const mu = massAttenuation("Ni", 8400) > operandose.massAttenuation("Ni", 8300)', "mu"];
  expect((await typed(...lines, "await 42")).split("\n")).toEqual(["true", "42"]);
}, 60_000);

test("the greeting has ten lines, and what it proposes runs", async () => {
  expect(greeting().split("\n").length - 1).toBeLessThanOrEqual(10);
  for (const example of examples) expect(greeting()).toContain(example);
  const [attenuation, ...others] = (await typed(...examples)).split("\n");
  expect(Number(attenuation)).toBeGreaterThan(100);
  expect(others.join("\n")).not.toContain("Uncaught");
  expect(others.some((line) => line.includes("Cathode"))).toBe(true);
  expect(others.length).toBeLessThan(22);
}, 60_000);

test("numbers that are computed on access are printed, and those of nested records", async () => {
  const printed = await typed(
    "({ get late() { return 1 + 2 } })",
    "rockCell().dose({ energy: 8390, flux: 1e12, width: 3315, height: 1202.5 })",
  );
  expect(printed).toContain("[Getter: 3]");
  expect(printed).toMatch(/solid: \d/);
  expect(printed).not.toContain("[Object]");
}, 60_000);

test("a picture becomes a file, and the prompt says where; other results do not", async () => {
  const printed = await typed("rockCell().show()", "figures.stack(rockCell())", "rockCell().layers.length");
  const paths = Array.from(printed.matchAll(/^written to (.*\.svg);/gm), ([, path]) => path);
  expect(paths).toHaveLength(2);
  for (const path of paths) expect(readFileSync(path, "utf8")).toContain("Cathode</");
  expect(dirname(paths[0])).toBe(dirname(paths[1]));
  expect(printed.split("\n").at(-1)).toBe("4");
  rmSync(dirname(paths[0]), { recursive: true });
}, 60_000);

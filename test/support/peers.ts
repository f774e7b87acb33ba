// Peers: programs, Python modules and data that tests compare with and the library does not need. peers.json
// has the Debian package of each program and module; measured data are in `../shared`. A test looks for its
// peers in a hook or in its body, never while tests are collected, and is skipped with the reason if one is
// absent.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { resolve } from "node:path";
import type { TestContext } from "vitest";
import packages from "./peers.json" with { type: "json" };

export type Peer = keyof typeof packages | `../shared/${string}`;

const root = resolve(import.meta.dirname, "../..");

/** Debian's Python, which has the modules; another one may be first on PATH. */
export const python3 = "/usr/bin/python3";
export const chromium = "/usr/bin/chromium";

/**
 * Skips a test unless all peers are available: `beforeEach(peer("h5py"))`, or `peer("scipy")(context)` in its
 * body.
 */
export function peer(...names: Peer[]): (context: TestContext) => void {
  return (context) => {
    const reason = absent(...names);
    if (reason !== null) context.skip(reason);
  };
}

/** Sentence on the missing peers; null if all are available. */
export function absent(...names: Peer[]): string | null {
  const missing = names.filter((name) => !isThere(name));
  if (missing.length === 0) return null;
  const remedy = missing.map((name) => (isShared(name) ? "" : packages[name])).filter(Boolean);
  return `no ${missing.join(", ")} here${remedy.length > 0 ? ` (Debian: ${remedy.join(" ")})` : ""}`;
}

/** Path of measured data, `../shared/...` beside the repository. */
export function shared(path: `../shared/${string}`): string {
  return resolve(root, path);
}

/** Output of a Python program; its failure fails the test. */
export function python(
  program: string,
  { input = "", args = [], cwd }: { input?: string; args?: string[]; cwd?: string } = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(python3, ["-c", program, ...args], {
    input,
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw error ?? new Error(`${python3} ended with ${status}: ${stderr}`);
  return stdout;
}

/** JSON output of a Python program for the input `x`, also JSON. */
export function ask<T>(program: string, x: unknown = null): T {
  const preamble = "import sys, json\nx = json.load(sys.stdin)\n";
  return JSON.parse(python(`${preamble}${program}`, { input: JSON.stringify(x) })) as T;
}

const known = new Map<Peer, boolean>();

function isThere(name: Peer): boolean {
  const there = known.get(name) ?? look(name);
  known.set(name, there);
  return there;
}

function look(name: Peer): boolean {
  if (process.env.OPERANDOSE_PEERS === "none") return false;
  if (isShared(name)) return existsSync(shared(name));
  if (name === "chromium") return isProgram(chromium);
  if (name === "sbatch") return isProgram("/usr/bin/sbatch");
  if (name === "python3") return isProgram(python3);
  // The module is searched for and not imported, because an import of SciPy takes longer than most tests.
  const find = `import sys, importlib.util\nsys.exit(importlib.util.find_spec("${name}") is None)`;
  return spawnSync(python3, ["-c", find]).status === 0;
}

function isShared(name: Peer): name is `../shared/${string}` {
  return name.startsWith("../shared/");
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

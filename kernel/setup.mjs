// @ts-check
// Prepares a fresh clone. `npm start`, `npm test` and the other commands call it first. It checks Node,
// installs the packages of package-lock.json if they are missing or different, and compiles changed sources.
// Otherwise it ends immediately, as in an installed package, which has no sources. It runs before any
// installation, so it uses JavaScript and Node only.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashOf, sourcesStamp } from "./stamp.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Interval between progress lines of a silent command, ms. */
const HEARTBEAT = 10_000;

/** Size of node_modules on disk, MB; a test measures it. */
export const PACKAGES_MB = 600;

/**
 * Prepares everything, or ends the process with the exit code of the failure.
 *
 * @returns {Promise<void>}
 */
export async function setup() {
  const problem = nodeProblem(process.versions.node);
  if (problem !== null) fail(problem, 1);
  if (!existsSync(join(root, "lib"))) return;
  if (!packagesAreInstalled()) await install();
  await bundleTables();
  await build();
}

/**
 * Reason why a version of Node cannot be used; null if it can. Notebook cells load ES modules with require(),
 * which Node has since 20.19 and 22.12.
 *
 * @param {string} version such as "20.19.0"
 * @returns {string | null}
 */
export function nodeProblem(version) {
  const [major, minor] = version.split(".").map(Number);
  const first = major === 20 ? 19 : major === 22 ? 12 : 0;
  if (major > 20 && major !== 21 ? minor >= first : major === 20 && minor >= first) return null;
  return `setup: expected Node 20.19 or newer (or 22.12 or newer), got ${version}; get one from https://nodejs.org/`;
}

/**
 * Whether node_modules contains the packages of package-lock.json, from npm's own record. Packages for other
 * systems may be missing.
 */
function packagesAreInstalled() {
  const [wanted, installed] = [readLock("package-lock.json"), readLock("node_modules/.package-lock.json")];
  if (wanted === null || installed === null) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === "" || (optional && !installed[path])) return true;
    return installed[path]?.version === version;
  });
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean }> | null}
 */
function readLock(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), "utf8")).packages;
  } catch {
    return null;
  }
}

async function install() {
  // The npm that runs this script, because another one may be first on PATH.
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  // Deprecation warnings of indirect dependencies are hidden.
  const flags = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  await step(`installing packages (${PACKAGES_MB} MB, about a minute)`, [...npm, ...flags]);
}

/** Makes the one file of danfojs-node (vendor/danfojs-node) if its sources have changed. */
async function bundleTables() {
  const sources = [
    "vendor/danfojs-node/build.mjs",
    "vendor/danfojs-node/external.d.ts",
    "vendor/tfjs-node/index.js",
    "kernel/jupyter/display/frame.ts",
    "kernel/jupyter/display/printable.ts",
    "kernel/escape.ts",
  ];
  const files = [...sources, "package-lock.json"].map((file) => join(root, file));
  const stamp = hashOf(files.filter(existsSync), root);
  const stampPath = join(root, "node_modules", ".danfojs-node.json");
  const made = existsSync(join(root, "vendor", "danfojs-node", "dist", "index.cjs"));
  if (made && readStamp(stampPath)?.hash === stamp) return;
  await step("bundling danfojs", [process.execPath, join(root, "vendor", "danfojs-node", "build.mjs")]);
  writeFileSync(stampPath, JSON.stringify({ hash: stamp, files: sources }));
}

/** Compiles the library and the kernel if their sources have changed. */
async function build() {
  const stampPath = join(root, "dist", ".stamp.json");
  const sources = sourcesStamp(root);
  const previous = readStamp(stampPath);
  if (previous?.hash === sources.hash && existsSync(join(root, "dist", "kernel", "jupyter", "launch.js")))
    return;
  // Compiled files of deleted sources are removed, because they could still be imported.
  const gone = previous?.files.some((file) => !sources.files.includes(file));
  if (gone) rmSync(join(root, "dist"), { recursive: true, force: true });
  // The path selects the right compiler: node_modules/.bin/tsc may be the older one of tslab.
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  await step("compiling the library", [process.execPath, compiler, "-p", "tsconfig.json"]);
  await step("compiling the kernel", [process.execPath, compiler, "-p", "kernel/tsconfig.json"]);
  await step("compiling the numeric kernels", [
    process.execPath,
    join(root, "lib", "compute", "wasm", "build.mjs"),
  ]);
  await step("building the pages", [process.execPath, join(root, "kernel", "site", "build-pages.mjs")]);
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(stampPath, JSON.stringify(sources));
}

/**
 * @param {string} path
 * @returns {{ hash: string, files: string[] } | null}
 */
function readStamp(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

/**
 * Runs a command, shows its output only after a failure, and reports progress.
 *
 * @param {string} what
 * @param {string[]} command
 */
async function step(what, [program, ...args]) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  say(`${what} ...`);
  const heartbeat = setInterval(() => say(`${what}: still at work after ${seconds()} s`), HEARTBEAT);
  const code = await new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => {
      output += error.message;
      resolve(127);
    });
    child.on("close", (status, signal) => {
      if (status !== 0) process.stderr.write(output);
      resolve(status ?? (signal === "SIGINT" ? 130 : 1));
    });
  });
  clearInterval(heartbeat);
  if (code !== 0) fail(`setup: ${what} failed with exit code ${code}; its output is above`, code);
  say(`${what}: done in ${seconds()} s`);
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`operandose: ${text}\n`);
}

/**
 * @param {string} text
 * @param {number} code
 * @returns {never}
 */
function fail(text, code) {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

// The path of a module has no symbolic links, but that of the command may.
if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await setup();

// @ts-check
// A full-size cube (580 x 748 x 2048 counts in EDF files) from disk to concentration maps, R-factors and two
// masked means in one pass, compared with NumPy and with reading only. All in one run; only ratios are
// comparable between machines.
//  npm run build && node bench/full.mjs [--keep] [--folder FOLDER] [--quick] It needs 9 GB of disk and, to
// have the files in the page cache, about as much memory. The table goes to docs/measured.md.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { record } from "./full/recording.mjs";

const { values: options } = parseArgs({
  options: {
    keep: { type: "boolean", default: false },
    folder: { type: "string" },
    /** One cube per case and no scaling: a quick check. */
    quick: { type: "boolean", default: false },
  },
});
const folder = options.folder ?? mkdtempSync(join(tmpdir(), "operandose-full-"));
const repeats = options.quick ? 1 : 3;
/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * @typedef {{ wall: number, cpu: number }} Time
 * @typedef {{ first?: Time, runs: Time[], memory: number, C?: number[] }} Report
 */

/**
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} environment
 * @returns {Report | null} null where the program is absent or fails
 */
function spawn(program, args, environment = {}) {
  const env = { ...process.env, OPERANDOSE_CACHE: "off", OPENBLAS_NUM_THREADS: "1", ...environment };
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", env });
  if (status === 0) return JSON.parse(stdout);
  console.error(`${program} ${args.join(" ")}: ${stderr || "not found"}`);
  return null;
}
/**
 * @param {string} what @param {number} workers @param {number} cubes @param {Record<string, string>} [env]
 */
const ours = (what, workers, cubes, env) =>
  spawn(process.execPath, [here("./full/ours.mjs"), folder, what, String(workers), String(cubes)], env);
/** @param {string} what @param {number} threads */
const numpy = (what, threads) =>
  spawn("/usr/bin/python3", [here("./peers/full.py"), folder, what, String(threads), String(repeats)]);

/** @param {Report} report */
const best = ({ runs }) => ({
  wall: Math.min(...runs.map(({ wall }) => wall)),
  cpu: Math.min(...runs.map(({ cpu }) => cpu)),
});
/** @param {number} value */
const short = (value) => (value >= 10 ? value.toFixed(1) : value.toFixed(2));

/** @type {string[]} */
const lines = [];
/** @param {string[]} cells */
const row = (...cells) => {
  lines.push(`| ${cells.join(" | ")} |`);
  console.log(lines[lines.length - 1]);
};

try {
  if (!existsSync(join(folder, "cube-9.edf"))) {
    const start = performance.now();
    record(folder, 10);
    console.log(`recorded in ${((performance.now() - start) / 1e3).toFixed(0)} s: ${folder}`);
  }
  const floor = numpy("floor", 2);
  const vectorised = numpy("reduce", 2);
  const [least, peer] = [floor, vectorised].map((report) => report && best(report));
  /** @param {string} what @param {Report | null} report @param {number} [share] */
  const add = (what, report, share = 1) => {
    if (!report) return row(what, "absent", "", "", "", "");
    const { wall, cpu } = best(report);
    return row(
      what,
      short(wall * share),
      short(cpu * share),
      peer ? short(peer.wall / (wall * share)) : "",
      least ? short((wall * share) / least.wall) : "",
      report.memory.toFixed(2),
    );
  };
  row("per raw cube", "s", "CPU s", "times faster than NumPy, 2 threads", "times the read floor", "peak GB");
  row("---", "---", "---", "---", "---", "---");
  add("reading from the page cache, 2 threads", floor);
  add("vectorised NumPy, float32, 1 thread", numpy("reduce", 1));
  add("vectorised NumPy, float32, 2 threads", vectorised);
  add("plain TypeScript, 2 workers", ours("fit", 2, 1, { OPERANDOSE_KERNELS: "plain" }));
  add("1 worker", ours("fit", 1, repeats));
  const two = ours("fit", 2, options.quick ? 1 : 8);
  add("2 workers", two);
  add("2 workers, mean of ten cubes", ours("average", 2, options.quick ? 1 : 2), 0.1);
  if (two && !options.quick) {
    lines.push("");
    const times = two.runs.map(({ wall, cpu }) => `${short(wall)} (${short(cpu)})`);
    lines.push(
      `One cube after the other, 2 workers, s (CPU s): ${times.join(", ")}. The first of all, which also makes the shift map, the dose map and the flat's logarithms, takes ${short(two.first?.wall ?? 0)} s.`,
    );
    for (const part of ["half", "quarter"]) {
      const report = ours(part, 2, repeats);
      if (report)
        lines.push(
          "",
          `With a ${part} of the pixels: ${short(best(report).wall)} s (${short(best(report).cpu)}).`,
        );
    }
  }
  const load = loadavg().map((v) => v.toFixed(1));
  const machine = `${cpus().length} x ${cpus()[0].model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; load ${load.join(", ")} (1, 5, 15 min), bench included`;
  const table = [`On ${machine}.`, "", ...lines].join("\n");
  console.log(`\n${table}`);
  if (!options.quick) write(table);
} finally {
  if (!options.keep && options.folder === undefined) rmSync(folder, { recursive: true, force: true });
}

/** @param {string} table */
function write(table) {
  const path = here("../docs/measured.md");
  const [begin, end] = ["<!-- bench/full.mjs -->", "<!-- /bench/full.mjs -->"];
  const text = readFileSync(path, "utf8");
  const from = text.indexOf(begin);
  const block = `${begin}\n${table}\n${end}`;
  const changed =
    from < 0
      ? `${text}\n## Full-size cubes\n\n${block}\n`
      : text.slice(0, from) + block + text.slice(text.indexOf(end) + end.length);
  writeFileSync(path, changed);
}

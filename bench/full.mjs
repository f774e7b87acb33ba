// @ts-check
// A full-size cube (580 x 748 x 2048 counts in EDF files) from disk to concentration maps, R-factors and two masked means in one
// pass, compared with NumPy and with reading only. All processes live at the same time, and runs take turns, so that other load
// and the clock of the machine concern all alike: what counts are medians of ratios within a round.
//
//  npm run build && node bench/full.mjs [--keep] [--folder FOLDER] [--rounds 5]
//
// It needs 13 GB of disk, as much memory for the page cache, and less than ten minutes. The table goes to docs/measured.md. Cold
// cases forget the files by posix_fadvise (bench/peers/full.py).
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Cube } from "../dist/cube/cube.js";
import { bandRowsOf } from "../dist/cube/engine/prepare.js";
import { record } from "./full/recording.mjs";

const { values: options } = parseArgs({
  options: {
    keep: { type: "boolean", default: false },
    folder: { type: "string" },
    rounds: { type: "string", default: "5" },
  },
});
const folder = options.folder ?? mkdtempSync(join(tmpdir(), "operandose-full-"));
const rounds = Number(options.rounds);
/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** @typedef {{ wall: number, cpu: number, memory: number, main?: number }} Run */

/** A process that makes one run for each request. */
class Runner {
  /** @param {string} program @param {string[]} args @param {Record<string, string>} [environment] */
  constructor(program, args, environment = {}) {
    const env = { ...process.env, OPERANDOSE_CACHE: "off", OPENBLAS_NUM_THREADS: "1", ...environment };
    this.process = spawn(program, args, { env, stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    /** @type {Run[]} */
    this.runs = [];
  }

  /** @returns {Promise<Run>} */
  async run() {
    this.process.stdin.write("run\n");
    const { value } = await this.lines.next();
    if (value === undefined) throw new Error(`${this.process.spawnargs.join(" ")} ended`);
    const run = JSON.parse(value);
    this.runs.push(run);
    return run;
  }

  end() {
    this.process.stdin.end();
  }
}
/** @param {string} what @param {number} workers @param {Record<string, string>} [env] */
const ours = (what, workers, env) =>
  new Runner(process.execPath, [here("./full/ours.mjs"), folder, what, String(workers)], env);
/** @param {string} what @param {number} threads */
const numpy = (what, threads) =>
  new Runner("/usr/bin/python3", [here("./peers/full.py"), folder, what, String(threads)]);

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
/** @param {number} value */
const short = (value) => (value >= 10 ? value.toFixed(1) : value.toFixed(2));
/** Median of the ratios of runs of the same round. @param {Run[]} above @param {Run[]} below */
const ratio = (above, below) => median(above.map(({ wall }, i) => wall / below[i].wall));

/** @type {string[]} */
const lines = [];
/** @param {string[]} cells */
const row = (...cells) => {
  lines.push(`| ${cells.join(" | ")} |`);
  console.log(lines[lines.length - 1]);
};
/** @param {string[]} cells */
const head = (...cells) => {
  if (lines.length > 0) lines.push("");
  row(...cells);
  row(...cells.map(() => "---"));
};

try {
  if (!existsSync(join(folder, "cube-9.edf"))) {
    const start = performance.now();
    record(folder, 10);
    console.log(`recorded in ${((performance.now() - start) / 1e3).toFixed(0)} s: ${folder}`);
  }
  const two = ours("fit", 2);
  const first = [(await two.run()).wall];
  /**
   * Rounds of several processes. A round has to be shorter than threads are kept while they are idle (15 s).
   *
   * @param {Runner[]} runners
   */
  const takeTurns = async (runners) => {
    for (const runner of runners) await runner.run();
    for (const runner of runners) runner.runs.length = 0;
    for (let round = 0; round < rounds; round++) for (const runner of runners) await runner.run();
    return runners.map(({ runs }) => [...runs]);
  };
  const one = ours("fit", 1);
  await one.run();
  const [floor, peer, alone, pair] = await takeTurns([numpy("floor", 2), numpy("reduce", 2), one, two]);
  head("per raw cube", "s", "CPU s", "times faster than NumPy, 2 threads", "times the read floor", "peak GB");
  /** @param {string} what @param {Run[]} runs */
  const add = (what, runs) =>
    row(
      what,
      short(median(runs.map(({ wall }) => wall))),
      short(median(runs.map(({ cpu }) => cpu))),
      short(ratio(peer, runs)),
      short(ratio(runs, floor)),
      short(runs[runs.length - 1].memory),
    );
  add("reading from the page cache, 2 threads", floor);
  add("vectorized NumPy, float32, 2 threads", peer);
  add("1 worker", alone);
  add("2 workers", pair);
  one.end();

  head("2 workers, beside a later cube", "s", "CPU s", "in later cubes", "peak GB");
  /** @param {string} what @param {string} name @param {number} cubes */
  const compare = async (what, name, cubes) => {
    const other = ours(name, 2);
    await other.run();
    const [cube, runs] = await takeTurns([two, other]);
    other.end();
    row(
      what,
      short(median(runs.map(({ wall }) => wall)) / cubes),
      short(median(runs.map(({ cpu }) => cpu)) / cubes),
      short(ratio(runs, cube) / cubes),
      short(runs[runs.length - 1].memory),
    );
    return ratio(runs, cube) / cubes;
  };
  const average = await compare("mean of ten cubes, per raw cube", "average", 10);
  await compare("a half of the pixels", "half", 1);
  await compare("a quarter of the pixels", "quarter", 1);

  const later = median(pair.map(({ wall }) => wall));
  const main = median(pair.map((run) => run.main ?? 0));
  two.end();
  // The first cube of a process makes the shift map, the dose map and the logarithms of the flat, too.
  for (let i = 0; i < 2; i++) {
    const fresh = ours("fit", 2);
    first.push((await fresh.run()).wall);
    fresh.end();
  }

  const [forget, sequential, series] = [numpy("forget", 1), numpy("sequential", 1), ours("series", 2)];
  const nSeries = 4;
  await series.run();
  /** @type {{ read: number, warm: number, cold: number }[]} */
  const colds = [];
  for (let round = 0; round < 3; round++) {
    const warm = (await series.run()).wall / nSeries;
    await forget.run();
    const read = (await sequential.run()).wall;
    await forget.run();
    colds.push({ read, warm, cold: (await series.run()).wall / nSeries });
  }
  for (const runner of [forget, sequential, series]) runner.end();

  head("what", "measured", "goal");
  row("later cube, times faster than NumPy", short(ratio(peer, pair)), "6");
  row("later cube, times the read floor", short(ratio(pair, floor)), "5.5");
  row("first cube, in later ones", short(median(first) / later), "5");
  row("main thread of a later cube, s", main.toFixed(3), "0.015");
  row("mean of ten, per raw cube, in later ones", short(average), "0.6");
  row("sequential reading of a cold cube, s", short(median(colds.map(({ read }) => read))), "");
  row("series of four, warm, s per cube", short(median(colds.map(({ warm }) => warm))), "");
  row("series of four, cold, s per cube", short(median(colds.map(({ cold }) => cold))), "");
  const bound = colds.map(({ read, warm, cold }) => cold / Math.max(read, warm));
  row("cold, in the longer of reading and computing", short(median(bound)), "1.15");

  // On paper: bands are equal and do not slow each other; the main thread works while none does.
  const inBands = median(alone.map(({ wall }) => wall)) - main;
  const paths = Object.fromEntries(
    ["flat", "foil", "dark"].map((name) => [name, join(folder, `${name}.edf`)]),
  );
  const source = { sample: join(folder, "cube-0.edf"), ...paths };
  const { plan } = Cube.load({ ...source, edge: "Ni K" })
    .absorb()
    .bin(4);
  head("workers, on paper", "bands", "times one worker", "bound without the main thread");
  for (const workers of [1, 2, 4, 8, 16, 32, 64]) {
    const bands = Math.ceil(plan.schema.height / bandRowsOf(plan, workers));
    const turns = Math.ceil(bands / workers) / bands;
    const speed = (inBands + main) / (inBands * turns + main);
    row(String(workers), String(bands), short(speed), short(1 / turns));
  }

  const load = loadavg().map((v) => v.toFixed(1));
  const machine = `${cpus().length} x ${cpus()[0].model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; load ${load.join(", ")} (1, 5, 15 min), bench included; ${rounds} rounds`;
  write([`On ${machine}.`, "", ...lines].join("\n"));
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

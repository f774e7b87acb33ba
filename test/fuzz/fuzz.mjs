// @ts-check
// Damages files of every readable format and reads them: right numbers, or an error of the library; never a crash, a hang,
// a raw error, a full memory, or other numbers where the damage can be noticed.
//
//   npm run fuzz -- --minutes 10 [--format edf,zarr] [--seed 1] [--out fuzz-findings]
//   npm run fuzz -- --replay fuzz-findings/edf-raw-1-4711.edf
//
// Exit code 1 when there are findings: each is the damaged file or folder and, beside it, a .json that says what happened.
import { fork } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { judge } from "./judge.mjs";
import { damage } from "./mutate.mjs";
import { targets } from "./targets.mjs";

/** @type {typeof import("../../lib/compute/random.js")} */
const { random } = await import(new URL("../../dist/compute/random.js", import.meta.url).href);

/** Wall time of one reading, s; small files take milliseconds. */
const SECONDS = 20;
/** Memory of the reading process, MiB; `ulimit -v` would count the address space that WebAssembly only reserves. */
const MEMORY = 900;
/** Files of one format in a row. */
const ROUND = 40;
/** Findings of one kind that are kept. */
const KEPT = 3;

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    format: { type: "string", default: targets.map(({ name }) => name).join(",") },
    seed: { type: "string", default: "1" },
    out: { type: "string", default: "fuzz-findings" },
    replay: { type: "string" },
  },
});

/** @typedef {import("./judge.mjs").Outcome | { end: "crash" | "hang" | "memory", error?: string }} Outcome */

/** A process that reads, replaced when it ends. */
class Reader {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;

  /** @param {string} target @param {string} path @returns {Promise<Outcome>} */
  read(target, path) {
    this.#child ??= fork(fileURLToPath(new URL("./reader.mjs", import.meta.url)), {
      execArgv: ["--max-old-space-size=256"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { ...process.env, OPERANDOSE_CACHE: "off" },
    });
    const child = this.#child;
    return new Promise((done) => {
      let said = "";
      const hear = (/** @type {Buffer} */ text) => {
        said = (said + text).slice(-2000);
      };
      const end = (/** @type {Outcome} */ outcome) => {
        clearTimeout(late);
        clearInterval(watch);
        child.removeAllListeners();
        child.stderr?.removeListener("data", hear);
        if (outcome.end === "crash" || outcome.end === "hang" || outcome.end === "memory") this.stop();
        done(outcome);
      };
      const late = setTimeout(() => end({ end: "hang", error: `more than ${SECONDS} s` }), 1e3 * SECONDS);
      const watch = setInterval(() => {
        const used = residentMiB(child.pid);
        if (used > MEMORY) end({ end: "memory", error: `${Math.round(used)} MiB` });
      }, 50);
      child.stderr?.on("data", hear);
      child.once("message", (message) => end(/** @type {Outcome} */ (message)));
      child.once("exit", (code, signal) => {
        const full = /heap out of memory|allocation failed/i.test(said);
        end({ end: full ? "memory" : "crash", error: `${signal ?? `exit code ${code}`}: ${said.trim()}` });
      });
      child.send({ target, path });
    });
  }

  stop() {
    this.#child?.removeAllListeners();
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }
}

function residentMiB(/** @type {number | undefined} */ pid) {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096) / 2 ** 20;
  } catch {
    return 0; // No such file system: the heap's limit is left.
  }
}

/** @param {string} path @param {string} name */
async function replay(path, name) {
  const target = targets.find((one) => one.name === name);
  if (!target)
    throw new Error(`fuzz: expected --format as one of ${targets.map((one) => one.name).join(", ")}`);
  const reader = new Reader();
  const outcome = await reader.read(target.name, resolve(path));
  reader.stop();
  console.log(JSON.stringify(outcome, null, 1));
}

async function main() {
  if (options.replay !== undefined) {
    const note = `${options.replay.replace(/\/$/, "")}.json`;
    const known = existsSync(note) ? JSON.parse(readFileSync(note, "utf8")).format : options.format;
    return replay(options.replay, known);
  }
  const wanted = options.format.split(",");
  const chosen = targets.filter(({ name }) => wanted.includes(name));
  const unknown = wanted.filter((name) => !targets.some((target) => target.name === name));
  const [minutes, seed] = [Number(options.minutes), Number(options.seed)];
  if (unknown.length > 0 || !(minutes > 0) || !Number.isInteger(seed)) {
    const names = targets.map(({ name }) => name).join(", ");
    throw new Error(
      `fuzz: expected --minutes > 0, a whole --seed, --format of ${names}; got ${process.argv.slice(2)}`,
    );
  }
  const work = mkdtempSync(join(tmpdir(), "operandose-fuzz-"));
  const reader = new Reader();
  try {
    const campaigns = [];
    for (const target of chosen) campaigns.push(await campaign(target, work, reader));
    const until = Date.now() + 6e4 * minutes;
    while (Date.now() < until)
      for (const one of campaigns)
        for (let n = 0; n < ROUND && Date.now() < until; n++) await attempt(one, seed, reader);
    let findings = 0;
    for (const { target, tally } of campaigns) {
      findings += tally.findings;
      console.log(
        `${target.name.padEnd(11)} ${Object.entries(tally)
          .map(([key, n]) => `${n} ${key}`)
          .join(", ")}`,
      );
    }
    process.exitCode = findings > 0 ? 1 : 0;
  } finally {
    reader.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {import("./targets.mjs").Target} target @param {string} work @param {Reader} reader */
async function campaign(target, work, reader) {
  const folder = join(work, target.name);
  mkdirSync(folder);
  await target.make(folder);
  const samples = [];
  for (const name of readdirSync(folder).sort()) {
    if (name.startsWith(".") || name === "plain.edf") continue;
    const path = join(folder, name);
    const outcome = await reader.read(target.name, path);
    if (outcome.end !== "read") throw new Error(`fuzz: ${path} is not read: ${outcome.error}`);
    samples.push({ path, parts: /** @type {import("./reader.mjs").Outcome} */ (outcome).parts ?? {} });
  }
  const tally = { files: 0, refused: 0, same: 0, changed: 0, findings: 0 };
  return {
    target,
    samples,
    tally,
    place: join(work, `damaged-${target.name}${target.ending}`),
    kinds: new Map(),
  };
}

/** One damaged file. @param {Awaited<ReturnType<typeof campaign>>} one @param {number} seed @param {Reader} reader */
async function attempt(one, seed, reader) {
  const { target, samples, tally, place } = one;
  const index = tally.files++;
  const rng = random(seed, targets.indexOf(target), index);
  const sample = samples[Math.floor(rng.uniform() * samples.length)];
  rmSync(place, { recursive: true, force: true });
  cpSync(sample.path, place, { recursive: true });
  // Now and then the whole file lies at the same place: what a failed reading left behind must not show.
  const mutations = index % 20 === 19 ? [] : damage(place, rng);
  const outcome = await reader.read(target.name, place);
  const wrong =
    mutations.length === 0 && !isSame(outcome, sample.parts)
      ? `whole file ${outcome.end}`
      : judge(target, mutations, sample.parts, outcome, place);
  if (wrong === undefined) {
    tally[outcome.end === "refused" ? "refused" : isSame(outcome, sample.parts) ? "same" : "changed"]++;
    return;
  }
  tally.findings++;
  const error = "error" in outcome ? outcome.error : undefined;
  const where =
    "stack" in outcome ? outcome.stack?.split("\n").find((line) => line.includes("/dist/")) : undefined;
  const kind = `${wrong} ${error?.replaceAll(place, "").replace(/\d+/g, "#").slice(0, 60)} ${where}`;
  const before = one.kinds.get(kind) ?? 0;
  one.kinds.set(kind, before + 1);
  if (before >= KEPT) return;
  mkdirSync(options.out, { recursive: true });
  const kept = join(options.out, `${target.name}-${wrong.split(/[ :]/)[0]}-${seed}-${index}${target.ending}`);
  cpSync(place, kept, { recursive: true });
  const alone = new Reader();
  const again = await alone.read(target.name, place);
  alone.stop();
  const note = {
    format: target.name,
    wrong,
    mutations,
    sample: basename(sample.path),
    outcome,
    again: again.end,
  };
  writeFileSync(`${kept}.json`, JSON.stringify({ ...note, parts: sample.parts }, null, 1));
  console.log(`${kept}: ${wrong}; ${error ?? ""}`.slice(0, 300));
}

function isSame(/** @type {Outcome} */ outcome, /** @type {Record<string, string>} */ parts) {
  return (
    outcome.end === "read" && "parts" in outcome && JSON.stringify(outcome.parts) === JSON.stringify(parts)
  );
}

await main();

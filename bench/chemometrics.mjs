// @ts-check
// Chemometrics against NumPy and SciPy in one run; only ratios are comparable between machines. Run it on an
// idle machine, because other load affects both differently (NumPy uses all cores for some products, this
// library one).
//   npm run build && node bench/chemometrics.mjs
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fitComponents, mcrAls, pca } from "operandose";

const COLUMNS = 580;
const ROWS = 95_744;

/** Uniform numbers from a seed. */
let state = 20261122;
const uniform = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const noise = () => uniform() + uniform() + uniform() + uniform() - 2;

/** Three edges with white lines, close to one another as those of nickel oxides. */
const S = [0, 1, 2].map((j) =>
  Float64Array.from({ length: COLUMNS }, (_, k) => {
    const x = k - 120 - 5 * j;
    return 1 / (1 + Math.exp(-x / 3)) + (0.6 - 0.1 * j) * Math.exp(-((x - 12) ** 2) / (60 + 20 * j));
  }),
);

/**
 * @template {Float32Array | Float64Array} A
 * @param {A} data [rows, COLUMNS], filled with mixtures and noise
 * @param {(row: number) => number[]} concentrations
 * @returns {A}
 */
function mixtures(data, concentrations) {
  for (let i = 0; i < data.length / COLUMNS; i++) {
    const c = concentrations(i);
    for (let k = 0; k < COLUMNS; k++) {
      data[i * COLUMNS + k] = c[0] * S[0][k] + c[1] * S[1][k] + c[2] * S[2][k] + 0.005 * noise();
    }
  }
  return data;
}

const small = mixtures(new Float64Array(141 * COLUMNS), (i) => {
  const t = i / 140;
  return [(1 - t) ** 2, 2 * t * (1 - t), t * t];
});
const tall = mixtures(new Float32Array(ROWS * COLUMNS), () => {
  const [a, b] = [uniform(), uniform()].sort();
  return [a, b - a, 1 - b];
});
const D = Array.from({ length: 141 }, (_, i) => small.subarray(i * COLUMNS, (i + 1) * COLUMNS));
const image = { data: tall, rows: ROWS, columns: COLUMNS };

/**
 * Best time of several, s.
 *
 * @param {() => unknown} work
 * @param {number} repeats
 */
function best(work, repeats) {
  let seconds = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    work();
    seconds = Math.min(seconds, (performance.now() - start) / 1e3);
  }
  return seconds;
}

/**
 * @param {Parameters<typeof mcrAls>[0]} data
 * @param {number} iterations
 */
function mcr(data, iterations, closure = false) {
  const result = mcrAls(data, {
    initial: S,
    constraints: { closure },
    tolerance: 0,
    maxIterations: iterations,
  });
  if (result.iterations !== iterations)
    throw new Error(`expected ${iterations} iterations, got ${result.iterations}`);
}

/** The measured cases, also by the peer's names. */
const cases = {
  mcr: { what: "MCR-ALS, NNLS, 50 iterations, 141 x 580", work: () => mcr(D, 50), repeats: 30 },
  fourMore: {
    what: `MCR-ALS, NNLS, one iteration, ${ROWS} x 580 float32`,
    work: () => mcr(image, 5),
    repeats: 3,
  },
  one: {
    what: `MCR-ALS, NNLS, the whole call with one iteration, ${ROWS} x 580 float32`,
    work: () => mcr(image, 1),
    repeats: 3,
  },
  closed: {
    what: `MCR-ALS, closed, the whole call with one iteration, ${ROWS} x 580 float32`,
    work: () => mcr(image, 1, true),
    repeats: 3,
  },
  fit: {
    what: `fit of 3 species, closed, ${ROWS} x 580 float32`,
    work: () => fitComponents(image, S),
    repeats: 7,
  },
  pca: {
    what: `PCA, leading 12 components, ${ROWS} x 580 float32 (theirs: 20)`,
    work: () => pca(image),
    repeats: 2,
  },
};

/** @type {Record<string, Record<string, number>>} */
const ours = {};
for (const [name, { work, repeats }] of Object.entries(cases)) ours[name] = { compiled: best(work, repeats) };
// The plain loops, for cases that do not take minutes.
process.env.OPERANDOSE_KERNELS = "plain";
for (const name of /** @type {const} */ (["mcr", "fit"])) ours[name].plain = best(cases[name].work, 2);
delete process.env.OPERANDOSE_KERNELS;
// The time outside the iterations (reading, lack of fit against PCA) is the same for one and for five.
const { fourMore, ...measured } = ours;
/** @type {Record<string, Record<string, number>>} */
const times = { ...measured, iteration: { compiled: (fourMore.compiled - ours.one.compiled) / 4 } };
const peak = process.resourceUsage().maxRSS / 1e6;

const folder = mkdtempSync(join(tmpdir(), "operandose-bench-"));
let theirs = /** @type {Record<string, Record<string, number>>} */ ({});
try {
  writeFileSync(join(folder, "small.bin"), small);
  writeFileSync(join(folder, "tall.bin"), tall);
  writeFileSync(join(folder, "S.bin"), Float64Array.from(S.flatMap((s) => Array.from(s))));
  const script = fileURLToPath(new URL("./peers/chemometrics.py", import.meta.url));
  const { stdout, stderr } = spawnSync("/usr/bin/python3", [script, folder], { encoding: "utf8" });
  if (stdout) theirs = JSON.parse(stdout);
  else console.log(`no comparison with NumPy and SciPy: ${(stderr || "no /usr/bin/python3").trim()}`);
} finally {
  rmSync(folder, { recursive: true });
}

/** @param {number} seconds */
const shown = (seconds) => Number(seconds.toPrecision(3));
const table = Object.entries(times).flatMap(([name, time]) => {
  const { what } = cases[name === "iteration" ? "fourMore" : /** @type {keyof typeof cases} */ (name)];
  const own = time.compiled;
  return [
    { what, by: "operandose", s: shown(own), "times as long": 1 },
    ...(time.plain
      ? [
          {
            what,
            by: "operandose, plain TypeScript",
            s: shown(time.plain),
            "times as long": shown(time.plain / own),
          },
        ]
      : []),
    ...Object.entries(theirs[name] ?? {}).map(([by, s]) => ({
      what,
      by,
      s: shown(s),
      "times as long": shown(s / own),
    })),
  ];
});
console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}`,
);
console.table(table);
console.log(
  `peak memory: operandose ${peak.toFixed(2)} GB, Python ${Number(theirs.peak ?? Number.NaN).toFixed(2)} GB`,
);

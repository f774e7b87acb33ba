// @ts-check
// Coverage of the 95 % intervals of doseThreshold in simulated sets with known onset, and false thresholds of
// smooth responses. The result is recorded in docs/threshold.md.
//   npm run -s build && node bench/threshold-coverage.mjs [sets = 100] [only these, a pattern] [seed = 1]
import { doseThreshold } from "operandose";
import { random } from "../dist/compute/random.js";

const sets = Number(process.argv[2] ?? 100);
const only = new RegExp(process.argv[3] ?? "");
const seed = Number(process.argv[4] ?? 1);
const ONSET = 40;

const clamp = (/** @type {number} */ v) => Math.min(1, Math.max(0, v));
const over = (/** @type {number} */ x) => Math.max(0, x - ONSET);

/** Responses with the onset at 40. @type {Record<string, (x: number) => number>} */
const withOnset = {
  step: (x) => (x > ONSET ? 0.6 : 1),
  "ramp 40-60": (x) => 1 - 0.4 * clamp((x - 40) / 20),
  "ramp 40-80": (x) => 1 - 0.4 * clamp((x - 40) / 40),
  decay: (x) => Math.exp(-over(x) / 40),
  "broken line": (x) => 1 - 0.006 * over(x),
  parabola: (x) => 1 - 1e-4 * over(x) ** 2,
  "square root": (x) => 0.7 - 0.06 * Math.sqrt(over(x)),
  "rise that levels off": (x) => 0.2 + 0.5 * (1 - Math.exp(-over(x) / 15)),
  "smooth step": (x) => 1 - 0.5 * clamp((x - 40) / 40) ** 2 * (3 - 2 * clamp((x - 40) / 40)),
};

/** Responses without. @type {Record<string, (x: number) => number>} */
const without = {
  constant: () => 1,
  line: (x) => 1 - 0.004 * x,
  "parabola from 0": (x) => 1 - 5e-5 * x * x,
  exponential: (x) => Math.exp(-x / 60),
  power: (x) => 1 - 0.01 * x ** 0.8,
  Gaussian: (x) => Math.exp(-((x / 70) ** 2)),
  "sigmoid at 50": (x) => 1 - 0.6 / (1 + Math.exp(-(x - 50) / 6)),
  "steep sigmoid at 50": (x) => 1 - 0.6 / (1 + Math.exp(-(x - 50) / 2)),
  Hill: (x) => 1 / (1 + (x / 60) ** 4),
  "two sigmoids": (x) => 1 - 0.3 / (1 + Math.exp(-(x - 35) / 4)) - 0.3 / (1 + Math.exp(-(x - 85) / 4)),
  cosine: (x) => 0.5 + 0.5 * Math.cos(x / 50),
};

/**
 * Points at doses 0 to 120. @param {number} n @param {(x: number) => number} curve @param {number} sigma
 * @param {number} rho @param {number} key
 */
function points(n, curve, sigma, rho, key) {
  const draw = random(seed, n, key);
  const x = Array.from({ length: n }, (_, i) => (120 * i) / (n - 1));
  let e = draw.normal();
  const y = x.map((v, i) => {
    if (i > 0) e = rho * e + Math.sqrt(1 - rho * rho) * draw.normal();
    return curve(v) + sigma * e;
  });
  return /** @type {const} */ ([x, y]);
}

/**
 * A map of 64 x 32 pixels with noise common to squares of 2 x 2 pixels. @param {(x: number) => number} curve
 * @param {number} sigma @param {number} key
 */
function map(curve, sigma, key) {
  const draw = random(seed, 7, key);
  const [width, height] = [64, 32];
  const own = Array.from({ length: (width * height) / 4 }, () => draw.normal());
  const dose = Float64Array.from({ length: width * height }, (_, i) => {
    const [u, v] = [((i % width) - 31.5) / 20, (Math.floor(i / width) - 15.5) / 10];
    return 120 * Math.exp(-(u * u + v * v) / 2);
  });
  const block = (/** @type {number} */ i) =>
    Math.floor(i / width / 2) * (width / 2) + Math.floor((i % width) / 2);
  const values = dose.map((d, i) => curve(d) + sigma * (0.7 * own[block(i)] + 0.7 * draw.normal()));
  return /** @type {const} */ ([
    { values: dose, width, height },
    { values, width, height },
  ]);
}

/** @param {string} name @param {(key: number) => readonly [any, any]} make @param {boolean} truth */
function row(name, make, truth) {
  if (!only.test(name)) return;
  let [found, held, width] = [0, 0, 0];
  for (let k = 0; k < sets; k++) {
    const { threshold, interval } = doseThreshold(...make(k), { bootstrap: truth ? 400 : 0, seed: k });
    if (threshold === null) continue;
    found++;
    if (!interval) continue;
    // Tolerance for rounding of a dose at a limit.
    if (interval[0] <= ONSET + 1e-9 && interval[1] >= ONSET - 1e-9) held++;
    width += interval[1] - interval[0];
  }
  const share =
    truth && found > 0 ? `${((100 * held) / found).toFixed(0)} %, width ${(width / found).toFixed(1)}` : "";
  console.log(`| ${name} | ${found} of ${sets} | ${share} |`);
}

for (const [curves, truth] of /** @type {const} */ ([
  [withOnset, true],
  [without, false],
])) {
  for (const [name, curve] of Object.entries(curves)) {
    for (const n of [20, 40, 80]) {
      for (const sigma of [0.005, 0.01, 0.03]) {
        for (const rho of [0, 0.5, 0.8]) {
          row(
            `${name}, ${n} points, noise ${sigma}, rho ${rho}`,
            (k) => points(n, curve, sigma, rho, k),
            truth,
          );
        }
      }
    }
    row(`${name}, map, noise 0.03`, (k) => map(curve, 0.03, k), truth);
  }
}

// @ts-check
// How often the 95 % intervals of doseThreshold hold the true break, in simulated sets whose break is known, and how often sets
// without a threshold are given one. Its result is recorded in docs/threshold.md.
//   npm run -s build && node bench/threshold-coverage.mjs [sets = 500] [seed = 1]
import { doseThreshold } from "operandose";

const sets = Number(process.argv[2] ?? 500);
const seed = Number(process.argv[3] ?? 1);
const BREAK = 40;

/** Uniform and normal numbers (mulberry32 and Box-Muller): the truth has a generator of its own. @param {number} key */
function noise(key) {
  let state = (seed * 0x9e3779b1 + key * 0x85ebca6b) >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) uniform();
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/** @type {Record<string, (x: number) => number>} */
const courses = {
  "level, then falls": (x) => 1 - 0.005 * Math.max(0, x - BREAK),
  "falls, then faster": (x) => 1 - 0.002 * x - 0.006 * Math.max(0, x - BREAK),
  constant: () => 1,
  line: (x) => 1 - 0.004 * x,
  "levels off": (x) => Math.exp(-x / 30),
};

/** @type {Record<string, (x: number) => number>} */
const scatters = {
  even: () => 0.02,
  "growing with dose": (x) => 0.008 + 0.0003 * x,
};

/** Points at doses 0 to 100. @param {number} n @param {(x: number) => number} course @param {(x: number) => number} scatter @param {number} key */
function points(n, course, scatter, key) {
  const { uniform, normal } = noise(key);
  const x = Array.from({ length: n }, (_, i) => (100 * (i + uniform())) / n);
  return { x, y: x.map((v) => course(v) + scatter(v) * normal()), options: {} };
}

/** A map: a beam of 0 to 100, and noise that neighbours share over `length` pixels (0: none). */
function map(
  /** @type {number} */ length,
  /** @type {(x: number) => number} */ course,
  /** @type {number} */ key,
) {
  const [width, height] = [128, 64];
  const { normal } = noise(key);
  const n = width * height;
  const dose = Float64Array.from({ length: n }, (_, i) => {
    const [u, v] = [((i % width) - 63.5) / 40, (Math.floor(i / width) - 31.5) / 20];
    return 100 * Math.exp(-(u * u + v * v) / 2);
  });
  const white = Float64Array.from({ length: n }, normal);
  const shared =
    length > 0 ? blur(blur(white, width, height, length, 1), width, height, length, width) : white;
  const size = Math.sqrt(shared.reduce((sum, v) => sum + v * v, 0) / n);
  const values = shared.map((v, i) => course(dose[i]) + (0.04 * v) / size);
  const image = { width, height };
  return { x: { values: dose, ...image }, y: { values, ...image }, options: {} };
}

/** Gaussian blur along one axis, round the edge. @param {Float64Array} a @param {number} width @param {number} height @param {number} sigma @param {number} stride */
function blur(a, width, height, sigma, stride) {
  const period = stride === 1 ? width : height;
  const reach = Math.ceil(3 * sigma);
  return a.map((_, i) => {
    const at = stride === 1 ? i % width : Math.floor(i / width);
    let sum = 0;
    for (let k = -reach; k <= reach; k++) {
      const j = (((at + k) % period) + period) % period;
      sum += a[i + (j - at) * stride] * Math.exp(-(k * k) / (2 * sigma * sigma));
    }
    return sum;
  });
}

/** @typedef {{ x: any, y: any, options: object }} Set */
/** @type {{ name: string, before: "level" | "slope", truth: boolean, make: (key: number) => Set }[]} */
const designs = [];
for (const [before, course] of /** @type {const} */ ([
  ["level", "level, then falls"],
  ["slope", "falls, then faster"],
])) {
  for (const n of before === "level" ? [12, 20, 40, 80] : [40, 80]) {
    for (const [scatter, of] of Object.entries(scatters)) {
      designs.push({
        name: `${n} points, ${scatter}, ${course}`,
        before,
        truth: true,
        make: (k) => points(n, courses[course], of, k),
      });
    }
  }
  for (const length of [0, 1, 3]) {
    designs.push({
      name: `map 128 x 64, noise shared over ${length} px, ${course}`,
      before,
      truth: true,
      make: (k) => map(length, courses[course], k),
    });
  }
}
for (const before of /** @type {const} */ (["level", "slope"])) {
  for (const course of ["constant", "line", "levels off"]) {
    for (const n of [12, 80]) {
      for (const [scatter, of] of Object.entries(scatters)) {
        designs.push({
          name: `${n} points, ${scatter}, ${course}`,
          before,
          truth: false,
          make: (k) => points(n, courses[course], of, k),
        });
      }
    }
    for (const length of [0, 3]) {
      designs.push({
        name: `map 128 x 64, noise shared over ${length} px, ${course}`,
        before,
        truth: false,
        make: (k) => map(length, courses[course], k),
      });
    }
  }
}

const only = process.argv[4];
for (const { name, before, truth, make } of designs) {
  if (only && !`${name} ${before} ${truth}`.match(only)) continue;
  let [found, bootstrap, profile, width] = [0, 0, 0, 0];
  for (let k = 0; k < sets; k++) {
    const { x, y, options } = make(k + 1);
    const t = doseThreshold(x, y, { before, seed: k, bootstrap: truth ? 400 : 0, ...options });
    if (t.threshold === null) continue;
    found++;
    if (!t.interval || !t.profileInterval) continue;
    if (t.interval[0] <= BREAK && BREAK <= t.interval[1]) bootstrap++;
    if (t.profileInterval[0] <= BREAK && BREAK <= t.profileInterval[1]) profile++;
    width += t.interval[1] - t.interval[0];
  }
  const share = (/** @type {number} */ v) => `${((100 * v) / found).toFixed(1)} %`;
  const held = truth
    ? `interval ${share(bootstrap)}, profile ${share(profile)}, mean width ${(width / found).toFixed(1)}`
    : "";
  console.log(`before: ${before} | ${name} | threshold in ${found} of ${sets} | ${held}`);
}

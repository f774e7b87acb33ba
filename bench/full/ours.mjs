// @ts-check
// This library's part of bench/full.mjs, in its own process: one case, results as JSON.
//   node bench/full/ours.mjs FOLDER CASE WORKERS CUBES
import { join } from "node:path";
import { Cube, rockCell } from "operandose";
import { energiesOf, species } from "./recording.mjs";

const [folder, what, workers, cubes] = process.argv.slice(2);
const options = { workers: Number(workers) };
const nCubes = Number(cubes);
/** @param {string} name */
const at = (name) => join(folder, name);
/** @param {number[]} which */
const load = (...which) =>
  Cube.load({
    sample: which.map((i) => at(`cube-${i}.edf`)),
    flat: at("flat.edf"),
    foil: at("foil.edf"),
    dark: at("dark.edf"),
    edge: "Ni K",
    pixelSize: 1.625,
    flux: 1e12,
    saturation: 65535,
  });
const WINDOWS = {
  e0: 8342,
  pre: /** @type {[number, number]} */ ([-60, -20]),
  post: /** @type {[number, number]} */ ([50, 530]),
};

/** @param {Cube} cube */
async function reduce(cube) {
  const { nEnergies } = { nEnergies: cube.schema.energies.length };
  const S = [0, 1, 2].map((j) => energiesOf(nEnergies).map((e) => species(j, e)));
  const part = { half: 1024, quarter: 512 }[what];
  const cropped = part === undefined ? cube : cube.crop({ x: [0, part] });
  const chain = cropped.calibrate({ degree: 1 }).absorb().bin(4).doseRate(rockCell());
  // A tenth of the pixels each.
  const rates = Float64Array.from((await chain.map("doseRate")).values).sort();
  const between = (/** @type {number} */ a, /** @type {number} */ b) =>
    /** @type {[number, number]} */ ([
      rates[Math.floor(a * rates.length)] / 1e3,
      rates[Math.floor(b * rates.length)] / 1e3,
    ]);
  const { fit, low, high } = await chain.normalize(WINDOWS).compute({
    fit: (c) => c.fit(S, options),
    low: (c) => c.mask(between(0.05, 0.15)).spectrum(options),
    high: (c) => c.mask(between(0.85, 0.95)).spectrum(options),
  });
  return { fit, low, high };
}

const runs = [];
/** @type {Awaited<ReturnType<typeof reduce>> | undefined} */
let last;
for (let i = 0; i <= nCubes; i++) {
  const cube = what === "average" ? load(0, 1, 2, 3, 4, 5, 6, 7, 8, 9).average() : load(i % 8);
  const start = performance.now();
  const cpu = process.cpuUsage();
  last = await reduce(cube);
  const { user, system } = process.cpuUsage(cpu);
  runs.push({ wall: (performance.now() - start) / 1e3, cpu: (user + system) / 1e6 });
}
const c = last?.fit.C.to1DArray() ?? [];
console.log(
  JSON.stringify({
    // The first cube also computes the common results: shift, dose map, logarithms of the flat field.
    first: runs[0],
    runs: runs.slice(1),
    memory: process.resourceUsage().maxRSS / 1e6,
    C: Array.from({ length: 32 }, (_, i) => c[(2000 + 1999 * i) * 3]),
    R: last?.fit.rFactor[1000],
    low: last?.low.values[300],
  }),
);

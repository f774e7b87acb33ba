// @ts-check
// This library's part of bench/full.mjs, in a process of its own: each line on its input is a run, answered with a line of JSON.
//   node bench/full/ours.mjs FOLDER CASE WORKERS
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { Cube, rockCell } from "operandose";
import { energiesOf, species } from "./recording.mjs";

const [folder, what, workers] = process.argv.slice(2);
const options = { workers: Number(workers) };
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
  const nEnergies = cube.schema.energies.length;
  const S = [0, 1, 2].map((j) => energiesOf(nEnergies).map((e) => species(j, e)));
  const part = { half: 1024, quarter: 512 }[what];
  const cropped = part === undefined ? cube : cube.crop({ x: [0, part] });
  const chain = cropped.calibrate({ degree: 1 }).absorb().bin(4).doseRate(rockCell());
  if (what === "series") return (await chain.normalize(WINDOWS).spectra(options)).data;
  masks ??= await masksOf(chain);
  const { low, high } = masks;
  const { fit } = await chain.normalize(WINDOWS).compute({
    fit: (c) => c.fit(S, options),
    low: (c) => c.mask(low).spectrum(options),
    high: (c) => c.mask(high).spectrum(options),
  });
  return fit.profile("Cp1");
}

/** @type {Awaited<ReturnType<typeof masksOf>> | undefined} */
let masks;

/** Dose rates of a tenth of the pixels each, kGy/s. @param {Cube} chain */
async function masksOf(chain) {
  const rates = Float64Array.from((await chain.map("doseRate", options)).values).sort();
  const between = (/** @type {number} */ a, /** @type {number} */ b) =>
    /** @type {[number, number]} */ ([
      rates[Math.floor(a * rates.length)] / 1e3,
      rates[Math.floor(b * rates.length)] / 1e3,
    ]);
  return { low: between(0.05, 0.15), high: between(0.85, 0.95) };
}

let run = 0;
for await (const _ of createInterface({ input: process.stdin })) {
  const cube =
    what === "average"
      ? load(0, 1, 2, 3, 4, 5, 6, 7, 8, 9).average()
      : what === "series"
        ? load(0, 1, 2, 3)
        : load(run % 2);
  const start = performance.now();
  const cpu = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  const numbers = await reduce(cube);
  const { user, system } = process.cpuUsage(cpu);
  const answer = {
    wall: (performance.now() - start) / 1e3,
    cpu: (user + system) / 1e6,
    /** Time in which the main thread was busy. */
    main: performance.eventLoopUtilization(loop).active / 1e3,
    memory: process.resourceUsage().maxRSS / 1e6,
    some: Array.from({ length: 32 }, (_, i) => numbers[(2000 + 1999 * i) % numbers.length]),
  };
  console.log(JSON.stringify(answer));
  run++;
}
process.exit(0);

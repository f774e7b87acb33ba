// @ts-check
// How long Eqs. 1-3 take over a flat field that is in memory already, against one memory copy of it, in one run.
//   npm run build && node bench/dose.mjs
//
// Measured on two shared, loaded cores, Node 20.20, as ratios to the copy: 14 with one loop a pixel, 5 with the plain loops of
// lib/dose/dose-rate-kernels.ts (OPERANDOSE_KERNELS=plain), 1.9 compiled: 0.8 to bring the frames into the kernels' memory, 0.3
// for their sums, 0.6 to add them, which waits for the cache that the cores share.
import { cpus } from "node:os";
import { doseRateMap, rockCell } from "operandose";

const shape = /** @type {const} */ ([580, 187, 512]);
const [nEnergies, height, width] = shape;
const data = new Float32Array(nEnergies * height * width);
for (let i = 0; i < data.length; i++) data[i] = 1000 + (i % 997);
const copy = new Float32Array(data.length);
const settings = {
  flat: { data, shape },
  energies: Float64Array.from({ length: nEnergies }, (_, k) => 8266 + (612 * k) / (nEnergies - 1)),
  stack: rockCell(),
  flux: 1.041e12,
  pixelSize: 6.5,
};

/**
 * Processor time of each of some runs, s; wall time would count what others do on this machine.
 *
 * @param {() => unknown} work
 */
function times(work, runs = 9) {
  work(); // touches the memory and warms the compiler
  return Array.from({ length: runs }, () => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  }).sort((a, b) => a - b);
}

// In turn, so that a busy neighbour slows both.
const rounds = Array.from({ length: 3 }, () => ({
  copied: times(() => copy.set(data)),
  mapped: times(() => doseRateMap(settings)),
}));
console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0].model}; ${shape.join(" x ")} float32`);
console.table(
  rounds.map(({ copied, mapped }) => ({
    "copy, best s": copied[0],
    "copy, median s": copied[4],
    "map, best s": mapped[0],
    "map, median s": mapped[4],
    "ratio of best": Number((mapped[0] / copied[0]).toFixed(2)),
    "ratio of medians": Number((mapped[4] / copied[4]).toFixed(2)),
  })),
);

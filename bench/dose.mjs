// @ts-check
// Time of Eqs. 1-3 for a flat field in memory, relative to one memory copy of it, in one run.
//   npm run build && node bench/dose.mjs
//
// Measured on two shared cores under a load of 2 to 4, Node 20.20, median of 41 pairs, as ratio to the copy:
// 1.35 to 1.43 (best 1.2). Of this, 0.7 copy the frames into the memory of the kernels, 0.2 sum them, 0.3 to
// 0.5 add them (waiting for the shared cache), and 0.05 is the rest. With one loop per pixel it was 14, with
// the plain loops (OPERANDOSE_KERNELS=plain) 5.
import { cpus, loadavg } from "node:os";
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
 * Processor time of a run, s, because wall time includes other load on the machine.
 *
 * @param {() => unknown} work
 */
function seconds(work) {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const copying = () => copy.set(data);
const mapping = () => doseRateMap(settings);
// Touches the memory and warms the compiler.
copying();
mapping();
// Alternating, so that other load slows both.
const pairs = Array.from({ length: 41 }, () => ({ copied: seconds(copying), mapped: seconds(mapping) }));

/** @param {readonly number[]} values @param {number} share */
const quantile = (values, share) =>
  Number([...values].sort((a, b) => a - b)[Math.round(share * (values.length - 1))].toPrecision(3));
console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0].model}; ${shape.join(" x ")} float32`);
console.log(
  `load ${loadavg()
    .map((v) => v.toFixed(1))
    .join(", ")} (1, 5, 15 min), ${pairs.length} pairs`,
);
const columns = {
  "copy, s": pairs.map(({ copied }) => copied),
  "map, s": pairs.map(({ mapped }) => mapped),
  "map / copy": pairs.map(({ copied, mapped }) => mapped / copied),
};
console.table(
  Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [
      name,
      {
        best: quantile(values, 0),
        "10 %": quantile(values, 0.1),
        median: quantile(values, 0.5),
        "90 %": quantile(values, 0.9),
      },
    ]),
  ),
);

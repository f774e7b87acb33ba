// @ts-check
// One large file of images: described, and summed over its pixels at each energy, in a process of its own. Prints the seconds and
// the largest memory, which are those of the whole process.
import { parseArgs } from "node:util";
import { Cube, describe } from "../../dist/index.js";

const { positionals } = parseArgs({ allowPositionals: true });
const [sample, first, last, n] = positionals;
const energies = Array.from(
  { length: Number(n) },
  (_, k) => Number(first) + (k * (Number(last) - Number(first))) / (Number(n) - 1),
);
const begin = performance.now();
await describe(sample);
const described = performance.now();
const small = process.resourceUsage().maxRSS / 1e6;
const { values } = await Cube.load({ sample, energies }).spectrum();
const streamed = performance.now();
if (values.length !== energies.length || !values.every((value) => value > 0)) throw new Error("no counts");
const report = {
  described: (described - begin) / 1000,
  describing: small,
  streamed: (streamed - described) / 1000,
  memory: process.resourceUsage().maxRSS / 1e6,
};
process.stdout.write(JSON.stringify(report));

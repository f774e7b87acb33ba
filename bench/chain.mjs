// @ts-check
// Time of the chain on the demonstration recording, all in one run; only ratios are comparable between
// machines.
//   npm start && node bench/chain.mjs
import { cpus } from "node:os";
import { Cube, demonstrationFolder, mcrAls, rockCell } from "operandose";

const stack = rockCell();
const charge = () => Cube.load().absorb().bin(4).doseRate(stack).mask([0.7, 1.0]).normalize();
const spot = () => Cube.load(demonstrationFolder(), { part: "holdC" }).absorb().bin(4).normalize();

/**
 * @param {string} what
 * @param {() => Promise<unknown> | unknown} work
 */
async function time(what, work) {
  // Warms the page cache and the compiler.
  await work();
  const runs = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await work();
    runs.push((performance.now() - start) / 1e3);
  }
  return {
    what,
    "best, s": Number(Math.min(...runs).toFixed(3)),
    "median, s": Number(runs.sort((a, b) => a - b)[1].toFixed(3)),
  };
}

const resolved = await charge().mcrAls(3);
const rows = resolved.data.toRows();
const results = [];
for (const workers of [1, 2]) {
  results.push(
    await time(`charge, 36 cubes, masked spectra, ${workers} worker(s)`, () => charge().spectra({ workers })),
  );
  results.push(
    await time(`spot C, fit of 3 species in every pixel, ${workers} worker(s)`, () =>
      spot().fit(resolved, { workers }),
    ),
  );
}
results.push(await time("MCR-ALS of the charge, to convergence", () => mcrAls(rows, { components: 3 })));
console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0].model}`);
console.table(results);
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB`);

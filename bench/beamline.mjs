// @ts-check
// Time and memory of the simulated beamline: a full-size cube (580 x 748 x 2048 with photon noise) on two
// workers, and, on request, the demonstration in both configurations.
//   npm run build && node bench/beamline.mjs [demo]
//
// Processor time of all threads is measured, because wall time includes other load on the machine; on two
// idle cores a cube takes half of it. Every tenth frame of some cubes is recorded to disk, and the time
// before the first frame is subtracted. Limits: 15 s per cube on two workers, 1 GB; 90 s for the
// demonstration in both configurations.
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { simulate } from "../dist/beamline/simulate.js";

const root = mkdtempSync(join(tmpdir(), "operandose-bench-"));
const workers = 2;

/**
 * Processor and wall time of a recording, s.
 *
 * @param {"farther" | "closer"} name
 * @param {Omit<import("../dist/beamline/simulate.js").SimulateOptions, "seed" | "out">} options
 */
async function timed(name, options) {
  const out = join(root, name);
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  await simulate(name, { ...options, seed: 1, out, workers });
  const { user, system } = process.cpuUsage(cpu);
  rmSync(out, { recursive: true });
  return { cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1e3 };
}

console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0].model}; ` +
    `a billion steps of a linear congruence take ${reference().toFixed(1)} s of processor time, 1.6 s at an undisturbed 2.5 GHz`,
);
/** Current speed of the processor, which decreases with other load. */
function reference() {
  const start = process.cpuUsage();
  let state = 1;
  for (let i = 0; i < 1e9; i++) state = (Math.imul(state, 1664525) + 1013904223) | 0;
  const { user } = process.cpuUsage(start);
  return state === 0 ? 0 : user / 1e6;
}

try {
  for (const name of /** @type {const} */ (["farther", "closer"])) {
    // Two cubes each of flat, foil and sample.
    const one = /** @type {const} */ ({ scale: "full", only: ["ocv"], cubes: 2 });
    // Warms the compiler.
    await timed(name, { ...one, every: 290 });
    const before = await timed(name, { ...one, every: 290 });
    const all = await timed(name, { ...one, every: 10 });
    const cube = ((all.cpu - before.cpu) * 580) / (6 * (58 - 2));
    console.log(
      `${name}: a full-size cube takes ${cube.toFixed(1)} s of one core, ${(cube / workers).toFixed(1)} s on ${workers} workers; ` +
        `before the first frame ${before.cpu.toFixed(1)} s; peak memory ${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB`,
    );
  }
  if (process.argv[2] === "demo") {
    let sum = 0;
    for (const name of /** @type {const} */ (["farther", "closer"])) {
      const { cpu, wall } = await timed(name, { scale: "demo" });
      sum += cpu / workers;
      console.log(
        `${name}: the demonstration takes ${cpu.toFixed(0)} s of one core, ${wall.toFixed(0)} s by the clock`,
      );
    }
    console.log(
      `both: ${sum.toFixed(0)} s on ${workers} idle cores; peak memory ${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB`,
    );
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}

// @ts-check
// Coverage of the interval of the dose threshold for the onset in the simulation's own state, over recordings
// with other seeds. The result is recorded in docs/threshold.md.
//   npm run -s build && node bench/threshold-repeats.mjs [seeds = 20] [scale = tiny] [damage model] [focus]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cube, configure, doseThreshold, rockCell, simulate, thresholdDamage } from "operandose";
// Only the bench knows the truth; the analysis never does.
import { truth } from "../dist/beamline/truth.js";
import { random } from "../dist/compute/random.js";

const seeds = Number(process.argv[2] ?? 20);
const scale = /** @type {"tiny" | "demo"} */ (process.argv[3] ?? "tiny");
const only = process.argv[4];
const focus = /** @type {"farther" | "closer"} */ (process.argv[5] ?? "farther");
const stack = rockCell();

/** @type {Record<string, any>} */
const models = {
  calibrated: "calibrated",
  "threshold at 35 MGy": thresholdDamage({ dose: 35 }),
  "threshold at 35 MGy, half of the rates left": thresholdDamage({ dose: 35, left: 0.5 }),
  none: "none",
};

/**
 * The usual chain: dose map, and Cp3 fitted to spot C. The species come from the charge at the farther focus.
 * @param {string} charge @param {string} folder
 */
async function analyze(charge, folder) {
  const start = (/** @type {string} */ folder, /** @type {string | undefined} */ part) => {
    const cube = Cube.load(folder, part ? { part } : {})
      .calibrate()
      .absorb();
    return (scale === "tiny" ? cube : cube.bin(4)).doseRate(stack);
  };
  const resolved = await start(charge, undefined).mask([0.7, 1.0]).mcrAls(3);
  const spotC = start(folder, "holdC").dose();
  const dose = await spotC.map("dose");
  const fit = await spotC.fit(resolved);
  const step = spotC.steps.find(({ verb }) => verb === "dose");
  const { seconds } = /** @type {any} */ (step);
  return { dose, fit, seconds };
}

/**
 * The onset in the state of the simulation, with pixel noise as in the recording. @param {any} damage @param
 * {number} seconds @param {number} sigma
 */
function trueOnset(damage, seconds, sigma) {
  const own = truth(configure(focus, { damage }), scale);
  const { rows: height, columns: width } = own.grid;
  const dose = { values: own.doseRate.map((rate) => (rate * seconds) / 1000), width, height, unit: "MGy" };
  const cp3 = own.concentrations(own.holdCubes.C)[2];
  const onsets = Array.from({ length: 9 }, (_, k) => {
    const draw = random(101, k);
    const values = Float64Array.from(cp3, (c) => c + sigma * draw.normal());
    return doseThreshold(dose, { values, width, height }, { bootstrap: 0, blocks: { size: 1 } }).threshold;
  });
  const found = onsets.flatMap((v) => (v === null ? [] : [v])).sort((a, b) => a - b);
  return found.length > onsets.length / 2 ? found[found.length >> 1] : null;
}

for (const [name, damage] of Object.entries(models)) {
  if (only && !name.includes(only)) continue;
  let [found, held, byCurve, heldByCurve] = [0, 0, 0, 0];
  /** @type {number[]} */
  const thresholds = [];
  /** @type {number | null | undefined} */
  let known;
  for (let seed = 1; seed <= seeds; seed++) {
    const out = mkdtempSync(join(tmpdir(), "threshold-"));
    try {
      const folders = { farther: join(out, "farther"), closer: join(out, "closer") };
      for (const name of new Set(/** @type {const} */ (["farther", focus])))
        await simulate(name, { scale, seed, out: folders[name], damage, workers: 1 });
      const { dose, fit, seconds } = await analyze(folders.farther, folders[focus]);
      const t = fit.threshold(dose, "Cp3");
      const c = fit.against(dose, { step: 3 }).threshold("Cp3");
      known ??= trueOnset(damage, seconds, scatterOf(fit.unboundedMap("Cp3")));
      const holds = (/** @type {any} */ one) =>
        one.interval && typeof known === "number" && one.interval[0] <= known && known <= one.interval[1];
      if (t.threshold !== null) found++;
      if (c.threshold !== null) byCurve++;
      if (holds(t)) held++;
      if (holds(c)) heldByCurve++;
      if (t.threshold !== null) thresholds.push(t.threshold);
      if (process.env.DETAILS)
        console.log(
          name,
          seed,
          known,
          t.model,
          t.threshold,
          t.interval,
          "|",
          c.model,
          c.threshold,
          c.interval,
        );
    } finally {
      rmSync(out, { recursive: true });
    }
  }
  const mean = thresholds.reduce((a, b) => a + b, 0) / thresholds.length;
  const spread = Math.sqrt(
    thresholds.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, thresholds.length - 1),
  );
  console.log(
    `${name} | onset of the state ${known === null ? "none" : known?.toFixed(1)} | map: ${found} of ${seeds} found, ${held} hold, mean ${mean.toFixed(1)}, scatter ${spread.toFixed(2)} | steps of 3 MGy: ${byCurve} found, ${heldByCurve} hold`,
  );
}

/** Standard deviation of a pixel's noise, from the differences of neighbors along rows. @param {any} map */
function scatterOf({ values, width }) {
  const steps = Array.from(values.slice(1), (v, i) =>
    (i + 1) % width === 0 ? Number.NaN : Math.abs(v - values[i]),
  );
  const sizes = steps.filter(Number.isFinite).sort((a, b) => a - b);
  // The median of |difference| of two normal numbers is 0.954 sigma.
  return sizes[sizes.length >> 1] / 0.954;
}

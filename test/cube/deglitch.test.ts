// Glitches of the diamond window on simulated recordings, whose grains are the truth.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configure } from "../../lib/beamline/configurations.js";
import { diffract, grains } from "../../lib/beamline/devices/window.js";
import { hash } from "../../lib/beamline/names.js";
import { simulate } from "../../lib/beamline/simulate.js";
import { truth } from "../../lib/beamline/truth.js";
import { Cube } from "../../lib/cube/cube.js";
import type { CubeData } from "../../lib/cube/results/cube-data.js";
import { ArgumentError, SchemaError } from "../../lib/errors.js";

const folder = mkdtempSync(join(tmpdir(), "operandose-deglitch-"));
const SEED = 1;
/** Two single sweeps, 580 energies, 24 x 64 pixels of 52 um. */
const config = configure("farther", { protocol: { chargeCubes: 2 }, texture: { rms: 0.05, length: 150 } });
let cube: Cube;
let raw: CubeData;
/** By how much absorbance is too large, [energies][pixels]. */
let excess: Float32Array[];

beforeAll(async () => {
  await simulate(config, { scale: "tiny", seed: SEED, out: folder, only: ["charge"] });
  cube = Cube.load(folder).absorb();
  raw = await cube.compute();
  const { grid } = truth(config, "tiny");
  const list = grains(512 * 6.5e-3, 187 * 6.5e-3, 580, SEED, hash(config.name), hash("C"));
  excess = Array.from({ length: 580 }, (_, k) => {
    const light = new Float32Array(grid.rows * grid.columns).fill(1);
    for (const grain of list) diffract(grain, k, grid, light);
    return light.map((v) => -Math.log(v));
  });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Every sample with a value: the excess of its absorbance, and whether it is changed. */
function eachSample({ data }: CubeData, visit: (excess: number, value: number, at: number) => void): void {
  const [nTimes, nEnergies, height, width] = raw.shape;
  for (let t = 0, at = 0; t < nTimes; t++) {
    for (let k = 0; k < nEnergies; k++) {
      for (let p = 0; p < height * width; p++, at++) {
        if (!Number.isNaN(raw.data[at])) visit(excess[k][p], data[at], at);
      }
    }
  }
}

describe("glitches of the diamond window", () => {
  test("are found, and hardly anything else", async () => {
    const clean = await cube.deglitch({ replace: "missing" }).compute();
    const bins = { strong: [0, 0], weak: [0, 0], none: [0, 0] };
    eachSample(clean, (d, value) => {
      if (d > 1e-4 && d < 0.02) return;
      const bin = d > 0.05 ? bins.strong : d > 0.02 ? bins.weak : bins.none;
      bin[0]++;
      if (Number.isNaN(value)) bin[1]++;
    });
    const rate = ([all, found]: number[]) => found / all;
    expect(bins.strong[0]).toBeGreaterThan(50);
    // Noise of a sample is 0.003 in the bright part and 0.02 at the border of the beam.
    expect(rate(bins.strong)).toBeGreaterThan(0.95);
    expect(rate(bins.weak)).toBeGreaterThan(0.8);
    expect(rate(bins.none)).toBeLessThan(1e-4);
    expect(clean.summary()).toMatch(/; deglitch: \d+ samples replaced/);
  });

  test("are interpolated to what the pixel would show without them", async () => {
    const clean = await cube.deglitch({ replace: "interpolated" }).compute();
    let [n, before, after] = [0, 0, 0];
    eachSample(clean, (d, value, at) => {
      if (d < 0.05 || value === raw.data[at]) return;
      n++;
      before += d;
      after += Math.abs(value - (raw.data[at] - d));
    });
    expect(n).toBeGreaterThan(50);
    expect(before / n).toBeGreaterThan(0.07);
    expect(after / n).toBeLessThan(0.02);
  });

  test("are counted in a map, binned and averaged alike", async () => {
    const chain = cube.deglitch({ replace: "interpolated" });
    const { invalid } = await chain.compute();
    const sum = async (c: Cube) => (await c.map("glitches")).values.reduce((s, v) => s + (v || 0), 0);
    expect(await sum(chain)).toBe(invalid.glitches);
    expect(await sum(chain.bin(2))).toBeCloseTo(invalid.glitches ?? 0, 3);
    expect(await sum(chain.average().normalize())).toBeCloseTo(invalid.glitches ?? 0, 3);
    const part = await chain.mask({ x: [10, 30], y: [4, 20] }).map("glitches");
    const whole = await chain.map("glitches");
    for (let y = 4; y < 20; y++) {
      for (let x = 10; x < 30; x++) expect(part.values[y * 64 + x]).toBe(whole.values[y * 64 + x]);
    }
  });
});

describe("deglitch refuses", () => {
  test("counts, and a chain that does not say what becomes of glitches", async () => {
    expect(() => Cube.load(folder).deglitch({ replace: "missing" })).toThrow(SchemaError);
    expect(() => cube.deglitch({} as never)).toThrow(ArgumentError);
    expect(() => cube.deglitch(undefined as never)).toThrow(
      'deglitch: expected { replace: "missing" | "interpolated" }, got none',
    );
    await expect(cube.map("glitches")).rejects.toThrow(
      'map("glitches"): expected a cube with .deglitch(), got none',
    );
  });
});

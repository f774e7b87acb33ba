// Through files and the ordinary chain, a known truth comes back.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { ArgumentError } from "../../lib/errors.js";
import { firstInflection } from "../../lib/xas/edge.js";
import { foilSpectrum, type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

let small: SmallExperiment;
beforeAll(() => {
  small = smallExperiment({ height: 16, width: 16, nTimes: 6 });
});
afterAll(() => rmSync(small.folder, { recursive: true }));

describe("a small experiment", () => {
  test("gives back the energy shift of each row", async () => {
    const shift = await Cube.load(small.folder).calibrate({ degree: 1 }).absorb().bin(2).map("shift");
    const mean = shift.statistics().mean;
    for (let y = 0; y < 8; y++) {
      const truth = (small.shift(2 * y) + small.shift(2 * y + 1)) / 2;
      expect(Math.abs(shift.values[y * 8 + 4] - mean - truth)).toBeLessThan(0.02);
    }
    // The foil's own first inflection is known to a fraction of the 2 eV between two energies.
    const axis = Float64Array.from({ length: 1200 }, (_, i) => 8300 + i * 0.1);
    expect(
      Math.abs(mean - (8333 - firstInflection(axis, axis.map(foilSpectrum), { near: 8333 }))),
    ).toBeLessThan(0.3);
  });

  test("gives back the share of the second species in each cube", async () => {
    const cube = Cube.load(small.folder).calibrate({ degree: 1 }).absorb().bin(2).normalize();
    // The end members are the first and the last spectrum, normalized the same way.
    const rows = (await cube.spectra()).toRows();
    const fit = await cube.fit([rows[0], rows[rows.length - 1]]);
    const got = fit.profile("Cp2");
    for (const [t, share] of small.share.entries()) expect(Math.abs(got[t] - share)).toBeLessThan(0.004);
  });

  test("says beside the dose which beam it does not count", async () => {
    const path = join(small.folder, "experiment.json");
    const before = readFileSync(path, "utf8");
    const manifest = JSON.parse(before);
    const { spot } = manifest.exposure[0];
    const slits = { width: 0.5, height: 0.4 };
    const partial = [
      { spot, start: -100, end: -60, ...slits },
      { spot, start: -80, end: -50, ...slits },
      { spot: "elsewhere", start: -50, end: -20, ...slits },
    ];
    const cube = (): Cube => Cube.load(small.folder).absorb().doseRate();
    expect(cube().dose().explain()).not.toContain("not counted");
    try {
      writeFileSync(path, JSON.stringify({ ...manifest, partialExposure: partial }));
      const dose = cube().dose();
      expect(dose.steps.at(-1)).toMatchObject({ partial: { seconds: 50, ...slits } });
      expect(dose.explain()).toContain(
        "50 s of beam behind slits on the middle 0.5 x 0.4 mm are not counted",
      );
      expect((await dose.map("dose")).summary()).toContain("are not counted");
      expect(cube().dose({ seconds: 10 }).explain()).not.toContain("not counted");
    } finally {
      writeFileSync(path, before);
    }
  });

  test("gives the same shares for a scan that ends 87 eV above the edge", async () => {
    const cube = Cube.load(small.folder)
      .calibrate({ degree: 1 })
      .crop({ energy: [8290, 8420] })
      .absorb()
      .bin(2);
    const normalized = cube.normalize();
    expect(normalized.explain()).toMatch(
      /post-edge degree 0 50 to 8\d(\.\d)? eV \(by default\), a short scan: .* about 6 %/,
    );
    const rows = (await normalized.spectra()).toRows();
    const fit = await normalized.fit([rows[0], rows[rows.length - 1]]);
    const got = fit.profile("Cp2");
    // Fewer energies: twice the error of the whole scan.
    for (const [t, share] of small.share.entries()) expect(Math.abs(got[t] - share)).toBeLessThan(0.008);
    expect(fit.provenance.steps.at(-1)).toMatchObject({
      degree: 0,
      byRule: ["pre", "post", "preDegree", "degree"],
    });
    expect(() => cube.normalize({ post: [50, 540] })).toThrow(ArgumentError);
    expect(() => cube.normalize({ flaten: false } as never)).toThrow('did you mean "flatten"?');
  });

  test("resolves the same from the spectra alone", async () => {
    const mcr = await Cube.load(small.folder).calibrate({ degree: 1 }).absorb().bin(2).mcrAls(2);
    const got = mcr.profile("Cp2");
    for (const [t, share] of small.share.entries()) expect(Math.abs(got[t] - share)).toBeLessThan(0.02);
    expect(mcr.lackOfFit.experimental).toBeLessThan(0.2);
    const single = await mcr.fit(Cube.load(small.folder).calibrate({ degree: 1 }).absorb().bin(2).average());
    const truth = (small.share.reduce((s, v) => s + v, 0) + small.share[1]) / (small.share.length + 1); // cube 1 holds two sweeps
    expect(single.map("Cp2").statistics().mean).toBeCloseTo(truth, 1);
  });

  test("counts what it leaves out and carries its provenance", async () => {
    const result = await Cube.load(small.folder).absorb().average().spectra();
    // One saturated pixel in each of 150 frames of 6 cubes and 2 flats; the dead one is below the dark everywhere.
    expect(result.invalid.saturated).toBe(150 * (6 + 2));
    expect(result.invalid.nonPositive).toBeGreaterThanOrEqual(150 * 6);
    expect(result.summary()).toContain("saturated");
    expect(result.provenance.inputs.map((f) => f.path.split("/").at(-1))).toContain("flat2.edf");
    expect(result.provenance.inputs[0].fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  test("conserves the power of the beam in the dose-rate map", async () => {
    const cube = Cube.load(small.folder).doseRate(undefined, { convention: "dense", fluxEnergy: null });
    const map = await cube.map("doseRate");
    const energies = small.energies;
    const step = cube.steps[0];
    if (step.verb !== "doseRate") throw new Error("unreachable");
    const { Stack } = await import("../../lib/dose/stack.js");
    const stack = Stack.from(step.stack);
    const mean = energies.reduce((s, e) => s + stack.doseRatePerFluence(e, "dense"), 0) / energies.length;
    const area = 6.5e-6 ** 2;
    const sum = map.values.reduce((s, v) => s + (Number.isNaN(v) ? 0 : v), 0);
    expect((sum * area) / (1e12 * mean)).toBeCloseTo(1, 6); // the map is float32
  });
});

// What a PcaResult gives beside numbers: maps of outliers and scores, groups of pixels, ranges of existence.
import { beforeAll, describe, expect, test } from "vitest";
import { pca } from "../../lib/chemometrics/pca/pca.js";
import { random } from "../../lib/compute/random.js";
import type { Provenance } from "../../lib/cube/provenance.js";
import { PcaResult } from "../../lib/cube/results/pca-result.js";
import type { Rows } from "../../lib/cube/results/rows.js";
import { SpectraResult } from "../../lib/cube/results/spectra.js";
import "../../lib/figures/of-results/views.js";
import { mix, series, spectra } from "../chemometrics/series.js";

const provenance = { library: "operandose 0", steps: [], settings: {}, inputs: [] } as unknown as Provenance;
const [width, height, nEnergies] = [20, 12, 40];
const GLITCH = 133;

function result(D: number[][], rows: Rows): PcaResult {
  const energies = Float64Array.from({ length: nEnergies }, (_, k) => 8266 + 15 * k);
  const data = Float64Array.from(D.flat());
  const found = new SpectraResult(provenance, energies, data, "normalized", rows, 1, {
    saturated: 0,
    nonPositive: 0,
    total: data.length,
  });
  return new PcaResult(provenance, pca({ data, rows: D.length, columns: nEnergies }), found);
}

let image: PcaResult;
let overTime: PcaResult;
beforeAll(() => {
  const draw = random(3);
  // The left half is species 0, the right half species 2; pixel 0 is not selected; one pixel has a glitch.
  const pixels = Int32Array.from({ length: width * height - 1 }, (_, i) => i + 1);
  const C = Array.from(pixels, (p) =>
    (p % width < 10 ? [1, 0, 0] : [0, 0, 1]).map((v) => v + 0.02 * draw.normal()),
  );
  const D = mix(C, spectra(nEnergies), 2e-3, draw);
  D[GLITCH - 1][9] += 0.1;
  image = result(D, { of: "pixel", pixels, height, width, pixelSize: 52 });
  const times = Array.from({ length: 30 }, (_, i) => ({ start: 600 * i, end: 600 * i + 60, cubes: 1 }));
  overTime = result(series(30, nEnergies, 1e-3).D, { of: "time", times });
});

describe("PcaResult", () => {
  test("maps T2, Q and scores, with no value where no pixel was selected", () => {
    const Q = image.map("Q");
    expect([Q.width, Q.height, Q.values.length]).toEqual([width, height, width * height]);
    expect(Number.isNaN(Q.values[0])).toBe(true);
    const { limits } = image.outliers();
    expect(Q.values[GLITCH]).toBeGreaterThan(3 * limits.Q);
    expect(Q.values.filter((v) => v > limits.Q).length).toBeLessThan(0.06 * width * height);
    expect(image.map("T2").label).toBe("Hotelling's T²");
    expect(Array.from(image.map("PC1").values.slice(1, 30))).toEqual(image.scores.getColumn(0).slice(0, 29));
    expect(image.map("T2", { components: 1 }).values[7]).not.toBe(
      image.map("T2", { components: 2 }).values[7],
    );
    expect(() => image.map("PC99")).toThrow('map: expected "T2", "Q" or "PC1" to "PC40", got "PC99"');
    expect(() => overTime.map("Q")).toThrow("expected one row per pixel, got one row per time step");
  });

  test("sorts pixels into groups, with their mean spectra", () => {
    const groups = image.clusters(2);
    expect(groups.sizes[0] + groups.sizes[1]).toBe(width * height - 1);
    const labels = groups.map().values;
    const left = labels[1];
    for (let p = 1; p < labels.length; p++) expect(labels[p] === left).toBe(p % width < 10);
    const expected = spectra(nEnergies)[left === 1 ? 0 : 2];
    groups.spectra[0].forEach((v, k) => {
      expect(Math.abs(v - expected[k])).toBeLessThan(0.02);
    });
    expect(groups.columns().cluster?.length).toBe(width * height - 1);
    expect(overTime.clusters(3).summary()).toContain("3 groups");
    expect(() => overTime.clusters(3).map()).toThrow("expected one row per pixel");
  });

  test("says when components come and go, for a series only", () => {
    const found = overTime.evolvingFactors();
    expect(found.factors.appears[0]).toBe(0);
    expect(found.factors.appears[1]).toBeGreaterThan(0);
    expect(found.summary()).toContain("1: 0.01 h to");
    expect(Object.keys(found.columns())).toContain("backward3");
    expect(() => image.evolvingFactors()).toThrow("expected one row per time step, got one row per pixel");
  });

  test("shows all of these, and the estimates of the rank together", () => {
    for (const shown of [
      image,
      overTime,
      image.clusters(3),
      overTime.clusters(2),
      overTime.evolvingFactors(),
    ]) {
      const { svg } = shown.show();
      expect(svg).toMatch(/^<svg[\s\S]*<\/svg>$/);
      expect(svg).not.toMatch(/NaN|undefined/);
      expect(shown.toFrame().shape[0]).toBeGreaterThan(1);
    }
    const { svg } = image.show();
    for (const { short } of image.rank.estimates) expect(svg).toContain(short);
    expect(image.summary()).toContain("(Broken stick)");
  });
});

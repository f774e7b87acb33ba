import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { massAttenuation } from "../../lib/dose/attenuation.js";
import { throughBack, throughFront } from "../../lib/dose/escape.js";
import { Layer } from "../../lib/dose/layer.js";
import { Material } from "../../lib/dose/material.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { Stack } from "../../lib/dose/stack.js";

const beam = { energy: 8390, flux: 1e12, width: 1000, height: 1000 };
const nickel = (thickness: number) =>
  new Layer({ name: "Ni", solid: { formula: "Ni", density: 8.9 }, thickness });

describe("the geometry", () => {
  // 1/2 int mu e^(-mu z) E2(mu' z) dz over the layer, by scipy's exponential integral and adaptive quadrature.
  test.each([
    [0.6, 0.12, 0.18718026556708867, 0.18062595389616137],
    [1e-3, 1e-3, 0.0004977936419870324, 0.0004977930452543855],
    [10, 0.1, 0.47690839083705766, 0.3708813061448388],
    [0.1, 10, 0.002483441434429008, 0.0022772702752666763],
    [5, 5, 0.15342484273518123, 0.005070186772173414],
    [200, 3, 0.4683905473221976, 0.005420730568364653],
  ])("depth %f for the beam and %f for the photons", (depth, own, front, back) => {
    expect(throughFront(depth, own) / front).toBeCloseTo(1, 8);
    expect(throughBack(depth, own) / back).toBeCloseTo(1, 8);
  });

  test("half of all leaves through either face of a layer that does not absorb its own photons", () => {
    for (const depth of [1e-9, 0.3, 4]) {
      const absorbed = -Math.expm1(-depth);
      expect((2 * throughFront(depth, 0)) / absorbed).toBeCloseTo(1, 12);
      expect((2 * throughBack(depth, 0)) / absorbed).toBeCloseTo(1, 12);
    }
  });

  test("a thick layer keeps what cannot go back, and the formula for the front of an infinite one holds", () => {
    const ratio = 0.7; // mu' / mu; 1/2 (1 - r ln(1 + 1/r)) of the photons leave through the front
    expect(throughFront(60, 60 * ratio)).toBeCloseTo(0.5 * (1 - ratio * Math.log(1 + 1 / ratio)), 8);
    expect(throughBack(60, 60 * ratio)).toBeLessThan(1e-15);
  });

  test("is what photons do that are followed one by one", () => {
    const { uniform } = random(7);
    const [depth, own, n] = [1.2, 0.8, 200_000];
    let [front, back] = [0, 0];
    for (let i = 0; i < n; i++) {
      const z = -Math.log(1 - uniform()) / depth; // in units of the thickness
      if (z > 1) continue;
      const cosine = 2 * uniform() - 1;
      const path = -Math.log(1 - uniform()) / own;
      if (cosine < 0 && path * -cosine > z) front++;
      if (cosine > 0 && path * cosine > 1 - z) back++;
    }
    const close = (count: number, share: number) =>
      expect(Math.abs(count - n * share)).toBeLessThan(4 * Math.sqrt(n * share)); // four standard deviations
    close(front, throughFront(depth, own));
    close(back, throughBack(depth, own));
  });
});

describe("layer.escape", () => {
  test("a thin layer keeps the energy absorption coefficient's share, half leaves through either face", () => {
    for (const [formula, energy] of [
      ["Ni", 8390],
      ["LiNiO2", 8390],
      ["Sn", 35_000],
      ["Pb", 20_000],
      ["C", 60_000],
    ] as const) {
      const layer = new Layer({ name: formula, solid: { formula, density: 1 }, thickness: 1e-4 });
      const { front, back, total } = layer.escape(energy);
      const kept = massAttenuation(formula, energy, { kind: "energyAbsorption" });
      expect((1 - total) / (kept / massAttenuation(formula, energy)), formula).toBeCloseTo(1, 3);
      expect(front / back, formula).toBeCloseTo(1, 3);
    }
  });

  test("less and less leaves the thicker the layer, and of a thick one only through the front", () => {
    const shares = [0.1, 1, 5, 20, 100].map((t) => nickel(t).escape(8390));
    for (let i = 1; i < shares.length; i++) expect(shares[i].total).toBeLessThan(shares[i - 1].total);
    expect(shares[4].back).toBeLessThan(3e-3 * shares[4].front);
  });

  test("parts add up; below the edge nickel only scatters", () => {
    for (const energy of [8300, 8390, 20_000]) {
      const { front, back, fluorescence, scattered, total } = nickel(5).escape(energy);
      expect(front + back).toBeCloseTo(total, 12);
      expect(fluorescence + scattered).toBeCloseTo(total, 12);
      expect(total).toBeLessThan(1);
    }
    expect(nickel(5).escape(8300).fluorescence).toBe(0);
    expect(nickel(5).escape(8300).total).toBeLessThan(0.05);
  });

  test("pores count with their share of the volume", () => {
    const solid = { formula: "LiNiO2", density: 4.716 };
    const empty = new Layer({ name: "a", solid, thickness: 10, porosity: 0.36 });
    const thinner = new Layer({ name: "b", solid, thickness: 6.4 });
    expect(empty.escape(8390).total).toBeCloseTo(thinner.escape(8390).total, 12);
    const electrolyte = { formula: "C4H8O3", density: 1.01 };
    const full = new Layer({ name: "c", solid, liquid: electrolyte, thickness: 10, porosity: 0.36 });
    expect(full.escape(8390).fluorescence).toBeLessThan(empty.escape(8390).fluorescence);
    expect(full.escape(8390).scattered).toBeGreaterThan(empty.escape(8390).scattered);
  });

  test("the paper's cathode gives back a quarter of what it takes, less than the third of a thin one", () => {
    const { total, fluorescence } = rockCell().absorber.escape(8390);
    expect(total).toBeGreaterThan(0.22);
    expect(total).toBeLessThan(0.33);
    expect(fluorescence / total).toBeGreaterThan(0.9);
  });

  test("refuses energies outside of the tables, naming the layer", () => {
    expect(() => nickel(5).escape(8.39)).toThrow(
      "Layer Ni: escape: expected energy in eV, from 200 to 1000000, got 8.39; this looks like keV",
    );
  });
});

describe("stack.escape", () => {
  test("one entry per layer; at one energy each layer's own", () => {
    const cell = rockCell();
    const entries = cell.escape(beam);
    expect(entries.map(({ layer }) => layer)).toEqual(cell.layers.map(({ name }) => name));
    entries.forEach(({ total, front }, i) => {
      expect(total).toBeCloseTo(cell.layers[i].escape(8390).total, 12);
      expect(front).toBeCloseTo(cell.layers[i].escape(8390).front, 12);
    });
  });

  test("over a scan energies count with the power that they leave in the layer", () => {
    const cell = new Stack([nickel(5)]);
    const energies = [8300, 8390];
    const [{ total }] = cell.escape({ ...beam, energy: energies });
    const powers = energies.map((e) => cell.dose({ ...beam, energy: e })[0].absorbedPower);
    const mean =
      energies.reduce((sum, e, k) => sum + powers[k] * cell.layers[0].escape(e).total, 0) /
      (powers[0] + powers[1]);
    expect(total).toBeCloseTo(mean, 12);
  });

  test("a beam without photons has the plain mean", () => {
    expect(new Stack([nickel(5)]).escape({ ...beam, flux: 0 })[0].total).toBeCloseTo(
      nickel(5).escape(8390).total,
      12,
    );
  });

  test("material.secondaryPhotons is per cm of the material", () => {
    const [dense, light] = [8.9, 0.89].map((density) =>
      new Material({ formula: "Ni", density }).secondaryPhotons(8390),
    );
    dense.forEach(({ rate }, i) => void expect(rate / light[i].rate).toBeCloseTo(10, 9));
  });
});

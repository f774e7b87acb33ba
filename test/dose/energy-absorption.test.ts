import { describe, expect, test } from "vitest";
import { massAttenuation } from "../../lib/dose/attenuation.js";
import { parseFormula } from "../../lib/dose/formula.js";
import { recoilShare, secondaryPhotons } from "../../lib/dose/secondary.js";
import { elements, levelsOf } from "../../lib/elements/elements.js";

const absorption = (formula: string, energy: number) =>
  massAttenuation(formula, energy, { kind: "energyAbsorption" });

describe("energy absorption", () => {
  // Published values of NIST (J. H. Hubbell, S. M. Seltzer, NISTIR 5632), cm2/g.
  test.each([
    ["H2O", 10, 4.944, 0.002],
    ["H2O", 20, 0.5503, 0.002],
    ["H2O", 30, 0.1557, 0.005],
    ["H2O", 60, 0.0319, 0.02],
    ["H2O", 100, 0.02546, 0.02],
    ["C", 10, 2.078, 0.002],
    ["C", 20, 0.2238, 0.005],
  ])("%s at %f keV is NIST's %f cm2/g within %f", (formula, keV, nist, tolerance) => {
    expect(Math.abs(absorption(formula, 1000 * keV) / nist - 1)).toBeLessThan(tolerance);
  });

  test("LiNiO2 at 8390 eV: 133 of 198 cm2/g", () => {
    expect(Math.abs(absorption("LiNiO2", 8390) / 133 - 1)).toBeLessThan(0.01);
  });

  test("lies between zero and the photoabsorption plus all incoherent scattering, for every element", () => {
    const energies = Float64Array.from({ length: 60 }, (_, i) => 1000 * 100 ** (i / 59.001));
    for (const symbol of elements().keys()) {
      const mu = massAttenuation(symbol, energies, { kind: "energyAbsorption" });
      const photo = massAttenuation(symbol, energies, { kind: "photo" });
      const incoherent = massAttenuation(symbol, energies, { kind: "incoherent" });
      mu.forEach((value, i) => {
        expect(value, `${symbol} ${energies[i]}`).toBeGreaterThan(0);
        expect(value, `${symbol} ${energies[i]}`).toBeLessThan((photo[i] + incoherent[i]) * (1 + 1e-12));
      });
    }
  });
});

describe("secondary photons", () => {
  test("no line carries more energy than the photon that made it, and yields are probabilities", () => {
    for (const { symbol } of elements().values()) {
      for (const { lnEdge, yield: share, jump, lines, moves } of levelsOf(symbol)) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
        expect(jump).toBeGreaterThanOrEqual(1);
        expect(lines.reduce((sum, line) => sum + line.share, 0)).toBeLessThan(1 + 1e-3);
        expect(moves.reduce((sum, move) => sum + move.probability, 0)).toBeLessThan(1 + 1e-9);
        for (const { energy } of lines) expect(energy).toBeLessThan(Math.exp(lnEdge) * 1.005);
      }
    }
  });

  test("Ni emits K lines above its K edge, of 41 % of the K vacancies, and none below", () => {
    const nickel = parseFormula("Ni");
    const lines = (energy: number) =>
      secondaryPhotons(nickel, energy).filter((photons) => photons.origin === "fluorescence");
    expect(lines(8330)).toHaveLength(0);
    const rate = lines(8340).reduce((sum, photons) => sum + photons.rate, 0);
    const photo = massAttenuation("Ni", 8340, { kind: "photo" });
    expect(rate / photo).toBeCloseTo(0.411937 * (1 - 1 / 7.707), 6); // Elam's yield and jump
    for (const { energy } of lines(8340)) expect(energy).toBeGreaterThan(7300);
  });

  test("filling K vacancies of Sn opens L levels that emit themselves", () => {
    const lines = (energy: number) =>
      secondaryPhotons(parseFormula("Sn"), energy)
        .filter(({ origin, energy: line }) => origin === "fluorescence" && line < 5000)
        .reduce((sum, { rate }) => sum + rate, 0);
    const share = (energy: number) => lines(energy) / massAttenuation("Sn", energy, { kind: "photo" });
    // Of the photons above the K edge only one in 1 / jump ionizes an L level itself.
    const jump = levelsOf("Sn")[0].jump;
    expect(share(29_300)).toBeGreaterThan((4 * share(29_100)) / jump);
  });

  test("the recoil of a photon is small, and grows with its energy as Klein and Nishina say", () => {
    // The closed form cancels digits at low energies, the integral does not.
    for (const energy of [1e4, 2e4, 5e4, 1e5]) expect(recoilShare(energy)).toBeCloseTo(closedForm(energy), 7);
  });
});

// R. D. Evans, The Atomic Nucleus (1955), chapter 23: total and scattered cross sections of a free electron.
function closedForm(energy: number): number {
  const a = energy / 510_998.95;
  const b = 1 + 2 * a;
  const log = Math.log(b);
  const total =
    2 * (((1 + a) / a ** 2) * ((2 * (1 + a)) / b - log / a) + log / (2 * a) - (1 + 3 * a) / b ** 2);
  const scattered =
    log / a ** 3 + (2 * (1 + a) * (2 * a * a - 2 * a - 1)) / (a * a * b * b) + (8 * a * a) / (3 * b ** 3);
  return 1 - scattered / total;
}

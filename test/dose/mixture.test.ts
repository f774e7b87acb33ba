import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { massAttenuation } from "../../lib/dose/attenuation.js";
import { Material } from "../../lib/dose/material.js";
import { ArgumentError } from "../../lib/errors.js";

const lno = new Material({ name: "LNO", formula: "LiNiO2", density: 4.716 });
const pvdf = new Material({ name: "PVDF", formula: "C2H2F2", density: 1.78 });
const carbon = new Material({ name: "carbon", formula: "C", density: 1.83 });
const energies = [1500, 8390, 60_000];

describe("Material.mixture", () => {
  test("attenuates as its parts, each with its weight", () => {
    const electrode = Material.mixture(
      [
        { material: lno, weight: 95 },
        { material: carbon, weight: 3 },
        { material: pvdf, weight: 2 },
      ],
      { name: "electrode" },
    );
    for (const e of energies) {
      const mean =
        0.95 * massAttenuation("LiNiO2", e) +
        0.03 * massAttenuation("C", e) +
        0.02 * massAttenuation("C2H2F2", e);
      expect(massAttenuation(electrode.formula, e) / mean).toBeCloseTo(1, 7);
    }
    expect(electrode.name).toBe("electrode");
    expect(electrode.density).toBeCloseTo(1 / (0.95 / 4.716 + 0.03 / 1.83 + 0.02 / 1.78), 12);
  });

  test("by volume, linear attenuations add up", () => {
    const mixed = Material.mixture([
      { material: lno, volume: 3 },
      { material: carbon, volume: 1 },
    ]);
    expect(mixed.density).toBeCloseTo((3 * 4.716 + 1.83) / 4, 12);
    for (const e of energies) {
      const mean = (3 * lno.linearAttenuation(e) + carbon.linearAttenuation(e)) / 4;
      expect(mixed.linearAttenuation(e) / mean).toBeCloseTo(1, 7);
    }
  });

  test("weights and the volumes that they have give the same mixture; only ratios count", () => {
    const share = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(share, share, share, (a, b, factor) => {
        const byWeight = Material.mixture([
          { material: lno, weight: a },
          { material: pvdf, weight: b },
        ]);
        const byVolume = Material.mixture([
          { material: lno, volume: (factor * a) / lno.density },
          { material: pvdf, volume: (factor * b) / pvdf.density },
        ]);
        expect(byVolume.density / byWeight.density).toBeCloseTo(1, 9);
        for (const e of energies) {
          expect(byVolume.linearAttenuation(e) / byWeight.linearAttenuation(e)).toBeCloseTo(1, 6);
        }
      }),
    );
  });

  test("is a material as any other: JSON, mixtures of mixtures, a measured density", () => {
    const inner = Material.mixture([
      { material: carbon, weight: 1 },
      { material: pvdf, weight: 1 },
    ]);
    const outer = Material.mixture([
      { material: lno, weight: 9 },
      { material: inner, weight: 1 },
    ]);
    const flat = Material.mixture(
      [
        { material: lno, weight: 18 },
        { material: carbon, weight: 1 },
        { material: pvdf, weight: 1 },
      ],
      { density: 3 },
    );
    expect(massAttenuation(outer.formula, 8390) / massAttenuation(flat.formula, 8390)).toBeCloseTo(1, 7);
    expect(flat.density).toBe(3);
    expect(new Material(JSON.parse(JSON.stringify(outer)))).toEqual(outer);
  });

  test.each([
    [[], "Material.mixture: expected [{ material, weight }, ...] or [{ material, volume }, ...], got []"],
    [[{ weight: 1 }], "expected material as a Material, got undefined"],
    [
      [
        { material: lno, weight: 1 },
        { material: pvdf, volume: 1 },
      ],
      "expected either weights or volumes, got both",
    ],
    [[{ material: lno, weight: 0 }], "Material.mixture, LNO: expected weight > 0"],
    [[{ material: { formula: "C", density: 2 }, weight: 1 }], "expected material as a Material, got {"],
    [[{ material: lno, weight: 1, volumes: 2 }], 'got an option "volumes"'],
    [[null], "Material.mixture, parts: expected options { material?, weight?, volume? }, got null"],
    [[{ material: lno }], "Material.mixture, LNO: expected weight > 0"],
  ])("refuses %j", (parts, message) => {
    expect(() => Material.mixture(parts as never)).toThrow(ArgumentError);
    expect(() => Material.mixture(parts as never)).toThrow(message);
  });
});

describe("Material.solution", () => {
  const water = new Material({ formula: "H2O", density: 0.998 });
  const salt = (molarity: number, density: number) =>
    Material.solution({ salts: [{ formula: "LiPF6", molarity }], solvent: water, density });

  test("has the salt's mass in each litre, and solvent for the rest", () => {
    const solution = salt(1, 1.2);
    const grams = new Map(
      solution.constituents.map(({ element, count }) => [element.symbol, count * element.mass]),
    );
    const all = [...grams.values()].reduce((sum, g) => sum + g, 0);
    const molarMass = 6.94 + 30.974 + 6 * 18.998;
    expect((1200 * ((grams.get("P") as number) / 30.974)) / all).toBeCloseTo(1, 3); // mol of P in a litre
    const waterMass = 1200 - molarMass;
    expect((1200 * (grams.get("O") as number)) / all / ((waterMass * 15.999) / 18.015)).toBeCloseTo(1, 3);
  });

  test.each([
    [
      { salts: [null], solvent: water, density: 1 },
      "Material.solution, salts: expected options { formula?, molarity? }, got null",
    ],
    [
      { salts: [{ formula: "LiPF6", molarity: 1 }], solvent: { formula: "H2O", density: 1 }, density: 1 },
      "expected solvent as a Material, got {",
    ],
    [{ salts: [], solvent: water, density: 1 }, "expected salts as [{ formula, molarity }], got []"],
    [
      { salts: [{ formula: "LiPF6", molarity: 0 }], solvent: water, density: 1 },
      "LiPF6: expected molarity > 0 mol/L",
    ],
    [
      { salts: [{ formula: "LiPF6", molarity: 9 }], solvent: water, density: 1 },
      "salts that weigh less than the solution",
    ],
    [
      { salts: [{ formula: "LiPX", molarity: 1 }], solvent: water, density: 1 },
      'Material.solution: formula "LiPX"',
    ],
    [{ salts: [{ formula: "LiPF6", molarity: 1 }], solvent: water }, "expected density > 0 g/cm3"],
  ])("refuses %j", (solution, message) => {
    expect(() => Material.solution(solution as never)).toThrow(message);
  });
});

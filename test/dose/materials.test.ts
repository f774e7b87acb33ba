// Every material of the library: where its density comes from, and that it is what its source says.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Material } from "../../lib/dose/material.js";
import { material, materials } from "../../lib/dose/materials.js";
import { ArgumentError } from "../../lib/errors.js";
import { ask, peer } from "../support/peers.js";

interface Entry {
  name: string;
  group: string;
  source: string;
  density: number;
  formula?: string;
  mixture?: unknown[];
  solution?: unknown;
  cell?: { a: number; b?: number; c?: number; system: "cubic" | "hexagonal" | "orthorhombic"; units: number };
  layer?: { thickness: number; porosity: number };
}

const entries: Entry[] = JSON.parse(
  readFileSync(new URL("../../data/materials.json", import.meta.url), "utf8"),
).materials;

/** g/mol of one formula unit. */
const molarMass = (name: string) =>
  material(name).constituents.reduce((sum, { element, count }) => sum + count * element.mass, 0);

describe("the library of materials", () => {
  test("has what batteries are made of", () => {
    const groups = new Set(materials().map(({ group }) => group));
    for (const group of ["cathode", "anode", "binder", "electrolyte", "separator", "foil", "window", "gas"]) {
      expect(groups).toContain(group);
    }
    for (const name of [
      "LiNiO2",
      "NMC811",
      "LFP",
      "LCO",
      "LMO",
      "graphite",
      "lithium",
      "LTO",
      "PVDF",
      "CMC",
      "LP30",
      "Celgard 2500",
      "Kapton",
      "air",
    ]) {
      expect(material(name).density).toBeGreaterThan(0);
    }
  });

  test.each(entries.map((entry) => [entry.name, entry] as const))(
    "%s has one composition, a density and its source",
    (name, entry) => {
      const ways = [entry.formula, entry.mixture, entry.solution].filter((way) => way !== undefined);
      expect(ways).toHaveLength(1);
      expect(entry.source.length).toBeGreaterThan(15);
      const [low, high] = entry.group === "gas" ? [1e-4, 1e-2] : [0.5, 20];
      expect(entry.density).toBeGreaterThan(low);
      expect(entry.density).toBeLessThan(high);
      expect(material(name).density).toBe(entry.density);
      expect(material(name).name).toBe(name);
      expect(material(name).linearAttenuation(8390)).toBeGreaterThan(0);
      if (entry.layer) expect(entry.layer.porosity).toBeLessThan(1);
    },
  );

  test("names are unique, in lower case too", () => {
    const names = entries.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    expect(materials().map(({ name }) => name)).toEqual(entries.map(({ name }) => name));
  });

  test.each(entries.filter(({ cell }) => cell).map((entry) => [entry.name, entry] as const))(
    "%s: the density is that of its unit cell within 0.5 %",
    (name, { cell, density }) => {
      const { a, b = a, c = a, system, units } = cell as NonNullable<Entry["cell"]>;
      const volume = a * b * c * (system === "hexagonal" ? Math.sqrt(3) / 2 : 1); // A3
      const xray = (units * molarMass(name)) / (0.602214076 * volume);
      expect(Math.abs(density / xray - 1)).toBeLessThan(0.005);
    },
  );

  test.each(entries.filter(({ group }) => group === "gas").map(({ name }) => name))(
    "%s: the density is that of an ideal gas at 20 C and 101325 Pa within 0.1 %",
    (name) => {
      // Mixtures are written for a hundred atoms: air has two atoms a molecule but for argon, 0.93 %, and CO2, 0.04 %.
      const mass = name === "air" ? 28.965 : molarMass(name);
      const molarVolume = (8.314462618 * 293.15) / 101.325; // l/mol
      expect(Math.abs(material(name).density / (mass / molarVolume / 1000) - 1)).toBeLessThan(1e-3);
    },
  );

  test("1 M solutions hold one mole of phosphorus in a litre", () => {
    for (const name of ["LP30", "LP40", "LP47", "LP50", "LP57", "LiPF6 in PC"]) {
      const solution = material(name);
      const phosphorus = solution.constituents.find(({ element }) => element.symbol === "P");
      const perGram = (phosphorus?.count as number) / molarMass(name);
      expect(1000 * solution.density * perGram, name).toBeCloseTo(1, 6);
    }
  });

  test("knows names in upper and lower case, refuses others with what to do", () => {
    expect(material("nmc811")).toBe(material("NMC811"));
    expect(() => material("unobtainium")).toThrow(ArgumentError);
    expect(() => material("unobtainium")).toThrow(
      'material: expected a name of the library, got "unobtainium"; materials() lists them',
    );
    expect(() => material(undefined as never)).toThrow(ArgumentError);
  });

  test("agrees with XrayDB's list where both have a material", (context) => {
    peer("xraydb")(context);
    const listed = ask<Record<string, [string, number]>>(`
import xraydb
print(json.dumps({name: [m.formula, m.density] for name, m in xraydb.get_materials().items()}))`);
    const theirs: Record<string, string> = {
      Kapton: "kapton",
      Mylar: "mylar",
      PTFE: "teflon",
      diamond: "diamond carbon",
      graphite: "graphite carbon",
      "fused silica": "silica",
      sapphire: "sapphire",
      "silicon nitride": "silicon nitride",
      water: "water",
    };
    for (const { name, group } of materials()) if (group === "foil" || listed[name]) theirs[name] ??= name;
    let compared = 0;
    for (const [name, other] of Object.entries(theirs)) {
      if (!listed[other] || material(name).density < 0.01) continue; // gases at another temperature there
      // PP: amorphous there, partly crystalline here.
      expect(Math.abs(material(name).density / listed[other][1] - 1), name).toBeLessThan(
        name === "polypropylene" ? 0.06 : 0.02,
      );
      compared++;
    }
    expect(compared).toBeGreaterThan(12);
  });
});

test("a density in kg/m3 is refused with the remedy", () => {
  expect(() => new Material({ formula: "LiNiO2", density: 4716 })).toThrow(
    /at most 30, got 4716; divide kg\/m3 by 1000/,
  );
});

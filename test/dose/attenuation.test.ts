import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ATTENUATION_RANGE, massAttenuation } from "../../lib/dose/attenuation.js";
import { elements, levelsOf } from "../../lib/elements/elements.js";
import { ArgumentError } from "../../lib/errors.js";

interface Reference {
  elements: {
    symbol: string;
    energy: number[];
    photo: number[];
    coherent: number[];
    incoherent: number[];
    chantler: { energy: number[]; photo: number[]; total: number[] };
  }[];
  materials: { formula: string; energy: number[]; total: number[] }[];
}

const reference: Reference = JSON.parse(
  readFileSync(new URL("../../data/attenuation-reference.json", import.meta.url), "utf8"),
);
const TOLERANCE = 1e-6; // the reference is written with seven digits; the requirement is 1e-4

/** Largest relative difference. */
function difference(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(got.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < got.length; i++) worst = Math.max(worst, Math.abs(got[i] / expected[i] - 1));
  return worst;
}

describe("massAttenuation against XrayDB's own evaluation (committed values)", () => {
  test("covers H to U", () => {
    expect(reference.elements.map(({ symbol }) => symbol)).toEqual([...elements().keys()]);
    expect(elements().size).toBe(92);
  });

  test.each(["photo", "coherent", "incoherent"] as const)(
    "%s of every element, both sides of every edge",
    (kind) => {
      for (const entry of reference.elements) {
        expect(
          difference(massAttenuation(entry.symbol, entry.energy, { kind }), entry[kind]),
          entry.symbol,
        ).toBeLessThan(TOLERANCE);
      }
    },
  );

  test("the default is the total: photo + coherent + incoherent", () => {
    for (const { symbol, energy, photo, coherent, incoherent } of reference.elements) {
      const total = energy.map((_, i) => photo[i] + coherent[i] + incoherent[i]);
      expect(difference(massAttenuation(symbol, energy), total), symbol).toBeLessThan(TOLERANCE);
      expect(massAttenuation(symbol, energy)).toEqual(massAttenuation(symbol, energy, { kind: "total" }));
    }
  });

  test.each(["photo", "total"] as const)("Chantler's %s of every element", (kind) => {
    for (const { symbol, chantler } of reference.elements) {
      const got = massAttenuation(symbol, chantler.energy, { kind, tables: "chantler" });
      expect(difference(got, chantler[kind]), symbol).toBeLessThan(TOLERANCE);
    }
  });

  test("compounds", () => {
    for (const { formula, energy, total } of reference.materials) {
      expect(difference(massAttenuation(formula, energy), total), formula).toBeLessThan(TOLERANCE);
    }
  });
});

describe("massAttenuation", () => {
  test("steps up at the Ni K edge and nowhere else in between", () => {
    const [below, above] = massAttenuation("Ni", [8332.9, 8333.1], { kind: "photo" });
    expect(above / below).toBeGreaterThan(7); // the K jump ratio of Ni is 7.7
    const fine = massAttenuation(
      "Ni",
      Float64Array.from({ length: 5000 }, (_, i) => 8334 + i * 0.1),
    );
    for (let i = 1; i < fine.length; i++) expect(fine[i] / fine[i - 1]).toBeCloseTo(1, 4);
  });

  test("at every edge of every element the knot itself belongs to the upper side", () => {
    let edges = 0;
    for (const { symbol } of elements().values()) {
      for (const { level, lnEdge, jump } of levelsOf(symbol)) {
        const edge = Math.exp(lnEdge);
        if (edge < 1001 || edge > 99_999) continue;
        // exp and ln do not undo each other to the last digit: 1e-14 of the energy beside the knot.
        const [below, above, farther] = massAttenuation(
          symbol,
          [edge * (1 - 1e-14), edge * (1 + 1e-14), edge * (1 + 1e-9)],
          {
            kind: "photo",
          },
        );
        expect(above / farther, `${symbol} ${level}`).toBeCloseTo(1, 6);
        // The table of jumps and the splines agree but at Re M5, where the spline does not step.
        if (`${symbol} ${level}` !== "Re M5")
          expect(Math.abs(above / below / jump - 1), `${symbol} ${level}`).toBeLessThan(0.12);
        edges++;
      }
    }
    expect(edges).toBe(450);
  });

  test("Chantler's tables climb between two points around an edge and agree with Elam's some ten eV away", () => {
    const total = (e: number, tables: "elam" | "chantler") => massAttenuation("Ni", e, { tables });
    const rise = [8331.7, 8332.3, 8333, 8333.9].map((e) => total(e, "chantler"));
    for (let i = 1; i < rise.length; i++) expect(rise[i]).toBeGreaterThan(rise[i - 1]);
    for (const e of [8280, 8390])
      expect(Math.abs(total(e, "chantler") / total(e, "elam") - 1)).toBeLessThan(0.06);
  });

  test("is continuous across the knots that are no edge", () => {
    for (const { symbol, photo } of elements().values()) {
      for (let i = 1; i + 1 < photo.x.length; i++) {
        const energy = Math.exp(photo.x[i]);
        if (photo.x[i] === photo.x[i - 1] || photo.x[i] === photo.x[i + 1]) continue;
        if (energy < 1001 || energy > 99_999) continue;
        const [below, at, above] = massAttenuation(symbol, [
          energy * (1 - 1e-10),
          energy,
          energy * (1 + 1e-10),
        ]);
        expect(at / below).toBeCloseTo(1, 6);
        expect(above / below).toBeCloseTo(1, 6);
      }
    }
  });

  test("a number gives a number, an array an array in its order", () => {
    const one = massAttenuation("LiNiO2", 8390);
    expect(one).toBeCloseTo(198, 0); // cm2/g, total, Elam
    const many = massAttenuation("LiNiO2", [8878, 8390, 8266]);
    expect(many).toBeInstanceOf(Float64Array);
    expect(many[1]).toBe(one);
    expect(many[2]).toBeLessThan(many[0]);
    expect(massAttenuation("Ni", [])).toHaveLength(0);
  });

  test("the whole range counts, ends included", () => {
    for (const energy of ATTENUATION_RANGE) expect(massAttenuation("U", energy)).toBeGreaterThan(0);
  });

  test.each([
    [8.39, "did you mean 8390?"],
    [999.99, "got 999.99"],
    [100_001, "got 100001"],
    [Number.NaN, "got NaN"],
    [
      [8390, 8.4],
      "energy at index 1 in eV, from 200 to 1000000, got 8.4; this looks like keV; did you mean 8400?",
    ],
    ["8390" as unknown as number, 'an energy or an array of energies in eV, got "8390"'],
  ])("refuses the energy %j", (energy, message) => {
    expect(() => massAttenuation("Ni", energy)).toThrow(message);
  });

  test("refuses settings that are none, and an unknown kind", () => {
    expect(() => massAttenuation("Ni", 8333, null as never)).toThrow(ArgumentError);
    expect(() => massAttenuation("Ni", 8333, null as never)).toThrow(
      "massAttenuation: expected options { kind?, tables? }, got null",
    );
    expect(() => massAttenuation("Ni", 8390, { kind: "compton" as "total" })).toThrow(
      'expected kind as total | photo | coherent | incoherent | energyAbsorption, got "compton"',
    );
    expect(() => massAttenuation("Ni", 8390, { table: "elam" } as never)).toThrow('got an option "table"');
    expect(() => massAttenuation("Ni", 8390, { tables: "henke" as "elam" })).toThrow(
      'expected tables as elam | chantler, got "henke"',
    );
    expect(() => massAttenuation("Ni", 8390, { tables: "chantler", kind: "coherent" })).toThrow(
      'expected kind total or photo of the chantler tables, got "coherent"; they list scattering as one sum',
    );
  });
});

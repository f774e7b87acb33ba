import { describe, expect, test } from "vitest";
import { massAttenuation } from "../../lib/dose/attenuation.js";
import { parseFormula } from "../../lib/dose/formula.js";
import { ArgumentError } from "../../lib/errors.js";

const counts = (formula: string) =>
  Object.fromEntries(
    parseFormula(formula).map(({ element, count }) => [element.symbol, Number(count.toFixed(9))]),
  );

describe("parseFormula", () => {
  test.each([
    ["LiNiO2", { Li: 1, Ni: 1, O: 2 }],
    ["LiNi0.8Mn0.1Co0.1O2", { Li: 1, Ni: 0.8, Mn: 0.1, Co: 0.1, O: 2 }],
    ["(CH2)3CO3", { C: 4, H: 6, O: 3 }],
    ["CO", { C: 1, O: 1 }],
    ["Co", { Co: 1 }],
    ["K3[Fe(CN)6]", { K: 3, Fe: 1, C: 6, N: 6 }],
    ["[Ni((CH2)2(NH2)2)3]Cl2", { Ni: 1, C: 6, H: 24, N: 6, Cl: 2 }],
    ["Ca5(PO4)3(OH)", { Ca: 5, P: 3, O: 13, H: 1 }],
    ["CuSO4.5H2O", { Cu: 1, S: 1, O: 9, H: 10 }],
    ["CuSO4·5H2O", { Cu: 1, S: 1, O: 9, H: 10 }],
    ["CuSO4∙5H2O", { Cu: 1, S: 1, O: 9, H: 10 }],
    ["CuSO4⋅5H2O", { Cu: 1, S: 1, O: 9, H: 10 }],
    ["{[Ni(NH3)6]2(SO4)}2", { Ni: 4, N: 24, H: 72, S: 2, O: 8 }],
    ["C6H7O2(OH)2.3(OCH2CO2Na)0.7", { C: 7.4, H: 10.7, O: 6.4, Na: 0.7 }],
    ["CuSO4*5H2O", { Cu: 1, S: 1, O: 9, H: 10 }],
    ["Na2CO3.10H2O", { Na: 2, C: 1, O: 13, H: 20 }],
    ["Ni(NO3)2.6H2O", { Ni: 1, N: 2, O: 12, H: 12 }],
    ["LiOH.H2O", { Li: 1, O: 2, H: 3 }],
    ["CaSO4.0.5H2O", { Ca: 1, S: 1, O: 4.5, H: 1 }],
    ["LiNi0.8Mn0.2O2.5H2O", { Li: 1, Ni: 0.8, Mn: 0.2, O: 7, H: 10 }],
    ["Li0.5H2O", { Li: 0.5, H: 2, O: 1 }],
    ["Li1.5H2O", { Li: 1.5, H: 2, O: 1 }],
    ["LiO2.5", { Li: 1, O: 2.5 }],
    ["0.5Li2O·0.5SiO2", { Li: 1, O: 1.5, Si: 0.5 }],
    ["BF3.C4H10O", { B: 1, F: 3, C: 4, H: 10, O: 1 }],
  ])("%s", (formula, expected) => expect(counts(formula)).toEqual(expected));

  test("brackets, order and a common factor do not change the attenuation", () => {
    const energy = [1500, 8390, 60_000];
    const plain = massAttenuation("C4H6O3", energy);
    for (const other of ["(CH2)3CO3", "O3C4H6", "(C4H6O3)7", "[C2(H3O1.5)]2", "C0.4H0.6O0.3"]) {
      massAttenuation(other, energy).forEach((mu, i) => void expect(mu / plain[i]).toBeCloseTo(1, 12));
    }
  });

  test.each([
    ["", 'formula: expected text such as "LiNiO2", got ""'],
    [null as unknown as string, "got null"],
    ["LiXxO2", 'formula "LiXxO2": expected an element from H to U at position 3, got "XxO2"'],
    ["PuO2", "expected an element from H to U at position 1"],
    ["lino2", "expected an element or an opening bracket at position 1"],
    ["Li(NiO2", 'expected ")" for the bracket at position 3, got "(NiO2"'],
    ["Li(NiO2]", 'expected ")" or an element at position 8, got "]"'],
    ["LiNiO2)", 'at position 7, got ")"'],
    ["Li()O", "expected an element or an opening bracket at position 4"],
    ["LiO0", 'expected a count above zero at position 4, got "0"'],
    ["Li O", "at position 3"],
    ["LiO2·", "at position 6, got the end"],
    ["Ni.8Co.2O2", 'at position 3, got ".8Co.2O2"'],
    ["Li-NiO2", 'at position 3, got "-NiO2"'],
    ["LiNiO₂", "at position 6"],
    ["Ni2+", 'formula "Ni2+": expected a neutral formula, without a charge, at position 4, got "+"'],
    ["SO4^2-", 'without a charge, at position 4, got "^2-"'],
    ["PF6-", 'without a charge, at position 4, got "-"'],
    ["[Fe(CN)6]3-", "without a charge, at position 11"],
    ["Li(PF6−)", "without a charge, at position 7"],
    ["Na⁺", "without a charge, at position 3"],
    ["{Ni(OH]2}", 'expected ")" or an element at position 7, got "]'],
    [`Li${"9".repeat(400)}`, "expected counts from 1e-12 to 1000000000000, got Infinity of Li"],
    [`Li0.${"0".repeat(200)}1O2`, "got 1e-201 of Li"],
    [
      `${"(".repeat(2000)}Li${")".repeat(2000)}`,
      "expected at most 50 brackets inside each other at position 51",
    ],
  ])("refuses %j", (formula, message) => {
    expect(() => parseFormula(formula)).toThrow(ArgumentError);
    expect(() => parseFormula(formula)).toThrow(message);
  });

  test("the error's fields carry formula and position", () => {
    try {
      parseFormula("LiQO2");
      expect.unreachable();
    } catch (error) {
      expect((error as ArgumentError).fields).toEqual({ formula: "LiQO2", position: 3 });
    }
  });
});

// Computes the results from the form with the library, and checks that each field has its message.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { doseBudget } from "../../../lib/dose/budget/index.js";
import { thicknessOfLoading } from "../../../lib/dose/loading.js";
import { material } from "../../../lib/dose/materials.js";
import { planExperiment } from "../../../lib/dose/planner/index.js";
import { rockCell } from "../../../lib/dose/rock-cell.js";
import { Stack } from "../../../lib/dose/stack.js";
import { ArgumentError } from "../../../lib/errors.js";
import { type Calculation, calculate } from "../../../lib/pages/calculator/calculate.js";
import { examples } from "../../../lib/pages/calculator/examples.js";
import { commandOf, csvTable, stackFile } from "../../../lib/pages/calculator/export.js";
import { fieldAt } from "../../../lib/pages/calculator/fields.js";
import { blankForm, type Form, formOf } from "../../../lib/pages/calculator/form.js";
import { formOfFragment, fragmentOf } from "../../../lib/pages/calculator/link.js";

const [rock, nmc] = examples.map(({ form }) => form);

/** The form with other texts in some fields, by path. */
function changed(form: Form, fields: Readonly<Record<string, string>>): Form {
  const copy = JSON.parse(JSON.stringify(form));
  for (const [path, value] of Object.entries(fields)) {
    const keys = path.split(".");
    const last = keys.pop() as string;
    keys.reduce((at, key) => at[key], copy)[last] = value;
  }
  return copy;
}

const beam = { energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5, exposure: 17_320 };

describe("the first example", () => {
  const result = calculate(rock);

  test("is the SI's cell, and its doses are those of stack.dose", () => {
    expect([...result.problems]).toEqual([]);
    const expected = rockCell().dose(beam);
    // Layers and materials have other names; formulas, densities and sizes are the same.
    expect(result.doses?.layers.map(({ doseRate, dose, transmission }) => ({ doseRate, dose, transmission }))).toEqual(
      Array.from(expected, ({ doseRate, dose, transmission }) => ({ doseRate, dose, transmission })),
    ); // biome-ignore format: one line
    expect(result.doses?.escaping).toBe(rockCell().escape(beam)[3].total);
    // The paper states 4.1 kGy/s and 71 MGy for this beam.
    expect(result.doses?.absorber.doseRate.porous).toBeCloseTo(4134, 0);
  });

  test("is the file that the repository ships", (context) => {
    const path = join(import.meta.dirname, "../../../data/rock-cell.json");
    if (!existsSync(path)) context.skip("no data/rock-cell.json here");
    const shipped = Stack.from(JSON.parse(readFileSync(path, "utf8"))).dose(beam);
    expect(result.doses?.layers.map(({ doseRate }) => doseRate)).toEqual(
      Array.from(shipped, ({ doseRate }) => doseRate),
    );
  });

  test("has the library's budget, time and plan", () => {
    const uncertainties = {
      flux: 0.05,
      area: 0.02,
      exposure: 0.01,
      tables: 0.02,
      porosity: { Cathode: 0.04 },
      thickness: { "Diamond window": 0.05, "Counter electrode": 0.05, Separator: 0.05, Cathode: 0.1 },
    };
    const expected = doseBudget(rockCell(), beam, {
      uncertainties,
      choices: { convention: true, escape: true },
    });
    expect(result.doses?.budget?.dose.interval[0]).toBeCloseTo(expected.interval[0], 3);
    expect(result.doses?.budget?.dose.interval[1]).toBeCloseTo(expected.interval[1], 3);
    expect(result.doses?.budget?.dose.whole).toEqual(expected.whole);
    expect(result.time?.time).toBeCloseTo(35e6 / (1.9 * rockCell().dose(beam)[3].doseRate.porous), 8);
    const plan = planExperiment({
      stack: rockCell(),
      beam,
      peak: 1.9,
      threshold: "LiNiO2",
      signal: 20,
      protocol: { cubes: 1400, duration: 17_320, exposure: 0.0044, edge: 8333, average: 10, flats: 120 },
      detector: { pixelSize: 6.5, efficiency: 0.32, behind: 0.7, excess: 0.4, readNoise: 1.6, binned: 16 },
    });
    expect(result.plan?.asked).toEqual(plan.asked);
    expect(result.plan?.alternatives).toEqual(plan.alternatives);
  });
});

test("a scan by mass loading is the library's stack with this thickness and a beam of these energies", () => {
  const lp57 = material("LP57");
  const nmc811 = material("NMC811");
  const stack = new Stack(
    [
      { name: "Kapton window", solid: material("Kapton"), thickness: 50 },
      { name: "Counter electrode", solid: material("lithium"), thickness: 250 },
      { name: "Separator", solid: material("Celgard 2500"), thickness: 25, porosity: 0.55, liquid: lp57 },
      {
        name: "Cathode",
        solid: nmc811,
        thickness: thicknessOfLoading({ solid: nmc811, loading: 8, porosity: 0.35 }),
        porosity: 0.35,
        liquid: lp57,
      },
      { name: "Current collector", solid: material("aluminum"), thickness: 15 },
    ],
    { absorber: "Cathode" },
  );
  const energy = Array.from({ length: 677 }, (_, i) => 8224 + i);
  const light = { energy, flux: 2e11, width: 2000, height: 1000, exposure: 4 * 3600 };
  const { doses } = calculate(nmc);
  expect(Array.from(doses?.layers ?? [])).toEqual(Array.from(stack.dose(light)));
});

test("a spectrum is a polychromatic beam with these weights", () => {
  const form = changed(rock, {
    "beam.kind": "spectrum",
    "beam.spectrum": "# pink\n8000 1\n8390, 3\n\n9000;2\n",
  });
  const { doses } = calculate(form);
  const energy = [8000, 8390, 9000];
  const light = { ...beam, energy, weights: [1, 3, 2], polychromatic: true };
  expect(doses?.absorber.doseRate).toEqual(rockCell().dose(light)[3].doseRate);
});

describe.each(examples)("the example $id", ({ form }) => {
  const result = calculate(form);

  test("is complete", () => {
    expect([...result.problems]).toEqual([]);
    expect(result.time?.interval).not.toBeNull();
    expect(result.plan === null).toBe(Object.values(form.plan).every((text) => text === ""));
  });

  test("travels in its link and as a stack for the command line", () => {
    expect(formOfFragment(`#${fragmentOf(form)}`)).toEqual(form);
    const { doses } = result;
    if (!doses) throw new Error("expected doses");
    const stack = Stack.from(JSON.parse(stackFile(doses)));
    expect(Array.from(stack.dose(doses.beam))).toEqual(Array.from(doses.layers));
  });

  test("has no default for an empty field: it says what it needs, and what depends on it is not computed", () => {
    for (const [path, value] of leaves(form)) {
      const { needs } = fieldAt(path);
      if (value === "" || needs === undefined || !used(form, path)) continue;
      const { problems, doses, time, plan } = calculate(changed(form, { [path]: "" }));
      expect([path, problems.get(path)]).toEqual([path, { missing: true, text: `Needs ${needs}.` }]);
      if (/^(layers|beam)/.test(path) && path !== "beam.peak") expect(doses).toBeNull();
      if (path.startsWith("limit")) expect(time).toBeNull();
      if (!path.startsWith("spread")) expect(plan).toBeNull();
    }
  });
});

/** All paths of a form with their texts. */
function leaves(form: object, at = ""): [string, string][] {
  return Object.entries(form).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[`${at}${key}`, value]] : leaves(value, `${at}${key}.`),
  );
}

/** Whether the choices of the form show this field. */
function used(form: Form, path: string): boolean {
  const name = path.split(".").at(-1) ?? "";
  if (path.startsWith("beam.")) return form.beam.kind === "one" || !["energy", "spectrum"].includes(name);
  return true;
}

describe("a field with a value that cannot be meant", () => {
  const problemOf = (fields: Readonly<Record<string, string>>, path: string, from = rock) => {
    const { problems } = calculate(changed(from, fields));
    return problems.get(path)?.text;
  };

  test.each([
    ["layers.0.formula", "Xx2", 'an element from H to U at position 1, got "Xx2"'],
    ["layers.0.formula", "Ni2+", "without a charge"],
    ["layers.0.density", "3500", "divide kg/m3 by 1000"],
    ["layers.0.density", "-1", "density > 0 g/cm3"],
    ["layers.0.thickness", "0", "thickness > 0 µm"],
    ["layers.0.thickness", "1,5", "write decimals with a point"],
    ["layers.0.thickness", "ten", "a number such as 12.5"],
    ["layers.3.thickness", "1e-5", "in µm, from"],
    ["layers.3.porosity", "36", "not percent"],
    ["layers.3.name", "Separator", "different names"],
    ["layers.3.solid", "unobtainium", "a name of the library"],
    ["layers.3.liquid", "unobtainium", "a name of the library"],
    ["beam.energy", "8.39", "did you mean 8390?"],
    ["beam.energy", "200000", "from 1000 to 100000 eV"],
    ["beam.flux", "0", "above 0 photons/s"],
    ["beam.flux", "1e25", "flux in ph/s"],
    ["beam.width", "-3", "width > 0 µm"],
    ["beam.height", "1e9", "height in µm"],
    ["beam.exposure", "1e12", "exposure in s"],
    ["beam.unit", "d", "s, min or h"],
    ["beam.kind", "laser", "one, scan or spectrum"],
    ["beam.peak", "0.5", "at least 1"],
    ["convention", "wet", "dense, composite, porous, phase"],
    ["absorber", "7", "absorber to be one of"],
    ["absorber", "", "absorber to be one of"],
    ["spread.flux", "500", "from 0 to 1"],
    ["spread.flux", "-1", "from 0 to 1"],
    ["spread.area", "30", "0.25"],
    ["spread.porosity", "4", "0.29"],
    ["limit.id", "LiCoO2", "a published threshold"],
    ["limit.kind", "guess", "none, published, benchmark or threshold"],
    ["plan.edge", "9500", "an absorption edge of Cathode"],
    ["plan.edge", "8.333", "edge in eV"],
    ["plan.cubes", "1.5", "whole number"],
    ["plan.average", "2000", "at most the 1400 cubes"],
    ["plan.cubes", "5000000", "a duration of at least"],
    ["plan.flats", "0", "whole number"],
    ["plan.pixel", "-1", "pixelSize > 0"],
    ["plan.efficiency", "0", "efficiency > 0"],
    ["plan.behind", "70", "not percent"],
    ["plan.excess", "-1", "excess >= 0"],
    ["plan.noise", "-1", "readNoise >= 0"],
    ["plan.binned", "0", "binned > 0"],
    ["plan.signal", "-3", "signal > 0"],
    ["plan.margin", "1.2", "margin up to 1"],
  ])("%s: %s", (path, value, words) => {
    expect(problemOf({ [path]: value }, path)).toContain(words);
  });

  test.each([
    ["beam.to", "8224", "above the first one"],
    ["beam.to", "8.9", "above the first one"],
    ["beam.to", "90000", "a larger step"],
    ["beam.step", "0", "above 0 eV"],
    ["beam.from", "900", "energies from 1000"],
    ["layers.3.loading", "0", "loading > 0 mg/cm2"],
    ["limit.loss", "500", "below 100 %"],
    ["limit.low", "21", "at most the dose"],
    ["limit.high", "19", "at least the dose"],
    ["limit.dose", "-2", "above 0 MGy"],
  ])("%s of the scan: %s", (path, value, words) => {
    const texts = Object.values(Object.fromEntries(calculate(changed(nmc, { [path]: value })).problems)).map(
      ({ text }) => text,
    );
    expect(texts.join("\n")).toContain(words);
    expect(texts.length).toBe(1);
  });

  test("a line of a spectrum is named", () => {
    const spectrum = (text: string) =>
      problemOf({ "beam.kind": "spectrum", "beam.spectrum": text }, "beam.spectrum");
    expect(spectrum("8000 1\n8390 x")).toContain("Line 2: expected an energy in eV and a relative flux");
    expect(spectrum("8000 1 2")).toContain("Line 1");
    expect(spectrum("8000 -1")).toContain("Line 1");
    expect(spectrum("8000 0")).toContain("not all zero");
    expect(spectrum("# nothing")).toContain("two numbers, got 0");
  });

  test("a threshold is not compared with doses of another convention", () => {
    const { problems, time, plan, doses } = calculate(changed(rock, { convention: "dense" }));
    expect(problems.get("limit.id")?.text).toContain("holds for the convention porous");
    expect([time, plan]).toEqual([null, null]);
    expect(doses).not.toBeNull();
  });

  test("a limit without an interval, or with both ends", () => {
    const own = { "limit.kind": "threshold", "limit.dose": "35", "limit.source": "here" };
    const alone = calculate(changed(rock, own));
    expect([...alone.problems]).toEqual([]);
    expect(alone.plan?.limit).toBe(35e6);
    const half = calculate(changed(rock, { ...own, "limit.low": "30" }));
    expect([...half.problems.keys()]).toEqual(["limit.high"]);
    const both = calculate(changed(rock, { ...own, "limit.low": "30", "limit.high": "41" }));
    expect(both.plan?.limit).toBe(30e6);
    expect(both.time?.ofDose?.[0]).toBeCloseTo((30 / 35) * (both.time?.time ?? 0), 6);
  });
});

test("the empty form says of every field what it needs, and computes nothing", () => {
  const { problems, doses, time, plan }: Calculation = calculate(blankForm());
  expect([doses, time, plan]).toEqual([null, null, null]);
  expect(problems.size).toBe(10);
  for (const { missing, text } of problems.values()) {
    expect(missing).toBe(true);
    expect(text).toMatch(/^Needs .+\.$/);
  }
});

describe("a link", () => {
  test("holds any text", () => {
    const name = `Kathode µ "</script>" 电池 ${"\\"}`;
    const form = changed(rock, { "layers.3.name": name });
    const fragment = fragmentOf(form);
    expect(fragment).toMatch(/^1\.[A-Za-z0-9_-]+$/);
    expect(formOfFragment(fragment)).toEqual(form);
  });

  test("that is cut, changed or of another version is refused", () => {
    const fragment = fragmentOf(rock);
    for (const bad of [fragment.slice(0, -7), "1.", "1.%%%", `2.${fragment.slice(2)}`, "x"]) {
      expect(() => formOfFragment(bad)).toThrow(ArgumentError);
    }
  });

  test("of another shape is refused", () => {
    for (const bad of [
      null,
      [],
      {},
      { layers: [] },
      { layers: Array(41).fill({}) },
      { layers: [{ thickness: 10 }] },
      { layers: [{ color: "red" }] },
      { layers: [{}], beam: "x" },
      { layers: [{}], beam: { energy: null } },
      { layers: [{}], color: "red" },
      { layers: [{ name: "x".repeat(20_001) }] },
    ]) {
      expect(() => formOf(bad)).toThrow(ArgumentError);
    }
    expect(formOf({ layers: [{}] }).beam.unit).toBe("s");
  });
});

describe("the table", () => {
  test("has a unit in every column with numbers, and the numbers as they are", () => {
    const { doses } = calculate(rock);
    if (!doses) throw new Error("expected doses");
    const lines = csvTable(doses)
      .trim()
      .split("\n")
      .filter((line) => !line.startsWith("#"));
    const [head, ...rows] = lines.map((line) => line.split(","));
    expect(rows.length).toBe(4);
    for (const name of head.slice(3)) expect(name).toMatch(/ \((um|photons\/s|W|Gy\/s|Gy|fraction)\)$/);
    const at = head.indexOf("dose porous (Gy)");
    expect(Number(rows[3][at])).toBe(doses.absorber.dose.porous);
    // A layer without liquid has no dose of the liquid.
    expect(rows[0][head.indexOf("dose liquid (Gy)")]).toBe("");
  });

  test("and the command say the beam exactly", () => {
    const { doses } = calculate(rock);
    if (!doses) throw new Error("expected doses");
    expect(commandOf(doses, rock.beam)).toBe(
      "npx operandose dose cell.json --flux 1.041e12 --energy 8390 --size 3315x1202.5 --exposure 17320 --convention porous",
    );
  });
});

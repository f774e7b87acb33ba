import { describe, expect, test } from "vitest";
import { random } from "../../../lib/compute/random.js";
import { Beam } from "../../../lib/dose/beam.js";
import {
  doseBudget,
  scaleRange,
  thresholdWithBudget,
  type Uncertainties,
} from "../../../lib/dose/budget/index.js";
import { DoseModel, type LAYER_SLOTS, layerSlot, SLOTS } from "../../../lib/dose/budget/model.js";
import { conventions } from "../../../lib/dose/convention.js";
import { rockCell } from "../../../lib/dose/rock-cell.js";
import { Stack } from "../../../lib/dose/stack.js";
import { ArgumentError } from "../../../lib/errors.js";

const stack = rockCell();
const scan = [8878, 8600, 8390, 8335, 8331, 8266];
const beam = new Beam({ energy: scan, flux: 1.041e12, width: 3315, height: 1202.5, exposure: 17_320 });
const typical = {
  flux: 0.05,
  area: 0.02,
  thickness: { Cathode: 0.1, "Counter electrode": 0.05 },
  porosity: { Cathode: 0.04 },
  density: { Cathode: 0.02 },
  tables: 0.01,
} as const;
const budget = (uncertainties: Uncertainties, more: object = {}) =>
  doseBudget(stack, beam, { uncertainties, ...more });

describe("the model of the budget", () => {
  test.each(conventions)("is stack.dose of the changed stack and beam (%s)", (convention) => {
    const { uniform } = random(2);
    const model = new DoseModel(stack, beam, { quantity: "dose", tables: 0 });
    for (let round = 0; round < 20; round++) {
      const x = model.nominal.map((v) => v * (0.7 + 0.6 * uniform()));
      const layers = stack.layers.map((layer, i) => {
        const at = (name: (typeof LAYER_SLOTS)[number]) => x[layerSlot(i, name)];
        const { solid, liquid } = layer.toJSON();
        return {
          ...layer.toJSON(),
          thickness: layer.thickness * at("thickness"),
          solid: { ...solid, density: solid.density * at("density") },
          ...(liquid && { liquid: { ...liquid, density: liquid.density * at("liquidDensity") } }),
          porosity: at("porosity"),
        };
      });
      const changed = new Beam({
        ...beam.toJSON(),
        flux: 1.041e12 * x[SLOTS.flux],
        width: beam.width * x[SLOTS.area],
        exposure: beam.exposure * x[SLOTS.exposure],
      });
      const { dose } = new Stack(layers).dose(changed)[3];
      const expected = convention === "phase" ? dose.phase.solid : dose[convention];
      expect(model.value(x, convention) / expected).toBeCloseTo(1, 12);
    }
  });

  test("tables: a share moves all coefficients, other tables give their dose at one unit", () => {
    const thicker = new DoseModel(stack, beam, { quantity: "dose", tables: 0.02 });
    const x = thicker.nominal.slice();
    x[SLOTS.tables] = 1;
    // the same optical depths from densities, with the masses put right
    const layers = stack.layers.map((layer) => {
      const { solid, liquid, ...rest } = layer.toJSON();
      const denser = { ...solid, density: 1.02 * solid.density };
      return {
        ...rest,
        solid: denser,
        ...(liquid && { liquid: { ...liquid, density: 1.02 * liquid.density } }),
      };
    });
    expect(thicker.value(x, "porous") / (1.02 * new Stack(layers).dose(beam)[3].dose.porous)).toBeCloseTo(
      1,
      12,
    );
    const chantler = new DoseModel(stack, beam, { quantity: "dose", tables: "chantler" });
    const mono = new Beam({ energy: 8390, flux: 1e6, width: 1, height: 1 });
    const depth = (layer: (typeof stack.layers)[number]) => {
      const liquid = layer.liquid?.linearAttenuation(8390, "chantler") ?? 0;
      return (
        ((1 - layer.porosity) * layer.solid.linearAttenuation(8390, "chantler") + layer.porosity * liquid) *
        layer.thickness *
        1e-4
      );
    };
    const upstream = Math.exp(-stack.layers.slice(0, 3).reduce((sum, layer) => sum + depth(layer), 0));
    const one = new DoseModel(stack, mono, { quantity: "dose", tables: "chantler" });
    const expected = upstream * -Math.expm1(-depth(stack.absorber));
    const elam = stack.upstream(8390) * stack.absorber.absorption(8390);
    expect(one.value(x, "porous") / one.value(one.nominal, "porous")).toBeCloseTo(expected / elam, 12);
    expect(
      Math.abs(chantler.value(x, "porous") / chantler.value(chantler.nominal, "porous") - 1),
    ).toBeLessThan(0.05);
  });
});

describe("doseBudget", () => {
  test("the value is what stack.dose says, whatever is uncertain or chosen", () => {
    const { dose, doseRate } = stack.dose(beam)[3];
    for (const method of ["linear", "montecarlo"] as const) {
      const more = { method, samples: 1000, choices: { convention: true, escape: 0.3 }, fold: "folded" };
      expect(budget(typical, more).value / dose.porous).toBeCloseTo(1, 12);
    }
    expect(budget(typical, { quantity: "doseRate", convention: "dense" }).value / doseRate.dense).toBeCloseTo(
      1,
      12,
    );
    expect(budget(typical, { convention: "phase" }).value / dose.phase.solid).toBeCloseTo(1, 12);
  });

  test("what is a factor on the dose passes on its relative uncertainty, in quadrature", () => {
    expect(budget({ flux: 0.05 }).relative).toBeCloseTo(0.05, 10);
    expect(budget({ exposure: 0.03 }).relative).toBeCloseTo(0.03, 10);
    expect(budget({ area: 0.02 }).relative).toBeCloseTo(0.02, 4); // 1 / area bends a little
    const both = budget({ flux: 0.03, exposure: 0.04 });
    expect(both.relative).toBeCloseTo(0.05, 10);
    expect(both.contributions.map((c) => [c.input, c.share])).toEqual([
      ["exposure", expect.closeTo(0.64, 6)],
      ["flux", expect.closeTo(0.36, 6)],
    ]);
    expect(both.interval[1] / both.value).toBeCloseTo(1 + 1.959964 * 0.05, 6);
  });

  test("slopes follow from the physics: a thin absorber's dose does not depend on its thickness, a window's does", () => {
    const thin = new Stack([
      { name: "window", solid: { formula: "C", density: 3.5 }, thickness: 500 },
      { name: "film", solid: { formula: "Ni", density: 8.9 }, thickness: 1e-3 },
    ]);
    const mono = new Beam({ energy: 8390, flux: 1e12, width: 1000, height: 1000 });
    const u = (uncertainties: Uncertainties) => doseBudget(thin, mono, { uncertainties });
    expect(u({ thickness: { film: 0.1 } }).relative).toBeLessThan(1e-4);
    // dose ~ exp(-mu t): a relative change of t changes it by mu t times as much
    const depth = thin.layers[0].opticalDepth(8390);
    expect(u({ thickness: { window: 0.1 } }).relative / (0.1 * depth)).toBeCloseTo(1, 5);
    expect(u({ density: { window: 0.1 } }).relative / (0.1 * depth)).toBeCloseTo(1, 5);
  });

  test("shares add up to one, the largest comes first, ranges hold the value", () => {
    const { contributions, value, standardUncertainty } = budget(typical);
    expect(contributions).toHaveLength(7);
    expect(contributions.reduce((sum, c) => sum + c.share, 0)).toBeCloseTo(1, 12);
    const squares = contributions.reduce((sum, c) => sum + c.uncertainty ** 2, 0);
    expect(Math.sqrt(squares) / standardUncertainty).toBeCloseTo(1, 12);
    contributions.reduce((before, c) => {
      expect(c.uncertainty).toBeLessThanOrEqual(before);
      expect(Math.min(...c.range)).toBeLessThan(value);
      expect(Math.max(...c.range)).toBeGreaterThan(value);
      return c.uncertainty;
    }, Number.POSITIVE_INFINITY);
  });

  test("linear and Monte Carlo agree where the dose is nearly linear", () => {
    const linear = budget(typical);
    const drawn = budget(typical, { method: "montecarlo" });
    // 20 000 draws know a standard deviation to 0.5 %; curvature adds its own percent
    expect(drawn.standardUncertainty / linear.standardUncertainty).toBeCloseTo(1, 1);
    expect(Math.abs(drawn.standardUncertainty / linear.standardUncertainty - 1)).toBeLessThan(0.03);
    expect(Math.abs(drawn.mean / linear.value - 1)).toBeLessThan(0.005);
    for (const side of [0, 1]) {
      expect(Math.abs(drawn.interval[side] - linear.interval[side])).toBeLessThan(0.02 * linear.value);
    }
    expect(drawn.linear).toEqual({
      standardUncertainty: linear.standardUncertainty,
      interval: linear.interval,
    });
    expect(drawn.verdict).not.toContain("linear propagation gives");
  });

  test("they agree for uniform inputs, too, whose Monte Carlo interval is shorter", () => {
    const flux = { standard: 0.05, distribution: "uniform" } as const;
    const [linear, drawn] = ["linear", "montecarlo"].map((method) => budget({ flux }, { method }));
    expect(drawn.standardUncertainty / linear.standardUncertainty).toBeCloseTo(1, 1);
    expect(drawn.interval[1] / drawn.value).toBeCloseTo(1 + 0.95 * Math.sqrt(3) * 0.05, 2);
    expect(linear.contributions[0].range[1] / linear.value).toBeCloseTo(1 + 0.95 * Math.sqrt(3) * 0.05, 6);
  });

  test("they differ near a bound, and the verdict says so", () => {
    const nearlyDense = new Stack([
      { name: "c", solid: { formula: "LiNiO2", density: 4.7 }, thickness: 10, porosity: 0.02 },
    ]);
    const mono = new Beam({ energy: 8390, flux: 1e12, width: 1000, height: 1000 });
    const ask = { uncertainties: { porosity: { c: 0.1 } }, convention: "composite" as const };
    const drawn = doseBudget(nearlyDense, mono, { ...ask, method: "montecarlo" });
    const cut = drawn.standardUncertainty / drawn.linear.standardUncertainty;
    expect(cut).toBeLessThan(0.75); // half of the distribution means nothing and is cut off
    expect(drawn.verdict).toContain("linear propagation gives");
  });

  test("the range of an input that a bound cuts off is that of the Monte Carlo", () => {
    for (const spread of [{ standard: 0.25 }, { standard: 0.25, distribution: "uniform" as const }]) {
      const { contributions, interval, value } = budget(
        { porosity: { Cathode: spread } },
        { method: "montecarlo" },
      );
      const range = [...contributions[0].range].sort((a, b) => a - b);
      for (const side of [0, 1]) expect(Math.abs(range[side] - interval[side]) / value).toBeLessThan(0.02);
    }
    const { contributions } = budget({ flux: 0.05 });
    expect(contributions[0].range[0] / contributions[0].range[1]).toBeCloseTo(0.902 / 1.098, 5);
  });

  test("choices stand apart: they change neither value nor interval, only `whole`", () => {
    const plain = budget(typical);
    const shown = budget(typical, { choices: { convention: true, escape: 0.33 } });
    expect([shown.value, shown.interval, shown.standardUncertainty]).toEqual([
      plain.value,
      plain.interval,
      plain.standardUncertainty,
    ]);
    expect(plain.whole).toEqual(plain.interval);
    expect(shown.choices.map((c) => c.choice)).toEqual([
      "dense",
      "composite",
      "phase",
      "33 % of the energy escapes",
    ]);
    const { dose } = stack.dose(beam)[3];
    expect(shown.choices.map((c) => c.value / dose.porous)).toEqual([
      expect.closeTo(dose.dense / dose.porous, 10),
      expect.closeTo(dose.composite / dose.porous, 10),
      expect.closeTo(dose.phase.solid / dose.porous, 10),
      expect.closeTo(0.67, 10),
    ]);
    expect(shown.whole[0] / shown.interval[0]).toBeCloseTo(dose.dense / dose.porous, 10);
    expect(shown.whole[1]).toBe(shown.interval[1]);
    expect(shown.verdict).toContain("not in this interval, since they are choices and not uncertainties");
  });

  test("escape: true is what the stack says of its absorber, below the whole energy-absorption coefficient's third", () => {
    const [choice] = budget(typical, { choices: { escape: true } }).choices;
    expect(1 - choice.ratio).toBeCloseTo(stack.escape(beam)[3].total, 12);
    expect(1 - choice.ratio).toBeGreaterThan(0.1);
    expect(1 - choice.ratio).toBeLessThan(1 / 3);
  });

  test("a polychromatic beam and a weighted scan have stack.dose's value, too", () => {
    for (const more of [{ polychromatic: true }, { weights: [1, 2, 3, 4, 5, 6] }]) {
      const light = new Beam({ ...beam.toJSON(), ...more });
      const { value } = doseBudget(stack, light, { uncertainties: { flux: 0.1 } });
      expect(value / stack.dose(light)[3].dose.porous).toBeCloseTo(1, 12);
    }
    const chantler = new Stack(stack.layers, { tables: "chantler" });
    const { value, contributions } = doseBudget(chantler, beam, { uncertainties: { tables: "elam" } });
    expect(value / chantler.dose(beam)[3].dose.porous).toBeCloseTo(1, 12);
    const other = stack.dose(beam)[3].dose.porous;
    // one standard uncertainty is the whole difference between the tables
    expect(contributions[0].uncertainty / Math.abs(other - value)).toBeCloseTo(1, 1);
  });

  test("folded choices widen, and linear and Monte Carlo part, as they must for what is discrete or one-sided", () => {
    const more = { choices: { convention: ["dense", "porous"], escape: 0.3 }, fold: "folded" };
    const linear = budget({ flux: 0.01 }, more);
    const drawn = budget({ flux: 0.01 }, { ...more, method: "montecarlo" });
    expect(linear.contributions.map((c) => [c.input, c.kind])).toEqual([
      ["convention", "choice"],
      ["escape", "choice"],
      ["flux", "systematic"],
    ]);
    expect(linear.interval[1]).toBeGreaterThan(1.3 * linear.value); // symmetric, though nothing lies above
    expect(drawn.interval[1]).toBeLessThan(1.03 * drawn.value);
    expect(drawn.mean / drawn.value).toBeCloseTo(((1 + 0.64) / 2) * 0.85, 1);
    expect(drawn.verdict).toContain("the dose is not linear over these uncertainties");
    expect(drawn.whole).toEqual(drawn.interval);
  });

  test("correlations: what moves together adds up or cancels, in both methods", () => {
    // areal mass t (1 - p) rho, known from weighing
    const ask = (r: number, method: string) =>
      budget({ flux: 0.04, exposure: 0.03 }, { method, correlations: [["flux", "exposure", r]] }).relative;
    const expected = (r: number) => Math.sqrt(0.04 ** 2 + 0.03 ** 2 + 2 * r * 0.04 * 0.03);
    for (const r of [-0.9, 0, 0.9]) {
      expect(ask(r, "linear")).toBeCloseTo(expected(r), 8);
      expect(ask(r, "montecarlo") / expected(r)).toBeCloseTo(1, 1);
    }
  });

  test("random inputs count for the dose, not for the scale of a map", () => {
    const one = budget({ flux: 0.04, exposure: { standard: 0.03, random: true } });
    expect([one.relative, one.scale.standard]).toEqual([expect.closeTo(0.05, 8), expect.closeTo(0.04, 8)]);
    expect(one.contributions.map((c) => c.kind)).toEqual(["systematic", "random"]);
    const drawn = budget(
      { flux: 0.04, exposure: { standard: 0.03, random: true } },
      { method: "montecarlo" },
    );
    expect(drawn.scale.standard).toBeCloseTo(0.04, 3);
    expect(scaleRange(one)).toBe("-7.84 to +7.84 % (95 %, convention porous)");
  });

  test("a Monte Carlo repeats itself for a seed, and only for it", () => {
    const ask = (seed: number) => budget(typical, { method: "montecarlo", samples: 1000, seed }).interval;
    expect(ask(4)).toEqual(ask(4));
    expect(ask(5)).not.toEqual(ask(4));
  });

  test("the 95 % interval covers: of 400 true cells drawn around the stated one, 92 to 98 % of their doses lie in it", () => {
    const { interval } = budget(typical, { method: "montecarlo" });
    const model = new DoseModel(stack, beam, { quantity: "dose", tables: 0.01 });
    const { normal } = random(77);
    const cathode = (name: "thickness" | "porosity" | "density") => layerSlot(3, name);
    let inside = 0;
    for (let i = 0; i < 400; i++) {
      const x = model.nominal.slice();
      x[SLOTS.flux] += 0.05 * normal();
      x[SLOTS.area] += 0.02 * normal();
      x[SLOTS.tables] += normal();
      x[cathode("thickness")] += 0.1 * normal();
      x[layerSlot(1, "thickness")] += 0.05 * normal();
      x[cathode("porosity")] += 0.04 * normal();
      x[cathode("density")] += 0.02 * normal();
      const dose = model.value(x, "porous");
      if (dose >= interval[0] && dose <= interval[1]) inside++;
    }
    expect(inside / 400).toBeGreaterThan(0.92);
    expect(inside / 400).toBeLessThan(0.98);
  });

  test.each([
    [{}, {}, "expected at least one uncertainty above 0, got {}"],
    [{ flux: 0 }, {}, "expected at least one uncertainty above 0"],
    [{ area: 0.3 }, {}, "expected a standard uncertainty from 0 to 0.25 for area"],
    [{ porosity: { Cathode: 0.9 } }, {}, "from 0 to 0.29 for porosity.Cathode"],
    [{ flux: { standard: 0.1, randon: true } }, {}, 'got an option "randon"'],
    [{ flux: 0.1 }, { correlations: 5 }, "expected correlations as a list of [input, other input, r], got 5"],
    [
      { flux: 0.1, area: 0.1 },
      {
        correlations: [
          ["flux", "area", 0.5],
          ["area", "flux", -0.5],
        ],
      },
      "expected one correlation of area and flux, got two",
    ],
    [
      { flux: 5 },
      {},
      "expected a standard uncertainty from 0 to 1 for flux (a fraction, not percent), got 5",
    ],
    [{ flux: "5 %" }, {}, 'got "5 %"'],
    [{ fluxx: 0.1 }, {}, 'got an option "fluxx"; did you mean "flux"?'],
    [
      { thickness: { cathode: 0.1 } },
      {},
      'expected thickness of a layer that has one ("Diamond window", "Counter electrode", "Separator", "Cathode"), got "cathode"',
    ],
    [
      { porosity: { "Diamond window": 0.1 } },
      {},
      'expected porosity of a layer that has one ("Separator", "Cathode")',
    ],
    [
      { flux: { standard: 0.1, distribution: "flat" } },
      {},
      'expected a distribution normal or uniform for flux, got "flat"',
    ],
    [{ tables: "henke" }, {}, 'expected tables as elam | chantler, got "henke"'],
    [
      { flux: 0.1 },
      { convention: "wet" },
      'expected convention as dense | composite | porous | phase, got "wet"',
    ],
    [
      { flux: 0.1 },
      { choices: { convention: "dense" } },
      'expected choices.convention as true or a list of conventions, got "dense"',
    ],
    [
      { flux: 0.1 },
      { choices: { escape: 33 } },
      "true or a fraction of the absorbed energy from 0 to below 1, got 33",
    ],
    [
      { flux: 0.1 },
      { choices: { tables: true } },
      'choices: expected options { convention?, escape? }, got an option "tables"',
    ],
    [{ flux: 0.1 }, { method: "bootstrap" }, 'expected method as linear | montecarlo, got "bootstrap"'],
    [{ flux: 0.1 }, { samples: 10 }, "expected samples to be a whole number from 1000 to 10000000, got 10"],
    [{ flux: 0.1 }, { sample: 10 }, 'got an option "sample"'],
    [{ tables: "elam" }, {}, 'expected other tables than the stack\'s to compare with, got "elam"'],
    [
      { flux: 0.1 },
      { correlations: [["flux", "area", 0.5]] },
      'expected correlations of inputs with an uncertainty ("flux"), got "area"',
    ],
    [{ flux: 0.1, area: 0.1 }, { correlations: [["flux", "area", 1]] }, "-1 < r < 1"],
    [
      { flux: 0.1, area: 0.1, exposure: 0.1 },
      {
        correlations: [
          ["flux", "area", 0.9],
          ["area", "exposure", 0.9],
          ["flux", "exposure", -0.9],
        ],
      },
      "expected a positive definite correlation matrix",
    ],
  ])("refuses %j with %j", (uncertainties, more, message) => {
    expect(() => budget(uncertainties as Uncertainties, more)).toThrow(ArgumentError);
    expect(() => budget(uncertainties as Uncertainties, more)).toThrow(message);
  });

  test("refuses a beam without light", () => {
    const dark = { energy: 8390, flux: 0, width: 1, height: 1 };
    expect(() => doseBudget(stack, dark, { uncertainties: { flux: 0.1 } })).toThrow("check the flux");
  });
});

describe("thresholdWithBudget", () => {
  const six = budget({ flux: 0.06 });

  test("joins both sides in quadrature on the logarithm", () => {
    const found = thresholdWithBudget({ threshold: 39.5, interval: [37, 42] }, six);
    expect(found.statistical).toEqual([37, 42]);
    expect(found.systematic?.[0]).toBeCloseTo(39.5 * (1 - 1.959964 * 0.06), 4);
    const low = Math.hypot(Math.log(39.5 / 37), Math.log(1 / (1 - 1.959964 * 0.06)));
    expect(found.interval?.[0]).toBeCloseTo(39.5 * Math.exp(-low), 4);
    expect(found.interval![0]).toBeLessThan(found.systematic![0]);
    expect(found.interval![1]).toBeGreaterThan(found.systematic![1]);
    expect(found.verdict).toMatch(
      /^threshold 39.5: 37 to 42 from the response alone, 34.9 to 44.1 from the scale/,
    );
  });

  test("in any unit, and without an interval of its own", () => {
    const [a, b] = [1, 1e6].map((unit) =>
      thresholdWithBudget({ threshold: 39.5 * unit, interval: [37 * unit, 42 * unit] }, six),
    );
    expect(b.interval![1] / a.interval![1]).toBeCloseTo(1e6, 6);
    const alone = thresholdWithBudget({ threshold: 39.5, interval: null }, six);
    expect(alone.interval?.[0]).toBeCloseTo(alone.systematic![0], 10);
    expect(alone.verdict).not.toContain("response alone");
  });

  test("no threshold stays none", () => {
    expect(thresholdWithBudget({ threshold: null, interval: null }, six)).toMatchObject({
      threshold: null,
      interval: null,
      verdict: "no threshold was found, so there is none to scale",
    });
    expect(() => thresholdWithBudget(39.5 as never, six)).toThrow("expected a result of doseThreshold");
  });
});

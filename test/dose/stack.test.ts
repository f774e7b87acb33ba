import { describe, expect, test } from "vitest";
import { Beam } from "../../lib/dose/beam.js";
import { conventions } from "../../lib/dose/convention.js";
import { Layer } from "../../lib/dose/layer.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { Stack } from "../../lib/dose/stack.js";
import { ArgumentError } from "../../lib/errors.js";
import { JOULE_PER_EV } from "../../lib/units.js";

const FLUX = 1.041e12;
const whole = { energy: 8390, flux: FLUX, width: 3315, height: 1202.5 };
const cathode = (beam: ConstructorParameters<typeof Beam>[0]) => rockCell().dose(new Beam(beam))[3];

describe("the paper's cell, 1.041e12 ph/s over 3315 x 1202.5 um at 8390 eV, against independent programs", () => {
  // Numbers computed with xraydb and xraylib. 0.1 %, or half of the last digit where a number has only three.
  const close = (got: number, expected: number, tolerance = 1e-3 * expected) =>
    expect(Math.abs(got - expected)).toBeLessThanOrEqual(tolerance);
  const { doseRate } = cathode(whole);

  test("upstream attenuation 21.22 %, flux on the cathode 8.20e11", () => {
    close(100 * (1 - rockCell().upstream(8390)), 21.22);
    close(FLUX * rockCell().upstream(8390), 8.2e11);
  });
  test("dense 2646 Gy/s", () => close(doseRate.dense, 2646));
  test("composite 3690 Gy/s", () => close(doseRate.composite, 3690));
  test("porous 4134 Gy/s", () => close(doseRate.porous, 4134));
  test("phase 4118 Gy/s in the solid, 135 in the liquid", () => {
    close(doseRate.phase.solid, 4118);
    close(doseRate.phase.liquid, 135, 0.5);
  });
});

describe("stack.dose", () => {
  const scan = {
    ...whole,
    energy: [8878, 8600, 8340, 8266],
    flux: [1e12, 2e12, 3e12, 4e12],
    exposure: 17_320,
  };

  test.each([
    ["one energy", whole],
    ["a scan", scan],
    ["hard X-rays, nearly all transmitted", { ...whole, energy: 90_000 }],
    ["soft X-rays, nearly all absorbed", { ...whole, energy: 1100 }],
  ])("absorbed and transmitted power add up to the incident power: %s", (_, options) => {
    const beam = new Beam(options);
    const mean = (f: (line: { energy: number; flux: number }) => number) =>
      beam.lines.reduce((sum, line) => sum + f(line), 0) / beam.lines.length;
    const incident = mean(({ energy, flux }) => energy * flux * JOULE_PER_EV);
    const transmitted = mean(
      ({ energy, flux }) => energy * flux * JOULE_PER_EV * rockCell().transmission(energy),
    );
    const absorbed = rockCell()
      .dose(beam)
      .reduce((sum, layer) => sum + layer.absorbedPower, 0);
    expect(Math.abs((absorbed + transmitted) / incident - 1)).toBeLessThan(1e-12);
  });

  test("each convention times its mass is the absorbed power, and so are the two phases together", () => {
    const layer = rockCell().layers[3];
    const beam = new Beam(scan);
    const { doseRate, absorbedPower } = rockCell().dose(beam)[3];
    for (const convention of ["dense", "composite", "porous"] as const) {
      expect((doseRate[convention] * layer.arealMass(convention) * beam.area) / absorbedPower).toBeCloseTo(
        1,
        12,
      );
    }
    const { solid, liquid } = doseRate.phase;
    const both = solid * layer.arealMass("phase") + liquid * layer.liquidArealMass();
    expect((both * beam.area) / absorbedPower).toBeCloseTo(1, 12);
  });

  test("one entry per layer, in order; transmissions multiply to the stack's", () => {
    const doses = rockCell().dose(new Beam(whole));
    expect(doses.map(({ layer }) => layer)).toEqual([
      "Diamond window",
      "Counter electrode",
      "Separator",
      "Cathode",
    ]);
    const product = doses.reduce((t, { transmission }) => t * transmission, 1);
    expect(product / rockCell().transmission(8390)).toBeCloseTo(1, 12);
    expect(product / doses[3].transmission / rockCell().upstream(8390)).toBeCloseTo(1, 12);
  });

  test("a layer without pores has one dose rate in every convention, and no liquid that could have one", () => {
    const { dense, composite, porous, phase } = rockCell().dose(new Beam(whole))[0].doseRate;
    expect([composite, porous, phase.solid]).toEqual([dense, dense, dense]);
    expect(phase.liquid).toBeNaN();
  });

  test("a scan is the mean over its energies, each with its own flux", () => {
    const mean = cathode(scan);
    const alone = scan.energy.map((energy, k) => cathode({ ...scan, energy, flux: scan.flux[k] }));
    const average = (f: (entry: typeof mean) => number) =>
      alone.reduce((sum, entry) => sum + f(entry), 0) / alone.length;
    for (const f of [
      (entry: typeof mean) => entry.transmission,
      (entry: typeof mean) => entry.absorbedPower,
      (entry: typeof mean) => entry.doseRate.porous,
      (entry: typeof mean) => entry.doseRate.phase.solid,
      (entry: typeof mean) => entry.doseRate.phase.liquid,
    ]) {
      expect(f(mean) / average(f)).toBeCloseTo(1, 12);
    }
  });

  test("scales as it must: twice the flux, half the width, ten seconds", () => {
    const one = cathode(whole);
    const ratio = (change: object) => cathode({ ...whole, ...change }).doseRate.porous / one.doseRate.porous;
    expect(ratio({ flux: 2 * FLUX })).toBeCloseTo(2, 12);
    expect(ratio({ width: 3315 / 2 })).toBeCloseTo(2, 12);
    expect(ratio({ exposure: 10 })).toBe(1);
    expect(cathode({ ...whole, exposure: 10 }).dose.phase.liquid / one.doseRate.phase.liquid).toBeCloseTo(
      10,
      12,
    );
    expect(one.dose).toEqual(one.doseRate); // one second unless told
    expect(cathode({ ...whole, flux: 0 }).doseRate.porous).toBe(0);
  });

  test("takes a plain object for a beam, and checks it as one", () => {
    expect(rockCell().dose(whole)).toEqual(rockCell().dose(new Beam(whole)));
    expect(() => rockCell().dose({ ...whole, width: 0 })).toThrow("Beam: expected width > 0 um, got 0");
    expect(() => rockCell().dose(undefined as never)).toThrow(ArgumentError);
    expect(() => rockCell().dose(undefined as never)).toThrow("expected { energy, flux, width, height");
  });

  test("a layer cut in two absorbs what it did whole", () => {
    const layer = rockCell().layers[3].toJSON();
    const halves = new Stack([
      ...rockCell().layers.slice(0, 3),
      new Layer({ ...layer, name: "front", thickness: 4 }),
      new Layer({ ...layer, name: "back", thickness: 6 }),
    ]);
    const [, , , front, back] = halves.dose(new Beam(whole));
    expect((front.absorbedPower + back.absorbedPower) / cathode(whole).absorbedPower).toBeCloseTo(1, 12);
    expect(front.doseRate.porous).toBeGreaterThan(back.doseRate.porous);
  });
});

describe("stack.transmission, upstream, doseRatePerFluence", () => {
  test("a number gives a number, an array an array in its order", () => {
    const stack = rockCell();
    for (const f of [
      (e: number | number[]) => stack.transmission(e),
      (e: number | number[]) => stack.upstream(e),
      (e: number | number[]) => stack.doseRatePerFluence(e as number, "porous"),
    ]) {
      expect(f([8878, 8266])).toEqual(Float64Array.of(f(8878) as number, f(8266) as number));
    }
  });

  test.each(conventions)("doseRatePerFluence (%s) times fluence is what stack.dose says", (convention) => {
    const { doseRate } = cathode(whole);
    const expected = convention === "phase" ? doseRate.phase.solid : doseRate[convention];
    const fluence = FLUX / (3315e-6 * 1202.5e-6);
    expect((rockCell().doseRatePerFluence(8390, convention) * fluence) / expected).toBeCloseTo(1, 12);
  });

  test("the absorber decides what is upstream", () => {
    const { layers } = rockCell();
    expect(new Stack(layers, { absorber: "Diamond window" }).upstream(8390)).toBe(1);
    expect(new Stack(layers, { absorber: 1 }).upstream(8390)).toBeCloseTo(
      rockCell().dose(new Beam(whole))[0].transmission,
      12,
    );
    expect(new Stack(layers).absorber.name).toBe("Cathode");
  });

  test("refuses energies outside the tables and unknown conventions", () => {
    expect(() => rockCell().upstream(8.39)).toThrow(
      "stack.upstream: expected energy in eV, from 200 to 1000000, got 8.39; this looks like keV",
    );
    expect(() => rockCell().transmission([8390, Number.NaN])).toThrow("got NaN at index 1");
    expect(() => rockCell().doseRatePerFluence(8390, "wet" as "porous")).toThrow(
      'expected convention as dense | composite | porous | phase, got "wet"',
    );
  });
});

describe("Stack", () => {
  test("survives JSON with its absorber, cannot be changed", () => {
    const stack = new Stack(rockCell().layers, { absorber: "Separator" });
    const again = Stack.from(JSON.parse(JSON.stringify(stack)));
    expect(again.toJSON()).toEqual(stack.toJSON());
    expect(again.absorber.name).toBe("Separator");
    expect(again.upstream(8390)).toBe(stack.upstream(8390));
    expect(Stack.from(stack)).toBe(stack);
    expect(() => Object.assign(stack, { absorber: stack.layers[0] })).toThrow(TypeError);
    expect(() => (stack.layers as Layer[]).pop()).toThrow(TypeError);
  });

  const { layers } = rockCell();
  test.each([
    [() => new Stack([]), "Stack: expected an array of at least one Layer, got []"],
    [
      () => new Stack([...layers, layers[3]]),
      'Stack: expected layers of different names, got "Cathode" twice; rename one',
    ],
    [
      () => new Stack(layers, { absorber: "Anode" }),
      '"Separator", "Cathode" or an index below 4, got "Anode"',
    ],
    [() => new Stack(layers, { absorber: 4 }), "got 4"],
    [() => new Stack(layers, { absorber: -1 }), "got -1"],
    [
      () => new Stack(layers, "Cathode" as never),
      'Stack: expected options { absorber?, tables? }, got "Cathode"',
    ],
    [() => Stack.from(layers as never), "Stack.from: expected options { layers?, absorber?, tables? }"],
    [() => Stack.from({ layers: [{ name: "x" }] } as never), "Layer x: expected solid"],
  ])("refuses %s", (build, message) => {
    expect(build).toThrow(ArgumentError);
    expect(build).toThrow(message);
  });
});

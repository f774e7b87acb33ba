// Beams of several energies, both directions, attenuators, two tables, and the laws that all of them keep.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attenuator } from "../../lib/dose/attenuator.js";
import { Beam, type BeamOptions } from "../../lib/dose/beam.js";
import { doseRateMap } from "../../lib/dose/dose-rate-map.js";
import { Layer } from "../../lib/dose/layer.js";
import { material, materials } from "../../lib/dose/materials.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { Stack } from "../../lib/dose/stack.js";
import { ArgumentError, ShapeError } from "../../lib/errors.js";
import { JOULE_PER_EV } from "../../lib/units.js";

const whole = { energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5 };
const names = materials().map(({ name }) => name);

const anyLayer = (name: string) =>
  fc
    .record({
      solid: fc.constantFrom(...names),
      liquid: fc.option(fc.constantFrom(...names)),
      thickness: fc.double({ min: 0.01, max: 5000, noNaN: true }),
      porosity: fc.double({ min: 0, max: 0.95, noNaN: true }),
    })
    .map(({ solid, liquid, ...rest }) => {
      return new Layer({
        name,
        solid: material(solid),
        ...(liquid && { liquid: material(liquid) }),
        ...rest,
      });
    });
const anyStack = fc
  .tuple(anyLayer("a"), anyLayer("b"), anyLayer("c"), fc.constantFrom("elam" as const, "chantler" as const))
  .map(([a, b, c, tables]) => new Stack([a, b, c], { tables }));
const anyBeam = fc
  .record({
    lines: fc.array(
      fc.tuple(
        fc.double({ min: 1000, max: 1e5, noNaN: true }),
        fc.double({ min: 1e6, max: 1e14, noNaN: true }),
      ),
      { minLength: 1, maxLength: 5 },
    ),
    polychromatic: fc.boolean(),
  })
  .map(({ lines, polychromatic }) => {
    return new Beam({
      ...whole,
      energy: lines.map((l) => l[0]),
      flux: lines.map((l) => l[1]),
      polychromatic,
    });
  });

describe("any stack in any beam", () => {
  test("absorbed and transmitted power add up to the incident power to 1e-12", () => {
    fc.assert(
      fc.property(anyStack, anyBeam, (stack, beam) => {
        const power = (through: (energy: number) => number) =>
          beam.lines.reduce(
            (sum, l) => sum + l.share * l.flux * l.energy * JOULE_PER_EV * through(l.energy),
            0,
          );
        const absorbed = stack.dose(beam).reduce((sum, layer) => sum + layer.absorbedPower, 0);
        const incident = power(() => 1);
        expect(Math.abs(absorbed + power((e) => stack.transmission(e)) - incident) / incident).toBeLessThan(
          1e-12,
        );
      }),
      { numRuns: 200 },
    );
  });

  test("photons behind the last layer are those that the stack transmits, in either direction", () => {
    fc.assert(
      fc.property(anyStack, anyBeam, (stack, beam) => {
        const behind = beam.lines.reduce(
          (sum, l) => sum + l.share * l.flux * stack.transmission(l.energy),
          0,
        );
        for (const cell of [stack, stack.reversed()]) {
          const { transmittedFlux } = cell.dose(beam)[2];
          expect(Math.abs(transmittedFlux - behind)).toBeLessThanOrEqual(1e-11 * behind);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("all dose rates are proportional to the flux, and none knows the exposure", () => {
    fc.assert(
      fc.property(anyStack, anyBeam, (stack, beam) => {
        const json = beam.toJSON();
        const double = { ...json, flux: Array.from(json.flux as number[], (f) => 2 * f), exposure: 30 };
        const [one, two] = [stack.dose(beam), stack.dose(double)];
        one.forEach(({ doseRate, transmission }, i) => {
          expect(two[i].doseRate.porous).toBeCloseTo(
            2 * doseRate.porous,
            8 - Math.log10(1 + doseRate.porous),
          );
          expect(two[i].transmission).toBeCloseTo(transmission, 12);
          expect(two[i].dose.dense / (30 * two[i].doseRate.dense) || 1).toBeCloseTo(1, 12);
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe("a polychromatic beam", () => {
  const spectrum = { ...whole, energy: [7000, 8390, 12_000], flux: [1e12, 2e12, 5e11], polychromatic: true };
  const alone = (k: number) =>
    rockCell().dose({ ...whole, energy: spectrum.energy[k], flux: spectrum.flux[k] });

  test("is the sum of its energies", () => {
    rockCell()
      .dose(spectrum)
      .forEach((layer, i) => {
        const sum = (f: (d: typeof layer) => number) => [0, 1, 2].reduce((all, k) => all + f(alone(k)[i]), 0);
        expect(layer.absorbedPower / sum((d) => d.absorbedPower)).toBeCloseTo(1, 12);
        expect(layer.doseRate.porous / sum((d) => d.doseRate.porous)).toBeCloseTo(1, 12);
        expect(layer.doseRate.phase.solid / sum((d) => d.doseRate.phase.solid)).toBeCloseTo(1, 12);
        expect(layer.transmittedFlux / sum((d) => d.transmittedFlux)).toBeCloseTo(1, 12);
      });
  });

  test("is as many times a scan as it has energies, and hardens on its way", () => {
    const scan = rockCell().dose({ ...spectrum, polychromatic: false });
    const sum = rockCell().dose(spectrum);
    sum.forEach((layer, i) => void expect(layer.absorbedPower / scan[i].absorbedPower).toBeCloseTo(3, 12));
    const halves = new Stack(
      [1, 2].map((i) => ({ ...rockCell().absorber.toJSON(), name: `${i}`, thickness: 40 })),
    );
    const [first, second] = halves.dose({ ...spectrum, energy: [8400, 12_000, 20_000] });
    expect(second.transmission).toBeGreaterThan(first.transmission);
    expect(first.transmission * second.transmission).toBeCloseTo(
      second.transmittedFlux / spectrum.flux.reduce((a, b) => a + b),
      12,
    );
  });

  test("shares one flux out by weights, in any unit; evenly without", () => {
    const { energy, polychromatic } = spectrum;
    const weighted = new Beam({ ...whole, energy, polychromatic, flux: 3.5e12, weights: [2, 4, 1] });
    expect(weighted.lines.map((l) => l.flux)).toEqual(spectrum.flux);
    expect(weighted.meanFlux).toBe(3.5e12);
    const even = new Beam({ ...whole, energy, polychromatic, flux: 3e12 });
    for (const { flux, share } of even.lines) expect([flux, share]).toEqual([1e12, 1]);
    expect(new Beam(JSON.parse(JSON.stringify(weighted)))).toEqual(weighted);
  });
});

describe("a scan with weights", () => {
  test("spends its time so: staying twice as long at an energy is having it twice", () => {
    const weighted = rockCell().dose({ ...whole, energy: [8300, 8400], weights: [1, 2] })[3];
    const twice = rockCell().dose({ ...whole, energy: [8300, 8400, 8400] })[3];
    expect(weighted.doseRate.porous / twice.doseRate.porous).toBeCloseTo(1, 12);
    expect(weighted.transmission).toBeCloseTo(twice.transmission, 12);
  });

  test.each([
    [{ weights: [1] }, ShapeError, "Beam: expected one weight for each of 2 energies, got [1]"],
    [{ weights: [1, -1] }, ArgumentError, "Beam: expected weights >= 0, not all zero, got -1"],
    [{ weights: [0, 0] }, ArgumentError, "got [0,0]"],
    [{ polychromatic: "yes" }, ArgumentError, 'expected polychromatic true or false, got "yes"'],
    [
      { polychromatic: true, flux: [1e12, 2e12], weights: [1, 1] },
      ArgumentError,
      "got a flux for each energy of a polychromatic beam; multiply the flux by the weights",
    ],
    [{ heigth: 3 }, ArgumentError, 'got an option "heigth"; did you mean "height"?'],
  ])("refuses %j", (change, type, message) => {
    const options = { ...whole, energy: [8300, 8400], ...change } as BeamOptions;
    expect(() => new Beam(options)).toThrow(type);
    expect(() => new Beam(options)).toThrow(message);
  });
});

describe("the other direction", () => {
  test("keeps the absorber, which then takes the whole flux", () => {
    const back = rockCell().reversed();
    expect(back.layers.map(({ name }) => name)).toEqual([
      "Cathode",
      "Separator",
      "Counter electrode",
      "Diamond window",
    ]);
    expect(back.absorber.name).toBe("Cathode");
    expect(back.upstream(8390)).toBe(1);
    const gain = back.dose(whole)[0].doseRate.porous / rockCell().dose(whole)[3].doseRate.porous;
    expect(gain).toBeCloseTo(1 / rockCell().upstream(8390), 12);
    expect(back.reversed().toJSON()).toEqual(rockCell().toJSON());
    expect(back.transmission(8390)).toBeCloseTo(rockCell().transmission(8390), 12);
  });
});

describe("attenuator", () => {
  const aluminum = material("aluminum");

  test("lets through what was wanted, and takes as much off the dose of all others", () => {
    for (const tables of ["elam", "chantler"] as const) {
      const plate = attenuator({ material: aluminum, transmission: 0.1, energy: 8390, tables });
      const cell = rockCell().with({ tables });
      const behind = cell.behind(plate);
      expect(behind.layers[0]).toBe(plate);
      expect(behind.absorber.name).toBe("Cathode");
      expect(behind.tables).toBe(tables);
      expect(behind.upstream(8390) / cell.upstream(8390)).toBeCloseTo(0.1, 12);
      expect(behind.dose(whole)[4].doseRate.porous / cell.dose(whole)[3].doseRate.porous).toBeCloseTo(
        0.1,
        12,
      );
    }
  });

  test("by its thickness, with a name", () => {
    const plate = attenuator({ name: "Al 50", material: { formula: "Al", density: 2.7 }, thickness: 50 });
    expect(plate.name).toBe("Al 50");
    expect(plate.thickness).toBe(50);
    expect(attenuator({ material: aluminum, thickness: 1 }).name).toBe("Attenuator");
  });

  test.each([
    [{ material: aluminum }, "expected either a thickness (um) or a transmission with its energy (eV)"],
    [
      { material: aluminum, thickness: 5, transmission: 0.5, energy: 8390 },
      "got thickness 5 and transmission 0.5",
    ],
    [
      { material: aluminum, transmission: 10, energy: 8390 },
      "expected 0 < transmission < 1 (a fraction, not percent), got 10",
    ],
    [
      { material: aluminum, transmission: 0.5 },
      "attenuator: expected energies from 1000 to 100000 eV, got undefined",
    ],
    [{ material: { formula: "Alu", density: 2.7 }, thickness: 5 }, 'attenuator: formula "Alu"'],
    [{ material: aluminum, thickness: -5 }, "attenuator: expected thickness > 0 um, got -5"],
    [{ material: aluminum, thicknes: 5 }, 'got an option "thicknes"'],
  ])("refuses %j", (options, message) => {
    expect(() => attenuator(options as never)).toThrow(ArgumentError);
    expect(() => attenuator(options as never)).toThrow(message);
  });

  test("a name that the stack has already is refused", () => {
    const plate = attenuator({ material: aluminum, thickness: 5 });
    expect(() => rockCell().behind(plate).behind(plate)).toThrow('got "Attenuator" twice; rename one');
  });
});

describe("two tables", () => {
  test("Chantler's give 20.35 % before the cathode, Elam's 21.22 %", () => {
    const lost = (tables: "elam" | "chantler") => 100 * (1 - rockCell().with({ tables }).upstream(8390));
    expect(lost("elam")).toBeCloseTo(21.22, 1);
    expect(lost("chantler")).toBeCloseTo(20.35, 2);
  });

  test("stay with a stack, in JSON too, and are not mentioned when they are the usual ones", () => {
    const stack = rockCell().with({ tables: "chantler" });
    expect(Stack.from(JSON.parse(JSON.stringify(stack))).tables).toBe("chantler");
    expect(stack.reversed().tables).toBe("chantler");
    expect("tables" in rockCell().toJSON()).toBe(false);
    expect(() => rockCell().with({ tables: "nist" as "elam" })).toThrow(
      'expected tables as elam | chantler, got "nist"',
    );
  });
});

describe("dimensions", () => {
  test("halving the pixel leaves the map's dose rates where the beam is the same: four pixels share one's photons", () => {
    const settings = { energies: [8390], stack: rockCell(), flux: 1e12 };
    const coarse = doseRateMap({ ...settings, flat: [[[100, 300]]], pixelSize: 10 });
    const fine = doseRateMap({
      ...settings,
      flat: [
        [
          [25, 25, 75, 75],
          [25, 25, 75, 75],
        ],
      ],
      pixelSize: 5,
    });
    for (const [row, column] of [
      [0, 0],
      [1, 1],
    ])
      expect(fine.get(row, column) / coarse.get(0, 0)).toBeCloseTo(1, 12);
    expect(fine.get(0, 3) / coarse.get(0, 1)).toBeCloseTo(1, 12);
  });

  test("twice the thickness of a thin absorber takes twice the power and the same dose", () => {
    const film = (thickness: number) =>
      new Stack([{ name: "film", solid: material("LiNiO2"), thickness }]).dose(whole)[0];
    expect(film(2e-4).absorbedPower / film(1e-4).absorbedPower).toBeCloseTo(2, 4);
    expect(film(2e-4).doseRate.dense / film(1e-4).doseRate.dense).toBeCloseTo(1, 4);
  });

  test("twice the density of a thin absorber is twice the power and the same dose", () => {
    const film = (density: number) =>
      new Stack([{ name: "film", solid: { formula: "LiNiO2", density }, thickness: 0.001 }]).dose(whole)[0];
    expect(film(4).absorbedPower / film(2).absorbedPower).toBeCloseTo(2, 4);
    expect(film(4).doseRate.dense / film(2).doseRate.dense).toBeCloseTo(1, 4);
  });
});

describe("errors say which layer, which formula, which unit", () => {
  const solid = { formula: "LiNiO2", density: 4.716 };
  test.each([
    [
      [{ name: "Cathode", solid: { formula: "LiNi2O(2", density: 1 }, thickness: 1 }],
      'Stack, layer 1: Layer Cathode, solid: formula "LiNi2O(2"',
    ],
    [
      [{ name: "Cathode", solid, liquid: { formula: "C", density: -1 }, thickness: 1, porosity: 0.1 }],
      "Stack, layer 1: Layer Cathode, liquid: Material C: expected density > 0 g/cm3, got -1",
    ],
    [
      [
        { name: "a", solid, thickness: 1 },
        { name: "b", solid, thickness: 0 },
      ],
      "Stack, layer 2: Layer b: expected thickness > 0 um, got 0",
    ],
    [[{ solid, thickness: 1 }], "Stack, layer 1: Layer: expected name as text"],
    [
      [{ name: "Cathode", solid, thickness: 1, porocity: 0.3 }],
      'Stack, layer 1: Layer: expected options { name?, solid?, liquid?, thickness?, porosity? }, got an option "porocity"; did you mean "porosity"?',
    ],
    [
      [{ name: "Cathode", solid: { ...solid, dens: 1 }, thickness: 1 }],
      'Layer Cathode, solid: Material: expected options { name?, formula?, density? }, got an option "dens"',
    ],
  ])("%j", (layers, message) => {
    expect(() => new Stack(layers as never)).toThrow(ArgumentError);
    expect(() => new Stack(layers as never)).toThrow(message);
  });
});

describe("a stack's doses", () => {
  const doses = rockCell().dose({ ...whole, exposure: 60 });

  test("are an array, a table and a picture", () => {
    expect(Array.isArray(doses)).toBe(true);
    expect(doses.map(({ layer }) => layer)).toBeInstanceOf(Array);
    const columns = doses.columns();
    for (const column of Object.values(columns)) expect(column).toHaveLength(4);
    expect(columns.layer).toEqual(doses.map(({ layer }) => layer));
    expect(columns["doseRate porous"][3]).toBe(doses[3].doseRate.porous);
    expect(columns["dose liquid"]).toEqual([
      null,
      null,
      doses[2].dose.phase.liquid,
      doses[3].dose.phase.liquid,
    ]);
    expect(columns.thickness).toEqual([145, 1000, 25, 10]);
    expect(doses.stack.absorber.name).toBe("Cathode");
    expect(doses.beam.exposure).toBe(60);
  });

  test("the table is a data frame", () => {
    const frame = doses.toFrame();
    expect(frame.shape).toEqual([4, Object.keys(doses.columns()).length]);
    expect(frame.columns).toContain("transmittedFlux");
  });

  test("transmitted flux follows the transmissions", () => {
    let flux = whole.flux;
    for (const { transmission, transmittedFlux } of doses) {
      flux *= transmission;
      expect(transmittedFlux / flux).toBeCloseTo(1, 12);
    }
  });
});

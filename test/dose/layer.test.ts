import { describe, expect, test } from "vitest";
import { massAttenuation } from "../../lib/dose/attenuation.js";
import { Beam } from "../../lib/dose/beam.js";
import { Layer } from "../../lib/dose/layer.js";
import { Material } from "../../lib/dose/material.js";
import { ArgumentError, ShapeError } from "../../lib/errors.js";

const LNO = { name: "LNO", formula: "LiNiO2", density: 4.716 };
const electrolyte = { formula: "C4H8O3", density: 1.01 };
const cathode = { name: "Cathode", solid: LNO, liquid: electrolyte, thickness: 10, porosity: 0.36 };

describe("Material", () => {
  test("linear attenuation is mass attenuation times density", () => {
    expect(new Material(LNO).linearAttenuation(8390)).toBeCloseTo(4.716 * massAttenuation("LiNiO2", 8390), 9);
  });

  test("is named by its formula when it has no name, survives JSON, cannot be changed", () => {
    const material = new Material(electrolyte);
    expect(material.name).toBe("C4H8O3");
    expect(new Material(JSON.parse(JSON.stringify(material)))).toEqual(material);
    expect(() => Object.assign(material, { density: 2 })).toThrow(TypeError);
  });

  test.each([
    [{ formula: "LiNiO2", density: 0 }, "Material LiNiO2: expected density > 0 g/cm3, got 0"],
    [{ formula: "LiNiO2", density: Number.NaN }, "got NaN"],
    [{ formula: "LiNiO2" }, "got undefined"],
    [{ formula: "Qq", density: 1 }, 'formula "Qq"'],
    [{ name: "", formula: "C", density: 1 }, 'Material: expected name as text, got ""'],
    ["LiNiO2", 'Material: expected options { name?, formula?, density? }, got "LiNiO2"'],
  ])("refuses %j", (options, message) => {
    expect(() => new Material(options as typeof LNO)).toThrow(ArgumentError);
    expect(() => new Material(options as typeof LNO)).toThrow(message);
  });
});

describe("Layer", () => {
  test("mixes solid and liquid by volume", () => {
    const mu =
      0.64 * new Material(LNO).linearAttenuation(8390) +
      0.36 * new Material(electrolyte).linearAttenuation(8390);
    expect(new Layer(cathode).opticalDepth(8390)).toBeCloseTo(mu * 10e-4, 12);
  });

  test("pores without a liquid weigh and absorb nothing: as a dense layer of the solid's share", () => {
    const empty = new Layer({ ...cathode, liquid: undefined });
    const dense = new Layer({ name: "dense", solid: LNO, thickness: 6.4 });
    expect(empty.opticalDepth(8390)).toBeCloseTo(dense.opticalDepth(8390), 12);
    expect(empty.arealMass("composite")).toBeCloseTo(dense.arealMass("dense"), 12);
    expect(empty.solidShare(8390)).toBe(1);
    expect(empty.liquidArealMass()).toBe(0);
  });

  test("areal masses in kg/m2", () => {
    const layer = new Layer(cathode);
    expect(layer.arealMass("dense")).toBeCloseTo(4716 * 10e-6, 12);
    expect(layer.arealMass("composite")).toBeCloseTo((0.64 * 4716 + 0.36 * 1010) * 10e-6, 12);
    expect(layer.arealMass("porous")).toBeCloseTo(0.64 * 4716 * 10e-6, 12);
    expect(layer.arealMass("phase")).toBe(layer.arealMass("porous"));
  });

  test("survives JSON, cannot be changed", () => {
    const layer = new Layer(cathode);
    expect(new Layer(JSON.parse(JSON.stringify(layer)))).toEqual(layer);
    expect(() => Object.assign(layer, { thickness: 2 })).toThrow(TypeError);
  });

  test.each([
    [{ thickness: 0 }, "Layer Cathode: expected thickness > 0 um, got 0"],
    [{ thickness: -1 }, "got -1"],
    [
      { porosity: 1 },
      "Layer Cathode: expected 0 <= porosity < 1 (fraction of the volume, not percent), got 1",
    ],
    [{ porosity: 36 }, "got 36"],
    [{ porosity: -0.1 }, "got -0.1"],
    [{ porosity: Number.NaN }, "got NaN"],
    [
      { porosity: undefined },
      "Layer Cathode: expected a porosity for the liquid to fill, got none; give porosity: 0..1",
    ],
    [{ name: " " }, 'Layer: expected name as text, got " "'],
    [
      { solid: undefined },
      "Layer Cathode: expected solid as a Material or { formula, density }, got undefined",
    ],
    [{ liquid: "water" }, 'expected liquid as a Material or { formula, density }, got "water"'],
  ])("refuses %j", (change, message) => {
    const options = { ...cathode, ...change } as typeof cathode;
    expect(() => new Layer(options)).toThrow(ArgumentError);
    expect(() => new Layer(options)).toThrow(message);
  });
});

describe("Beam", () => {
  const beam = { energy: 8390, flux: 1e12, width: 3315, height: 1202.5 };

  test("exposes for one second unless told, and keeps its own copy of the arrays", () => {
    const energy = [8300, 8400];
    const scan = new Beam({ ...beam, energy });
    energy[0] = 1;
    expect(scan.exposure).toBe(1);
    expect(scan.lines).toEqual([
      { energy: 8300, flux: 1e12, share: 0.5 },
      { energy: 8400, flux: 1e12, share: 0.5 },
    ]);
    expect(scan.area).toBeCloseTo(3.315e-3 * 1.2025e-3, 15);
    expect(() => Object.assign(scan, { width: 2 })).toThrow(TypeError);
    expect(new Beam(JSON.parse(JSON.stringify(scan)))).toEqual(scan);
  });

  test.each([
    [
      { energy: 8.39 },
      ArgumentError,
      "Beam: expected energy in eV, from 200 to 1000000, got 8.39; this looks like keV",
    ],
    [{ energy: [] }, ArgumentError, "Beam: expected energy as a number or an array of numbers, got []"],
    [{ flux: -1 }, ArgumentError, "Beam: expected flux >= 0 ph/s, got -1"],
    [{ flux: Number.NaN }, ArgumentError, "got NaN"],
    [{ flux: undefined }, ArgumentError, "Beam: expected flux as a number"],
    [
      { energy: [8300, 8400], flux: [1] },
      ShapeError,
      "Beam: expected one flux, or one for each of 2 energies, got [1]",
    ],
    [{ width: 0 }, ArgumentError, "Beam: expected width > 0 um, got 0"],
    [{ height: Number.POSITIVE_INFINITY }, ArgumentError, "Beam: expected height > 0 um, got Infinity"],
    [{ exposure: 0 }, ArgumentError, "Beam: expected exposure > 0 s, got 0"],
  ])("refuses %j", (change, type, message) => {
    const options = { ...beam, ...change } as typeof beam;
    expect(() => new Beam(options)).toThrow(type);
    expect(() => new Beam(options)).toThrow(message);
  });
});

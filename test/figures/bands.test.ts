import { describe, expect, test } from "vitest";
import { figures } from "../../lib/index.js";
import { parse, texts } from "./picture.js";
import { energies, spectra } from "./samples.js";

const names = ["Cp1", "Cp2", "Cp3"];
const components = Object.fromEntries(names.map((n, i) => [n, spectra[i]]));
const bands = { Cp2: { lower: spectra[1].map((v) => 0.9 * v), upper: spectra[1].map((v) => 1.1 * v) } };

describe("figures.bands", () => {
  test("shades a band around its spectrum, in its color, and tells so", () => {
    const figure = figures.bands({ energies, components, bands });
    const fills = Array.from(parse(figure.svg).querySelectorAll("[fill-opacity]"), (node) =>
      (node.getAttribute("fill") ?? "").toLowerCase(),
    );
    expect(fills.length).toBeGreaterThan(0);
    expect(new Set(fills)).toEqual(new Set([figures.palette[1]]));
    expect(texts(figure.svg)).toEqual(expect.arrayContaining(names));
    expect(figure.description).toMatch(/Cp1, Cp2, Cp3; shaded: other solutions that fit as well/);
    expect(figure.svg).not.toMatch(/NaN|undefined/);
    expect(figures.bands({ energies, components, bands }).svg).toBe(figure.svg);
  });

  test("refuses bands of an unknown component and of another length", () => {
    expect(() => figures.bands({ energies, components, bands: { Cp9: bands.Cp2 } })).toThrow(
      'figures.bands: expected a component in bands as Cp1 | Cp2 | Cp3, got "Cp9"',
    );
    const short = { Cp1: { lower: [0], upper: [1] } };
    expect(() => figures.bands({ energies, components, bands: short })).toThrow(
      /120 values in bands.Cp1.lower, got 1/,
    );
    expect(() => figures.bands({ energies, components: {}, bands: {} })).toThrow(/expected components as/);
  });
});

describe("figures.afs", () => {
  const plane = { origin: new Float64Array(2), axes: new Float64Array(4) };

  test("draws areas of three components and intervals of two", () => {
    const area = {
      ...plane,
      dimension: 2 as const,
      data: Float64Array.from([0, 0, 0.5, 0.2, Number.NaN, Number.NaN]),
      resolved: Float64Array.from([-1, 0, 0, 1, 1, 0]),
      regions: [
        [-2, 0, -1, 0, -1, 1],
        [0, 1, 1, 2, 0, 2],
        [1, 0, 2, 0, 2, 1],
      ].map((r) => Float64Array.from(r)),
    };
    const three = figures.afs({ area, names });
    expect(three.description).toMatch(/^Areas of feasible spectra of Cp1, Cp2, Cp3 .* 2 measured spectra/);
    const line = {
      ...plane,
      dimension: 1 as const,
      data: Float64Array.from([0, 0.5]),
      resolved: Float64Array.from([-1, 1]),
      regions: [Float64Array.from([-2, -1]), Float64Array.from([1, 2])],
    };
    const two = figures.afs({ area: line });
    expect(texts(two.svg)).toEqual(expect.arrayContaining(["Cp1", "Cp2", "data"]));
    for (const figure of [three, two]) expect(figure.svg).not.toMatch(/NaN|undefined/);
  });

  test("refuses something that is no area", () => {
    expect(() => figures.afs({ area: null as never })).toThrow(
      "figures.afs: expected area as feasibleBands returns it for two or three components, got null",
    );
  });
});

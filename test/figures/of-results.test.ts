// Figures of results: they draw what the results hold, in display units, and refuse results of another kind.
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import type { Provenance } from "../../lib/cube/provenance.js";
import { DoseCurve } from "../../lib/cube/results/dose-curve.js";
import { FitResult } from "../../lib/cube/results/fit-result.js";
import { MapResult } from "../../lib/cube/results/map.js";
import type { Rows } from "../../lib/cube/results/rows.js";
import { SpectraResult } from "../../lib/cube/results/spectra.js";
import { Mask } from "../../lib/dose/mask.js";
import type { DoseThreshold } from "../../lib/dose/threshold.js";
import { ArgumentError, SchemaError, ShapeError } from "../../lib/errors.js";
import * as figures from "../../lib/figures/index.js";
import { energies, fractions, image, spectra, time } from "./samples.js";

const settings = { edge: { energy: 8333, from: "manifest" } };
const provenance = { terminal: "test", settings } as unknown as Provenance;
const invalid = { saturated: 0, nonPositive: 0, total: 0 };
const S = new Matrix(spectra);
const inTime: Rows = {
  of: "time",
  times: Array.from(time, (_, i) => ({ start: 400 * i, end: 400 * (i + 1), cubes: 36 })),
};
const { width, height, pixelSize } = image;
const n = width * height;
const inSpace: Rows = {
  of: "pixel",
  pixels: Int32Array.from({ length: n }, (_, p) => p),
  width,
  height,
  pixelSize,
};

function fitOf(rows: Rows, C: Matrix, rFactor: Float64Array): FitResult {
  const init = { C, S, energies, rows, nPixels: 10, invalid };
  return new FitResult(provenance, init, rFactor, new Uint8Array(C.rows));
}

const C = new Matrix(fractions).transpose();
const series = new SpectraResult(
  provenance,
  energies,
  Float64Array.from(C.mmul(S).to1DArray()),
  "normalized",
  inTime,
  10,
  invalid,
);
const fitted = fitOf(inTime, C, new Float64Array(time.length).fill(1e-6));
const share = image.values.map((v) => (Number.isNaN(v) ? Number.NaN : v / 8000));
const pixels = fitOf(
  inSpace,
  new Matrix(Array.from(share, (v) => [1 - v, 0, v])),
  Float64Array.from(share, (_, p) => (p === 5 ? 1 : 1e-6)),
);
const rate = new MapResult(provenance, image.values, image, "Dose rate", "Gy/s");
const dose = new MapResult(
  provenance,
  image.values.map((v) => 17_320 * v),
  image,
  "Dose",
  "Gy",
);

const column = (figure: figures.Figure, name: RegExp): number[] => {
  for (const { columns } of figure.data) {
    const key = Object.keys(columns).find((one) => name.test(one));
    if (key !== undefined) return Array.from(columns[key], Number);
  }
  throw new Error(`no column ${name}`);
};
const finiteMax = (values: number[]): number => Math.max(...values.filter(Number.isFinite));

describe("maps of results", () => {
  test("shows concentrations in % in a row per cube", () => {
    const figure = figures.speciesMaps({ OCV: pixels, "4.3 V": pixels });
    expect(figure.svg).toContain("OCV");
    expect(finiteMax(column(figure, /Cp3/))).toBeCloseTo(100 * finiteMax(Array.from(share)), 9);
  });

  test("ends the scale of R-factors before a few glitches, and says so", () => {
    expect(figures.rFactorMaps({ OCV: pixels }).svg).toContain("Colors clipped at ");
    expect(figures.rFactorMaps({ OCV: pixels }).description).toContain("from 0 to 1·10⁻⁶");
  });

  test("draws doses of different fields on one scale of length and of color", () => {
    const half = new MapResult(
      provenance,
      dose.values.filter((_, p) => p % width < width / 2).map((v) => 2 * v),
      { width: width / 2, height, pixelSize },
      "Dose",
      "Gy",
    );
    const figure = figures.doseMaps({ all: dose, half });
    const sizes = [...figure.svg.matchAll(/<image[^>]* width="([\d.]+)"/g)].map((m) => Number(m[1]));
    expect(sizes[0] / sizes[1]).toBeCloseTo(2, 2);
    expect(figure.svg.match(/>1 mm</g)).toHaveLength(2);
    expect(figure.svg).toContain("Dose (MGy)");
    const limits = [...figure.description.matchAll(/Dose \(MGy\) from (\S+) to (\S+) on/g)].map((m) =>
      m.slice(1),
    );
    expect(limits[0]).toEqual(limits[1]);
  });

  test("counts pixels of a map in display units", () => {
    const figure = figures.mapHistogram(rate, { step: 0.5 });
    expect(figure.svg).toContain("Dose rate (kGy/s)");
    const counted = column(figure, /Number of pixels/).reduce((sum, v) => sum + v, 0);
    expect(counted).toBe(image.values.filter(Number.isFinite).length);
  });

  test("refuses what it cannot compare", () => {
    expect(() => figures.speciesMaps({})).toThrow(ArgumentError);
    expect(() => figures.speciesMaps({ charge: fitted })).toThrow(SchemaError);
    expect(() => figures.doseMaps({ rate, dose })).toThrow("all in Gy or all in Gy/s");
    expect(() => figures.doseMaps({})).toThrow(ArgumentError);
  });
});

describe("series of results", () => {
  const cell = {
    time: Float64Array.from([-900, 0, 7200, 14_400, 90_000]),
    voltage: Float64Array.from([3.4, 3.5, 3.8, 4.3, 4.3]),
  };

  test("draws the voltage for the time of the series only", () => {
    const figure = figures.speciesProfiles(fitted, { electrochemistry: cell });
    const table = figure.data.find(({ name }) => name === "voltage");
    expect(Array.from(Object.values(table?.columns ?? {})[0], Number)).toEqual([0, 2, 4]);
  });

  test("takes spectra apart where they were recorded, and draws no others", () => {
    const figure = figures.seriesDecomposition(series, fitted, { at: { "#7": 2600 } });
    expect(figure.svg).toContain("#7, 0.7 h");
    expect(finiteMax(column(figure, /^residual$/).map(Math.abs))).toBeLessThan(1e-12);
    expect(() => figures.seriesDecomposition(series, fitted, { at: { late: 1e6 } })).toThrow(ArgumentError);
  });

  test("refuses one row per pixel, and fits of other spectra", () => {
    expect(() => figures.speciesProfiles(pixels)).toThrow(ArgumentError);
    const few = fitOf(inTime, C.subMatrix(0, 3, 0, 2), new Float64Array(4));
    expect(() => figures.fittedSeries(series, few)).toThrow(ShapeError);
    expect(() => figures.seriesDecomposition(series, few, { at: { a: 1 } })).toThrow(ShapeError);
    expect(figures.fittedSeries(series, fitted).svg).toContain("R-factor");
  });
});

describe("the map of the averaged pixels", () => {
  test("may be finer than the mask: each pixel of the mask is a square of its pixels", () => {
    const [w, h] = [Math.floor(width / 4), Math.floor(height / 4)];
    const values = Float64Array.from({ length: w * h }, (_, p) => Number(p === w + 1));
    const mask = new Mask({ values, width: w, height: h });
    const { data } = figures.seriesSpectra(series, { from: { map: rate, mask } });
    const marked = Object.values(data.find(({ name }) => name === "inset")!.columns).at(-1)!;
    const set = Array.from(marked, Number).flatMap((v, p) => (v > 0 ? [p] : []));
    expect(set).toHaveLength(16);
    expect([set[0], set[15]]).toEqual([4 * width + 4, 7 * width + 7]);
    const other = new Mask({ values: new Float64Array(6), width: 3, height: 2 });
    expect(() => figures.seriesSpectra(series, { from: { map: rate, mask: other } })).toThrow(ShapeError);
  });
});

describe("chamberSpectra", () => {
  const energy = Float64Array.from({ length: 600 }, (_, i) => 8240 + i);
  const mu = energy.map((e) => 0.2 + 1.3 / (1 + Math.exp(-(e - 8343) / 2)));
  const chambers = [
    { name: "OCV", energy, mu },
    { name: "4.3 V", energy, mu: mu.map((v) => 3 * v) },
  ];

  test("normalizes: thickness does not matter", () => {
    const figure = figures.chamberSpectra(chambers, { edge: 8333, dashed: ["4.3 V"] });
    expect(column(figure, /OCV/).at(-1)).toBeCloseTo(1, 2);
    expect(figure.svg).toContain("stroke-dasharray");
  });

  test("refuses nothing at all, and spectra on different axes", () => {
    expect(() => figures.chamberSpectra([], { edge: 8333 })).toThrow(ArgumentError);
    expect(() => figures.chamberSpectra(chambers, { edge: 8.333 })).toThrow("did you mean 8333?");
    const moved = { name: "moved", energy: energy.map((e) => e + 0.1), mu };
    expect(() => figures.chamberSpectra([chambers[0], moved], { edge: 8333 })).toThrow(ShapeError);
  });
});

describe("speciesAgainstDose", () => {
  const curve = new DoseCurve(
    provenance,
    Float64Array.from([10, 20, 30]),
    Int32Array.from([9, 9, 9]),
    { Cp3: Float64Array.from([1, 1, 0.5]) },
    { Cp3: Float64Array.from([0.01, 0.01, 0.01]) },
  );

  test("draws a threshold where there is one", () => {
    const found = { threshold: 21, interval: [19, 23] } as unknown as DoseThreshold;
    expect(figures.speciesAgainstDose(curve, { threshold: found }).svg).toContain("onset 21");
    const none = { threshold: null, interval: null } as unknown as DoseThreshold;
    expect(figures.speciesAgainstDose(curve, { threshold: none }).svg).not.toContain("onset");
  });
});

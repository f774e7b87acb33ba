// One realistic picture of every kind, for the contracts that all kinds keep. A new kind is one more entry here.

import type { FeasibleArea } from "../../lib/chemometrics/bands/feasible-bands.js";
import { feasibleBands } from "../../lib/chemometrics/bands/feasible-bands.js";
import { mcrAls } from "../../lib/chemometrics/mcr/mcr-als.js";
import { random } from "../../lib/compute/random.js";
import { doseBudget } from "../../lib/dose/budget/index.js";
import { planExperiment } from "../../lib/dose/planner/index.js";
import { type Proximity, proximity } from "../../lib/dose/proximity.js";
import type { Figure } from "../../lib/figures/index.js";
import * as figures from "../../lib/figures/index.js";

/** Names that data may bring: those of the paper, or hostile ones. */
export interface Names {
  readonly species: readonly [string, string, string];
  readonly title?: string;
  readonly label: string;
  readonly unit: string;
}

export const plainNames: Names = { species: ["Cp1", "Cp2", "Cp3"], label: "Dose rate", unit: "kGy/s" };

/** XANES-like curves, edge at 8343 + i eV. */
export const energies = Float64Array.from({ length: 120 }, (_, i) => 8310 + i);
export const spectra = [0, 1, 2].map((i) =>
  Array.from(
    energies,
    (e) => 0.5 + Math.atan((e - 8343 - i) / 1.6) / Math.PI + 0.6 * Math.exp(-(((e - 8351 - i) / 3) ** 2) / 2),
  ),
);

/** A flat-topped beam in Gy/s, three pixels of which are unknown. */
const shape = { width: 64, height: 24, pixelSize: 52 };
export const image = { ...shape, values: beam(64, 24) };

export const time = Float64Array.from({ length: 36 }, (_, i) => (4.4 * i) / 35);
export const voltage = { time, value: Array.from(time, (t) => 3.5 + (0.8 * t) / 4.4) };
export const fractions = [0, 1, 2].map((k) =>
  Array.from(time, (t) => {
    const a = Math.max(0, 1 - t / 2.6);
    const c = Math.min(1 - a, Math.max(0, (t - 1) / 2.9));
    return [a, 1 - a - c, c][k];
  }),
);

type Make = (names: Names) => Figure;

/** How to make one figure of each kind. */
export const samples: Readonly<Record<string, Make>> = {
  proximity: ({ species, title, label, unit }) =>
    figures.proximity({ ...spreading(label), unit }, { label: species[2], title }),
  bands: ({ species, title }) =>
    figures.bands({
      energies,
      components: Object.fromEntries(species.map((name, k) => [name, spectra[k]])),
      bands: Object.fromEntries(
        species.map((name, k) => {
          const spread = (sign: number): number[] => spectra[k].map((v) => v + sign * (0.02 + 0.03 * k));
          return [name, { lower: spread(-1), upper: spread(1) }];
        }),
      ),
      range: [8325, 8380],
      title,
    }),
  afs: ({ species, title }) => figures.afs({ area: feasible(), names: [...species], title }),
  "spectra, named": ({ species, title }) =>
    figures.spectra({
      energies,
      spectra,
      title,
      labels: [...species],
      references: [{ label: species[0], values: spectra[1] }],
      inset: { range: [8325, 8340] },
    }),
  "spectra, series": ({ title, label, unit }) =>
    figures.spectra({
      energies,
      spectra: time.length === 36 ? Array.from(time, (_, i) => spectra[i % 3]) : [],
      series: { values: time, label, unit },
      range: [8320, 8400],
      inset: { ...image, masks: [{ values: image.values.map((v) => Number(v > 6000)), label }] },
      title,
    }),
  map: ({ title, label, unit }) =>
    figures.map({ ...image, factor: 1e-3, label, unit, title, scheme: "magma" }),
  "map, page": ({ title, label, unit }) =>
    figures.map({
      ...image,
      factor: 1e-3,
      label,
      unit,
      title,
      size: "page",
      masks: [{ values: mask(), label }],
    }),
  maps: ({ species, title, label, unit }) =>
    figures.maps({
      ...shape,
      maps: [
        [image.values, image.values, image.values],
        [image.values, null, image.values],
      ],
      columns: [...species],
      rows: [species[0], species[1]],
      label,
      unit,
      title,
    }),
  "maps, one row": ({ species, label, unit }) =>
    figures.maps({
      ...shape,
      maps: [[image.values, image.values]],
      columns: species.slice(0, 2),
      label,
      unit,
      letters: "maps",
    }),
  "maps, column": ({ species, label, unit }) =>
    figures.maps({
      ...shape,
      maps: [
        [image.values, image.values, image.values],
        [image.values, image.values, image.values],
      ],
      columns: [...species],
      rows: ["B, 4.3 V", `${species[0]}, held at 4.3 V`],
      label,
      unit,
      size: "column",
    }),
  histogram: ({ title, label, unit }) =>
    figures.histogram({
      values: image.values,
      step: 0.3,
      factor: 1e-3,
      label,
      unit,
      title,
      marks: [{ range: [0.7, 1], label }],
      inset: { ...image, factor: 1e-3 },
    }),
  profiles: ({ species, title, label }) =>
    figures.profiles({
      time,
      components: byName(species),
      bands: {
        [species[1]]: { lower: fractions[1].map((v) => v - 0.05), upper: fractions[1].map((v) => v + 0.05) },
      },
      voltage,
      marks: [{ time: 3.9, label }],
      title,
    }),
  doseCurve: ({ species, title, label }) =>
    figures.doseCurve({
      dose: time.map((t) => 5 + 25 * t),
      components: byName(species),
      errors: { [species[0]]: time.map(() => 0.02) },
      threshold: { value: 37.6, interval: [33, 41] },
      fit: { dose: [5, 40, 115], values: [1, 1, 0.4], label },
      title,
    }),
  scree: ({ title }) => figures.scree({ singularValues: [310, 12, 2.2, 0.2, 0.19, 0.18], rank: 3, title }),
  "scree, estimates": ({ species, title }) =>
    figures.scree({
      singularValues: [310, 12, 2.2, 0.2, 0.19, 0.18, 0.17, 0.16],
      rank: 3,
      estimates: species.map((name, i) => ({ short: name, n: [3, 2, 41][i] })),
      title,
    }),
  evolvingFactors: ({ title, label }) =>
    figures.evolvingFactors({
      forward: Array.from(time, (_, i) => [2 * Math.sqrt(i + 1), Math.max(0, 0.1 * (i - 8))]),
      backward: Array.from(time, (_, i) => [2 * Math.sqrt(36 - i), Math.max(0, 0.1 * (28 - i))]),
      noiseLevel: Array.from(time, (_, i) => 0.01 * (10 + Math.sqrt(i + 1))),
      x: time,
      xLabel: label,
      title,
    }),
  clusters: ({ species }) =>
    figures.clusters({
      energies,
      spectra,
      names: species,
      map: { ...shape, labels: image.values.map((v) => 1 + Math.floor(v / 3000)) },
    }),
  curves: ({ species, title, label, unit }) =>
    figures.curves({
      x: time,
      y: fractions,
      labels: species,
      xLabel: "Time (h)",
      yLabel: `${label} (${unit})`,
      points: { x: voltage.time, y: voltage.value, label: "points" },
      title,
    }),
  convergence: ({ title }) =>
    figures.convergence({ lackOfFit: [5, 2, 1, 0.6, 0.5, 0.49], floor: 0.45, title }),
  residuals: ({ species, title }) =>
    figures.residuals({ energies, data: spectra, reconstruction: noisy(), labels: [...species], title }),
  stack: ({ species, label, title }) =>
    figures.stack(
      {
        layers: [
          { name: species[0], solid: { name: label, formula: "C", density: 3.5 }, thickness: 145 },
          {
            name: species[1],
            solid: { name: species[2], formula: "LiNiO2", density: 4.7 },
            liquid: { name: label, formula: "C4H8O3", density: 1 },
            thickness: 10,
            porosity: 0.4,
          },
        ],
      },
      undefined,
      { title },
    ),
  "stack, beam": ({ species, label, title }) =>
    figures.stack(
      {
        layers: [
          { name: species[0], solid: { name: label, formula: "Li", density: 0.534 }, thickness: 1000 },
          { name: species[1], solid: { name: label, formula: "LiNiO2", density: 4.7 }, thickness: 10 },
        ],
        absorber: 0,
      },
      { energy: [8300, 8400], flux: 1e12, width: 100, height: 100, exposure: 60 },
      { title, toScale: true, convention: "phase" },
    ),
  mask: ({ title, label, unit }) =>
    figures.mask({
      ...image,
      factor: 1e-3,
      label,
      unit,
      title,
      masks: [
        { values: mask(), label: "0.7 to 3 kGy/s" },
        { values: image.values.map((v) => Number(v > 6000)) },
      ],
    }),
  tornado: ({ species, title }) => figures.tornado({ budget: budget(species[0], "apart"), title }),
  "tornado, folded": ({ species, title }) =>
    figures.tornado({ budget: budget(species[0], "folded"), title, size: "page" }),
  doseOverTime: ({ title }) =>
    figures.doseOverTime({
      rate: 4134,
      exposure: 17_320,
      peak: 1.2,
      limit: { dose: 35e6, interval: [30e6, 41e6] },
      title,
    }),
  feasibleRegion: ({ species, title }) => figures.feasibleRegion({ plan: plan(species[0]), title }),
  spectraImage: ({ title, label, unit }) =>
    figures.spectraImage({
      energies,
      spectra: mixtures(),
      series: { values: time, label, unit },
      range: [8325, 8370],
      edge: 0.5,
      title,
    }),
  linearCombination: ({ species, title, label }) =>
    figures.linearCombination({
      energies,
      spectrum: mixtures()[16].map((v, i) => v + 0.01 * Math.sin(7 * i)),
      components: spectra,
      coefficients: fractions.map((row) => row[16]),
      labels: [...species],
      label,
      title,
    }),
  galvanostatic: ({ species, title }) =>
    figures.galvanostatic({
      cells: species.map((name, i) => ({
        label: name,
        x: time,
        voltage: voltage.value.map((v) => v - 0.03 * i),
        dashed: i === 0,
      })),
      cutoff: 4.3,
      title,
    }),
  procedure: ({ species, title, label, unit }) =>
    figures.procedure({
      nodes: [
        { id: "a", title: species[0], caption: label, picture: { ...image, label, unit } },
        { id: "b", title: species[1], caption: "A box with words, which are more than one line" },
        null,
        {
          id: "c",
          title: species[2],
          picture: (width) =>
            figures.histogram({ values: image.values, step: 500, size: { width, height: 130 } }),
        },
        { id: "d", title: label, picture: { ...image, label, unit, bar: false } },
      ],
      arrows: [
        { from: "a", to: "b", label: unit },
        { from: "b", to: "c" },
        { from: "c", to: "d", label: "Eq. 3" },
        { from: "d", to: "b" },
      ],
      title,
    }),
  drawing: ({ species, title, label, unit }) =>
    figures.drawing({
      plan: {
        unit: "mm",
        exploded: true,
        parts: [
          { shape: "arrow", from: [-14, 0], to: [-8, 0], name: unit, tone: "beam" },
          {
            shape: "rectangle",
            x: -4,
            y: 0,
            width: 2,
            height: 20,
            name: species[0],
            letter: "a",
            tone: "polymer",
          },
          {
            shape: "rectangle",
            x: -1,
            y: 0,
            width: 0.01,
            height: 14,
            name: species[1],
            letter: "b",
            tone: "electrode",
          },
          {
            shape: "wave",
            x: 3,
            y: 4,
            width: 3,
            height: 3,
            turns: 3,
            name: species[2],
            letter: "c",
            tone: "spring",
          },
          { shape: "ring", x: 12, y: 0, inner: 3, outer: 8, name: label, letter: "d", tone: "darkMetal" },
          {
            shape: "rectangle",
            x: 12,
            y: 1,
            width: 3.3,
            height: 1.2,
            name: label,
            letter: "#A",
            tone: "spot",
            label: "inside",
          },
          {
            shape: "polygon",
            points: [
              [20, -8],
              [24, -8],
              [22, -2],
            ],
            name: "foil",
            letter: "Ni",
            tone: "foil",
          },
          { shape: "dimension", from: [9, -9], to: [15, -9], name: "6 mm" },
        ],
      },
      title,
    }),
  panel: (names) =>
    figures.panel([samples.map(names), samples.profiles(names), samples.scree(names)], {
      title: names.title,
    }),
};

/** The fractions by the species' names. */
export function byName(species: readonly string[]): Record<string, number[]> {
  return Object.fromEntries(species.map((name, i) => [name, fractions[i]]));
}

const beamline = { energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5, exposure: 17_320 };

function cathode(name: string) {
  const [solid, liquid] = [
    { formula: "LiNiO2", density: 4.716 },
    { formula: "C4H8O3", density: 1.01 },
  ];
  return { layers: [{ name, solid, liquid, thickness: 10, porosity: 0.36 }] };
}

/** A dose budget of a layer of that name. */
export function budget(name: string, fold: "apart" | "folded") {
  return doseBudget(cathode(name), beamline, {
    uncertainties: { flux: 0.05, thickness: 0.1, porosity: 0.04, density: 0.02, tables: 0.02 },
    choices: { convention: true, escape: 0.3 },
    fold,
  });
}

/** A plan that needs fresh spots or a weaker beam. */
export function plan(name: string) {
  return planExperiment({
    stack: cathode(name),
    beam: beamline,
    threshold: "LiNiO2",
    signal: 20,
    protocol: { cubes: 1400, duration: 17_320, exposure: 1 / 228.6, edge: 8333, average: 10 },
    detector: { pixelSize: 6.5, efficiency: 0.3 },
  });
}

function mask(): boolean[] {
  return Array.from(image.values, (v) => v > 700 && v < 3000);
}

function noisy(): number[][] {
  const { normal } = random(1);
  return spectra.map((row) => row.map((v) => v + 0.004 * normal()));
}

function beam(width: number, height: number): Float64Array {
  const out = new Float64Array(width * height);
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      const [x, y] = [(i + 0.5) / width - 0.5, (j + 0.5) / height - 0.5];
      out[j * width + i] = 7000 * Math.exp(-((x / 0.42) ** 8) - (y / 0.33) ** 4) + 300;
    }
  }
  out[0] = out[70] = out[500] = Number.NaN;
  return out;
}

let area: FeasibleArea | undefined;

/** The area of feasible solutions of a small series. */
function feasible(): FeasibleArea {
  if (!area) {
    const rows = fractions[0].map((_, i) =>
      Array.from(energies, (_, k) => fractions.reduce((sum, f, j) => sum + f[i] * spectra[j][k], 0)),
    );
    area = feasibleBands(mcrAls(rows, { components: 3 }), { starts: 1 }).area as FeasibleArea;
  }
  return area;
}

/** Spectra of a charge: the fractions times the species. */
export function mixtures(): number[][] {
  return Array.from(time, (_, i) =>
    Array.from(energies, (_, k) => fractions.reduce((sum, f, j) => sum + f[i] * spectra[j][k], 0)),
  );
}

/** A result of proximity on two beams, named as the data name them. */
export function spreading(name: string): Proximity {
  const { width, height, pixelSize } = image;
  const sets = [1, 2].map((bright) => {
    const dose = { width, height, pixelSize, values: image.values.map((v) => (bright * v) / 100) };
    const response = {
      width,
      height,
      values: dose.values.map((d) => 1 / (1 + (d / 60) ** 2) - 0.1 * (bright - 1)),
    };
    return { name: `${name} ${bright}`, dose, response };
  });
  return proximity(sets, { weight: 1, onset: 0, exponent: 1, lengths: [100, 300, 900] });
}

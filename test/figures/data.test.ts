// The numbers behind the pictures: each kind gives back those that it was given, and writes them as CSV that is safe to open.
import { describe, expect, test } from "vitest";
import type { Figure } from "../../lib/figures/index.js";
import { csvOf } from "../../lib/figures/parts/csv.js";
import { table } from "../../lib/figures/parts/data.js";
import {
  budget,
  energies,
  fractions,
  image,
  mixtures,
  plainNames,
  plan,
  samples,
  spectra,
  spreading,
  time,
  voltage,
} from "./samples.js";

const percent = fractions.map((row) => row.map((v) => 100 * v));
const kGy = Array.from(image.values, (v) => v * 1e-3);
const pixels = [Array.from(image.values, (_, i) => ((i % 64) + 0.5) * 0.052), kGy];
const stackLayers = (figure: Figure) => figure.data[0].columns;

const spread = spreading("Dose rate");

/** What each sample was given, in the drawn unit. A kind without an entry fails. */
const given: Readonly<Record<string, readonly (ArrayLike<number> | readonly string[])[]>> = {
  proximity: [spread.crossValidation.lengths, spread.crossValidation.error, spread.curve.response],
  bands: [
    energies,
    ...spectra,
    ...spectra.flatMap((row, k) => [-1, 1].map((s) => row.map((v) => v + s * (0.02 + 0.03 * k)))),
  ],
  afs: [["Cp1", "Cp2", "Cp3"]],
  "spectra, named": [energies, ...spectra],
  "spectra, series": [energies, ...spectra, image.values],
  map: pixels,
  "map, page": pixels,
  maps: [image.values],
  "maps, one row": [image.values],
  "maps, column": [image.values],
  histogram: [kGy, [0.7], [1]],
  profiles: [time, ...percent, voltage.value, percent[1].map((v) => v - 5)],
  doseCurve: [time.map((t) => 5 + 25 * t), ...percent, time.map(() => 2), [5, 40, 115], [37.6], [33], [41]],
  scree: [[310, 12, 2.2, 0.2, 0.19, 0.18]],
  "scree, estimates": [
    [310, 12, 2.2, 0.2, 0.19, 0.18, 0.17, 0.16],
    [3, 2, 41],
  ],
  evolvingFactors: [time, Array.from(time, (_, i) => 2 * Math.sqrt(i + 1))],
  clusters: [energies, ...spectra, image.values.map((v) => 1 + Math.floor(v / 3000))],
  curves: [time, ...fractions, voltage.value],
  convergence: [[5, 2, 1, 0.6, 0.5, 0.49], [0.45]],
  residuals: [energies, ...spectra],
  stack: [[145, 10]],
  "stack, beam": [[1000, 10]],
  mask: pixels,
  tornado: [budget("Cp1", "apart").contributions.map((one) => one.range[0] * 1e-6)],
  "tornado, folded": [budget("Cp1", "folded").contributions.map((one) => one.range[1] * 1e-6)],
  doseOverTime: [[0, 1, 1.08].map((t) => (t * 4134 * 1.2 * 17_320) / 1e6), [35]],
  feasibleRegion: [plan("Cp1").curve.edgeToNoise],
  spectraImage: [energies, ...mixtures(), time],
  linearCombination: [energies, fractions.map((row) => row[16]), spectra[0].map((v) => fractions[0][16] * v)],
  galvanostatic: [time, voltage.value, voltage.value.map((v) => v - 0.06)],
  procedure: [image.values, ["Cp1", "Cp2", "Cp3", "Dose rate"]],
  drawing: [[-14, -5, -1.005, 1.5, 4, 10.35, 20, 9]],
  panel: [kGy.map(Number), ...percent, voltage.value],
};

describe.each(Object.entries(samples))("data of %s", (kind, make) => {
  const figure = make(plainNames);

  test("are tables of columns of one length, named once", () => {
    expect(figure.data.length).toBeGreaterThan(0);
    for (const { name, columns } of figure.data) {
      expect(name).not.toMatch(/undefined|NaN|\[object/);
      expect(Object.keys(columns).length).toBeGreaterThan(0);
      expect(new Set(Object.values(columns).map((c) => c.length)).size).toBe(1);
      for (const label of Object.keys(columns)) expect(label).not.toMatch(/undefined|NaN|\[object|^\d+$/);
    }
  });

  test("are what it was given, in the drawn unit", () => {
    const wanted = given[kind];
    expect(wanted, `add ${kind} to the numbers that samples were given`).toBeDefined();
    const columns = figure.data.flatMap((one) => Object.values(one.columns));
    const absent = wanted.filter((values) => !columns.some((column) => equal(column, values)));
    expect(absent).toEqual([]);
  });

  test("come back from the CSV", () => {
    const blocks = blocksOf(csvOf([figure.title], figure.data));
    expect(blocks.map((b) => b.header.length)).toEqual(
      figure.data.map((one) => Object.keys(one.columns).length),
    );
    figure.data.forEach(({ columns }, t) => {
      Object.values(columns).forEach((column, c) => {
        blocks[t].rows.forEach((row, r) => {
          const value = column[r];
          if (typeof value === "string") expect(row[c]).toBe(value.trim());
          else if (Number.isNaN(value)) expect(row[c]).toBe("nan");
          else if (Math.abs(Number(row[c]) - value) > 1e-11 * Math.abs(value))
            expect(Number(row[c])).toBe(value);
        });
      });
    });
  });
});

test("numbers of a stack are its doses", () => {
  const columns = stackLayers(samples["stack, beam"](plainNames));
  const rate = columns["dose rate, porous (Gy/s)"] as number[];
  const dose = columns["dose, porous (Gy)"] as number[];
  expect(rate[0]).toBeGreaterThan(0);
  expect(dose[0] / rate[0]).toBeCloseTo(60, 9);
});

describe("csvOf", () => {
  const formulas = ["=1+1", "+cmd|'/c calc'!A0", "-2+3", "@SUM(A1)", "  =1", "\t=1", "＝1", "\u0000=1"];

  const numbers = formulas.map((_, i) => -1 - i);

  test("never lets a text begin like a formula", () => {
    const text = csvOf(
      ["a title, =cmd()", 'x;"=1'],
      [
        table("=name", [
          ["=1+1", formulas],
          ["-x", numbers],
        ]),
      ],
    );
    const [{ header, rows }] = blocksOf(text);
    for (const cell of [...header, ...rows.map((row) => row[0])]) expect(cell).toMatch(/^'/);
    expect(rows.map((row) => Number(row[1]))).toEqual(numbers);
    for (const line of text.split("\n").filter((one) => one.startsWith("#"))) {
      for (const part of line.split(/[,;]/)) expect(part.replace(/"/g, "").trim()).not.toMatch(/^[=+\-@]/);
    }
  });

  test("quotes what separates, and keeps a text on its line", () => {
    const names = ["a,b", 'c"d', "e\nf", "#g"];
    const [{ rows }] = blocksOf(csvOf(["about"], [table("t", [["name", names]])]));
    expect(rows.map((row) => row[0])).toEqual(["a,b", 'c"d', "e f", "#g"]);
  });

  test("numbers columns of the same name and those that are only a number", () => {
    const { columns } = table("t", [
      ["a", [1]],
      ["a", [2]],
      ["7", [3]],
    ]);
    expect(Object.keys(columns)).toEqual(["a", "a (2)", "value 7"]);
  });
});

function equal(column: ArrayLike<number | string>, values: ArrayLike<number | string>): boolean {
  if (column.length !== values.length) return false;
  return Array.from(values).every((v, i) => {
    const other = column[i];
    if (typeof v !== "number" || typeof other !== "number") return v === other;
    return Object.is(v, other) || Math.abs(v - other) <= 1e-12 * Math.abs(v) + 1e-15;
  });
}

interface Block {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

// The tables of a CSV, by the rules of RFC 4180; each text of these tables is on one line.
function blocksOf(text: string): Block[] {
  return text
    .split("\n\n")
    .slice(1)
    .map((block) => {
      const [, header, ...rows] = block.trim().split("\n");
      return { header: cells(header), rows: rows.map(cells) };
    });
}

function cells(line: string): string[] {
  const out: string[] = [];
  for (let i = 0; i <= line.length; i++) {
    let text = "";
    if (line[i] === '"') {
      for (i++; line[i] !== '"' || line[i + 1] === '"'; i++) {
        if (line[i] === '"') i++;
        text += line[i];
      }
      i++;
    } else {
      while (i < line.length && line[i] !== ",") text += line[i++];
    }
    out.push(text);
  }
  return out;
}

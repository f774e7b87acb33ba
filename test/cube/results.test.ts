// Every kind of result shows itself, as a line, as a table and as a picture, and says where it comes from.
import { rmSync } from "node:fs";
import { inspect } from "node:util";
import { Cube, type Provenance } from "operandose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

let small: SmallExperiment;
let results: Record<string, Shown>;

interface Shown {
  readonly provenance: Provenance;
  summary(): string;
  show(): { readonly svg: string };
  toFrame(): { readonly shape: number[]; readonly columns: string[] };
}

beforeAll(async () => {
  small = smallExperiment({ height: 16, width: 16, nTimes: 5 });
  const series = Cube.load(small.folder).calibrate({ degree: 1 }).absorb().bin(2);
  const single = series.average().doseRate().dose();
  const mcr = await series.mcrAls(2);
  const fit = await mcr.fit(single);
  results = {
    spectra: await series.spectra(),
    pixels: await single.normalize().spectra(),
    spectrum: await single.spectrum(),
    image: await single.image({ energy: 8350 }),
    map: await single.map("doseRate"),
    masked: await single.mask([0, 3]).map("doseRate"),
    pca: await series.pca(),
    mcrAls: mcr,
    "fit of a series": await mcr.fit(series),
    fit,
    rFactor: fit.rFactorMap(),
    doseCurve: fit.against(await single.map("dose"), { step: 0.5, least: 1 }),
  };
});
afterAll(() => rmSync(small.folder, { recursive: true }));

const kinds = [
  "spectra",
  "pixels",
  "spectrum",
  "image",
  "map",
  "masked",
  "pca",
  "mcrAls",
  "fit of a series",
  "fit",
  "rFactor",
  "doseCurve",
];

describe.each(kinds)("%s", (kind) => {
  test("shows itself as a line, a picture and in a notebook", () => {
    const result = results[kind];
    expect(inspect(result)).toBe(result.summary());
    expect(result.show().svg).toMatch(/^<svg[\s\S]*<title[\s\S]*<\/svg>$/);
    const bundle = (result as unknown as Record<symbol, () => Record<string, string>>)[
      Symbol.for("Jupyter.display")
    ]();
    expect(bundle["text/html"]).toContain("<svg");
    expect(bundle["text/plain"]).toBe(result.summary());
    expect(result.show().svg).not.toMatch(/NaN|undefined/);
  });

  test("is a table, with null where there is no value", () => {
    const frame = results[kind].toFrame();
    expect(frame.shape[0]).toBeGreaterThan(1);
    expect(new Set(frame.columns).size).toBe(frame.shape[1]);
  });

  test("says which files and steps it was made of, as JSON", () => {
    const { provenance } = results[kind];
    expect(provenance.library).toMatch(/^operandose \d/);
    expect(provenance.inputs.length).toBeGreaterThan(4);
    expect(provenance.steps.map((s) => s.verb)).toContain("bin");
    expect(JSON.parse(JSON.stringify(provenance))).toEqual(provenance);
  });
});

test("a whole cube in memory has no picture and says what it is instead", async () => {
  const cube = await Cube.load(small.folder).average().absorb().bin(8).compute();
  expect(cube.shape).toEqual([1, 150, 2, 2]);
  const bundle = (cube as unknown as Record<symbol, () => Record<string, string>>)[
    Symbol.for("Jupyter.display")
  ]();
  expect(bundle["text/html"]).toContain("Cube in memory: 1 x 150 x 2 x 2");
  expect(() => cube.show()).toThrow("take spectra, a map or an image of the cube");
  expect(cube.toFrame().shape).toEqual([150, 2]);
});

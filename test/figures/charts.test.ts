import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { DataError, ShapeError } from "../../lib/errors.js";
import {
  convergence,
  doseCurve,
  histogram,
  profiles,
  residuals,
  scree,
  spectra,
} from "../../lib/figures/index.js";
import { parse, pathPoints, texts } from "./picture.js";
import { byName, energies, fractions, spectra as rows, time, voltage } from "./samples.js";

const species = ["Cp1", "Cp2", "Cp3"];

describe("figures.spectra", () => {
  test("labels its axes", () => {
    const figure = spectra({ energies, spectra: rows, labels: species });
    expect(texts(figure.svg)).toEqual(
      expect.arrayContaining(["Energy (eV)", "Normalized absorption", "Cp1", "Cp2", "Cp3"]),
    );
  });

  test("draws every point where the ticks say it is", () => {
    const figure = spectra({ energies, spectra: [rows[0]], labels: ["Cp1"] });
    const drawn = curves(figure.svg, "#0072b2")[0];
    expect(drawn).toHaveLength(energies.length);
    const toX = tickScale(figure.svg, "v4", "x");
    const toY = tickScale(figure.svg, "h-4", "y");
    drawn.forEach(([x, y], i) => {
      expect(toX(x)).toBeCloseTo(energies[i], 0);
      expect(Math.abs(toY(y) - rows[0][i])).toBeLessThan(0.01);
    });
  });

  test("gives the same picture for descending energies", () => {
    const up = spectra({ energies, spectra: rows, labels: species, range: [8330.5, 8360] });
    const down = spectra({
      energies: energies.slice().reverse(),
      spectra: rows.map((row) => row.slice().reverse()),
      labels: species,
      range: [8330.5, 8360],
    });
    const points = (svg: string) => curves(svg, "#0072b2")[0].map(String).sort();
    expect(points(down.svg)).toEqual(points(up.svg));
  });

  test("cuts curves at the range, on the frame", () => {
    const ramp = [Array.from(energies)];
    const figure = spectra({ energies, spectra: ramp, labels: ["E"], range: [8340.25, 8360.5] });
    const drawn = curves(figure.svg, "#0072b2")[0];
    const toY = tickScale(figure.svg, "h-4", "y");
    expect(toY(drawn[0][1])).toBeCloseTo(8340.25, 1);
    expect(toY(drawn[drawn.length - 1][1])).toBeCloseTo(8360.5, 1);
  });

  test("cuts curves off at a chosen y domain", () => {
    const figure = spectra({ energies, spectra: rows, labels: species, yDomain: [0.9, 1.2] });
    const frame = parse(figure.svg).querySelector("svg svg")!;
    const [, y, , height] = frame.getAttribute("viewBox")!.split(" ").map(Number);
    expect([y, height]).toEqual(["y", "height"].map((name) => Number(frame.getAttribute(name))));
    const drawn = curves(figure.svg, "#0072b2")[0].map((point) => point[1]);
    expect(Math.max(...drawn)).toBeGreaterThan(y + height);
    expect(frame.querySelectorAll("g[aria-label='line']")).toHaveLength(3);
  });

  test("leaves gaps where values are missing", () => {
    const gap = rows[0].map((v, i) => (i > 50 && i < 60 ? Number.NaN : v));
    const path = parse(spectra({ energies, spectra: [gap], labels: ["a"] }).svg).querySelector(
      'path[stroke="#0072b2"], g[stroke="#0072b2"] path',
    );
    expect(path!.getAttribute("d")!.match(/M/g)).toHaveLength(2);
  });

  test("colors a series by its quantity, with a color bar", () => {
    const values = [0, 2.2, 4.4];
    const figure = spectra({
      energies,
      spectra: new Matrix(rows),
      series: { values, label: "Time", unit: "h" },
    });
    expect(texts(figure.svg)).toContain("Time (h)");
    const colors = new Set(
      [...figure.svg.matchAll(/stroke="(#[0-9a-f]{6}|rgb\([^)]*\))"/g)].map((m) => m[1]),
    );
    expect(colors.size).toBeGreaterThanOrEqual(3);
    expect(figure.description).toContain("colored by Time (h) from 0 to 4.4");
  });

  test("draws named curves dashed over the others, in their place of the legend", () => {
    const labels = ["OCV", "A", "B"];
    const figure = spectra({ energies, spectra: rows, labels, dashed: ["A"] });
    expect(texts(figure.svg).filter((text) => labels.includes(text))).toEqual(labels);
    const dashes = Array.from(parse(figure.svg).querySelectorAll('[aria-label="line"]'), (line) =>
      line.hasAttribute("stroke-dasharray"),
    );
    expect(dashes).toEqual([false, false, true]);
    expect(() => spectra({ energies, spectra: rows, labels, dashed: ["D"] })).toThrow(
      "figures.spectra: expected a name in dashed as",
    );
  });

  test("draws references dashed, on their own energies", () => {
    const references = [{ label: "Ni foil", energies: [8320, 8340, 8360], values: [0, 0.5, 1] }];
    const figure = spectra({ energies, spectra: rows, labels: species, references });
    expect(curves(figure.svg, "#000000")[0]).toHaveLength(3);
    expect(texts(figure.svg)).toContain("Ni foil");
  });

  test.each([
    [
      { spectra: [[1, 2]] },
      "figures.spectra: expected 120 values in spectra[0], got 2; every point needs one value",
    ],
    [{ spectra: "x" }, 'figures.spectra: expected spectra as rows (ml-matrix Matrix or number[][]), got "x"'],
    [{ energies: [] }, "figures.spectra: expected at least one value in energies, got none"],
    [{ labels: ["a"] }, "figures.spectra: expected 3 strings in labels, got 1"],
    [{ labels: [1, 2, 3] }, "figures.spectra: expected strings as labels, got [1,2,3]"],
    [
      { labels: species, series: { values: [1, 2, 3], label: "t" } },
      "figures.spectra: expected labels or series, got both",
    ],
    [
      { series: { values: [1, 2], label: "t" } },
      "figures.spectra: expected 3 values in series.values, got 2",
    ],
    [{ colors: ["red", "blue", "none of them"] }, 'as colors[2], got "none of them"'],
    [
      { range: [8400, 8300] },
      "figures.spectra: expected range as [low, high] with low < high, got [8400,8300]",
    ],
    [
      { range: [100, 200] },
      "figures.spectra: expected spectra with values from 100 to 200 eV, got none; the axis goes from 8310 to 8429 eV",
    ],
  ])("refuses %o", (wrong, message) => {
    expect(() => spectra({ energies, spectra: rows, ...(wrong as object) })).toThrow(message);
  });
});

describe("figures.profiles", () => {
  test("labels three axes with units and draws the voltage dashed", () => {
    const figure = profiles({ time, components: byName(species), voltage });
    expect(texts(figure.svg)).toEqual(
      expect.arrayContaining([
        "Time (h)",
        "Relative concentration (%)",
        "Voltage (V vs Li⁺/Li)",
        "Voltage",
        ...species,
      ]),
    );
  });

  test("draws the voltage where the right axis says it is", () => {
    const figure = profiles({ time, components: byName(species), voltage });
    const dashed = Array.from(parse(figure.svg).querySelectorAll("g[stroke-dasharray] path"));
    const drawn = pathPoints(dashed[0].getAttribute("d")!);
    expect(drawn).toHaveLength(time.length);
    const toVolt = tickScale(figure.svg, "h4", "y");
    drawn.forEach(([, y], i) => {
      expect(Math.abs(toVolt(y) - voltage.value[i])).toBeLessThan(0.005);
    });
  });

  test("draws fractions in % and in the species' colors: blue, orange, green", () => {
    const figure = profiles({ time, components: byName(species) });
    const toPercent = tickScale(figure.svg, "h-4", "y");
    ["#0072b2", "#e69f00", "#009e73"].forEach((color, k) => {
      curves(figure.svg, color)[0].forEach(([, y], i) => {
        expect(Math.abs(toPercent(y) - 100 * fractions[k][i])).toBeLessThan(0.3);
      });
    });
  });

  test("stretches the axis rather than leave its frame", () => {
    const figure = profiles({ time, components: { a: time.map(() => 1.4), b: time.map(() => -0.3) } });
    for (const color of ["#0072b2", "#e69f00"]) {
      for (const [, y] of curves(figure.svg, color)[0]) {
        expect(y).toBeGreaterThan(0);
        expect(y).toBeLessThan(figure.height - 30);
      }
    }
  });

  test("names moments", () => {
    const figure = profiles({ time, components: byName(species), marks: [{ time: 3.84, label: "hold" }] });
    expect(texts(figure.svg)).toContain("hold");
    expect(figure.description).toContain("hold at 3.84 h");
  });

  test.each([
    [{ components: { Cp1: [1, 2] } }, "figures.profiles: expected 36 values in components.Cp1, got 2"],
    [{ components: {} }, "figures.profiles: expected components as { name: values }, got {}"],
    [{ components: undefined }, "figures.profiles: expected components as { name: values }, got undefined"],
    [
      { voltage: { time: [0, 1], value: [3] } },
      "figures.profiles: expected 2 values in voltage.value, got 1",
    ],
    [{ timeUnit: "d" }, 'figures.profiles: expected timeUnit as "h", "min", "s" or "", got "d"'],
    [
      { marks: [{ time: 99, label: "x" }] },
      "figures.profiles: expected marks[0] as { time, label } within the time axis",
    ],
    [
      { colors: { Cp9: "red" } },
      'figures.profiles: expected a component in colors as Cp1 | Cp2 | Cp3, got "Cp9"',
    ],
  ])("refuses %o", (wrong, message) => {
    expect(() => profiles({ time, components: byName(species), ...(wrong as object) })).toThrow(message);
  });
});

describe("figures.doseCurve", () => {
  const dose = time.map((t) => 5 + 25 * t);
  const options = { dose, components: byName(species) };

  test("labels its axes and says the threshold with its interval", () => {
    const figure = doseCurve({ ...options, threshold: { value: 35, interval: [31, 39] } });
    expect(texts(figure.svg)).toEqual(
      expect.arrayContaining(["Local dose (MGy)", "Relative concentration (%)", "onset 35 (31–39) MGy"]),
    );
    const bare = doseCurve({ ...options, threshold: { value: 35 } });
    expect(texts(bare.svg)).toContain("onset 35 MGy");
  });

  test("draws the threshold where the dose axis says it is, linear or logarithmic", () => {
    const toMGy = (svg: string): ((x: number) => number) => tickScale(svg, "v4", "x");
    const line = (svg: string): number =>
      Number(parse(svg).querySelector('[aria-label="rule"] line')!.getAttribute("x1"));
    const linear = doseCurve({ ...options, threshold: { value: 35 } }).svg;
    expect(toMGy(linear)(line(linear))).toBeCloseTo(35, 0);
    const log = doseCurve({ ...options, threshold: { value: 50 }, logX: true }).svg;
    const ticks = tickPositions(log, "v4", "x");
    expect(ticks.find(({ value }) => value === 50)!.position).toBeCloseTo(line(log), 1);
  });

  test("draws a dose from elsewhere dashed, and names all lines and bands in the legend", () => {
    const reference = { value: 35, label: "paper: 35 MGy" };
    const band = { lower: fractions[0].map((v) => v - 0.1), upper: fractions[0].map((v) => v + 0.1) };
    const figure = doseCurve({ ...options, threshold: { value: 28 }, reference, bands: { Cp1: band } });
    expect(texts(figure.svg)).toEqual(expect.arrayContaining(["onset 28 MGy", "paper: 35 MGy"]));
    expect(figure.description).toContain("paper: 35 MGy");
    const rules = Array.from(parse(figure.svg).querySelectorAll('[aria-label="rule"]'));
    expect(rules.map((rule) => rule.getAttribute("stroke-dasharray"))).toEqual([null, "3 2"]);
    // A swatch with the color of the band behind its line; both edges of the band are lines.
    const swatches = Array.from(parse(figure.svg).querySelectorAll('rect[fill="#0072b2"]'));
    expect(swatches).toHaveLength(1);
    expect(parse(figure.svg).querySelectorAll('[aria-label="line"][stroke-width="0.9"]')).toHaveLength(2);
  });

  test("draws error bars of one standard error", () => {
    const figure = doseCurve({ ...options, errors: { Cp1: time.map(() => 0.1) } });
    const bars = Array.from(parse(figure.svg).querySelectorAll('[aria-label="rule"] line'));
    expect(bars).toHaveLength(time.length);
    const toPercent = tickScale(figure.svg, "h-4", "y");
    const ends = ["y1", "y2"].map((a) => toPercent(Number(bars[3].getAttribute(a))));
    expect(Math.abs(ends[0] - ends[1])).toBeCloseTo(20, 0);
  });

  test.each([
    [{ dose: [1, 2] }, "figures.doseCurve: expected 2 values in components.Cp1, got 36"],
    [{ errors: { Cp1: [0.1] } }, "figures.doseCurve: expected 36 values in errors.Cp1, got 1"],
    [{ errors: { x: [0.1] } }, "figures.doseCurve: expected a component in errors as"],
    [
      { threshold: { value: null } },
      "figures.doseCurve: expected threshold.value in MGy, got null; leave threshold out where there is none",
    ],
    [
      { threshold: { value: 3, interval: [4, 2] } },
      "figures.doseCurve: expected threshold.interval as [low, high]",
    ],
    [
      { dose: dose.map((d) => d - 5), logX: true },
      "figures.doseCurve: expected doses above 0 on a logarithmic axis, got 0; leave logX out or drop these points",
    ],
    [{ dose: dose.map(() => Number.NaN) }, "figures.doseCurve: expected doses, got only NaN"],
  ])("refuses %o", (wrong, message) => {
    expect(() => doseCurve({ ...options, ...(wrong as object) })).toThrow(message);
  });
});

describe("figures.histogram", () => {
  test("states the size of its pixels, and counts the same areas in others on the right", () => {
    const options = { values: [0.1, 0.1, 0.1, 0.4], step: 0.3, pixelSize: 19.5, comparedWith: 6.5 };
    const figure = histogram(options);
    expect(texts(figure.svg)).toEqual(
      expect.arrayContaining(["Number of pixels of 19.5 µm", "The same area in pixels of 6.5 µm"]),
    );
    const { columns } = figure.data[0];
    expect(
      Object.entries(columns)
        .map(([name, column]) => [name, Array.from(column)])
        .slice(2),
    ).toEqual([
      ["Number of pixels of 19.5 µm", [3, 1]],
      ["The same area in pixels of 6.5 µm", [27, 9]],
    ]);
    expect(() => histogram({ ...options, pixelSize: undefined })).toThrow(
      "figures.histogram: expected pixelSize in um beside comparedWith, got none",
    );
  });

  test("counts values in bars of a step, NaN left out", () => {
    const values = [0.05, 0.1, 0.31, 0.59, 0.61, Number.NaN];
    const counted = histogram({ values, step: 0.3 });
    const given = histogram({ edges: [0, 0.3, 0.6, 0.9], counts: [2, 2, 1] });
    expect(heights(counted.svg)).toEqual(heights(given.svg));
    expect(texts(counted.svg)).toEqual(expect.arrayContaining(["Dose rate (kGy/s)", "Number of pixels"]));
    expect(counted.description).toContain("5 in 3 bars");
  });

  test("draws bars in proportion to the counts", () => {
    const [a, b, c] = heights(histogram({ edges: [0, 1, 2, 3], counts: [10, 20, 5] }).svg);
    expect(b / a).toBeCloseTo(2, 1);
    expect(c / a).toBeCloseTo(0.5, 1);
  });

  test("keeps bars clear of the inset", () => {
    const width = 64;
    const inset = {
      values: Float64Array.from({ length: width * 24 }, (_, i) => i),
      width,
      height: 24,
      pixelSize: 50,
    };
    const figure = histogram({ edges: [0, 1, 2, 3, 4], counts: [100, 100, 100, 100], inset });
    const bars = Array.from(parse(figure.svg).querySelectorAll(`[aria-label="rect"] rect`));
    const highest = Math.min(...bars.map((bar) => Number(bar.getAttribute("y"))));
    const lowest = parse(figure.svg).querySelectorAll("image")[1];
    const group = lowest.parentElement!.getAttribute("transform")!;
    const outer = lowest.parentElement!.parentElement!.getAttribute("transform")!;
    const y = [group, outer].reduce((sum, t) => sum + Number(/,([\d.]+)\)/.exec(t)![1]), 0);
    expect(y + Number(lowest.getAttribute("height"))).toBeLessThanOrEqual(highest);
  });

  test.each([
    [
      { edges: [0, 1], counts: [1, 2] },
      "figures.histogram: expected one edge more than counts (3), got 2; edges are the ends of the bars",
    ],
    [{ edges: [0, 2, 1], counts: [1, 2] }, "figures.histogram: expected ascending edges, got 2 before 1"],
    [
      { edges: [0, 1, 2], counts: [1, -2] },
      "figures.histogram: expected counts of 0 or more, got -2 at index 1",
    ],
    [
      { edges: [0, 1] },
      'figures.histogram: expected edges and counts, or values and step, got ["edges"]; give one of these pairs',
    ],
    [{ values: [1, 2] }, "figures.histogram: expected step as a number above 0, got undefined"],
    [
      { values: [0, 1e9], step: 1 },
      "figures.histogram: expected at most 10000 bars, got 1000000001; choose a larger step",
    ],
    [{ values: [Number.NaN], step: 1 }, "figures.histogram: expected values to count, got only NaN"],
    [
      { edges: [0, 1], counts: [1], marks: [{ range: [2, 1] }] },
      "figures.histogram: expected marks[0].range as [low, high]",
    ],
  ])("refuses %o", (wrong, message) => {
    expect(() => histogram(wrong as object)).toThrow(message);
  });
});

describe("figures.scree, convergence and residuals", () => {
  test("fills the points up to the rank", () => {
    const svg = parse(scree({ singularValues: [10, 5, 1, 0.1], rank: 2 }).svg);
    const fills = Array.from(svg.querySelectorAll('[aria-label="dot"] *'), (dot) => dot.getAttribute("fill"));
    expect(fills).toEqual(["#0072b2", "#0072b2", "#ffffff", "#ffffff"]);
  });

  test("shows explained variance in %, and survives exact zeros", () => {
    const figure = scree({ explainedVariance: [0.99, 0.01, 0] });
    expect(texts(figure.svg)).toEqual(expect.arrayContaining(["Explained variance (%)", "Component"]));
    expect(figure.svg).not.toContain("NaN");
  });

  test("draws data as points, the reconstruction as lines, and their difference below", () => {
    const figure = residuals({
      energies,
      data: rows,
      reconstruction: rows.map((row) => row.map((v) => v + 0.01)),
      rows: [1],
    });
    expect(texts(figure.svg)).toEqual(expect.arrayContaining(["Energy (eV)", "Residual", "row 1"]));
    expect(parse(figure.svg).querySelectorAll('[aria-label="dot"] circle')).toHaveLength(energies.length);
  });

  test.each([
    [() => scree({}), "figures.scree: expected singularValues or explainedVariance, got neither; give one"],
    [
      () => scree({ singularValues: [1, -1] }),
      "figures.scree: expected singularValues of 0 or more, got -1 at index 1",
    ],
    [
      () => scree({ singularValues: [1], rank: 0.5 }),
      "figures.scree: expected rank as a whole number above 0, got 0.5",
    ],
    [
      () => convergence({ lackOfFit: [] }),
      "figures.convergence: expected at least one value in lackOfFit, got none",
    ],
    [
      () => residuals({ energies, data: rows, reconstruction: rows.slice(1) }),
      "figures.residuals: expected as many rows in reconstruction as in data (3), got 2",
    ],
    [
      () => residuals({ energies, data: rows, reconstruction: rows, rows: [7] }),
      "figures.residuals: expected rows from 0 to 2, got 7",
    ],
  ])("refuses %o", (call, message) => {
    expect(call).toThrow(message);
  });

  test("tags its errors", () => {
    expect(() => convergence({ lackOfFit: [Number.NaN] })).toThrow(DataError);
    expect(() => spectra({ energies, spectra: [[1]] })).toThrow(ShapeError);
  });
});

/** The curves of a color, as points in px. */
function curves(svg: string, color: string): [number, number][][] {
  return Array.from(parse(svg).querySelectorAll(`g[aria-label="line"][stroke="${color}"] path`), (path) =>
    pathPoints(path.getAttribute("d")!),
  );
}

function heights(svg: string): number[] {
  return Array.from(parse(svg).querySelectorAll('[aria-label="rect"] rect'), (r) =>
    Number(r.getAttribute("height")),
  );
}

/** Ticks drawn with a given stroke (v4 below, h-4 left, h4 right) and the numbers beside them. */
function tickPositions(svg: string, stroke: string, along: "x" | "y"): { value: number; position: number }[] {
  return Array.from(parse(svg).querySelectorAll("path"))
    .filter(
      (path) => path.getAttribute("d")!.endsWith(stroke) && path.nextElementSibling?.localName === "text",
    )
    .map((path) => {
      const [, x, y] = /^M([-\d.]+),([-\d.]+)/.exec(path.getAttribute("d")!)!;
      const text = path.nextElementSibling!.textContent!;
      return {
        value: Number(text.replace("−", "-").replace("\u2009", "")),
        position: Number(along === "x" ? x : y),
      };
    });
}

/** The axis read off its ticks: px to value. */
function tickScale(svg: string, stroke: string, along: "x" | "y"): (position: number) => number {
  const ticks = tickPositions(svg, stroke, along);
  const [a, b] = [ticks[0], ticks[ticks.length - 1]];
  return (p) => a.value + ((p - a.position) / (b.position - a.position)) * (b.value - a.value);
}

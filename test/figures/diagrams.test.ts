// Kinds for drawings, procedures, charge curves and color maps of spectra: what they draw, and what they refuse.
import { describe, expect, test } from "vitest";
import {
  type DrawingPart,
  drawing,
  galvanostatic,
  linearCombination,
  procedure,
  scree,
  spectraImage,
} from "../../lib/figures/index.js";
import { images, parse, pixels, textBoxes, texts } from "./picture.js";
import { energies, fractions, image, mixtures, spectra, time, voltage } from "./samples.js";

describe("figures.spectraImage", () => {
  const rows = mixtures();

  test("puts the first spectrum at the bottom and low energies on the left", () => {
    // One spectrum of zeros, one of ones: lower half the darkest, upper half the brightest color.
    const two = [energies, energies].map((axis, i) => Array.from(axis, () => i));
    const at = pixels(images(spectraImage({ energies, spectra: two, domain: [0, 1] }).svg).at(-1)!.href);
    expect(at.at(3, at.height - 1)).toEqual([68, 1, 84]);
    expect(at.at(3, 0)).toEqual([253, 231, 37]);
    const ramp = [Array.from(energies)];
    const along = pixels(images(spectraImage({ energies, spectra: ramp }).svg).at(-1)!.href);
    // Centers of pixels: half a step inside of the ends.
    const near = (a: number[], b: number[]): number => Math.max(...a.map((v, i) => Math.abs(v - b[i])));
    expect(near(along.at(0, 0), [68, 1, 84])).toBeLessThan(5);
    expect(near(along.at(along.width - 1, 0), [253, 231, 37])).toBeLessThan(5);
  });

  test("finds the edge of each spectrum between its points, whatever the order of the energies", () => {
    const axis = [0, 10, 20, 30];
    const steps = [2, 4].map((shift) => axis.map((e) => (e - shift) / 20));
    const given = { energies: axis, spectra: steps, edge: 0.5 };
    const column = "energy of absorption 0.5 (eV)";
    expect(Array.from(spectraImage(given).data[1].columns[column])).toEqual([12, 14]);
    const back = { ...given, energies: axis.toReversed(), spectra: steps.map((s) => s.toReversed()) };
    expect(Array.from(spectraImage(back).data[1].columns[column])).toEqual([12, 14]);
    expect(spectraImage(back).svg).toBe(spectraImage(given).svg);
  });

  test("refuses a series that goes back, and ranges without energies", () => {
    const wrong = { energies, spectra: rows, series: { values: time.toReversed(), label: "Time" } };
    expect(() => spectraImage(wrong)).toThrow(
      /figures.spectraImage: expected ascending numbers in series.values, got .* at index 1; sort the spectra/,
    );
    expect(() => spectraImage({ energies, spectra: rows, range: [1, 2] })).toThrow(
      "figures.spectraImage: expected spectra with values at two energies or more from 1 to 2 eV, got 0; the axis goes from 8310 to 8429 eV",
    );
  });
});

describe("figures.linearCombination", () => {
  const given = { energies, components: spectra, coefficients: [0.2, 0.3, 0.5] };
  const sum = Array.from(energies, (_, i) => 0.2 * spectra[0][i] + 0.3 * spectra[1][i] + 0.5 * spectra[2][i]);

  test("leaves nothing over where the spectrum is the combination", () => {
    const [{ columns }] = linearCombination({ ...given, spectrum: sum }).data;
    for (const v of Array.from(columns.residual as Float64Array)) expect(Math.abs(v)).toBeLessThan(1e-12);
  });

  test("leaves over what was added, and says how much of each", () => {
    const spectrum = sum.map((v, i) => v + (i === 40 ? 0.25 : 0));
    const figure = linearCombination({ ...given, spectrum, label: "#50" });
    const residual = figure.data[0].columns.residual as Float64Array;
    expect(residual[40]).toBeCloseTo(0.25, 12);
    expect(texts(figure.svg)).toEqual(
      expect.arrayContaining(["#50", "sum", "0.2 × Cp1", "0.3 × Cp2", "0.5 × Cp3", "Residual"]),
    );
    expect(figure.description).toContain("residual of at most 0.25");
  });

  test("refuses coefficients that are not one per component", () => {
    expect(() => linearCombination({ ...given, spectrum: sum, coefficients: [1] })).toThrow(
      "figures.linearCombination: expected 3 values in coefficients, got 1",
    );
  });
});

describe("figures.galvanostatic", () => {
  test("draws each cell in its own color, dashed where asked", () => {
    const cells = ["coin cell", "ROCK cell 1"].map((label, i) => ({
      label,
      x: time,
      voltage: voltage.value,
      dashed: i === 0,
    }));
    const figure = galvanostatic({ cells, cutoff: 4.3, xLabel: "Capacity (mAh/g)" });
    expect(texts(figure.svg)).toEqual(
      expect.arrayContaining(["coin cell", "ROCK cell 1", "Capacity (mAh/g)"]),
    );
    const dashed = parse(figure.svg).querySelectorAll('[stroke-dasharray="4 3"]');
    expect(dashed.length).toBe(2); // the curve and its sample in the legend
    expect(figure.description).toContain("coin cell (dashed) 3.5 to 4.3 V");
  });

  test("refuses cells without curves", () => {
    expect(() => galvanostatic({ cells: [] })).toThrow(
      "figures.galvanostatic: expected cells as [{ label, x, voltage }], got []",
    );
    expect(() => galvanostatic({ cells: [{ label: "a", x: [0, 1], voltage: [3] }] })).toThrow(
      /2 values in cells\[0\].voltage, got 1/,
    );
  });
});

describe("figures.drawing", () => {
  const square: DrawingPart = {
    shape: "rectangle",
    x: 0,
    y: 0,
    width: 40,
    height: 20,
    name: "plate",
    letter: "a",
  };

  test("draws to scale: the scale bar measures the parts", () => {
    const figure = drawing({ plan: { unit: "mm", parts: [square] }, scaleBar: 10 });
    const rects = Array.from(parse(figure.svg).querySelectorAll("rect"), (node) =>
      Number(node.getAttribute("width")),
    );
    const [, plate, bar] = rects;
    expect(plate / bar).toBeCloseTo(4, 2);
    expect(texts(figure.svg)).toContain("10 mm");
  });

  test("has y upwards, and later parts over earlier ones", () => {
    const up: DrawingPart = { shape: "circle", x: 0, y: 8, radius: 1, name: "up", tone: "foil" };
    const down: DrawingPart = { ...up, y: -8, name: "down", tone: "spot" };
    const paths = Array.from(
      parse(drawing({ plan: { unit: "mm", parts: [square, up, down] } }).svg).querySelectorAll("path[fill]"),
    );
    const yOf = (fill: string): number =>
      Number(
        /^M[\d.]+,([\d.]+)/.exec(paths.find((p) => p.getAttribute("fill") === fill)!.getAttribute("d")!)![1],
      );
    expect(yOf("#a9c3a0")).toBeLessThan(yOf("#ffd92f"));
  });

  test("keeps many letters apart and within the picture", () => {
    const parts: DrawingPart[] = Array.from({ length: 26 }, (_, i) => ({
      ...square,
      x: i * 0.3,
      width: 0.2,
      name: `part ${i}`,
      letter: String.fromCharCode(97 + i),
    }));
    const figure = drawing({ plan: { unit: "mm", parts } });
    const letters = textBoxes(figure.svg).filter((box) => /^[a-z]$/.test(box.text));
    expect(letters.length).toBe(52); // at their lines and in the key
    letters.forEach((a, i) => {
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.x + a.width).toBeLessThanOrEqual(figure.width);
      for (const b of letters.slice(i + 1)) {
        const touch =
          a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
        expect(touch, `${a.text} ${b.text}`).toBe(false);
      }
    });
  });

  test("says where it is not true to scale", () => {
    const thin: DrawingPart = { ...square, width: 0.01, name: "electrode", letter: "b" };
    expect(drawing({ plan: { unit: "mm", parts: [square] } }).description).not.toMatch(/scale|thicker/);
    const figure = drawing({ plan: { unit: "mm", parts: [square, thin], exploded: true } });
    expect(figure.description).toMatch(
      /Along the beam not to scale. Thin layers are drawn thicker than they are.$/,
    );
  });

  test.each([
    [{ unit: "cm", parts: [square] }, 'expected plan as { unit: "mm", parts: [...] } with at least one part'],
    [{ unit: "mm", parts: [{ ...square, name: "" }] }, 'expected a name in parts[0], got ""'],
    [{ unit: "mm", parts: [{ ...square, shape: "blob" }] }, "expected a shape of rectangle, circle, ring"],
    [{ unit: "mm", parts: [{ ...square, width: 0 }] }, "expected width in mm above 0 in parts[0], got 0"],
    [{ unit: "mm", parts: [{ ...square, x: Number.NaN }] }, "expected x in mm in parts[0], got NaN"],
    [{ unit: "mm", parts: [{ ...square, tone: "gold" }] }, 'got "gold"'],
    [
      { unit: "mm", parts: [{ shape: "ring", x: 0, y: 0, inner: 3, outer: 2, name: "r" }] },
      "expected inner below outer",
    ],
    [
      { unit: "mm", parts: [{ shape: "polygon", points: [[0, 0]], name: "p" }] },
      "expected three points or more",
    ],
    [
      { unit: "mm", parts: [{ shape: "arrow", from: [0, 0], to: [1, 0], name: "x" }] },
      "expected parts that extend along y",
    ],
  ])("refuses %o", (plan, message) => {
    expect(() => drawing({ plan: plan as never })).toThrow(`figures.drawing: `);
    expect(() => drawing({ plan: plan as never })).toThrow(message);
  });
});

describe("figures.procedure", () => {
  const steps = ["a", "b", "c", "d"].map((id) => ({ id, title: `Step ${id}`, caption: "Words" }));

  test("leads from each step to the next unless told", () => {
    const figure = procedure({ nodes: steps, columns: 2 });
    expect(figure.description).toBe(
      "Flow diagram of 4 steps: Step a to Step b; Step b to Step c; Step c to Step d.",
    );
    expect(Array.from(figure.data[0].columns.to)).toEqual(["Step b", "Step c", "Step d"]);
  });

  test("gives the numbers of its pictures, and makes figures as wide as their column", () => {
    let asked = 0;
    const figure = procedure({
      nodes: [
        { ...steps[0], picture: { ...image, label: "Flux", unit: "ph/s" } },
        {
          ...steps[1],
          picture: (width) => {
            asked = width;
            return scree({ singularValues: fractions[0].map((v) => v + 1), size: { width, height: 130 } });
          },
        },
      ],
    });
    expect(asked).toBeGreaterThan(200);
    expect(figure.data.map((one) => one.name)).toEqual(["steps", "Step a", "Step b: components"]);
  });

  test("refuses arrows to nowhere or past other steps, steps of the same name, figures that are too wide", () => {
    const arrow = (from: string, to: string) => () =>
      procedure({ nodes: steps, columns: 3, arrows: [{ from, to }] });
    expect(arrow("a", "x")).toThrow('figures.procedure: expected arrows between two of "a", "b", "c", "d"');
    expect(arrow("a", "c")).toThrow(
      "figures.procedure: expected arrows between neighbors of a row or of rows below each other",
    );
    expect(arrow("a", "d")).not.toThrow();
    expect(() => procedure({ nodes: [steps[0], steps[0]] })).toThrow(
      'expected one node of each id, got "a" twice',
    );
    expect(() => procedure({ nodes: [] })).toThrow("expected nodes as [{ id, title, picture }], got []");
    const wide = { ...steps[0], picture: scree({ singularValues: [2, 1] }) };
    expect(() => procedure({ nodes: [wide, ...steps.slice(1)], columns: 4 })).toThrow(
      /expected a figure of at most \d+ px as nodes\[0\].picture, got 340/,
    );
  });
});

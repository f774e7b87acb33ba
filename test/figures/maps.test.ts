import { interpolateMagma, interpolateViridis, rgb } from "d3";
import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { histogram, map, maps, spectra } from "../../lib/figures/index.js";
import { theme } from "../../lib/figures/parts/theme.js";
import { images, parse, pixels, texts } from "./picture.js";
import { energies, image, spectra as rows } from "./samples.js";

const ramp = (interpolate: (t: number) => string, t: number): number[] => {
  const { r, g, b } = rgb(interpolate(t));
  return [r, g, b];
};
const gray = (() => {
  const { r, g, b } = rgb(theme.noData);
  return [r, g, b];
})();

// Sixteen pixels from 0 to 15, one unknown, one beyond each end of the domain.
const ladder = {
  values: [Number.NaN, -100, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 900],
  width: 4,
  height: 4,
  pixelSize: 10,
};

describe("figures.map", () => {
  test("paints each pixel with the color of its value, row 0 on top", () => {
    const figure = map({ ...ladder, label: "L", unit: "u", domain: [0, 15] });
    const picture = pixels(images(figure.svg)[0].href);
    expect([picture.width, picture.height]).toEqual([4, 4]);
    expect(picture.at(0, 0)).toEqual(gray);
    expect(picture.at(1, 0)).toEqual(ramp(interpolateViridis, 0));
    expect(picture.at(3, 3)).toEqual(ramp(interpolateViridis, 1));
    for (let i = 2; i < 15; i++) {
      const expected = ramp(interpolateViridis, i / 15);
      // 255 steps of color: within one step, a channel moves by at most 3 of 255.
      picture.at(i % 4, Math.floor(i / 4)).forEach((c, k) => {
        expect(Math.abs(c - expected[k])).toBeLessThanOrEqual(3);
      });
    }
  });

  test("has one image and one color bar, and square pixels at any shape", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 2, max: 40 }), (width, height) => {
        const values = Float64Array.from({ length: width * height }, (_, i) => i);
        const all = images(map({ values, width, height, pixelSize: 6.5, label: "L" }).svg);
        expect(all).toHaveLength(2);
        expect(all[0].width / width / (all[0].height / height)).toBeCloseTo(1, 2);
      }),
      { numRuns: 25 },
    );
  });

  test("explains the gray of pixels without data, only where there are any", () => {
    const some = map({ ...ladder, label: "L" });
    expect(texts(some.svg)).toContain("no data");
    expect(some.description).toContain("Pixels without data: 1.");
    const none = map({ ...ladder, values: ladder.values.map((_, i) => i), label: "L" });
    expect(texts(none.svg)).not.toContain("no data");
  });

  test("draws an image without any data all gray", () => {
    const figure = map({ ...ladder, values: ladder.values.map(() => Number.NaN), label: "L" });
    const picture = pixels(images(figure.svg)[0].href);
    expect(picture.at(0, 0)).toEqual(gray);
    expect(picture.at(3, 3)).toEqual(gray);
  });

  test("labels axes and color bar with their units", () => {
    const wide = map({ ...image, factor: 1e-3, label: "Dose rate", unit: "kGy/s", scheme: "magma" });
    expect(texts(wide.svg)).toEqual(expect.arrayContaining(["x (mm)", "y (mm)", "Dose rate", "(kGy/s)"]));
    const small = map({ ...ladder, label: "Shift", unit: "eV" });
    expect(texts(small.svg)).toEqual(expect.arrayContaining(["x (µm)", "y (µm)", "Shift (eV)", "10 µm"]));
  });

  test("scales by factor: 7 kGy/s end the color scale, not 7000", () => {
    const figure = map({
      ...image,
      factor: 1e-3,
      label: "Dose rate",
      unit: "kGy/s",
      scheme: "magma",
      domain: [0, 7],
    });
    const picture = pixels(images(figure.svg)[0].href);
    expect(picture.at(32, 12)).toEqual(ramp(interpolateMagma, 1));
    expect(figure.description).toContain("from 0 to 7");
  });

  test("draws the scale bar true to scale", () => {
    const figure = map({ ...image, label: "L", scaleBar: 1000 });
    const frame = images(figure.svg)[0].width;
    const bars = Array.from(parse(figure.svg).querySelectorAll("rect[paint-order]"));
    expect(bars).toHaveLength(1);
    expect(Number(bars[0].getAttribute("width"))).toBeCloseTo((frame * 1000) / (64 * 52), 1);
    expect(texts(figure.svg)).toContain("1 mm");
    expect(
      parse(map({ ...image, label: "L", scaleBar: false }).svg).querySelector("rect[paint-order]"),
    ).toBeNull();
  });

  test("lays masks over the image, transparent elsewhere", () => {
    const values = ladder.values.map((_, i) => i === 5);
    const figure = map({ ...ladder, label: "L", masks: [{ values, label: "0.7–1.0 kGy/s", color: "red" }] });
    const overlay = pixels(images(figure.svg)[1].href);
    expect(overlay.at(1, 1)).toEqual([255, 0, 0, 255]);
    expect(overlay.at(0, 0)[3]).toBe(0);
    expect(texts(figure.svg)).toContain("0.7–1.0 kGy/s");
  });

  test("takes a Matrix with its own shape", () => {
    const matrix = new Matrix([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const flat = map({ values: [1, 2, 3, 4, 5, 6], width: 3, height: 2, pixelSize: 5, label: "L" });
    expect(map({ values: matrix, pixelSize: 5, label: "L" }).svg).toBe(flat.svg);
  });

  test.each([
    [
      { values: [1, 2, 3] },
      "figures.map: expected 4 x 4 = 16 pixels in values, got 3; width is the number of columns, height of rows",
    ],
    [{ values: undefined }, "figures.map: expected an array of numbers as values, got undefined"],
    [{ width: 4.5 }, "figures.map: expected width as a whole number above 0, got 4.5"],
    [{ pixelSize: 0 }, "figures.map: expected pixelSize as a number above 0, got 0"],
    [{ domain: [3, 3] }, "figures.map: expected domain as [low, high] with low < high, got [3,3]"],
    [
      { scheme: "jet" },
      'figures.map: expected scheme as viridis | cividis | magma | inferno | plasma | greys | purple-green, got "jet"',
    ],
    [{ scheme: "constructor" }, 'got "constructor"'],
    [{ scaleBar: 50 }, "figures.map: expected scaleBar in um, shorter than the image (40 µm), got 50"],
    [
      { size: "poster" },
      'figures.map: expected size as "column", "page" or a number of px from 120 to 4000, got "poster"',
    ],
    [{ masks: [{ values: [true] }] }, "figures.map: expected 4 x 4 = 16 pixels in masks[0].values, got 1"],
    [
      { masks: [{ values: ladder.values, color: "url(#x)" }] },
      'expected a CSS color such as "#0072B2" as masks[0].color',
    ],
  ])("refuses %o", (wrong, message) => {
    expect(() => map({ ...ladder, label: "L", ...(wrong as object) })).toThrow(message);
  });
});

describe("figures.maps", () => {
  const low = ladder.values.map((_, i) => i);
  const high = ladder.values.map((_, i) => 10 * i);
  const shape = { width: 4, height: 4, pixelSize: 10, label: "Relative concentration", unit: "%" };

  test("has one image per map and one color bar, all on one scale", () => {
    const figure = maps({
      ...shape,
      maps: [
        [low, high],
        [high, null],
      ],
    });
    const all = images(figure.svg);
    expect(all).toHaveLength(4);
    // The largest value of the low map is a tenth of the scale.
    const last = pixels(all[0].href).at(3, 3);
    ramp(interpolateViridis, 0.1).forEach((c, k) => {
      expect(Math.abs(last[k] - c)).toBeLessThanOrEqual(3);
    });
    expect(new Set(all.slice(0, 3).map((i) => i.width)).size).toBe(1);
  });

  test("has letters for rows or for maps, headings, names of rows and one scale bar", () => {
    const two = {
      ...shape,
      maps: [
        [low, high],
        [high, null],
      ],
      columns: ["Cp1", "Cp2"],
      rows: ["OCV", "C"],
    };
    const byRow = texts(maps(two).svg);
    expect(byRow).toEqual(
      expect.arrayContaining(["a)", "b)", "Cp1", "Cp2", "OCV", "C", "Relative concentration (%)"]),
    );
    expect(byRow).not.toContain("c)");
    expect(byRow.filter((t) => t === "10 µm")).toHaveLength(1);
    expect(texts(maps({ ...two, letters: "maps" }).svg)).toContain("c)");
    expect(texts(maps({ ...two, letters: "none" }).svg)).not.toContain("a)");
  });

  test.each([
    [{ maps: [] }, "figures.maps: expected maps as rows of images, got []; one row: [[a, b, c]]"],
    [
      { maps: [[low, low], [low]] },
      "figures.maps: expected 2 maps in every row, got 1 in row 1; put null where a place stays empty",
    ],
    [{ maps: [[null]] }, "figures.maps: expected at least one map, got only null"],
    [{ maps: [[low, [1]]] }, "figures.maps: expected 4 x 4 = 16 pixels in values, got 1"],
    [
      { maps: [[new Matrix(2, 2), new Matrix(2, 3)]] },
      "figures.maps: expected maps of equal shape 2 x 2, got 3 x 2",
    ],
    [{ maps: [[low]], columns: ["a", "b"] }, "figures.maps: expected 1 strings in columns, got 2"],
    [
      { maps: [[low]], letters: "all" },
      'figures.maps: expected letters as "rows", "maps" or "none", got "all"',
    ],
  ])("refuses %o", (wrong, message) => {
    expect(() => maps({ ...shape, ...(wrong as { maps: number[][][] }) })).toThrow(message);
  });
});

describe("maps as insets", () => {
  test("stand in spectra and in histograms", () => {
    const inset = { ...image, masks: [{ values: image.values.map((v) => Number(v > 6000)) }] };
    expect(images(spectra({ energies, spectra: rows, labels: ["a", "b", "c"], inset }).svg)).toHaveLength(2);
    expect(images(histogram({ values: image.values, step: 300, inset: image }).svg)).toHaveLength(2);
  });
});

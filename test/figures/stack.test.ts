import { describe, expect, test } from "vitest";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { Stack } from "../../lib/dose/stack.js";
import { stack } from "../../lib/figures/kinds/stack.js";
import { slabHeights } from "../../lib/figures/kinds/stack-slabs.js";
import * as library from "../../lib/index.js";
import { parse, texts } from "./picture.js";

const beam = { energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5 };

/** Heights of the filled slabs, px. */
function slabs(svg: string): number[] {
  return Array.from(parse(svg).querySelectorAll("rect"))
    .filter((rect) => rect.getAttribute("fill") !== "none" && rect.getAttribute("fill") !== "#fff")
    .map((rect) => Number(rect.getAttribute("height")));
}

describe("figures.stack", () => {
  test("prints what stack.dose says, one row per layer, and the flux before the first", () => {
    const shown = texts(stack(rockCell(), beam).svg);
    for (const text of ["1.041·10¹² ph/s", "8390 eV", "Diamond window", "81.8", "97.6", "98.8", "54.9"]) {
      expect(shown).toContain(text);
    }
    for (const text of ["8.51·10¹¹", "8.30·10¹¹", "8.20·10¹¹", "4.50·10¹¹"]) expect(shown).toContain(text);
    for (const text of ["(kGy/s)", "0.126", "0.0130", "0.343", "4.13"]) expect(shown).toContain(text);
    expect(shown.some((text) => text.startsWith("Dose convention: porous"))).toBe(true);
  });

  test("draws to scale when asked, and otherwise so that every layer can be seen", () => {
    const [window, lithium, , cathode] = slabs(stack(rockCell(), beam, { toScale: true }).svg);
    expect(lithium / window).toBeCloseTo(1000 / 145, 1);
    expect(cathode).toBeLessThan(2);
    for (const height of slabs(stack(rockCell(), beam).svg)) expect(height).toBeGreaterThan(15);
  });

  test("slabs fill the height, thicker ones never less than thinner ones", () => {
    for (const toScale of [true, false]) {
      const heights = slabHeights([145, 0.01, 5000, 25], 152, toScale);
      expect(heights.reduce((sum, h) => sum + h, 0)).toBeCloseTo(152, 9);
      expect(heights[2]).toBeGreaterThan(heights[0]);
      expect(heights[0]).toBeGreaterThan(heights[3]);
      expect(heights[1]).toBeGreaterThan(0);
    }
  });

  test("has the dose where there was an exposure, the two phases where asked, the energies of a scan", () => {
    const scan = { ...beam, energy: [8266, 8878], exposure: 17_320 };
    const shown = texts(stack(rockCell(), scan, { convention: "phase" }).svg);
    for (const text of ["8266–8878 eV, scan", "Solid", "Liquid", "(MGy)", "–"]) expect(shown).toContain(text);
    expect(texts(stack(rockCell(), { ...scan, polychromatic: true }).svg)).toContain("8266–8878 eV");
  });

  test("without a beam shows areal masses: 3.38 mg/cm2 for the paper's cathode", () => {
    const shown = texts(stack(rockCell()).svg);
    expect(shown).toContain("Areal mass");
    expect(shown).toContain("3.38");
    expect(shown.join(" ")).not.toContain("ph/s");
  });

  test("in a journal's column leaves columns out rather than the names", () => {
    const shown = texts(stack(rockCell(), beam, { size: "column" }).svg);
    expect(shown).toContain("Diamond window");
    expect(shown).toContain("Dose rate");
    expect(shown).not.toContain("Thickness");
    for (const text of [
      "Lithium",
      "LNO, pores 36 %",
      "Dose convention: porous",
      "1180 µm in total, not to scale",
    ]) {
      expect(shown).toContain(text); // nothing cut
    }
  });

  test("in a journal's column leaves out both phases' dose rates or none", () => {
    const long = { ...beam, exposure: 17_320 };
    const shown = texts(stack(rockCell(), long, { size: "column", convention: "phase" }).svg);
    expect(shown.filter((text) => text === "Solid")).toHaveLength(
      shown.filter((text) => text === "Liquid").length,
    );
    expect(shown).toContain("(MGy)");
    expect(shown).not.toContain("(kGy/s)");
  });

  test("draws a beam without photons, and a stack of one layer", () => {
    const one = new Stack([{ name: "film", solid: { formula: "Ni", density: 8.9 }, thickness: 1 }]);
    expect(stack(one, { ...beam, flux: 0 }).svg).not.toMatch(/NaN|Infinity/);
  });

  test("refuses a convention that is none, and what is no stack", () => {
    expect(() => stack(rockCell(), beam, { convention: "wet" as "dense" })).toThrow(
      "figures.stack: expected convention as",
    );
    expect(() => stack({} as never)).toThrow("Stack: expected an array of at least one Layer");
  });
});

describe("in a notebook", () => {
  const bundle = (value: object) =>
    (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();

  test("a stack and its doses show themselves", () => {
    const cell = library.rockCell();
    expect(bundle(cell)["text/html"]).toContain("<svg");
    expect(bundle(cell)["text/plain"]).toBe(
      "Stack: Diamond window 145 um | Counter electrode 1000 um | Separator 25 um | Cathode 10 um; absorber Cathode",
    );
    const doses = cell.dose(beam);
    expect(bundle(doses)["text/html"]).toContain("Dose convention: porous");
    expect(doses.show().svg).toBe(library.figures.stack(cell, beam).svg);
  });
});

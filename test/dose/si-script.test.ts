// The dose script of the paper's Supporting Information, line by line: the code of docs/migrating-from-the-si-script.md.
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { Beam } from "../../lib/dose/beam.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import type { Stack } from "../../lib/dose/stack.js";
import type { StackDose } from "../../lib/dose/stack-dose.js";
import * as library from "../../lib/index.js";
import { peer, shared } from "../support/peers.js";

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(resolve(root, "docs/migrating-from-the-si-script.md"), "utf8");

interface Page {
  cell: Stack;
  beam: Beam;
  doses: StackDose;
  figure: library.figures.Figure;
}

function run(): Page {
  const code = /```js\n([\s\S]*?)```/.exec(page)?.[1] as string;
  const body = code.replace(/import (\{[^}]*\}) from "operandose";/, "const $1 = library;");
  return new Function("library", `${body}\nreturn { cell, beam, doses, figure };`)(library) as Page;
}

describe("the SI's script, as the migration page has it", () => {
  const { cell, beam, doses, figure } = run();

  test("is the stack that rockCell() has, up to names", () => {
    const numbers = (stack: Stack) =>
      stack.layers.map(({ solid, liquid, thickness, porosity }) => [
        [solid.formula, solid.density, liquid?.formula, liquid?.density, thickness, porosity],
      ]);
    expect(numbers(cell)).toEqual(numbers(rockCell()));
    expect(cell.absorber.name).toBe("Cathode");
  });

  // Computed with python3-xraydb from the same tables; half of the last digit given, or 0.1 %.
  test.each([
    ["elam", 21.22, 8.2e11, 4118, 135, 4134],
    ["chantler", 20.35, 8.29e11, 4227, 130.5, 4243],
  ] as const)("numbers of the page, %s", (tables, lost, flux, solid, liquid, porous) => {
    const stack = cell.with({ tables });
    const { doseRate } = stack.dose(beam)[3];
    expect(Math.abs(100 * (1 - stack.upstream(8390)) - lost)).toBeLessThan(0.01);
    expect(Math.abs((beam.flux as number) * stack.upstream(8390) - flux)).toBeLessThan(0.005e11);
    expect(Math.abs(doseRate.phase.solid / solid - 1)).toBeLessThan(1e-3);
    expect(Math.abs(doseRate.phase.liquid - liquid)).toBeLessThan(0.5);
    expect(Math.abs(doseRate.porous / porous - 1)).toBeLessThan(1e-3);
    for (const number of [`${lost.toFixed(2)} %`, solid, liquid, porous]) expect(page).toContain(`${number}`);
  });

  test("what the page says of conventions and escape", () => {
    const { doseRate } = doses[3];
    expect(100 * (doseRate.porous / doseRate.phase.solid - 1)).toBeCloseTo(0.4, 1);
    expect(doseRate.dense / doseRate.porous).toBeCloseTo(0.64, 12);
    expect(100 * cell.escape(beam)[3].total).toBeCloseTo(26, 0);
    expect(figure.svg).toContain("Counter - electrode");
  });

  test("has every number of the script itself", (context) => {
    peer("../shared/paper")(context);
    const paper = shared("../shared/paper");
    const [file] = readdirSync(paper);
    const text = readFileSync(resolve(paper, file), "utf8");
    const script = text.slice(text.indexOf("from dose_estimation import")).replace(/\s+/g, " ");
    const all = (pattern: RegExp) => Array.from(script.matchAll(pattern), (match) => Number(match[1]));
    // The script defines the cathode before the separator and stacks them the other way round.
    const [window, counter, separator, cathode] = cell.layers;
    const asDefined = [window, counter, cathode, separator];
    expect(all(/thickness ?= ?([\d.]+)/g).map((mm) => 1000 * mm)).toEqual(asDefined.map((l) => l.thickness));
    expect(all(/porosity ?= ?([\d.]+)/g)).toEqual(asDefined.map((layer) => layer.porosity));
    expect(all(/density ?= ?([\d.]+)/g)).toEqual(
      asDefined.flatMap(({ solid, liquid }) => [solid.density, ...(liquid ? [liquid.density] : [])]),
    );
    const formulas = Array.from(script.matchAll(/formula ?= ?"(\w+)"/g), (match) => match[1]);
    expect(formulas).toEqual(
      asDefined.flatMap(({ solid, liquid }) => [solid.formula, ...(liquid ? [liquid.formula] : [])]),
    );
    const [, width, pixels] = /beamWidth ?= ?([\d.]+) ?\* ?(\d+)/.exec(script) as RegExpExecArray;
    const [, height, rows] = /beamHeight ?= ?([\d.]+) ?\* ?(\d+)/.exec(script) as RegExpExecArray;
    expect([beam.width, beam.height]).toEqual([
      Number(width) * Number(pixels),
      Number(height) * Number(rows),
    ]);
    expect(all(/fx ?= ?([\d.e]+)/g)).toEqual([beam.flux]);
    expect(/Stacking\(\[ ?([^\]]+)\]/.exec(script)?.[1].split(/ ?, ?/)).toEqual([
      "Diam_window",
      "Li_ce",
      "separator_c",
      "cathode",
    ]);
  });
});

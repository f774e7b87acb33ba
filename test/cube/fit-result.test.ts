// What a fit of pixels shows as maps, and how it refuses what it was not asked for.
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { type FitDetails, FitResult } from "../../lib/cube/results/fit-result.js";

/** Two of four pixels selected, two components, five energies. */
function fitted(details?: FitDetails): FitResult {
  const init = {
    C: new Matrix([
      [0.25, 0.75],
      [Number.NaN, Number.NaN],
    ]),
    S: new Matrix([
      [1, 2, 3, 4, 5],
      [5, 4, 3, 2, 1],
    ]),
    energies: Float64Array.of(1, 2, 3, 4, 5),
    rows: { of: "pixel", height: 2, width: 2, pixelSize: 1, pixels: Int32Array.of(1, 2) },
    nPixels: 1,
    invalid: { saturated: 0, nonPositive: 0, total: 4 },
  };
  const provenance = { library: "operandose 0", steps: [], inputs: [] };
  const make = FitResult as unknown as new (...args: unknown[]) => FitResult;
  return new make(provenance, init, Float64Array.of(1e-4, Number.NaN), Uint8Array.of(0, 2), details);
}

const nothing = Number.NaN;

describe("a fit of pixels", () => {
  test("spreads chi-square, standard errors, flags and glitches over the image", () => {
    const result = fitted({
      chiSquare: Float64Array.of(6, nothing),
      standardErrors: Float64Array.of(0.01, 0.02, nothing, nothing),
      glitches: [3, 0],
    });
    // Five energies less two components.
    expect(Array.from(result.chiSquareMap().values)).toEqual([nothing, 2, nothing, nothing]);
    expect(Array.from(result.standardErrorMap("Cp2").values)).toEqual([nothing, 0.02, nothing, nothing]);
    expect(Array.from(result.flagMap().values)).toEqual([nothing, 0, 2, nothing]);
    expect(Array.from(result.glitchMap().values)).toEqual([nothing, 3, 0, nothing]);
    expect(result.summary()).toContain("1 flagged, 3 glitches");
    expect(() => result.standardErrorMap("Cp3")).toThrow("expected a component (Cp1, Cp2)");
  });

  test("keeps the list of glitches where it is given", () => {
    const glitches = {
      rows: Int32Array.of(1),
      energies: Int32Array.of(4),
      sizes: Float32Array.of(-7),
      perRow: Int32Array.of(0, 1),
      perEnergy: Int32Array.of(0, 0, 0, 0, 1),
    };
    const result = fitted({ glitches });
    expect(result.glitches).toBe(glitches);
    expect(Array.from(result.glitchMap().values)).toEqual([nothing, 0, 1, nothing]);
  });

  test("says what to ask for where it has none", () => {
    const result = fitted();
    expect(() => result.chiSquareMap()).toThrow(
      "chiSquareMap: expected a fit with known noise, got one without; fit(components, { sigma })",
    );
    expect(() => result.glitchMap()).toThrow("glitchMap: expected a robust fit");
    expect(() => result.standardErrorMap("Cp1")).toThrow("expected a fit with standard errors");
  });
});

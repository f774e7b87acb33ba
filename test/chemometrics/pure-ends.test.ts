// The constraint on both ends of a series, on a series whose ends are pure, and what is refused.
import { describe, expect, test } from "vitest";
import { mcrAls } from "../../lib/chemometrics/mcr/mcr-als.js";
import { pureEnds } from "../../lib/chemometrics/mcr/pure-ends.js";

describe("pureEnds", () => {
  test("makes the first row the first species alone, and the last row the last one", () => {
    const shares = Array.from({ length: 9 }, (_, i) => [1 - i / 8, i / 8]);
    const spectra = [0, 1].map((k) => Array.from({ length: 20 }, (_, e) => 1 + Math.sin(e / 3 + k)));
    const D = shares.map((c) => spectra[0].map((v, e) => c[0] * v + c[1] * spectra[1][e]));
    const { C } = mcrAls(D, { components: 2, constraints: pureEnds(9, 2) });
    expect(C.getRow(0)[1]).toBe(0);
    expect(C.getRow(8)[0]).toBe(0);
    expect(C.getRow(4)[0]).toBeCloseTo(0.5, 6);
  });

  test("refuses series and mixtures of fewer than two", () => {
    expect(() => pureEnds(1)).toThrow("pureEnds: expected nRows as a whole number from 2 on, got 1");
    expect(() => pureEnds(10, 1.5)).toThrow("nComponents");
  });
});

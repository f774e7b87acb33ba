// The share of a change that is left: known mixtures, scale and units, and what is refused.
import { describe, expect, test } from "vitest";
import { ArgumentError, DataError, ShapeError } from "../../lib/errors.js";
import { remainingChange } from "../../lib/xas/remaining-change.js";

const energies = Array.from({ length: 50 }, (_, i) => 8400 - i);
const from = energies.map((e) => 0.5 + Math.atan(e - 8380) / Math.PI);
const to = energies.map((e) => 0.5 + Math.atan(e - 8382) / Math.PI);
const mixture = (left: number) => from.map((v, k) => left * v + (1 - left) * to[k]);

describe("remainingChange", () => {
  test("is the share of the first state in a mixture of the two", () => {
    for (const left of [0, 0.02, 0.5, 1]) {
      expect(remainingChange(energies, mixture(left), { from, to })).toBeCloseTo(left, 12);
    }
  });

  test("does not depend on the unit of absorption or the direction of the axis", () => {
    const off = mixture(0.3).map((v, k) => v + 0.01 * Math.sin(k));
    const plain = remainingChange(energies, off, { from, to });
    const times = (values: number[]) => values.map((v) => 7 * v).reverse();
    const turned = remainingChange([...energies].reverse(), times(off), { from: times(from), to: times(to) });
    expect(turned).toBeCloseTo(plain, 12);
  });

  test("counts the energies of the range only, both ends included, and leaves out what is not finite", () => {
    const wrong = mixture(0.4).map((v, k) =>
      energies[k] > 8390 ? v + 5 : energies[k] === 8380 ? Number.NaN : v,
    );
    expect(remainingChange(energies, wrong, { from, to, range: [8360, 8390] })).toBeCloseTo(0.4, 12);
    expect(remainingChange(energies, wrong, { from, to, range: [8360, 8391] })).toBeGreaterThan(1);
  });

  test("refuses spectra on other axes, empty ranges and a change that is none", () => {
    expect(() => remainingChange(energies, [1, 2], { from, to })).toThrow(ShapeError);
    expect(() => remainingChange(energies, from, { from: [1], to })).toThrow(ShapeError);
    expect(() => remainingChange(energies, from, { from, to, range: [8390, 8380] })).toThrow(ArgumentError);
    expect(() => remainingChange(energies, from, { from, to, range: [1, 2] })).toThrow(DataError);
    expect(() => remainingChange(energies, from, { from, to: from })).toThrow(
      "remainingChange: expected spectra that differ between their first and their last state",
    );
  });
});

import { describe, expect, test } from "vitest";
import { matchComponents, spectralAngle } from "../../lib/chemometrics/diagnostics/match.js";
import { random } from "../../lib/compute/random.js";
import { spectra } from "./series.js";

describe("spectralAngle", () => {
  test("is zero for the same shape at any scale, a right angle for nothing in common, and exact for small angles", () => {
    expect(spectralAngle([1, 2, 3], [10, 20, 30])).toBeLessThan(1e-15);
    expect(spectralAngle([1, 0], [0, 3])).toBeCloseTo(Math.PI / 2, 15);
    expect(spectralAngle([1, 1], [-1, -1])).toBeCloseTo(Math.PI, 12);
    expect(spectralAngle([1, 0], [1, 1e-9]) / 1e-9).toBeCloseTo(1, 6);
    expect(spectralAngle([0, 0], [1, 2])).toBe(Math.PI / 2);
    expect(() => spectralAngle([1], [1, 2])).toThrow(
      "spectralAngle: expected spectra of the same length, got 1 and 2",
    );
  });
});

describe("matchComponents", () => {
  test("undoes any order, also with more found than known and with more than eight", () => {
    for (const n of [3, 5, 10]) {
      const draw = random(n);
      const S = Array.from({ length: n }, () => Array.from({ length: 40 }, () => draw.uniform()));
      const order = Array.from({ length: n }, (_, j) => (j + 2) % n);
      const found = order.map((j) => S[j].map((v) => 3 * v + 0.02 * draw.normal()));
      expect(matchComponents(found, S).map((at) => order[at])).toEqual(
        Array.from({ length: n }, (_, j) => j),
      );
      const some = matchComponents(found, S.slice(0, 2));
      expect(some.map((at) => order[at])).toEqual([0, 1]);
    }
  });

  test("takes the best pairing, not the nearest first", () => {
    // Found 0 is nearest to both; as known 0 can only be found 0 or something far off, known 1 has to yield.
    const at = (angle: number): number[] => [Math.cos(angle), Math.sin(angle)];
    expect(matchComponents([at(0.5), at(0.75)], [at(0), at(0.45)])).toEqual([0, 1]);
  });

  test("refuses spectra that cannot be paired", () => {
    const S = spectra(10);
    expect(() => matchComponents(S, spectra(11))).toThrow("got 10 and 11");
    expect(() => matchComponents(S.slice(1), S)).toThrow("expected at least 3 found components");
    expect(() => matchComponents([[Number.NaN]], [[1]])).toThrow(
      "matchComponents: expected finite numbers in S",
    );
  });
});

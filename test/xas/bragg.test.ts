import { describe, expect, test } from "vitest";
import { ArgumentError } from "../../lib/errors.js";
import { braggAngle, braggEnergy, SI_111 } from "../../lib/xas/bragg.js";

describe("Si(111) monochromator", () => {
  test("has the angles of the paper's range", () => {
    expect(SI_111).toBeCloseTo(3.1356, 3);
    // Stated as 12.863 and 13.837: the swing of 1.51 deg is known to a hundredth.
    expect(Math.abs(braggAngle(8878) - 12.863)).toBeLessThan(0.005);
    expect(Math.abs(braggAngle(8266) - 13.837)).toBeLessThan(0.005);
    // Independently: 12398.4198 / (2 * 3.135532) = 1977.0842 eV at 90 degrees.
    expect(braggEnergy(90)).toBeCloseTo(1977.08, 2);
  });

  test("goes back and forth", () => {
    for (const energy of [2000, 8333, 20000]) expect(braggEnergy(braggAngle(energy))).toBeCloseTo(energy, 8);
    expect(braggAngle(8333, 1.92)).toBeGreaterThan(braggAngle(8333));
  });

  test("refuses energies and angles that no crystal reflects", () => {
    expect(() => braggAngle(1000)).toThrow(ArgumentError);
    expect(() => braggAngle(8.333)).toThrow(
      "braggAngle: expected an energy of at least hc / 2d = 1977.1 eV, got 8.333",
    );
    expect(() => braggEnergy(0)).toThrow("(0, 90] degrees, got 0");
    for (const d of [313.55, 0.31355, {}, 3n, "3.1356"]) {
      expect(() => braggAngle(8333, d as number)).toThrow(ArgumentError);
      expect(() => braggEnergy(13.7, d as number)).toThrow(ArgumentError);
    }
    expect(() => braggAngle(8333n as never)).toThrow(ArgumentError);
    expect(() => braggEnergy("13.7" as never)).toThrow(ArgumentError);
    expect(() => braggEnergy(Number.NaN)).toThrow(ArgumentError);
  });
});

// Several cubes resolved as one multiset: spectra in common, concentrations of their own.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mcrAls } from "../../lib/chemometrics/mcr/mcr-als.js";
import { Cube } from "../../lib/cube/cube.js";
import { type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

let small: SmallExperiment;
let left: Cube;
let right: Cube;
beforeAll(() => {
  small = smallExperiment({ height: 16, width: 16, nTimes: 6 });
  const chain = Cube.load(small.folder).calibrate({ degree: 1 }).absorb().bin(2);
  left = chain.crop({ x: [0, 4] });
  right = chain.crop({ x: [4, 8] });
});
afterAll(() => rmSync(small.folder, { recursive: true }));

describe("mcrAls on several cubes together", () => {
  test("is the multiset of their spectra, with a result for each", async () => {
    const result = await left.mcrAls(2, { together: [right] });
    const normalized = [left, right].map((cube) => cube.normalize());
    const blocks = await Promise.all(normalized.map(async (cube) => [(await cube.spectra()).toRows()]));
    const whole = mcrAls({ blocks }, { components: 2 });
    expect(result.S.to1DArray()).toEqual(whole.S.to1DArray());
    expect(result.C.to1DArray()).toEqual(whole.blocks?.C[0].to1DArray());
    const [other] = result.together;
    expect(other.C.to1DArray()).toEqual(whole.blocks?.C[1].to1DArray());
    expect(other.S).toEqual(result.S);
    expect([result.isPart, other.isPart, other.together.length]).toEqual([true, true, 0]);
    expect(other.residual.to1DArray()).toEqual(
      whole.residual.subMatrix(6, 11, 0, whole.S.columns - 1).to1DArray(),
    );
    expect(result.rFactor().length).toBe(6);
    expect(result.summary()).toContain("6 time steps");
    expect(result.summary()).toContain("resolved with 6 rows of other cubes");
    expect(result.provenance.terminal).toBe("mcrAls, together with 1 more");
  });

  test("keeps a component out of one cube, and shapes in each for itself", async () => {
    const constraints = { unimodal: {}, zero: { on: "C", components: [1], block: 1 } } as const;
    const result = await left.mcrAls(2, { together: [right], constraints });
    expect(result.together[0].profile("Cp2").every((v) => v === 0)).toBe(true);
    expect(result.profile("Cp2").some((v) => v > 0.1)).toBe(true);
    expect(Math.max(...Object.values(result.violations))).toBeLessThan(1e-9);
  });

  test("has bands that all cubes decide and that are shown for its own rows, and files like any other", async () => {
    const result = await left.mcrAls(2, { together: [right] });
    const bands = result.bands({ quantities: { rows: (C) => C.rows, top: (C) => C.get(5, 1) } });
    expect(bands.quantities.rows.value).toBe(6);
    const { C, minimum } = bands.component("Cp2");
    expect([C.low.length, minimum.C.rows]).toEqual([6, 6]);
    result.profile("Cp2").forEach((v, i) => {
      expect(v).toBeGreaterThanOrEqual(C.low[i]);
      expect(v).toBeLessThanOrEqual(C.high[i]);
    });
    const folder = mkdtempSync(join(tmpdir(), "operandose-together-"));
    try {
      const path = await result.together[0].save(join(folder, "right.csv"));
      expect(
        readFileSync(path, "utf8")
          .split("\n")
          .filter((line) => /^\d/.test(line)),
      ).toHaveLength(6);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("refuses what is no cube, axes that do not cover one another, and errors of the whole", async () => {
    for (const together of [right, [3], [null]]) {
      await expect(left.mcrAls(2, { together: together as never })).rejects.toThrow(
        "mcrAls: expected together to be a list of cubes",
      );
    }
    const { energies } = await right.spectra();
    const [low, high] = [Math.min(...energies), Math.max(...energies)];
    const whole = left.normalize();
    const part = right.crop({ energy: [low + 3, high] }).normalize();
    await expect(whole.mcrAls(2, { together: [part] })).rejects.toThrow(
      /mcrAls: expected cubes together that cover .* eV, got/,
    );
    const result = await left.mcrAls(2, { together: [right] });
    expect(() => result.errors()).toThrow("errors: expected a cube resolved by itself, got several together");
  });
});

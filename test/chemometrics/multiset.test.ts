import { describe, expect, test } from "vitest";
import { matchComponents, spectralAngle } from "../../lib/chemometrics/diagnostics/match.js";
import { mcrAls } from "../../lib/chemometrics/mcr/mcr-als.js";
import { random } from "../../lib/compute/random.js";
import { ShapeError } from "../../lib/errors.js";
import { lackOfFit, mix, reversed, series, spectra } from "./series.js";

describe("mcrAls on several experiments", () => {
  const { D, C, S } = series(40, 60, 1e-3);

  test("resolves stacked blocks as the one matrix that they make, and gives each its part", () => {
    const initial = [D[0], D[20], D[39]];
    const whole = mcrAls(D, { initial });
    const fit = mcrAls({ blocks: [[D.slice(0, 15)], [D.slice(15)]] }, { initial });
    expect(fit.C.to1DArray()).toEqual(whole.C.to1DArray());
    expect(fit.S.to1DArray()).toEqual(whole.S.to1DArray());
    expect(whole.blocks).toBeUndefined();
    expect(fit.blocks?.C.map((c) => c.rows)).toEqual([15, 25]);
    expect(fit.blocks?.C[1].to2DArray()).toEqual(whole.C.to2DArray().slice(15));
    expect(fit.blocks?.S.length).toBe(1);
    const second = lackOfFit(D.slice(15), whole.C.to2DArray().slice(15), whole.S.to2DArray());
    expect(fit.blocks?.lackOfFit[1][0]).toBeCloseTo(second, 9);
  });

  test("resolves blocks side by side with concentrations in common", () => {
    const blocks = [[D.map((d) => d.slice(0, 25)), D.map((d) => d.slice(25))]];
    const fit = mcrAls({ blocks }, { components: 3 });
    expect(fit.C.to1DArray()).toEqual(mcrAls(D, { components: 3 }).C.to1DArray());
    expect(fit.blocks?.S.map((s) => s.columns)).toEqual([25, 35]);
  });

  test("resolves both ways at once, with a block that was never measured", () => {
    const [a, b] = [D.slice(0, 18), D.slice(18)];
    const [left, right] = [0, 1].map((q) => (d: number[]) => d.slice(q * 30, q * 30 + 30));
    const initial = [D[0], D[20], D[39]];
    const fit = mcrAls(
      {
        blocks: [
          [a.map(left), a.map(right)],
          [b.map(left), null],
        ],
      },
      { initial },
    );
    expect(fit.missing).toBe(22 * 30);
    expect(fit.blocks?.lackOfFit[1][1]).toBeNull();
    expect(fit.lackOfFit.experimental).toBeLessThan(0.2);
    // Shared concentrations and spectra say what the block would have been.
    const truth = lackOfFit(b.map(right), C.slice(18), S.map(right));
    const rest = lackOfFit(
      b.map(right),
      fit.blocks?.C[1].to2DArray() as number[][],
      fit.blocks?.S[1].to2DArray() as number[][],
    );
    expect(rest / truth).toBeLessThan(20);
    expect(mcrAls({ blocks: [[a.map(left), a.map(right)], [b.map(left), null]] }, { components: 3 }).missing).toBe(660); // biome-ignore format: one line
  });

  test("lifts ambiguity where a component is known to be absent from a block", () => {
    // In the second experiment the middle species is pure with the first; alone, the first series is ambiguous.
    const shapes = spectra(60);
    const draw = random(9);
    const only = Array.from({ length: 20 }, (_, i) => [1 - i / 19, i / 19, 0]);
    const blocks = [[D], [mix(only, shapes, 1e-3, draw)]];
    const fit = mcrAls({ blocks }, { initial: [D[0], D[20], D[39]], constraints: { zero: { on: "C", components: [2], block: 1 } }, tolerance: 1e-8, maxIterations: 3000 }); // biome-ignore format: one line
    expect(fit.blocks?.C[1].getColumn(2).every((v) => v === 0)).toBe(true);
    const order = matchComponents(fit.S, S);
    expect(order).toEqual([0, 1, 2]);
    S.forEach((s, j) => {
      expect(spectralAngle(fit.S.getRow(j), s)).toBeLessThan(0.01);
    });
  });

  test("takes shape constraints in each block for itself", () => {
    const blocks = [[D], [reversed(D)]];
    const fit = mcrAls({ blocks }, { components: 3, constraints: { unimodal: {} } });
    expect(fit.violations.unimodal).toBeLessThan(1e-9);
    const apart = mcrAls([...D, ...reversed(D)], { components: 3, constraints: { unimodal: {} } });
    // The first species is there, gone, and there again: two maxima in one profile, one in each block.
    expect(apart.lackOfFit.experimental).toBeGreaterThan(3 * fit.lackOfFit.experimental);
  });

  test("refuses blocks that do not fit together", () => {
    const cut = D.map((d) => d.slice(1));
    const bad =
      (blocks: unknown): (() => unknown) =>
      () =>
        mcrAls({ blocks } as never, { components: 2 });
    expect(bad([[D], [cut]])).toThrow("expected equally many energies in column 0 of blocks, got 60, 59");
    expect(bad([[D, D.slice(1)]])).toThrow("expected equally many spectra in row 0 of blocks, got 40, 39");
    expect(bad([[D], [D, D]])).toThrow(ShapeError);
    expect(bad([])).toThrow("expected blocks as rows of equally many matrices");
    expect(bad([[D], [null]])).toThrow("expected a matrix in row 1 of blocks, got none");
  });
});

// Bands under what single limits on entries do not say: blocks of a multiset, and a kinetic model with rates of its own.
import { describe, expect, test } from "vitest";
import { type ComponentBand, feasibleBands } from "../../../lib/chemometrics/bands/feasible-bands.js";
import type { McrConstraints } from "../../../lib/chemometrics/mcr/constraints/index.js";
import { mcrAls } from "../../../lib/chemometrics/mcr/mcr-als.js";
import { random } from "../../../lib/compute/random.js";
import { mix } from "../series.js";

const shapes = (n: number, columns: number): number[][] =>
  Array.from({ length: n }, (_, j) =>
    Array.from({ length: columns }, (_, k) => 0.2 + Math.exp(-(((k - 8 - 5 * j) / 5) ** 2))),
  );

const holds = (bands: readonly ComponentBand[], C: readonly (readonly number[])[]): boolean =>
  bands.every(({ index, C: { low, high } }) =>
    C.every((row, i) => row[index] > low[i] - 0.01 && row[index] < high[i] + 0.01),
  );

const patient = { tolerance: 1e-8, maxIterations: 3000 };
const quick = { area: false, starts: 0 } as const;

describe("feasibleBands of a multiset", () => {
  const S = shapes(2, 26);
  const draw = random(8);
  // Mixtures from 20 to 80 % alone leave both open; in the second experiment there is nothing but the first species.
  const mixed = Array.from({ length: 12 }, (_, i) => [0.8 - (0.6 * i) / 11, 0.2 + (0.6 * i) / 11]);
  const pure = Array.from({ length: 4 }, () => [1, 0]);
  const [D1, D2] = [mixed, pure].map((C) => mix(C, S, 1e-3, draw));
  const zero = { on: "C", components: [1], block: 1 } as const;
  const alone = feasibleBands(mcrAls(D1, { components: 2, ...patient }), quick);
  const fit = mcrAls(
    { blocks: [[D1], [D2]] },
    { initial: [D2[0], D1[11]], constraints: { zero }, ...patient },
  );
  const together = feasibleBands(fit, quick);

  test("holds the truth of all blocks, and is narrower than that of one", () => {
    expect(holds(together.components, [...mixed, ...pure])).toBe(true);
    expect(holds(alone.components, mixed)).toBe(true);
    const [first] = together.components;
    expect(first.width.S).toBeLessThan(0.25 * alone.components[0].width.S);
    expect(alone.components[0].verdict).toBe("wide");
  });

  test("keeps the component out of the block where it is absent, in every solution", () => {
    for (const { minimum, maximum, C } of together.components) {
      for (const solution of [minimum, maximum]) {
        expect(Math.max(...solution.C.getColumn(1).slice(12).map(Math.abs))).toBeLessThan(1e-9);
        expect(solution.lackOfFit).toBeLessThan(1.1 * fit.lackOfFit.experimental);
      }
      expect(C.low.length).toBe(16);
    }
  });
});

describe("feasibleBands under a kinetic model", () => {
  const S = shapes(2, 26);
  const decay = (time: Float64Array, [rate]: Float64Array): number[][] =>
    Array.from(time, (t) => [Math.exp(-rate * t), 1 - Math.exp(-rate * t)]);
  const time = Float64Array.from({ length: 14 }, (_, i) => 1.5 + 0.5 * i);
  const C = decay(time, Float64Array.of(0.3));
  const D = mix(C, S, 1e-3, random(11));
  const bandsOf = (constraints: McrConstraints) => {
    const fit = mcrAls(D, { components: 2, constraints, ...patient });
    return { fit, bands: feasibleBands(fit, quick) };
  };

  test.each([[true], [false]])("knows that rates may change, but not the model (closure %s)", (closure) => {
    // Far from the truth: the band has to start where the fit has ended.
    const kinetic = { model: decay, rates: [3], time };
    const open = bandsOf({ closure });
    const { fit, bands } = bandsOf({ closure, kinetic });
    const [{ rates }] = fit.found.kinetic as [{ rates: Float64Array }];
    expect(Math.abs(rates[0] / 0.3 - 1)).toBeLessThan(0.05);
    expect(holds(bands.components, C)).toBe(true);
    bands.components.forEach((band, j) => {
      expect(band.verdict).not.toBe("wide");
      expect(band.width.C).toBeLessThan(0.3 * open.bands.components[j].width.C);
    });
  });
});

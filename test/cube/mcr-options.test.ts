// mcrAls from the chain with constraints beyond the usual ones, by energies, and with gaps.
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { McrConstraints } from "../../lib/chemometrics/mcr/constraints/index.js";
import { Cube } from "../../lib/cube/cube.js";
import type { McrResult } from "../../lib/cube/results/mcr-result.js";
import { withIndices } from "../../lib/cube/terminals/mcr-options.js";
import { type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

let small: SmallExperiment;
let chain: ReturnType<Cube["absorb"]>;
beforeAll(() => {
  small = smallExperiment({ height: 16, width: 16, nTimes: 6 });
  chain = Cube.load(small.folder).calibrate({ degree: 1 }).absorb().bin(2);
});
afterAll(() => rmSync(small.folder, { recursive: true }));

const falling = Float64Array.of(8400, 8350, 8320, 8300);

describe("zero regions by energy", () => {
  test("become indices, whichever way the axis runs; the rest stays as it is", () => {
    const given = { closure: false, zero: { on: "S", components: [1], energy: [8310, 8360] } } as const;
    const expected: McrConstraints = { closure: false, zero: [{ on: "S", components: [1], range: [1, 3] }] };
    expect(withIndices(given, falling)).toEqual(expected);
    expect(withIndices({ ...given, zero: [given.zero] }, falling.slice().reverse())).toEqual(expected);
    expect(withIndices({ unimodal: { on: "C" } }, falling)).toEqual({ unimodal: { on: "C" } });
  });

  test("are refused where they mean nothing", () => {
    const zero = (part: object) => () =>
      withIndices({ zero: { on: "S", components: [0], energy: [8310, 8360], ...part } as never }, falling);
    expect(zero({ on: "C" })).toThrow('mcrAls: expected zero.energy with on: "S"');
    expect(zero({ range: [0, 1] })).toThrow("expected zero.energy or range, not both");
    expect(zero({ energy: [8360, 8310] })).toThrow("to be [from, to] in eV");
    expect(zero({ energy: [8401, 8500] })).toThrow("which has 8300.0 to 8400.0 eV");
  });
});

describe("mcrAls on a cube", () => {
  test("holds what it is asked to hold, and reports it", async () => {
    const closed: McrResult = await chain.mcrAls(2);
    const known = closed.S.getRow(0);
    const fixed = await chain.mcrAls(2, { constraints: { fixed: { S: [known] } } });
    fixed.S.getRow(0).forEach((v, k) => {
      expect(Math.abs(v - known[k])).toBeLessThan(1e-9);
    });
    const group = { components: [0, 1], total: 1 };
    const shaped = await chain.mcrAls(2, { constraints: { unimodal: { on: "C" }, closure: group } });
    expect(shaped.order).toContain("unimodal");
    for (const violation of Object.values(shaped.violations)) expect(violation).toBeLessThan(1e-9);
    const [low, high] = [Math.min(...closed.energies), Math.min(...closed.energies) + 10];
    const empty = await chain.mcrAls(2, {
      constraints: { closure: false, zero: { on: "S", components: [1], energy: [low, high] } },
    });
    closed.energies.forEach((e, k) => {
      if (e <= high) expect(empty.S.get(1, k)).toBe(0);
    });
    expect(empty.S.getRow(1).some((v) => v > 0)).toBe(true);
  });

  test("tells the errors of its components", async () => {
    const result = await chain.mcrAls(2);
    const errors = result.errors({ replicates: 20 });
    expect(errors.C.standardError.rows).toBe(result.C.rows);
    expect(errors.S.standardError.columns).toBe(result.energies.length);
    expect(errors.C.standardError.max()).toBeLessThan(0.2);
    expect(() => result.errors({ method: "guess" as never })).toThrow("mcrErrors: expected method");
  });
});

// The compiled kernels and the plain loops are two ways to the same numbers, whatever combination of half steps there is.
import { afterEach, describe, expect, test } from "vitest";
import type { McrConstraints } from "../../lib/chemometrics/mcr/constraints/index.js";
import { type McrAls, mcrAls } from "../../lib/chemometrics/mcr/mcr-als.js";
import { pca } from "../../lib/chemometrics/pca/pca.js";
import { kernels } from "../../lib/compute/wasm.js";
import { series } from "./series.js";

const compiled = kernels() !== null;

describe.skipIf(!compiled)(`two engines${compiled ? "" : " (skipped: the kernels are not built)"}`, () => {
  const { D } = series(80, 200, 3e-3);
  const initial = [D[0], D[40], D[79]];
  const known = D.map((_, i) => (i === 0 ? 1 : Number.NaN));
  const cases: Record<string, McrConstraints> = {
    default: {},
    open: { closure: false },
    free: { closure: false, nonNegative: false },
    clipped: { closure: "scale", nonNegative: "clip" },
    "known on C": { closure: false, fixed: { C: [known] } },
    "zero on S": { closure: false, zero: { on: "S", components: [1], range: [0, 3] } },
    "one signed": { closure: false, nonNegative: [{ on: "S" }, { on: "C", components: [0, 2] }] },
    "at most": { closure: "at most" },
  };

  afterEach(() => {
    process.env.OPERANDOSE_KERNELS = "";
  });

  const run = (constraints: McrConstraints, engine: string, disturb = false): McrAls => {
    process.env.OPERANDOSE_KERNELS = engine;
    const onIteration = disturb ? (): void => void pca(D) : undefined;
    return mcrAls(D, { initial, constraints, tolerance: 0, maxIterations: 12, onIteration });
  };

  test.each(Object.keys(cases))(
    "%s: the same trace to 1e-9, also where someone else uses the kernels between",
    (name) => {
      const plain = run(cases[name], "plain");
      for (const fit of [run(cases[name], ""), run(cases[name], "", true)]) {
        expect(fit.trace.length).toBe(plain.trace.length);
        fit.trace.forEach((v, i) => {
          expect(Math.abs(v / plain.trace[i] - 1)).toBeLessThan(1e-9);
        });
      }
    },
  );
});

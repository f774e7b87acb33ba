// The same start and the same order of updates give the same sequence of lacks of fit as the textbook algorithm written down
// in NumPy and SciPy (textbook-mcr-als.py).
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import type { McrConstraints } from "../../lib/chemometrics/mcr/constraints/index.js";
import { mcrAls } from "../../lib/chemometrics/mcr/mcr-als.js";
import { peer, python } from "../support/peers.js";
import { series } from "./series.js";

const script = readFileSync(new URL("./textbook-mcr-als.py", import.meta.url), "utf8");

interface Theirs {
  readonly trace: number[];
}

function theirs(input: object): Theirs {
  return JSON.parse(python(script, { input: JSON.stringify(input) }));
}

describe("parity with the textbook algorithm", () => {
  beforeEach(peer("scipy"));
  const { D } = series(30, 60, 3e-3);
  // Without an offset: concentrations and spectra with zeros in them.
  const edges = D.map((d) => d.map((v, k) => v - (k < 8 ? 0.02 : 0)));
  const S = [edges[0], edges[15], edges[29]].map((s) => s.map((v) => Math.max(0, v)));
  const C = edges.map((_, i) => [1 - i / 29, (i / 29) * (1 - i / 29), (i / 29) ** 2]);
  const cases: { name: string; input: object; constraints: McrConstraints; start: object }[] = [
    {
      name: "non-negative least squares",
      input: { S, method: "nnls" },
      constraints: { closure: false },
      start: { initial: S },
    },
    {
      name: "the same, spectra first",
      input: { C, method: "nnls" },
      constraints: { closure: false },
      start: { initial: C, first: "S" },
    },
    {
      name: "ordinary least squares, clipped",
      input: { S, method: "clip" },
      constraints: { nonNegative: "clip", closure: false },
      start: { initial: S },
    },
    {
      name: "ordinary least squares, clipped, rows scaled to one",
      input: { S, method: "clip", closure: true },
      constraints: { nonNegative: "clip", closure: "scale" },
      start: { initial: S },
    },
    {
      name: "non-negative least squares, rows scaled to one",
      input: { S, method: "nnls", closure: true },
      constraints: { closure: "scale" },
      start: { initial: S },
    },
  ];

  test.each(cases)("$name: lack of fit to 1e-6 over 50 iterations", ({ input, constraints, start }) => {
    const { trace } = theirs({ D: edges, iterations: 50, ...input });
    const ours = mcrAls(edges, { ...start, constraints, tolerance: 0, maxIterations: 50 });
    // Ours may end early: where clipping and scaling have made it worse for twenty iterations, or nothing changes any more.
    expect(ours.trace.length).toBeGreaterThan(20);
    if (ours.stop === "max-iterations") expect(ours.trace.length).toBe(50);
    ours.trace.forEach((value, i) => {
      expect(Math.abs(value / trace[i] - 1)).toBeLessThan(1e-6);
    });
  });
});

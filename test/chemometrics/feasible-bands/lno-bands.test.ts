// A measured charge of LiNiO2: the middle species' maximum was found anywhere from 0.41 to 0.82, depending on the start.
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { feasibleBands } from "../../../lib/chemometrics/bands/feasible-bands.js";
import { mcrAls } from "../../../lib/chemometrics/mcr/mcr-als.js";
import { peer, shared } from "../../support/peers.js";

const file = "../shared/data/rock-lno/charge-normalized.csv";

describe("bands of the measured LiNiO2 series", () => {
  beforeEach(peer(file));

  const quantities = { top: (C: { getColumn(j: number): number[] }) => Math.max(...C.getColumn(1)) };

  test("reach beyond what starts had found, and fit as well; pure ends leave an upper limit within it", () => {
    const rows = readFileSync(shared(file), "utf8")
      .split("\n")
      .filter((line) => /^[\d.]/.test(line))
      .map((line) => line.split(",").slice(1).map(Number));
    const D = rows[0].map((_, j) => rows.map((row) => row[j]));
    const fit = mcrAls(D, { components: 3 });
    const free = feasibleBands(fit, { quantities, area: false });
    expect(free.quantities.top.minimum.value).toBeLessThan(0.41);
    expect(free.quantities.top.maximum.value).toBeGreaterThan(0.82);
    expect(free.lackOfFit).toBeLessThan(1.02 * fit.lackOfFit.experimental);
    const zero = [
      { on: "C", only: [0], range: [0, 1] },
      { on: "C", only: [2], range: [57, 58] },
    ] as const;
    const pure = feasibleBands(mcrAls(D, { components: 3, constraints: { zero } }), {
      quantities,
      area: false,
    });
    expect(pure.quantities.top.maximum.value).toBeGreaterThan(0.41);
    expect(pure.quantities.top.maximum.value).toBeLessThan(0.6);
  });
});

// MCR-ALS with missing numbers: what is returned belongs together, the truth comes back, and what runs away is named.
import { describe, expect, test } from "vitest";
import { matchComponents, spectralAngle } from "../../lib/chemometrics/diagnostics/match.js";
import { type McrAls, mcrAls } from "../../lib/chemometrics/mcr/mcr-als.js";
import { random } from "../../lib/compute/random.js";

const [ROWS, ENERGIES] = [30, 60];

/** Two species with shares from 0 to 1, Gaussians on a step; noise of standard deviation `noise`. */
function series(noise: number, seed: number) {
  const draw = random(seed);
  const step = (k: number): number => 1 / (1 + Math.exp(-(k - 20) / 2));
  const S = [24, 32].map((place) =>
    Array.from({ length: ENERGIES }, (_, k) => step(k) + 0.6 * Math.exp(-(((k - place) / 4) ** 2))),
  );
  const share = Array.from({ length: ROWS }, (_, i) => i / (ROWS - 1));
  const D = share.map((c) => S[0].map((s, k) => (1 - c) * s + c * S[1][k] + noise * draw.normal()));
  return { D, S, share };
}

function spoiled(
  D: readonly (readonly number[])[],
  isMissing: (i: number, k: number) => boolean,
): number[][] {
  return D.map((row, i) => row.map((v, k) => (isMissing(i, k) ? Number.NaN : v)));
}

/** Lack of fit in % over what is known, from C and S alone. */
function lackOfFitOf(D: readonly (readonly number[])[], { C, S }: McrAls): number {
  const fit = C.mmul(S);
  let [residual, total] = [0, 0];
  D.forEach((row, i) => {
    row.forEach((v, k) => {
      if (Number.isNaN(v)) return;
      residual += (v - fit.get(i, k)) ** 2;
      total += v * v;
    });
  });
  return 100 * Math.sqrt(residual / total);
}

describe.each([0.1, 0.2, 0.3])("with %f of the numbers missing at random", (part) => {
  test("finds the species and their shares", () => {
    const { D, S, share } = series(0.002, 3);
    const draw = random(17);
    const found = mcrAls(
      spoiled(D, () => draw.uniform() < part),
      { components: 2 },
    );
    expect(found.stop).toBe("converged");
    expect(found.runaway).toEqual([]);
    const order = matchComponents(found.S, S);
    // Pure ends make the answer unique; noise of 0.2 % leaves angles of about 0.002 / sqrt(30 / 3).
    for (const [j, at] of order.entries()) expect(spectralAngle(found.S.getRow(at), S[j])).toBeLessThan(0.01);
    share.forEach((c, i) => {
      expect(Math.abs(found.C.get(i, order[1]) - c)).toBeLessThan(0.02);
    });
  });
});

test("finds them with a whole block missing", () => {
  const { D, S } = series(0.002, 5);
  const found = mcrAls(
    spoiled(D, (i, k) => i >= 20 && k >= 25 && k < 45),
    { components: 2 },
  );
  expect(found.stop).toBe("converged");
  for (const [j, at] of matchComponents(found.S, S).entries()) {
    expect(spectralAngle(found.S.getRow(at), S[j])).toBeLessThan(0.02);
  }
});

test("belongs together whatever is missing and however many components are asked for", () => {
  for (let seed = 0; seed < 40; seed++) {
    const draw = random(seed, 2);
    const [rows, columns] = [4 + Math.floor(3 * draw.uniform()), 6 + Math.floor(6 * draw.uniform())];
    const { D } = series(0.001, seed);
    const small = D.slice(0, rows).map((row) => row.slice(20, 20 + columns));
    // An empty last row, as after the beam was lost, makes numbers that nothing determines.
    const last = small[rows - 1].map(() => 0.001 * draw.normal());
    const data = spoiled([...small.slice(0, -1), last], (i, k) => (i * 7 + k * 3 + seed) % 11 === 0);
    for (let components = 2; components <= 4; components++) {
      const found = mcrAls(data, { components });
      expect(found.lackOfFit.experimental).toBeCloseTo(lackOfFitOf(data, found), 8);
      expect(found.lackOfFit.experimental).toBeLessThanOrEqual(
        found.trace[found.bestIteration - 1] * (1 + 1e-6) + 1e-5,
      );
      const largest = found.C.max() * found.S.max();
      if (found.stop !== "runaway") expect(largest).toBeLessThan(100 * 2.2);
      else expect(found.runaway.length).toBeGreaterThan(0);
    }
  }
});

test("keeps what nothing determines: the only row that contains a component lacks a number", () => {
  const { D } = series(0, 1);
  const lone = D[0].map((_, k) => Math.exp(-(((k - 10) / 3) ** 2)));
  const data = spoiled([...D.slice(0, 6), lone], (i, k) => i === 6 && k === 12);
  const found = mcrAls(data, { components: 3, constraints: { closure: false } });
  expect(found.S.max()).toBeLessThan(5);
  expect(found.lackOfFit.experimental).toBeCloseTo(lackOfFitOf(data, found), 8);
});

test("names a component that runs away, and what to do", () => {
  // The fit gets ever better as the missing number grows: c1 s1 = 1, c1 s2 = 0 and c2 s2 = 1 leave c2 s1 without a bound.
  const data = [
    [1, 0],
    [Number.NaN, 1],
  ];
  const found = mcrAls(data, { initial: [[1, 1e-3]], constraints: { closure: false } });
  expect(found.stop).toBe("runaway");
  expect(found.runaway).toEqual([0]);
  expect(found.advice).toMatch(/component 0 \(counted from 0\) ran away.*request fewer components/);
  // Bounded on both sides, as the advice says, it stays.
  const upper = { C: [[2, 2]], S: [[2, 2]] };
  const bounded = mcrAls(data, { initial: [[1, 1e-3]], constraints: { closure: false, fixed: { upper } } });
  expect(bounded.runaway).toEqual([]);
  expect(bounded.C.max() * bounded.S.max()).toBeLessThanOrEqual(4);
});

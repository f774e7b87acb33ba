import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { type FeasibleBands, feasibleBands } from "../../../lib/chemometrics/bands/feasible-bands.js";
import { matchComponents, spectralAngle } from "../../../lib/chemometrics/diagnostics/match.js";
import { type McrAls, mcrAls } from "../../../lib/chemometrics/mcr/mcr-als.js";
import { random } from "../../../lib/compute/random.js";
import { lackOfFit } from "../series.js";
import { borgenOracle, insidePolygon } from "./borgen.js";
import { ambiguous, selective, shareOf, type Truth } from "./problems.js";

/** A resolved pair that is exact: what mcrAls would return without noise and with endless patience. */
function exact({ C, S }: Pick<Truth, "C" | "S">, constraints: McrAls["constraints"] = {}) {
  return { C: new Matrix(C), S: new Matrix(S), lackOfFit: { experimental: 0 }, constraints };
}

function expectWithin(bands: FeasibleBands, truth: Truth, order: readonly number[]): void {
  truth.S.forEach((_, k) => {
    const { minimum, maximum } = bands.components[order[k]];
    const share = shareOf(truth, k);
    expect(share).toBeGreaterThanOrEqual(minimum.share - 1e-6);
    expect(share).toBeLessThanOrEqual(maximum.share + 1e-6);
  });
}

describe("feasibleBands of two components", () => {
  // Spectra on the line s(x) = s1 + x (s2 - s1): all non-negative ones are an interval, the data another one inside it; the
  // first component lies between their lower ends, the second between their upper ends (Lawton and Sylvestre).
  const truth = ambiguous(4, 2, true, 0);
  const [s1, s2] = truth.S;
  const ratio = s1.map((v, k) => v / (v - s2[k]));
  const lowest = Math.max(...ratio.filter((v) => v < 0));
  const highest = Math.min(...ratio.filter((v) => v > 1));
  const x = truth.C.map((c) => c[1]);
  const [first, last] = [Math.min(...x), Math.max(...x)];
  const bands = feasibleBands(exact(truth), { tolerance: 0 });

  test("gives the intervals of Lawton and Sylvestre", () => {
    const { regions, resolved, dimension } = bands.area!;
    expect(dimension).toBe(1);
    const toX = (score: number): number => (score - resolved[0]) / (resolved[1] - resolved[0]);
    const ends = regions.map((r) => Array.from(r, toX).sort((a, b) => a - b));
    for (const [k, expected] of [
      [lowest, first],
      [last, highest],
    ].entries()) {
      expected.forEach((v, end) => {
        expect(ends[k][end]).toBeCloseTo(v, 4);
      });
    }
  });

  test("finds the extremes that trying everything finds", () => {
    const norm = (v: readonly number[]): number => Math.hypot(...v);
    const total = Math.hypot(...truth.D.map(norm));
    const tried = [0, 1].map(() => [Number.POSITIVE_INFINITY, 0]);
    const steps = 120;
    for (let i = 0; i <= steps; i++) {
      for (let j = 0; j <= steps; j++) {
        const a = lowest + ((first - lowest) * i) / steps;
        const b = last + ((highest - last) * j) / steps;
        const shares = [
          norm(x.map((v) => (b - v) / (b - a))) * norm(s1.map((v, k) => v + a * (s2[k] - v))),
          norm(x.map((v) => (v - a) / (b - a))) * norm(s1.map((v, k) => v + b * (s2[k] - v))),
        ];
        shares.forEach((share, k) => {
          tried[k][0] = Math.min(tried[k][0], share / total);
          tried[k][1] = Math.max(tried[k][1], share / total);
        });
      }
    }
    bands.components.forEach(({ minimum, maximum }, k) => {
      expect(minimum.share).toBeCloseTo(tried[k][0], 4);
      expect(maximum.share).toBeCloseTo(tried[k][1], 4);
    });
  });

  test("holds the truth on 30 random problems, with and without closure and noise", {
    timeout: 60_000,
  }, () => {
    for (let seed = 101; seed <= 130; seed++) {
      const closed = seed % 2 === 0;
      const problem = ambiguous(seed, 2, closed, seed % 3 === 0 ? 0 : 0.003);
      const fit = mcrAls(problem.D, { components: 2, constraints: { closure: closed } });
      expectWithin(feasibleBands(fit, { area: false }), problem, matchComponents(fit.S, problem.S));
    }
  });
});

describe("feasibleBands of three components", () => {
  // Problems whose fraction of the signal has two local maxima; the lower one was taken for the end.
  test.each([203, 205, 207, 215])(
    "comes to the ends that ten times as many random starts find (%d)",
    { timeout: 60_000 },
    (seed) => {
      const { D } = ambiguous(seed, 3, false, seed % 3 === 0 ? 0 : 0.003);
      const fit = mcrAls(D, { components: 3, constraints: { closure: false } });
      const [ours, more] = [{}, { starts: 60, seed: 5 }].map(
        (options) => feasibleBands(fit, { area: false, ...options }).components,
      );
      ours.forEach(({ minimum, maximum }, k) => {
        expect(minimum.share).toBeLessThan(more[k].minimum.share + 0.002);
        expect(maximum.share).toBeGreaterThan(more[k].maximum.share - 0.002);
        expect(minimum.searches).toBeGreaterThan(0);
        expect(minimum.agreeing).toBeLessThanOrEqual(minimum.searches);
      });
    },
  );

  const truth = ambiguous(2, 3, true, 0.003);
  const fit = mcrAls(truth.D, { components: 3 });
  const bands = feasibleBands(fit, {
    quantities: { top: (C) => Math.max(...C.getColumn(1)) },
  });

  test("gives extremes that satisfy the constraints and fit as well", () => {
    for (const { minimum, maximum } of bands.components) {
      for (const { C, S, lackOfFit: stated } of [minimum, maximum]) {
        expect(C.min()).toBeGreaterThanOrEqual(-1e-12);
        expect(S.min()).toBeGreaterThanOrEqual(-1e-12);
        for (const row of C.to2DArray()) {
          expect(Math.abs(row.reduce((a, v) => a + v, 0) - 1)).toBeLessThan(1e-9);
        }
        const real = lackOfFit(truth.D, C.to2DArray(), S.to2DArray());
        // Stated from the result alone, without the data; as good is within a tenth for a matrix as small as this.
        expect(Math.abs(real / stated - 1)).toBeLessThan(0.05);
        expect(real).toBeLessThan(1.15 * fit.lackOfFit.experimental);
      }
    }
    expect(bands.lackOfFit).toBeLessThan(1.15 * fit.lackOfFit.experimental);
  });

  test("brackets the result, the extremes and the truth", () => {
    const order = matchComponents(fit.S, truth.S);
    expectWithin(bands, truth, order);
    truth.S.forEach((s, k) => {
      const { C, S, minimum, maximum, index } = bands.components[order[k]];
      const noise = 3 * bands.tolerance.C;
      truth.C.forEach((c, i) => {
        expect(c[k]).toBeGreaterThan(C.low[i] - noise);
        expect(c[k]).toBeLessThan(C.high[i] + noise);
        for (const solution of [minimum, maximum, fit]) {
          expect(solution.C.get(i, index)).toBeGreaterThanOrEqual(C.low[i]);
          expect(solution.C.get(i, index)).toBeLessThanOrEqual(C.high[i]);
        }
      });
      s.forEach((v, e) => {
        expect(v).toBeGreaterThan(S.low[e] - 3 * bands.tolerance.S);
        expect(v).toBeLessThan(S.high[e] + 3 * bands.tolerance.S);
      });
    });
    expect(bands.components.every(({ verdict }) => verdict === "wide")).toBe(true);
    expect(bands.verdict).toMatch(
      /component 1: wide, the result is one of many equivalent solutions; fraction/,
    );
  });

  test("gives the range of a number of one's own, with the solutions at its ends", () => {
    const { value, minimum, maximum } = bands.quantities.top;
    expect(value).toBe(Math.max(...fit.C.getColumn(1)));
    expect(minimum.value).toBeLessThan(value);
    expect(maximum.value).toBeGreaterThan(value);
    expect(maximum.value).toBe(Math.max(...maximum.C.getColumn(1)));
    // No solution that was found on another way goes beyond.
    expect(maximum.value).toBeGreaterThan(Math.max(...bands.components[1].C.high) - 3 * bands.tolerance.C);
    expect(minimum.lackOfFit).toBeLessThan(1.15 * fit.lackOfFit.experimental);
  });

  test("is the same to the bit for the same seed, and to its accuracy for another one", () => {
    const small = mcrAls(ambiguous(5, 2, true, 0.003).D, { components: 2 });
    expect(feasibleBands(small)).toEqual(feasibleBands(small, { seed: 1 }));
    const again = bands;
    const other = feasibleBands(fit, { area: false, seed: 7 });
    other.components.forEach(({ minimum, maximum }, k) => {
      expect(minimum.share).toBeCloseTo(again.components[k].minimum.share, 3);
      expect(maximum.share).toBeCloseTo(again.components[k].maximum.share, 3);
    });
  });

  test("does not depend on which of the solutions it starts from", () => {
    const noiseless = ambiguous(9, 2, true, 0);
    const one = feasibleBands(exact(noiseless), { area: false, tolerance: 0 });
    const { C, S } = one.components[0].minimum;
    const two = feasibleBands(exact({ C: C.to2DArray(), S: S.to2DArray() }), { area: false, tolerance: 0 });
    one.components.forEach(({ minimum, maximum, C: band }, k) => {
      const other = two.components[k];
      expect(other.minimum.share).toBeCloseTo(minimum.share, 4);
      expect(other.maximum.share).toBeCloseTo(maximum.share, 4);
      band.high.forEach((v, i) => {
        expect(other.C.high[i]).toBeCloseTo(v, 3);
        expect(other.C.low[i]).toBeCloseTo(band.low[i], 3);
      });
    });
  });

  test("traces the area that the geometry of Borgen and Kowalski gives point by point", () => {
    const noiseless = ambiguous(2, 3, true, 0);
    const { area } = feasibleBands(exact(noiseless), { tolerance: 0 });
    const { regions, resolved } = area!;
    const oracle = borgenOracle(noiseless);
    const draw = random(5);
    let [agree, tried, inside] = [0, 0, 0];
    for (let trial = 0; trial < 3000; trial++) {
      // Around the resolved triangle, in weights of its corners.
      const [a, b] = [2.4 * draw.uniform() - 0.7, 2.4 * draw.uniform() - 0.7];
      const weights = [a, b, 1 - a - b];
      const at = [0, 1].map((axis) => weights.reduce((sum, w, j) => sum + w * resolved[2 * j + axis], 0));
      const feasible = oracle(weights);
      const drawn = regions.some((region) => insidePolygon(region, at[0], at[1]));
      tried++;
      if (feasible) inside++;
      if (feasible === drawn) agree++;
    }
    expect(inside).toBeGreaterThan(100);
    expect(agree / tried).toBeGreaterThan(0.98);
  });
});

describe("feasibleBands under what is known", () => {
  test("collapses where each component has a row and an energy of its own", () => {
    for (const [n, noise] of [
      [2, 0],
      [3, 0.002],
    ]) {
      const truth = selective(1, n, noise);
      const fit = mcrAls(truth.D, { components: n });
      const { components, verdict } = feasibleBands(fit, { area: false });
      for (const { minimum, maximum, width } of components) {
        expect(maximum.share - minimum.share).toBeLessThan(noise === 0 ? 2e-3 : 0.03);
        expect(Math.max(width.C, width.S)).toBeLessThan(noise === 0 ? 5e-3 : 0.05);
      }
      expect(verdict).toMatch(/^component 0: unique, determined by the data and the constraints/);
    }
  });

  test("keeps a known spectrum, and with it the others move less", () => {
    const truth = ambiguous(3, 3, true, 0);
    const free = feasibleBands(exact(truth), { area: false, tolerance: 0 });
    const held = feasibleBands(exact(truth, { fixed: { S: [truth.S[0]] } }), { area: false, tolerance: 0 });
    expect(held.components[0].width.S).toBeLessThan(1e-6);
    for (const k of [1, 2]) {
      const [a, b] = [free.components[k], held.components[k]];
      expect(b.maximum.share - b.minimum.share).toBeLessThan(a.maximum.share - a.minimum.share);
      expect(spectralAngle(b.minimum.S.getRow(0), truth.S[0])).toBeLessThan(1e-9);
    }
  });

  test("heeds zero regions and constraints on whole profiles", () => {
    const truth = selective(2, 2, 0);
    const mixed = truth.C.map(([a, b]) => [0.8 * a + 0.1, 0.8 * b + 0.1]);
    const D = mixed.map((c) => truth.S[0].map((_, k) => c[0] * truth.S[0][k] + c[1] * truth.S[1][k]));
    const width = (constraints: McrAls["constraints"]): number => {
      const fit = mcrAls(D, { initial: truth.S, constraints, tolerance: 1e-10 });
      const { minimum, maximum } = feasibleBands(fit, { area: false }).components[0];
      return maximum.share - minimum.share;
    };
    const free = width({ nonNegative: { S: false } });
    const zero = width({ nonNegative: { S: false }, zero: { on: "S", components: [0], range: [26, 30] } });
    expect(free).toBeGreaterThan(0.05);
    expect(zero).toBeLessThan(0.9 * free);
    const wavy = ambiguous(2, 3, true, 0);
    const [plain, shaped] = [{}, { unimodal: { on: "C" } } as const].map((constraints) =>
      feasibleBands(exact(wavy, constraints), { area: false, tolerance: 0 }),
    );
    const open = (bands: FeasibleBands): number =>
      bands.components.reduce((sum, { minimum, maximum }) => sum + maximum.share - minimum.share, 0);
    // Completing a solution moves a share in the fourth digit.
    expect(open(shaped)).toBeLessThan(open(plain) + 1e-3);
    for (const k of [0, 1, 2]) {
      for (const { C } of [shaped.components[k].minimum, shaped.components[k].maximum]) {
        const profile = C.getColumn(k);
        const top = profile.indexOf(Math.max(...profile));
        profile.forEach((v, i) => {
          if (i > 0) expect(i <= top ? v - profile[i - 1] : profile[i - 1] - v).toBeGreaterThan(-1e-6);
        });
      }
    }
  });

  test("leaves components that vanished alone, and has nothing to say of a single one", () => {
    const truth = selective(1, 2, 0);
    const C = new Matrix(truth.C.map((c) => [c[0], 0, c[1]]));
    const S = new Matrix([truth.S[0], truth.S[0].map(() => 0), truth.S[1]]);
    const { components, area } = feasibleBands({ C, S, lackOfFit: { experimental: 0 }, vanished: [1] });
    expect(components[1].share).toBe(0);
    expect(components[1].C.high.every((v) => v === 0)).toBe(true);
    expect(components[2].verdict).toBe("unique");
    expect(area!.regions).toHaveLength(2);
    const single = mcrAls([truth.S[0], truth.S[0]], { components: 1 });
    expect(feasibleBands(single).components[0].verdict).toBe("unique");
  });
});

describe("feasibleBands refuses", () => {
  const fit = exact(selective(1, 2, 0));
  test.each([
    [undefined, {}, "feasibleBands: expected a result of mcrAls, got undefined"],
    [fit, { tolerance: -1 }, "feasibleBands: expected tolerance to be a number, 0 or more, got -1"],
    [fit, { noise: Number.NaN }, "feasibleBands: expected noise to be a number, 0 or more, got NaN"],
    [fit, { seed: 0.5 }, "feasibleBands: expected seed to be a whole number, got 0.5"],
    [fit, { starts: -2 }, "feasibleBands: expected starts to be a whole number from 1 to 10000, got -2"],
    [
      fit,
      { quantities: { top: 3 } },
      "feasibleBands: expected quantities.top to be a function of C and S, got 3",
    ],
    [
      fit,
      { quantities: { top: () => Number.NaN } },
      "feasibleBands: expected quantities.top to return a finite number for every C and S, got NaN",
    ],
  ])("case %#", (result, options, message) => {
    expect(() => feasibleBands(result as never, options as never)).toThrow(message);
  });

  test("spectra that depend on one another", () => {
    const S = new Matrix([fit.S.getRow(0), fit.S.getRow(0)]);
    expect(() => feasibleBands({ ...fit, S })).toThrow(
      "feasibleBands: expected spectra that differ, got components whose spectra depend on one another; resolve fewer components",
    );
  });
});

import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { ArgumentError, DataError, ShapeError } from "../../lib/errors.js";
import { findE0 } from "../../lib/xas/edge.js";
import { normalize } from "../../lib/xas/normalize.js";
import { Normalizer } from "../../lib/xas/normalizer.js";
import { windowsText } from "../../lib/xas/windows.js";
import { ask, peer } from "../support/peers.js";
import { evenAxis, foil, recordingAxis } from "./foil-model.js";

const energy = recordingAxis();
const E0 = 8342;
const pre = (x: number) => 0.4 - 3e-4 * x;
const post = (x: number) => 1.3 - 5e-4 * x + 2e-7 * x * x;
/** Exactly a line below e0 and exactly a quadratic from e0 on. */
const ideal = energy.map((e) => (e < E0 ? pre(e - E0) : post(e - E0)));

function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let out = 0;
  for (let i = 0; i < a.length; i++) out = Math.max(out, Math.abs(a[i] - b[i]));
  return out;
}

describe("normalize", () => {
  test("recovers the lines a spectrum was made of", () => {
    const result = normalize(energy, ideal, { e0: E0 });
    expect(result.e0).toBe(E0);
    expect(result.edgeStep).toBeCloseTo(0.9, 12);
    expect(result.preCoefficients[0]).toBeCloseTo(0.4, 12);
    expect(result.preCoefficients[1]).toBeCloseTo(-3e-4, 14);
    expect(result.postCoefficients[0]).toBeCloseTo(1.3, 12);
    expect(result.postCoefficients[1]).toBeCloseTo(-5e-4, 14);
    expect(result.postCoefficients[2]).toBeCloseTo(2e-7, 16);
    // Without structure the flattened spectrum is a step, and norm keeps the post-edge's curvature.
    expect(
      farthest(
        result.flat,
        energy.map((e) => (e < E0 ? 0 : 1)),
      ),
    ).toBeLessThan(1e-12);
    const far = energy.findIndex((e) => e < 8842);
    expect(Math.abs(result.norm[far] - 1)).toBeGreaterThan(0.05);
  });

  test("finds e0 itself, on a falling axis, and gives the same on a rising one", () => {
    const mu = energy.map(foil);
    const falling = normalize(energy, mu);
    const rising = normalize(energy.toReversed(), mu.toReversed());
    expect(Math.abs(falling.e0 - 8333)).toBeLessThan(0.1);
    expect(rising.e0).toBeCloseTo(falling.e0, 9);
    expect(farthest(rising.flat.toReversed(), falling.flat)).toBeLessThan(1e-10);
  });

  test("does not change with the scale of mu, a line added to it, or a shift of the axis", () => {
    const mu = energy.map(foil);
    const { norm, flat, edgeStep } = normalize(energy, mu, { e0: E0 });
    const scaled = normalize(
      energy,
      mu.map((m, i) => 3 * m + 0.2 + 1e-3 * (energy[i] - E0)),
      { e0: E0 },
    );
    expect(scaled.edgeStep).toBeCloseTo(3 * edgeStep, 10);
    expect(farthest(scaled.norm, norm)).toBeLessThan(1e-11);
    expect(farthest(scaled.flat, flat)).toBeLessThan(1e-11);
    const shifted = normalize(
      energy.map((e) => e + 128),
      mu,
      { e0: E0 + 128 },
    );
    expect(farthest(shifted.norm, norm)).toBeLessThan(1e-11);
  });

  test("leaves glitches and stretches without beam out of the fits, or refuses", () => {
    const axis = evenAxis(8270, 8900, 0.5);
    const edge = (e: number) => 0.5 - 2e-4 * (e - 8342) + 0.5 + Math.atan((e - 8342) / 1.5) / Math.PI;
    const good = axis.map(edge);
    const step = normalize(axis, good).edgeStep;
    const disturbed = (bad: (e: number) => boolean, value: number) =>
      normalize(
        axis,
        good.map((m, i) => (bad(axis[i]) ? value : m)),
      ).edgeStep;
    const within = (low: number, high: number) => (e: number) => e >= low && e <= high;
    for (const [bad, value] of [
      [within(8600, 8700), 0],
      [within(8801, 9000), 0],
      [within(8000, 8289), 0],
      [within(8320, 8320), 10],
      [within(8300, 8300), 30],
      [within(8700, 8702), -3],
    ] as const) {
      // The fits extrapolate from fewer points of an arctangent, which is no parabola.
      expect(Math.abs(disturbed(bad, value) / step - 1)).toBeLessThan(0.005);
    }
    expect(() => disturbed(within(8600, 9000), edge(8600))).toThrow(DataError);
    const gain = good.map((m, i) => (axis[i] > 8600 ? m + 0.3 : m));
    expect(() => normalize(axis, gain)).toThrow(/jump/);
  });

  test.each([2, 3, 4, 5])("finds a jump of the monochromator between steps of %f eV", (coarse) => {
    const axis = [...evenAxis(8270, 8360, 0.5), ...evenAxis(8360 + coarse, 8900, coarse)];
    const mu = axis.map((e) => 0.3 + foil(e));
    expect(Math.abs(normalize(axis, mu, { e0: 8333 }).edgeStep - 0.98)).toBeLessThan(0.03);
    for (const at of [8420, 8500, 8700]) {
      const jump = mu.map((m, i) => (axis[i] > at ? m + 0.25 : m));
      expect(() => normalize(axis, jump, { e0: 8333 })).toThrow(/jump/);
    }
  });

  test("refuses a degree that the post-edge window does not carry", () => {
    const axis = evenAxis(8270, 8420, 0.5);
    const mu = axis.map((e) => Math.atan((e - 8342) / 1.5));
    for (const degree of [1, 2, 3, 4]) {
      expect(() => normalize(axis, mu, { degree })).toThrow("expected degree 0 for");
    }
    expect(() => normalize(axis, mu, { post: [50, 60], degree: 4 })).toThrow("expected degree 0 for");
    expect(() => normalize(energy, ideal, { e0: E0, post: [50, 250], degree: 4 })).toThrow("degree 0 to 2");
    expect(normalize(energy, ideal, { e0: E0, post: [50, 250], degree: 2 }).edgeStep).toBeCloseTo(0.9, 9);
  });

  test("includes both ends of a window", () => {
    const axis = evenAxis(8282, 8500, 1);
    const mu = axis.map((e) => (e < E0 ? 0 : 1));
    // Two points, at the two ends of the window, are just enough for the constant.
    const options = { e0: E0, pre: [-60, -55] as const, post: [50, 150] as const, preDegree: 0 };
    const sparse = [...axis.keys()].filter((i) => !(axis[i] - E0 > -60 && axis[i] - E0 < -55));
    const [x, y] = [sparse.map((i) => axis[i]), sparse.map((i) => mu[i])];
    expect(normalize(x, y, options).edgeStep).toBeCloseTo(1, 10);
    expect(() => normalize(x, y, { ...options, pre: [-60, -55.01] })).toThrow(DataError);
  });

  test("agrees with numpy.polyfit", (context) => {
    peer("numpy")(context);
    const rng = random(5);
    const mu = energy.map((e) => foil(e) + 0.01 * rng.normal());
    const code = `
import numpy as np
E = np.array(x["E"]); m = np.array(x["mu"]); x = E - x["e0"]
p = (x >= -60) & (x <= -20); q = (x >= 50) & (x <= 535)
a = np.polyfit(x[p], m[p], 1); b = np.polyfit(x[q], m[q], 2)
step = np.polyval(b, 0) - np.polyval(a, 0)
norm = (m - np.polyval(a, x)) / step
flat = np.where(x < 0, norm, norm - (np.polyval(b, x) - np.polyval(a, x)) / step + 1)
print(json.dumps({"step": step, "norm": norm.tolist(), "flat": flat.tolist(), "a": a[::-1].tolist(), "b": b[::-1].tolist()}))`;
    type Theirs = { step: number; norm: number[]; flat: number[]; a: number[]; b: number[] };
    const theirs = ask<Theirs>(code, { E: Array.from(energy), mu: Array.from(mu), e0: E0 });
    const ours = normalize(energy, mu, { e0: E0, post: [50, 535] });
    expect(ours.edgeStep).toBeCloseTo(theirs.step, 11);
    expect(farthest(ours.norm, theirs.norm)).toBeLessThan(1e-11);
    expect(farthest(ours.flat, theirs.flat)).toBeLessThan(1e-11);
    expect(farthest(ours.preCoefficients, theirs.a)).toBeLessThan(1e-11);
    expect(farthest(ours.postCoefficients, theirs.b)).toBeLessThan(1e-11);
  });

  test("refuses what it cannot normalize, and says why", () => {
    const mu = energy.map(foil);
    const at = (i: number, value: number) => mu.with(i, value);
    const inPre = energy.findIndex((e) => e < E0 - 40);
    expect(() => normalize(energy, mu.slice(1))).toThrow(ShapeError);
    expect(() => normalize(energy, mu.slice(1))).toThrow(
      "normalize: expected 580 values, one for each energy, got 579",
    );
    expect(() => normalize(energy.with(5, energy[4]), mu)).toThrow(ArgumentError);
    expect(() => normalize(energy.with(5, energy[4]), mu)).toThrow("strictly monotonic");
    expect(() => normalize(energy, mu, { e0: E0, pre: [-150, -100] })).toThrow(
      "normalize: expected pre within [-76.4, 0] eV relative to e0 = 8342.00 eV, got [-150,-100]; the scan starts at 8266.0 eV",
    );
    expect(() => normalize(energy, mu, { e0: E0, post: [534.1, 534.2] })).toThrow(
      "expected post of at least 10 eV, got a post-edge window of [534.1, 534.2] eV relative to e0 = 8342.00 eV",
    );
    expect(() => normalize(energy, at(inPre, Number.NaN), { e0: E0 })).toThrow(
      `pre-edge window, got NaN at ${energy[inPre]} eV (index ${inPre})`,
    );
    expect(() =>
      normalize(
        energy,
        mu.map((m) => -m),
        { e0: E0 },
      ),
    ).toThrow(/positive edge step.*got -/);
    expect(() => normalize(energy, mu.fill(0.7), { e0: E0 })).toThrow(DataError);
    expect(() => normalize(energy, mu, { e0: E0, pre: [-20, -60] })).toThrow("expected pre as [low, high]");
    expect(() => normalize(energy, mu, { e0: E0, pre: [60, 100] })).toThrow(ArgumentError);
    expect(() => normalize(energy, mu, { e0: E0, pre: [60, 100] })).toThrow(
      "normalize: expected pre to end at or below e0 (high <= 0), got [60,100]; windows are in eV relative to e0, for example pre: [-60,-20]",
    );
    expect(() => normalize(energy, mu, { e0: E0, post: [-1, 100] })).toThrow(
      "normalize: expected post to start at or above e0 (low >= 0), got [-1,100]",
    );
    expect(() => new Normalizer(energy, { e0: E0, pre: [-60, 1] })).toThrow(
      "Normalizer: expected pre to end",
    );
    // The edge itself may be an end of either.
    expect(normalize(energy, ideal, { e0: E0, pre: [-60, 0], post: [0, 100] }).e0).toBe(E0);
    expect(() => normalize(energy, mu, null as never)).toThrow(ArgumentError);
    expect(() => normalize(energy, mu, null as never)).toThrow(
      "normalize: expected options { e0?, pre?, post?, preDegree?, degree? }, got null",
    );
    expect(() => normalize(energy, mu, { degree: 1.5 })).toThrow("got 1.5");
    expect(() => normalize(energy, mu, { e0: Number.NaN })).toThrow("expected e0 in eV, got NaN");
  });
});

describe("windows that follow from the range", () => {
  const axis = evenAxis(8242, 8942, 1);
  const windowsOf = (from: number, to: number) => {
    const kept = axis.filter((e) => e >= E0 + from && e <= E0 + to);
    const { pre, post, preDegree, degree, byRule } = new Normalizer(kept, { e0: E0 }).windows;
    return { pre, post, preDegree, degree, byRule };
  };

  test("are the paper's over its range", () => {
    const { windows } = new Normalizer(energy, { e0: 8333 });
    expect(windows).toEqual({
      pre: [-60, -20],
      post: [50, 540],
      preDegree: 1,
      degree: 2,
      byRule: ["pre", "post", "preDegree", "degree"],
    });
  });

  test.each([
    [-100, 600, { pre: [-60, -20], post: [50, 540], preDegree: 1, degree: 2 }],
    [-60, 400, { pre: [-60, -20], post: [50, 400], preDegree: 1, degree: 2 }],
    [-60, 399, { pre: [-60, -20], post: [50, 399], preDegree: 1, degree: 1 }],
    [-43, 150, { pre: [-43, -20], post: [50, 150], preDegree: 1, degree: 1 }],
    [-43, 149, { pre: [-43, -20], post: [50, 149], preDegree: 1, degree: 0 }],
    [-35, 87, { pre: [-35, -17.5], post: [50, 87], preDegree: 1, degree: 0 }],
    [-34, 70, { pre: [-34, -17], post: [42, 70], preDegree: 0, degree: 0 }],
    [-20, 40, { pre: [-20, -10], post: [24, 40], preDegree: 0, degree: 0 }],
  ])("from %f to %f eV", (from, to, expected) => {
    expect(windowsOf(from, to)).toMatchObject(expected);
  });

  test("leave no post-edge or no pre-edge to scans that end or start near e0, and say so", () => {
    expect(() => windowsOf(-19, 600)).toThrow(DataError);
    expect(() => windowsOf(-19, 600)).toThrow(/starts at least 20 eV below .* starts 19\.0 eV below it/);
    expect(() => windowsOf(-60, 39)).toThrow(DataError);
    expect(() => windowsOf(-60, 39)).toThrow(/at least 40 eV above .* ends 39\.0 eV above it/);
    expect(() => normalize(axis, axis.map(foil), { e0: 8100 })).toThrow(
      "normalize: expected e0 inside the scan of 8242.0..8942.0 eV, got 8100.00 eV",
    );
    // Who gives both windows takes the risk.
    const short = axis.filter((e) => e >= E0 - 19 && e <= E0 + 30);
    const given = normalize(short, short.map(foil), { e0: E0, pre: [-19, -12], post: [20, 30], degree: 0 });
    expect(given).toMatchObject({ pre: [-19, -12], byRule: ["preDegree"], edgeStepUncertainty: null });
  });

  test("keep the edge step of any cut within the uncertainty that is told", () => {
    const mu = axis.map((e) => 0.9 - 3e-4 * (e - E0) + 0.35 * foil(e));
    // Over reference spectra that uncertainty is a root mean square: twice that much holds for one of them.
    for (let end = 8400; end <= 8942; end += 3) {
      const n = axis.findLastIndex((e) => e <= end) + 1;
      const cut = normalize(axis.subarray(0, n), mu.subarray(0, n), { e0: 8333 });
      const off = Math.abs(cut.edgeStep / 0.35 - 1);
      expect(off, `ends at ${end} eV`).toBeLessThan(2 * (cut.edgeStepUncertainty as number));
    }
  });

  test("are the same when given as they were found", () => {
    const mu = axis.map(foil);
    for (const end of [8395, 8420, 8500, 8942]) {
      const n = axis.findLastIndex((e) => e <= end) + 1;
      const [x, y] = [axis.subarray(0, n), mu.subarray(0, n)];
      const { e0, pre, post, preDegree, degree, flat } = normalize(x, y);
      const again = normalize(x, y, { e0, pre, post, preDegree, degree });
      expect(again.flat).toEqual(flat);
      expect(again.byRule).toEqual([]);
    }
  });
});

describe("the next edge", () => {
  const arctangent = (e: number, at: number) => 0.5 + Math.atan((e - at) / 2) / Math.PI;
  /** An L3 edge of step 1 with its L2 edge of half the step, or two K edges of neighbors. */
  const pair = (first: number, second: number) => (e: number) =>
    arctangent(e, first) + 0.5 * arctangent(e, second);

  test.each([
    ["Ce L2", 5723, 6164, [50, 421], 2],
    ["I L2", 4557, 4852, [50, 275], 1],
    ["V K", 4966, 5465, [50, 479], 2],
    ["Cl K", 2472, 2822, [50, 330], 1],
  ] as const)("%s ends the post-edge window", (name, first, second, post, degree) => {
    const axis = evenAxis(first - 80, first + 560, 1);
    const mu = axis.map(pair(first, second));
    const own = axis.map((e) => arctangent(e, first));
    // Two eV of a chemical shift or of the scale move the next edge, too.
    for (const e0 of [first, first + 2]) {
      const result = normalize(axis, mu, { e0 });
      expect(result).toMatchObject({ post, degree, nextEdge: { name, distance: second - first } });
      // The arctangent of the second edge begins below it: 2 % of the step.
      expect(Math.abs(result.edgeStep / normalize(axis, own, { e0 }).edgeStep - 1)).toBeLessThan(0.02);
      const { windows } = new Normalizer(axis, { e0 });
      expect(windows).toMatchObject({ post, nextEdge: { name } });
      expect(windowsText(windows)).toContain(`which ends below the ${name} edge`);
    }
    const across = normalize(axis, mu, { e0: first, post: [50, 540] });
    expect(across).toMatchObject({ post: [50, 540], nextEdge: { name } });
    expect(windowsText(across)).toContain(`WARNING: it runs across the ${name} edge`);
  });

  test("leaves the paper's windows of nickel, and scans that end below it, as they are", () => {
    expect(normalize(energy, ideal, { e0: E0 })).not.toHaveProperty("nextEdge");
    const short = evenAxis(5643, 6100, 1);
    expect(new Normalizer(short, { e0: 5723 }).windows).not.toHaveProperty("nextEdge");
  });

  test("leaves no post-edge where it is closer than 60 eV", () => {
    const axis = evenAxis(1060, 1600, 1);
    expect(() => new Normalizer(axis, { e0: 1116 })).toThrow("up to the Ga L2 edge");
    expect(new Normalizer(axis, { e0: 1116, post: [50, 100] }).windows.nextEdge?.name).toBe("Ga L2");
  });
});

describe("a scan that begins above its edge", () => {
  // A white line, and fine structure of the first shells.
  const spectrum = (e: number) => {
    const t = Math.max(0, e - 8345);
    const white = 0.45 * Math.exp(-(((e - 8350) / 3) ** 2) / 2);
    const fine = 0.08 * Math.sin(t / 8 + 2.5) * Math.exp(-t / 80);
    return 0.4 + 0.5 + Math.atan((e - 8345) / 1.5) / Math.PI + white + fine;
  };

  test.each([0.5, 1, 2])("is not normalized at an oscillation, steps of %f eV", (step) => {
    for (let from = 8350; from < 8420; from += 2.5) {
      const axis = evenAxis(from, 8900, step);
      expect(() => normalize(axis, axis.map(spectrum)), `from ${from} eV`).toThrow(DataError);
      expect(() => findE0(axis, axis.map(spectrum)), `from ${from} eV`).toThrow(DataError);
    }
    const whole = evenAxis(8280, 8900, step);
    expect(Math.abs(normalize(whole, whole.map(spectrum)).edgeStep - 1)).toBeLessThan(0.1);
  });

  test("is refused with the edges below it, and with an e0 on an oscillation", () => {
    const axis = evenAxis(8370, 8900, 1);
    const fromMinimum = evenAxis(8362, 8900, 1);
    expect(() => normalize(fromMinimum, fromMinimum.map(spectrum))).toThrow(
      /edges shortly below the scan are .*Ni K/,
    );
    expect(() => normalize(axis, axis.map(spectrum), { e0: 8393.5 })).toThrow(
      "no larger than the structure below and above it",
    );
  });
});

describe("windows that are given", () => {
  const axis = evenAxis(8270, 8420, 1);
  const mu = axis.map(foil);

  test("are refused where the scan does not cover them, with the range; half a step is covered", () => {
    expect(() => normalize(axis, mu, { e0: 8333, post: [50, 540] })).toThrow(ArgumentError);
    expect(() => normalize(axis, mu, { e0: 8333, post: [50, 540] })).toThrow(
      "normalize: expected post within [0, 87.5] eV relative to e0 = 8333.00 eV, got [50,540]; the scan ends at 8420.0 eV",
    );
    expect(() => normalize(axis, mu, { e0: 8333, pre: [-64, -20] })).toThrow(
      "expected pre within [-63.5, 0] eV relative to e0 = 8333.00 eV, got [-64,-20]; the scan starts at 8270.0 eV",
    );
    const tight = { e0: 8333, pre: [-63.4, -20] as const, post: [50, 87.4] as const };
    expect(normalize(axis, mu, tight)).toMatchObject({ ...tight, byRule: ["preDegree", "degree"] });
    expect(() => new Normalizer(axis.toReversed(), { e0: 8333, post: [50, 88] })).toThrow("the scan ends at");
  });

  test("are refused where they are too narrow for their degree, in eV and in points", () => {
    expect(() => normalize(axis, mu, { e0: 8333, pre: [-30, -27] })).toThrow("expected pre of at least 4 eV");
    expect(() => normalize(axis, mu, { e0: 8333, pre: [-30, -22], preDegree: 1 })).toThrow(
      "expected preDegree 0 for a pre-edge window of [-30, -22]",
    );
    expect(normalize(axis, mu, { e0: 8333, pre: [-30, -22] }).preDegree).toBe(0);
    expect(() => normalize(axis, mu, { e0: 8333, post: [50, 58] })).toThrow(
      "expected post of at least 10 eV",
    );
    const coarse = evenAxis(8270, 8420, 10);
    expect(() => new Normalizer(coarse, { e0: 8333, pre: [-45, -30] })).toThrow(
      "expected at least 3 energies for degree 1 in the pre-edge window 8288.0..8303.0 eV, got 2",
    );
  });

  test("are questioned when they are energies", () => {
    expect(() => normalize(axis, mu, { e0: 8333, pre: [8270, 8310] })).toThrow(ArgumentError);
    expect(() => normalize(axis, mu, { e0: 8333, pre: [8270, 8310] })).toThrow(
      "expected pre in eV relative to e0, got [8270,8310], which are energies of the scan; windows are relative to e0 = 8333.00 eV: pre: [-63, -23]",
    );
    expect(() => normalize(axis, mu, { e0: 8333, post: [8390, 8420] })).toThrow("post: [57, 87]");
  });

  test.each([
    [{ pre: null }, "expected pre as [low, high]"],
    [{ post: [Number.NaN, 80] }, "expected post as [low, high]"],
    [{ post: [80, 50] }, "expected post as [low, high] in eV relative to e0, got [80,50]"],
    [{ e0: null }, "expected e0 in eV, got null"],
    [{ degree: null }, "expected degree as an integer from 0 to 4, got null"],
    [{ preDegree: 2 }, "expected preDegree as 0 (a constant) or 1 (a line), got 2"],
    [{ degre: 1 }, 'did you mean "degree"?'],
    [{ flatten: false }, 'got an option "flatten"'],
  ])("%j is refused", (options, message) => {
    for (const call of [
      () => normalize(axis, mu, { e0: 8333, ...options } as never),
      () => new Normalizer(axis, { e0: 8333, ...options } as never),
    ]) {
      expect(call).toThrow(ArgumentError);
      expect(call).toThrow(message);
    }
  });
});

describe("Normalizer", () => {
  test("agrees with normalize for every degree, on either direction of the axis", () => {
    const rng = random(11);
    for (const axis of [energy, energy.toReversed(), evenAxis(8000, 9200, 3.7)]) {
      for (const [degree, preDegree] of [
        [0, 1],
        [0, 0],
        [1, 0],
        [1, 1],
        [2, 1],
        [3, 1],
        [4, 1],
      ]) {
        const mu = axis.map((e) => 0.3 + 1.7 * foil(e) - 1e-3 * (e - E0) + 0.05 * rng.normal());
        const options = { e0: E0, degree, preDegree, post: [50, 530] as const };
        const plain = normalize(axis, mu, options);
        const kernel = new Normalizer(axis, options);
        const out = new Float64Array(axis.length);
        expect(Math.abs(kernel.apply(mu, out, false) - plain.edgeStep)).toBeLessThan(1e-12);
        expect(farthest(out, plain.norm)).toBeLessThan(1e-12);
        kernel.apply(mu, out, true);
        expect(farthest(out, plain.flat)).toBeLessThan(1e-12);
      }
    }
  });

  test("works in place and on float32 to float32 precision", () => {
    const mu = Float32Array.from(energy, foil);
    const expected = normalize(energy, mu, { e0: E0 }).flat;
    new Normalizer(energy, { e0: E0 }).apply(mu, mu, true);
    expect(farthest(mu, expected)).toBeLessThan(2e-7);
  });

  test("keeps a NaN outside the windows where it is, and gives up where one is inside or there is no edge", () => {
    const kernel = new Normalizer(energy, { e0: E0 });
    const edge = energy.findIndex((e) => e < E0);
    const post = energy.findIndex((e) => e < E0 + 100);
    const clean = new Float64Array(580);
    const out = new Float64Array(580);
    const step = kernel.apply(energy.map(foil), clean, true);
    expect(kernel.apply(energy.map(foil).fill(Number.NaN, edge, edge + 1), out, true)).toBe(step);
    expect(out.every((v, i) => (i === edge ? Number.isNaN(v) : v === clean[i]))).toBe(true);
    for (const bad of [
      energy.map(foil).fill(Number.NaN, post, post + 1),
      energy.map((e) => -foil(e)),
      energy.map(() => 0.7),
    ]) {
      expect(kernel.apply(bad, out.fill(0), true)).toBeNaN();
      expect(out.every(Number.isNaN)).toBe(true);
    }
  });

  test("refuses a missing e0 and windows without energies when it is made", () => {
    expect(() => new Normalizer(energy, {} as { e0: number })).toThrow(
      "Normalizer: expected e0 in eV, got undefined",
    );
    expect(() => new Normalizer(energy, { e0: 8860 })).toThrow(
      /^Normalizer: expected a scan that reaches at least 40 eV above e0 = 8860\.00 eV, .* ends 18\.0 eV above it/,
    );
  });
});

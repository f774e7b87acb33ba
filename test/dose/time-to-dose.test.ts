// Time until a dose is reached, and thickness from a mass loading.
import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { doseBudget } from "../../lib/dose/budget/index.js";
import { Layer } from "../../lib/dose/layer.js";
import { thicknessOfLoading } from "../../lib/dose/loading.js";
import { material } from "../../lib/dose/materials.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { timeToDose } from "../../lib/dose/time-to-dose.js";
import { ArgumentError } from "../../lib/errors.js";

const beam = { energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5 };
const rate = doseBudget(rockCell(), beam, {
  quantity: "doseRate",
  uncertainties: { flux: 0.05, thickness: { Cathode: 0.1 } },
});

describe("timeToDose", () => {
  test("is the exposure after which stack.dose gives this dose in the brightest pixel", () => {
    for (const peak of [1, 1.9]) {
      const { time } = timeToDose({ dose: 35e6, rate, peak });
      const after = rockCell().dose({ ...beam, exposure: time })[3].dose.porous;
      expect((after * peak) / 35e6).toBeCloseTo(1, 12);
      expect(timeToDose({ dose: 35e6, rate: rate.value, peak }).time).toBeCloseTo(time, 8);
    }
  });

  test("has the intervals of dose and rate, alone and in quadrature", () => {
    const found = timeToDose({ dose: 35e6, interval: [32e6, 39e6], rate, peak: 1 });
    const { time, ofDose, ofRate, interval } = found;
    if (!ofDose || !ofRate || !interval) throw new Error("expected intervals");
    expect(ofDose[0] / time).toBeCloseTo(32 / 35, 12);
    expect(ofDose[1] / time).toBeCloseTo(39 / 35, 12);
    expect(ofRate[0]).toBeCloseTo(35e6 / rate.interval[1], 6);
    expect(ofRate[1]).toBeCloseTo(35e6 / rate.interval[0], 6);
    for (const end of [0, 1] as const) {
      const parts = [ofDose[end], ofRate[end]].map((t) => Math.log(t / time));
      expect(Math.abs(Math.log(interval[end] / time))).toBeCloseTo(Math.hypot(...parts), 12);
    }
    expect(timeToDose({ dose: 35e6, rate: 4134, peak: 1 }).interval).toBeNull();
    expect(found.verdict).toMatch(/^35 MGy are reached after 2\.35 h \(2\.\d+ h to 2\.\d+ h\)$/);
  });

  test("covers the time of drawn limits and rates as often as it states", () => {
    // Lognormal limit and rate with 6 % and 4 %; the limits of the dose are 95 % two-sided here.
    const draw = random(3);
    const z = 1.959964;
    const budget = { ...rate, interval: [rate.value * Math.exp(-z * 0.04), rate.value * Math.exp(z * 0.04)] as const }; // biome-ignore format: one line
    const interval = [35e6 * Math.exp(-z * 0.06), 35e6 * Math.exp(z * 0.06)] as const;
    const { interval: range } = timeToDose({ dose: 35e6, interval, rate: budget, peak: 1 });
    if (!range) throw new Error("expected an interval");
    let inside = 0;
    const n = 4000;
    for (let i = 0; i < n; i++) {
      const time = (35e6 * Math.exp(0.06 * draw.normal())) / (rate.value * Math.exp(0.04 * draw.normal()));
      if (time >= range[0] && time <= range[1]) inside++;
    }
    // Binomial, 4 standard deviations: 0.95 +- 0.014.
    expect(Math.abs(inside / n - 0.95)).toBeLessThan(0.014);
  });

  test("has no latest time where the rate may be zero", () => {
    const wide = { ...rate, interval: [-1, 2 * rate.value] as const };
    const { interval, verdict } = timeToDose({ dose: 35e6, rate: wide, peak: 1 });
    expect(interval?.[1]).toBe(Number.POSITIVE_INFINITY);
    expect(verdict).toContain("at least");
  });

  test("refuses what cannot be meant", () => {
    const good = { dose: 35e6, rate: 4134, peak: 1 };
    const dose = doseBudget(rockCell(), beam, { uncertainties: { flux: 0.05 } });
    for (const [bad, words] of [
      [{ ...good, dose: 0 }, "dose > 0 Gy"],
      [{ ...good, rate: -1 }, "rate > 0 Gy/s"],
      [{ ...good, rate: dose }, "quantity doseRate"],
      [{ ...good, peak: 0.5 }, "at least 1"],
      [{ ...good, interval: [36e6, 40e6] }, "around the dose"],
      [{ ...good, interval: [30e6, Number.POSITIVE_INFINITY] }, "around the dose"],
      [{ ...good, interval: 3 }, "around the dose"],
      [{ ...good, limit: 3 }, "limit"],
    ] as const) {
      expect(() => timeToDose(bad as never)).toThrow(ArgumentError);
      expect(() => timeToDose(bad as never)).toThrow(words);
    }
  });
});

describe("thicknessOfLoading", () => {
  test("gives a layer of this mass of solid per area, whatever its porosity", () => {
    for (const porosity of [0, 0.35, 0.8]) {
      const solid = material("NMC811");
      const thickness = thicknessOfLoading({ solid, loading: 20, porosity });
      // kg/m2 to mg/cm2
      const layer = new Layer({ name: "a", solid, thickness, porosity });
      expect(100 * layer.arealMass("porous")).toBeCloseTo(20, 10);
    }
  });

  test("refuses what cannot be meant", () => {
    const good = { solid: { formula: "C", density: 2.26 }, loading: 5, porosity: 0.4 };
    expect(thicknessOfLoading(good)).toBeCloseTo(36.87, 2);
    for (const [bad, words] of [
      [{ ...good, loading: 0 }, "loading > 0 mg/cm2"],
      [{ ...good, porosity: 40 }, "not percent"],
      [{ ...good, porosity: undefined }, "porosity"],
      [{ ...good, solid: { formula: "Xy", density: 1 } }, "thicknessOfLoading: formula"],
      [{ ...good, density: 3 }, "density"],
    ] as const) {
      expect(() => thicknessOfLoading(bad as never)).toThrow(words);
    }
  });
});

import { describe, expect, it } from "vitest";
import { random } from "../../lib/compute/random.js";
import { BreakProfile, fitBrokenLine, hinge } from "../../lib/dose/threshold/broken-line.js";
import { type DoseThreshold, doseThreshold, type ThresholdOptions } from "../../lib/dose/threshold.js";

type Course = (dose: number) => number;
const flat: Course = () => 1;
const line: Course = (x) => 1 - 0.004 * x;
const broken: Course = (x) => 1 - 0.005 * Math.max(0, x - 40);

function points(n: number, seed: number, course: Course, noise: number): { x: number[]; y: number[] } {
  const draw = random(seed, n);
  const x = Array.from({ length: n }, (_, i) => (100 * (i + draw.uniform())) / n);
  return { x, y: x.map((v) => course(v) + noise * draw.normal()) };
}

function threshold(n: number, seed: number, course: Course, options?: ThresholdOptions): DoseThreshold {
  const { x, y } = points(n, seed, course, 0.02);
  return doseThreshold(x, y, options);
}

describe("doseThreshold", () => {
  it("finds no threshold in noise about a constant or a straight line: at most one of 60 series, at every size", () => {
    for (const n of [8, 12, 20, 60, 200]) {
      for (const course of [flat, line]) {
        let found = 0;
        for (let seed = 0; seed < 60; seed++) {
          if (threshold(n, seed, course, { bootstrap: 0 }).threshold !== null) found++;
        }
        expect(found).toBeLessThan(2);
      }
    }
  });

  it("finds the break of a broken line, without bias, and its intervals hold the truth about as often as they say", () => {
    // Twelve points with this noise do not always tell a break from a line.
    for (const [n, most] of [
      [12, 15],
      [30, 5],
      [80, 0],
    ]) {
      const errors: number[] = [];
      let bootstrap = 0;
      let profile = 0;
      for (let seed = 0; seed < 60; seed++) {
        const t = threshold(n, seed, broken, { bootstrap: 200 });
        if (t.threshold === null || !t.interval || !t.profileInterval) continue;
        errors.push(t.threshold - 40);
        if (t.interval[0] <= 40 && t.interval[1] >= 40) bootstrap++;
        if (t.profileInterval[0] <= 40 && t.profileInterval[1] >= 40) profile++;
      }
      expect(errors.length).toBeGreaterThanOrEqual(60 - most);
      const mean = errors.reduce((a, b) => a + b, 0) / errors.length;
      const rms = Math.sqrt(errors.reduce((a, b) => a + b * b, 0) / errors.length);
      expect(Math.abs(mean)).toBeLessThan((3 * rms) / Math.sqrt(errors.length));
      expect(rms).toBeLessThan(5);
      // 95 % is the aim; 60 series tell it to 6 %, and with few points the percentile interval is somewhat short.
      expect(bootstrap / errors.length).toBeGreaterThan(0.82);
      expect(profile / errors.length).toBeGreaterThan(0.85);
    }
  });

  it("is exact without noise, for a fall and for a rise", () => {
    for (const slope of [-0.01, 0.3]) {
      const x = Array.from({ length: 30 }, (_, i) => 4 * i);
      const t = doseThreshold(x, x.map((v) => 2 + slope * Math.max(0, v - 35.5))); // biome-ignore format: one line
      expect(t.threshold).toBeCloseTo(35.5, 6);
      expect(t.models.broken.parameters.level).toBeCloseTo(2, 8);
      expect(t.models.broken.parameters.slope).toBeCloseTo(slope, 8);
      expect(t.verdict).toMatch(slope < 0 ? /^threshold at 35\.5 .*falls by 0\.01/ : /rises by 0\.3/);
    }
  });

  it("finds the best break there is: no break on a fine grid fits better", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { x, y } = points(15, seed, broken, 0.1);
      const set = {
        x: Float64Array.from(x),
        y: Float64Array.from(y),
        w: Float64Array.from(x, (_, i) => 1 + (i % 3)),
      };
      const best = fitBrokenLine(set)!;
      for (let k = 0; k <= 1000; k++) {
        const at = x[1] + (k / 1000) * (x[13] - x[1]) * 0.999;
        expect(best.rss).toBeLessThanOrEqual(hinge(set, at).rss * (1 + 1e-9));
      }
    }
  });

  it("does not depend on order, and scales with the units of dose and response", () => {
    const { x, y } = points(40, 3, broken, 0.02);
    const t = doseThreshold(x, y);
    const turned = doseThreshold(x.slice().reverse(), y.slice().reverse());
    expect(turned.threshold).toBe(t.threshold);
    expect(turned.interval).toEqual(t.interval);
    const scaled = doseThreshold(x.map((v) => 1e6 * v), y.map((v) => 5 - 100 * v)); // biome-ignore format: one line
    expect(scaled.threshold! / 1e6).toBeCloseTo(t.threshold!, 6);
    expect(scaled.interval![1] / 1e6).toBeCloseTo(t.interval![1], 4);
    expect(scaled.models.line.bic - scaled.models.broken.bic).toBeCloseTo(
      t.models.line.bic - t.models.broken.bic,
      4,
    );
  });

  it("is reproducible for a seed and differs for another", () => {
    const run = (seed: number) => threshold(40, 3, broken, { seed }).interval;
    expect(run(1)).toEqual(run(1));
    expect(run(2)).not.toEqual(run(1));
  });

  it("weights by sigma: points that are stated to be poor do not move the break", () => {
    const { x, y } = points(40, 5, broken, 0.005);
    const sigma = x.map(() => 0.005);
    for (const i of [3, 9, 15]) {
      y[i] += 0.5;
      sigma[i] = 0.5;
    }
    const t = doseThreshold(x, y, { sigma });
    expect(Math.abs(t.threshold! - 40)).toBeLessThan(1.5);
    expect(t.excessScatter).toBeLessThan(0.004);
    const blind = doseThreshold(x, y, { bootstrap: 0 });
    expect(Math.abs((blind.threshold ?? 0) - 40)).toBeGreaterThan(1.5);
  });

  it("does not let a few points with a sigma near zero dictate the fit", () => {
    const { x, y } = points(40, 6, broken, 0.02);
    const sigma = x.map((_, i) => (i % 7 === 0 ? 0 : 0.001));
    const t = doseThreshold(x, y, { sigma });
    expect(Math.abs(t.threshold! - 40)).toBeLessThan(5);
    expect(t.excessScatter).toBeGreaterThan(0.012);
    expect(t.excessScatter).toBeLessThan(0.03);
  });

  it("says in words why there is no threshold", () => {
    expect(threshold(40, 1, flat).verdict).toMatch(
      /^no threshold: the response is constant at (1|0\.99\d|1\.0\d); .*6 needed\)$/,
    );
    const straight = threshold(40, 1, line);
    expect(straight.verdict).toMatch(
      /^no threshold: the response falls in a straight line by 0\.00\d+ per unit of dose/,
    );
    expect([straight.threshold, straight.interval, straight.profileInterval]).toEqual([null, null, null]);
    const { constant, line: model, broken: hinged } = straight.models;
    expect(model.bic).toBeLessThan(constant.bic);
    const all = Object.values(straight.models).filter((m) => m !== null);
    expect(all.reduce((sum, m) => sum + m.weight, 0)).toBeCloseTo(1, 12);
    expect(model.weight).toBeGreaterThan(hinged.weight);
    expect(threshold(40, 1, broken, { bootstrap: 0 }).interval).toBeNull();
  });

  it("finds a constant response constant, also exactly", () => {
    const x = Array.from({ length: 20 }, (_, i) => i);
    const t = doseThreshold(x, x.map(() => 0.3)); // biome-ignore format: one line
    expect(t.threshold).toBeNull();
    expect(t.verdict).toContain("constant at 0.3");
    expect(doseThreshold(x, x.map((v) => 2 * v)).verdict).toContain("rises in a straight line by 2"); // biome-ignore format: one line
    expect(doseThreshold(x, x.map(() => 0)).threshold).toBeNull(); // biome-ignore format: one line
  });

  it.each([
    ["zeros", () => 0],
    ["one value", () => 0.3],
    ["values that vanish when squared", () => 1e-200],
    ["a straight line without noise", (v: number) => 2 * v],
  ])("has finite criteria and no threshold for %s", (_, course) => {
    const x = Array.from({ length: 20 }, (_, i) => i);
    for (const options of [{}, { sigma: x.map(() => 0) }, { sigma: x.map(() => 0.1) }]) {
      const t = doseThreshold(x, x.map(course), options);
      expect(t.threshold).toBeNull();
      expect(t.verdict).not.toMatch(/NaN|Infinity/);
      const models = Object.values(t.models).filter((m) => m !== null);
      for (const { rss, bic, aicc, weight, parameters } of models) {
        expect([rss, bic, aicc, weight, ...Object.values(parameters)].every(Number.isFinite)).toBe(true);
      }
      expect(models.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    }
  });

  it("drops and counts pairs that are not finite", () => {
    const { x, y } = points(40, 3, broken, 0.02);
    const t = doseThreshold([...x, Number.NaN, 5], [...y, 1, Number.POSITIVE_INFINITY]);
    expect([t.used, t.dropped]).toEqual([40, 2]);
    expect(t.threshold).toBe(doseThreshold(x, y).threshold);
  });

  it("finds the break of a line that is sloped before it, and tells that the level line is the poorer one", () => {
    const x = Array.from({ length: 60 }, (_, i) => (100 * i) / 59);
    const draw = random(4);
    const y = x.map((v) => 1 - 0.003 * v - 0.01 * Math.max(0, v - 55) + 0.01 * draw.normal());
    const t = doseThreshold(x, y, { before: "slope" });
    expect(Math.abs(t.threshold! - 55)).toBeLessThan(2);
    expect(t.interval![0]).toBeLessThan(55);
    expect(t.interval![1]).toBeGreaterThan(55);
    expect(t.models.sloped!.parameters.before).toBeCloseTo(-0.003, 3);
    expect(t.verdict).toMatch(/falls by 0\.003.* per unit of dose up to there and falls by 0\.01/);
    expect(doseThreshold(x, y, { bootstrap: 0 }).verdict).toContain('see { before: "slope" }');
  });

  it("finds the best sloped break there is: no break on a fine grid fits better", () => {
    for (let seed = 0; seed < 10; seed++) {
      const { x, y } = points(15, seed, (v) => 1 - 0.003 * v - 0.01 * Math.max(0, v - 55), 0.1);
      const set = {
        x: Float64Array.from(x),
        y: Float64Array.from(y),
        w: Float64Array.from(x, (_, i) => 1 + (i % 3)),
      };
      const profile = new BreakProfile(set, "slope");
      const best = hinge(set, profile.best!, "slope");
      for (let k = 0; k <= 500; k++) {
        const at = x[2] + (k / 500) * (x[12] - x[2]) * 0.999;
        expect(best.rss).toBeLessThanOrEqual(hinge(set, at, "slope").rss * (1 + 1e-9));
      }
      for (let i = profile.from; i <= profile.to; i++)
        expect(profile.atDose(i)).toBeCloseTo(hinge(set, x[i], "slope").rss, 9);
    }
  });

  it("gives no threshold to a response that levels off, with either course before the break, and says so", () => {
    const levelsOff: Course = (v) => Math.exp(-v / 30);
    let found = 0;
    for (let seed = 0; seed < 100; seed++) {
      for (const before of ["level", "slope"] as const) {
        const t = threshold(40, seed, levelsOff, { bootstrap: 0, before });
        if (t.threshold !== null) found++;
        else expect(t.verdict).toMatch(/levels off|straight line/);
      }
    }
    expect(found).toBeLessThan(4);
  });

  it("gives no threshold to noise that grows with dose, about a constant and about a line", () => {
    for (const course of [flat, line]) {
      let found = 0;
      for (let seed = 0; seed < 150; seed++) {
        const draw = random(seed, 77);
        const x = Array.from({ length: 40 }, (_, i) => 2.5 * i);
        const y = x.map((v) => course(v) + (0.005 + 0.0005 * v) * draw.normal());
        if (doseThreshold(x, y, { bootstrap: 0 }).threshold !== null) found++;
      }
      // The criteria alone, which take noise for even, find one in several percent of series.
      expect(found).toBeLessThan(3);
    }
  });

  it("says how often a straight line with noise as uneven as here would look as broken", () => {
    expect(threshold(40, 1, broken).chance).toBeLessThan(0.01);
    expect(threshold(40, 1, flat).chance).toBeNull();
    // One point far off at the highest dose is no break, however much a criterion prefers one.
    const x = Array.from({ length: 40 }, (_, i) => 2.5 * i);
    const outlier = doseThreshold(x, x.map((v) => (v > 97 ? 5 : 1))); // biome-ignore format: one line
    expect([outlier.threshold, outlier.interval]).toEqual([null, null]);
    expect(outlier.chance).toBeGreaterThan(0.1);
    expect(outlier.verdict).toMatch(
      /^no threshold: BIC prefers a broken line by [\d.]+, but noise as uneven as here makes a straight line look as broken in [\d.]+ % of cases/,
    );
  });

  it("adding a constant to the response, or to the dose, moves nothing else", () => {
    const { x, y } = points(40, 3, broken, 0.02);
    const t = doseThreshold(x, y);
    const raised = doseThreshold(x, y.map((v) => v + 1e4)); // biome-ignore format: one line
    expect(raised.threshold).toBeCloseTo(t.threshold!, 6);
    expect(raised.interval![0]).toBeCloseTo(t.interval![0], 6);
    expect(raised.chance).toBe(t.chance);
    const later = doseThreshold(x.map((v) => v - 250), y); // biome-ignore format: one line
    expect(later.threshold! + 250).toBeCloseTo(t.threshold!, 6);
    expect(later.profileInterval![1] + 250).toBeCloseTo(t.profileInterval![1], 6);
  });

  it("takes doses that come several times", () => {
    const x = Array.from({ length: 60 }, (_, i) => 10 * Math.floor(i / 6));
    const draw = random(9);
    const t = doseThreshold(x, x.map((v) => 1 - 0.02 * Math.max(0, v - 43) + 0.01 * draw.normal())); // biome-ignore format: one line
    expect(Math.abs(t.threshold! - 43)).toBeLessThan(1.5);
    expect(t.interval![0]).toBeLessThan(43);
    expect(t.interval![1]).toBeGreaterThan(43);
  });

  it("recovers the middle of a smooth step, and says that the response bends rather than breaks", () => {
    const { x, y } = points(120, 2, (v) => 1 - 0.6 / (1 + Math.exp(-(v - 55) / 5)), 0.01);
    const { models, verdict } = doseThreshold(x, y, { bootstrap: 0 });
    expect(models.sigmoid.parameters.middle).toBeCloseTo(55, 0);
    expect(models.sigmoid.parameters.width).toBeCloseTo(5, 0);
    expect(models.sigmoid.bic).toBeLessThan(models.broken.bic);
    expect(verdict).toMatch(/a smooth step about 5[45].*better still|no threshold/);
  });

  it("carries a band of the response: survives a narrow one, and not one that holds a straight line", () => {
    const { x, y } = points(60, 8, broken, 0.01);
    const narrow = { low: y.map((v) => v - 0.03), high: y.map((v) => v + 0.03) };
    const t = doseThreshold(x, y, { band: narrow, bootstrap: 0 });
    expect(t.bandInterval![0]).toBeLessThanOrEqual(t.threshold!);
    expect(t.bandInterval![1]).toBeGreaterThanOrEqual(t.threshold!);
    expect(t.verdict).toContain("this survives the band of the response");
    const wide = { low: x.map((v) => 0.9 - 0.004 * v), high: y.map((v) => v + 0.05) };
    const lost = doseThreshold(x, y, { band: wide, bootstrap: 0 });
    expect(lost.bandInterval).toBeNull();
    expect(lost.verdict).toMatch(
      /does not survive the band of the response: no threshold where the response is "low"/,
    );
    expect(t.threshold).toBe(doseThreshold(x, y, { bootstrap: 0 }).threshold);
  });

  describe("on maps", () => {
    const [width, height] = [96, 48];
    const dose = Float64Array.from({ length: width * height }, (_, i) => {
      const [u, v] = [((i % width) - 47.5) / 30, (Math.floor(i / width) - 23.5) / 15];
      return 100e6 * Math.exp(-(u * u + v * v) / 2);
    });
    /** Noise that squares of `side` pixels share. */
    const image = (course: Course, side: number, seed: number) => {
      const draw = random(seed, side);
      const perRow = Math.ceil(width / side);
      const own = Float64Array.from({ length: perRow * Math.ceil(height / side) }, () => draw.normal());
      const values = dose.map(
        (d, i) =>
          course(d / 1e6) +
          0.05 * own[Math.floor(Math.floor(i / width) / side) * perRow + Math.floor((i % width) / side)],
      );
      return { values, width, height };
    };
    const doses = { values: dose, width, height, unit: "Gy" };

    it("tells MGy, finds the break, and widens the interval as neighbours share more", () => {
      const single = doseThreshold(doses, image(broken, 1, 1), { bootstrap: 100 });
      const shared = doseThreshold(doses, image(broken, 4, 1), { bootstrap: 100 });
      expect(single.unit).toBe("MGy");
      expect(Math.abs(single.threshold! - 40)).toBeLessThan(2);
      expect(Math.abs(shared.threshold! - 40)).toBeLessThan(8);
      expect(single.blocks!.correlation[0]).toBeCloseTo(1, 0);
      expect(shared.blocks!.correlation[0]).toBeGreaterThan(3);
      const span = (t: DoseThreshold): number => t.interval![1] - t.interval![0];
      expect(span(shared)).toBeGreaterThan(2 * span(single));
      expect(shared.verdict).toMatch(
        /^threshold at [\d.]+ MGy \(95 % bootstrap over blocks of \d+ x \d+ pixels interval/,
      );
      expect(
        doseThreshold(doses, image(broken, 4, 1), { bootstrap: 0, blocks: { size: 7 } }).blocks!.side,
      ).toBe(7);
    });

    it("gives no threshold to noise that neighbours share, about a constant and about a line", () => {
      let found = 0;
      for (let seed = 0; seed < 8; seed++) {
        for (const course of [flat, line])
          if (doseThreshold(doses, image(course, 4, seed), { bootstrap: 0 }).threshold !== null) found++;
      }
      expect(found).toBeLessThan(2);
    });

    it("refuses maps that do not belong together, and a dose rate", () => {
      const response = image(flat, 1, 1);
      expect(() => doseThreshold({ ...doses, unit: "Gy/s" }, response)).toThrow('got a dose rate in "Gy/s"');
      expect(() => doseThreshold({ ...doses, width: 48, height: 96 }, response)).toThrow(
        "48 x 96 pixels, got 96 x 48",
      );
      expect(() => doseThreshold({ ...doses, width: 5 }, response)).toThrow(
        "width x height values, got 5 x 48",
      );
    });
  });

  it("refuses what cannot tell a break", () => {
    const ten = Array.from({ length: 10 }, (_, i) => i);
    expect(() => doseThreshold(ten, ten.slice(1))).toThrow(
      "expected response to have one number a dose (10), got 9",
    );
    expect(() => doseThreshold(ten.slice(4), ten.slice(4))).toThrow(
      "expected at least 8 pairs of dose and response, got 6",
    );
    expect(() => doseThreshold(ten, ten.map((v) => (v > 3 ? v : Number.NaN)))).toThrow("got 6 and 4 that are not finite"); // biome-ignore format: one line
    expect(() => doseThreshold(ten.map(() => 5), ten)).toThrow("expected at least 5 distinct doses, got 1 (5 to 5)"); // biome-ignore format: one line
    expect(() => doseThreshold(ten, ten, { sigma: ten.map((v) => v - 2) })).toThrow("got -2 at index 0");
    expect(() => doseThreshold(ten, ten, { sigma: [1] })).toThrow("expected sigma to have one number a dose");
    expect(() => doseThreshold(ten, ten, { bootstrap: 3 })).toThrow("0 or at least 40, got 3");
    expect(() => doseThreshold(ten, ten, { before: "flat" as never })).toThrow(
      'before to be "level" or "slope", got "flat"',
    );
    expect(() => doseThreshold(ten, ten, { blocks: { size: 3 } })).toThrow("with the width of the image");
    expect(() => doseThreshold(ten, ten, { blocks: { size: 0, width: 5 } })).toThrow(
      "blocks.size to be a whole number",
    );
    expect(() => doseThreshold(ten, ten, { band: { low: [1], high: ten } })).toThrow(
      "band.low to have one number a dose (10), got 1",
    );
    expect(() => doseThreshold(ten, ten, { band: { low: ten.map((v) => v + 1), high: ten } })).toThrow(
      "got 1 above 0 at index 0",
    );
    expect(() => doseThreshold(ten, ten, { seed: 0.5 })).toThrow("expected seed to be a whole number");
    expect(() => doseThreshold(undefined as never, ten)).toThrow("dose as numbers or a map, got undefined");
    expect(() => doseThreshold(ten, undefined as never)).toThrow("one number a dose (10), got undefined");
    expect(() => doseThreshold(ten, ten, "slope" as never)).toThrow('blocks?, band? }, got "slope"');
    expect(() => doseThreshold(ten, ten, { befor: "slope" } as never)).toThrow(
      'got an option "befor"; did you mean "before"?',
    );
    const forty = Array.from({ length: 40 }, (_, i) => i);
    expect(() => doseThreshold(forty, forty, { blocks: { width: 8, size: 100 } })).toThrow(
      "at least 8 blocks of pixels, got 1 of 100 x 100; choose a smaller blocks.size",
    );
    expect(() => doseThreshold(forty, forty, { blocks: { width: 7 } })).toThrow(
      "blocks.width to divide the number of points (40), got 7",
    );
    for (const size of [1e-200, 1e200]) {
      const far = ten.map((v) => v * size);
      expect(() => doseThreshold(far, ten)).toThrow("the range of doses to be between 1e-60 and 1e+60");
      expect(() => doseThreshold(ten, far)).toThrow("the range of responses to be between");
    }
    expect(() => doseThreshold(ten, ten, { sigma: ten.map(() => 1e200) })).toThrow("the largest sigma");
  });
});

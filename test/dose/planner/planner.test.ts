import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../../lib/compute/random.js";
import { massAttenuation } from "../../../lib/dose/attenuation.js";
import { Beam } from "../../../lib/dose/beam.js";
import { planExperiment, publishedThresholds, signalToNoise } from "../../../lib/dose/planner/index.js";
import { rockCell } from "../../../lib/dose/rock-cell.js";
import { ArgumentError } from "../../../lib/errors.js";

const stack = rockCell();
const beam = { energy: [8266, 8335, 8390, 8600, 8878], flux: 1.041e12, width: 3315, height: 1202.5 };
const detector = { pixelSize: 6.5, efficiency: 0.32, behind: 0.7, excess: 0.4, readNoise: 1.6, binned: 16 };
const protocol = { cubes: 1400, duration: 17_320, exposure: 1 / 228.6, edge: 8333, average: 10, flats: 120 };
const { exposure, edge, average, flats } = protocol;
const counting = { exposure, edge, average, flats };
const ask = { stack, beam, detector, protocol, threshold: 35e6 };
const doseOf = (light: object) => stack.dose(new Beam({ ...beam, ...light }))[3].dose;

describe("planExperiment", () => {
  test("the planned dose is stack.dose at that protocol, in every convention", () => {
    const dose = doseOf({ exposure: 17_320 });
    for (const convention of ["dense", "composite", "porous"] as const) {
      expect(planExperiment({ ...ask, convention }).asked.dose / dose[convention]).toBeCloseTo(1, 12);
    }
    expect(planExperiment({ ...ask, convention: "phase" }).asked.dose / dose.phase.solid).toBeCloseTo(1, 12);
    expect(planExperiment({ ...ask, peak: 2 }).asked.dose / dose.porous).toBeCloseTo(2, 12);
  });

  test("each alternative, calculated anew by stack.dose, ends at the limit", () => {
    const { limit, alternatives, longest } = planExperiment({ ...ask, margin: 0.8 });
    expect(limit).toBeCloseTo(28e6, 3);
    expect(alternatives.map((point) => point.name)).toEqual(["shorter", "attenuate", "widen", "fresh spots"]);
    for (const point of alternatives) {
      const dose = doseOf({
        flux: beam.flux * point.attenuation,
        width: point.width,
        height: point.height,
        exposure: point.duration,
      });
      expect(point.dose / dose.porous).toBeCloseTo(1, 12);
      const through = Math.exp(-massAttenuation("Al", 8493.8) * 2.699 * point.aluminium * 1e-4);
      expect(through).toBeCloseTo(point.attenuation, 10);
      if (point.name === "fresh spots") expect(point.dose).toBeLessThanOrEqual(limit);
      else expect(point.dose / limit).toBeCloseTo(1, 12);
    }
    expect(doseOf({ exposure: longest }).porous / limit).toBeCloseTo(1, 12);
    expect(alternatives[0].duration / longest).toBeCloseTo(1, 12);
  });

  test("one change each, and as few spots as possible", () => {
    const { asked, alternatives, limit } = planExperiment(ask);
    const [shorter, attenuate, widen, spots] = alternatives;
    expect(widen.width / widen.height).toBeCloseTo(asked.width / asked.height, 12);
    expect([attenuate.width, attenuate.duration]).toEqual([asked.width, asked.duration]);
    expect([shorter.attenuation, spots.attenuation, widen.attenuation]).toEqual([1, 1, 1]);
    expect(asked.dose / spots.spots).toBeLessThanOrEqual(limit);
    expect(asked.dose / (spots.spots - 1)).toBeGreaterThan(limit);
    expect(spots.spots * spots.duration).toBeCloseTo(asked.duration, 9);
    // the light on a pixel is what it was, or is as much less as the dose
    expect(shorter.signal).toEqual(asked.signal);
    expect(spots.signal).toEqual(asked.signal);
    expect(widen.signal!.quanta.i / attenuate.signal!.quanta.i).toBeCloseTo(1, 12);
    expect(attenuate.signal!.quanta.i / asked.signal!.quanta.i).toBeCloseTo(limit / asked.dose, 12);
  });

  test("a protocol below the limit needs no alternative; exactly at the limit is below", () => {
    const { dose } = planExperiment(ask).asked;
    for (const threshold of [dose, 2 * dose]) {
      const plan = planExperiment({ ...ask, threshold });
      expect([plan.feasible, plan.alternatives]).toEqual([true, []]);
      expect(plan.verdict).toContain("feasible; one spot reaches the limit after");
    }
    expect(planExperiment({ ...ask, threshold: dose * 0.999 }).alternatives[3].spots).toBe(2);
  });

  test("what an infeasible ask is told makes it feasible", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e5, max: 1e8, noNaN: true }),
        fc.double({ min: 5, max: 500, noNaN: true }),
        (threshold, signal) => {
          const plan = planExperiment({ ...ask, threshold, signal });
          for (const point of [plan.asked, ...plan.alternatives]) {
            if (!point.remedy) continue;
            const { average, bin } = point.remedy;
            if (average === null) {
              const { edgeToNoise } = point.signal!;
              expect(protocol.average * (signal / edgeToNoise) ** 2).toBeGreaterThan(
                point.cubes - protocol.average,
              );
            }
            const again = planExperiment({
              ...ask,
              threshold,
              signal,
              beam: {
                ...beam,
                flux: beam.flux * point.attenuation,
                width: point.width,
                height: point.height,
              },
              protocol: {
                ...protocol,
                cubes: protocol.average * (average ?? 1),
                duration: point.duration,
                average: protocol.average * (average ?? 1),
                flats: protocol.flats * (average ?? 1),
              },
            });
            if (average !== null) expect(again.feasible).toBe(true);
            if (bin === null) {
              expect(6.5 * Math.ceil(signal / point.signal!.edgeToNoise)).toBeGreaterThan(
                Math.min(point.width, point.height),
              );
              continue;
            }
            const pixels = { ...detector, pixelSize: 6.5 * bin, binned: 16 * bin ** 2 };
            const binned = signalToNoise(
              stack,
              { ...beam, flux: beam.flux * point.attenuation, width: point.width, height: point.height },
              pixels,
              counting,
            );
            expect(binned.edgeToNoise).toBeGreaterThanOrEqual(signal * (1 - 1e-9));
          }
          expect(plan.asked.feasible || plan.alternatives.length > 0 || plan.asked.remedy !== null).toBe(
            true,
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  test("the least dose for a signal, put in as an attenuation, gives that signal", () => {
    const { leastDose, asked } = planExperiment({ ...ask, signal: 33 });
    const a = leastDose! / asked.dose;
    const at = signalToNoise(stack, { ...beam, flux: beam.flux * a }, detector, counting);
    expect(at.edgeToNoise).toBeCloseTo(33, 6);
    expect(planExperiment(ask).leastDose).toBeNull();
  });

  test("no more cubes are averaged than a spot has, and less than one is no signal", () => {
    const few = { ...ask, protocol: { ...protocol, cubes: 3, average: 3 } };
    const { asked, alternatives } = planExperiment(few);
    const [shorter, , , spots] = alternatives;
    expect([shorter.cubes, spots.spots, spots.cubes]).toEqual([1, 2, 1]);
    const one = signalToNoise(stack, beam, detector, { ...counting, average: 1 });
    expect(shorter.signal!.edgeToNoise).toBeCloseTo(one.edgeToNoise, 9);
    expect(spots.signal!.edgeToNoise).toBeLessThan(asked.signal!.edgeToNoise);
    const none = planExperiment({ ...ask, threshold: 1e4 });
    for (const point of [none.alternatives[0], none.alternatives[3]]) {
      expect([point.cubes, point.signal, point.feasible]).toEqual([0, null, false]);
    }
    expect(none.verdict).toContain("less than one cube");
  });

  test("the fresh spots' cubes at the protocol's pace keep the dose", () => {
    const { alternatives, limit, asked } = planExperiment({
      ...ask,
      protocol: { ...protocol, cubes: 3, average: 1 },
      threshold: 45e6,
    });
    const spots = alternatives[3];
    expect(spots.spots).toBe(2);
    expect((spots.cubes * asked.dose) / 3).toBeLessThanOrEqual(limit);
  });

  test("the least dose for any signal is exact, and leaves enough quanta for a logarithm", () => {
    for (const signal of [1e-3, 1, 1e4, 1e5]) {
      const { leastDose, asked } = planExperiment({ ...ask, signal });
      const flux = (beam.flux * leastDose!) / asked.dose;
      const at = signalToNoise(stack, { ...beam, flux: flux * (1 + 1e-9) }, detector, counting);
      expect(at.quanta.i).toBeGreaterThanOrEqual(10);
      if (signal >= 1e4) expect(at.edgeToNoise / signal).toBeCloseTo(1, 6);
    }
  });

  test("the curve is the same protocol behind attenuators", () => {
    const { curve, asked } = planExperiment(ask);
    expect(curve.attenuation[0]).toBe(1);
    expect(curve.dose[0]).toBe(asked.dose);
    const i = 12;
    const behind = { ...ask, beam: { ...beam, flux: beam.flux * curve.attenuation[i] } };
    expect(curve.dose[i] / planExperiment(behind).asked.dose).toBeCloseTo(1, 12);
    expect(curve.edgeToNoise[i] / planExperiment(behind).asked.signal!.edgeToNoise).toBeCloseTo(1, 12);
  });

  test("too little light is no signal, and said", () => {
    const plan = planExperiment({ ...ask, threshold: 1e3 });
    expect(plan.alternatives[1].signal).toBeNull();
    expect(plan.alternatives[1].feasible).toBe(false);
    expect(plan.verdict).toContain("but too little light is left");
    const dark = planExperiment({ ...ask, beam: { ...beam, flux: 1e8 } });
    expect([dark.feasible, dark.asked.signal]).toEqual([false, null]);
    expect(dark.verdict).toContain("too little light for an absorbance");
  });

  test("a published threshold brings its dose, its convention and its source", () => {
    const plan = planExperiment({ ...ask, threshold: "LiNiO2" });
    expect(plan.threshold).toMatchObject({ dose: 35e6, name: "LiNiO2", convention: "porous" });
    expect(plan.threshold.source).toContain("La Porta");
    for (const { id, dose, citation, criterion, material } of publishedThresholds()) {
      expect(planExperiment({ ...ask, threshold: id }).limit).toBe(dose);
      for (const text of [citation, criterion, material]) expect(text.length).toBeGreaterThan(10);
    }
    expect(planExperiment({ ...ask, threshold: { dose: 1e6, source: "own test" } }).threshold.source).toBe(
      "own test",
    );
  });

  test.each([
    [{ threshold: "NMC" }, "expected a threshold in Gy or a published one (LiNiO2, protein-cryo-30"],
    [{ threshold: 0 }, "expected threshold > 0 Gy, got 0"],
    [{ threshold: { dose: 1e6 } }, "expected threshold.source as text, got undefined"],
    [{ margin: 1.2 }, "expected margin up to 1, got 1.2"],
    [{ peak: -1 }, "expected peak > 0"],
    [{ signal: 0 }, "expected signal > 0 (edge step to noise), got 0"],
    [{ convention: "wet" }, 'expected convention as dense | composite | porous | phase, got "wet"'],
    [{ protocol: { ...protocol, duration: 3 } }, "expected a duration of at least 1400 cubes of 0.00437"],
    [
      { protocol: { ...protocol, cubes: 0 } },
      "expected protocol.cubes as a whole number of cubes above 0, got 0",
    ],
    [
      { protocol: { ...protocol, cubes: 1.5 } },
      "expected protocol.cubes as a whole number of cubes above 0, got 1.5",
    ],
    [
      { protocol: { ...protocol, average: 0.5 } },
      "expected average as a whole number of cubes above 0, got 0.5",
    ],
    [
      { protocol: { ...protocol, average: 2000 } },
      "average of at most the 1400 cubes of the protocol, got 2000",
    ],
    [
      { protocol: { ...protocol, edge: 1010 } },
      "planExperiment: expected edge from 1020 to 99980 eV, got 1010",
    ],
    [
      { detector: { ...detector, behind: 70 } },
      "expected 0 < detector.behind <= 1 (a fraction, not percent), got 70",
    ],
    [
      { threshold: "LiNiO2", convention: "dense" },
      'expected convention porous, that of the threshold LiNiO2, got "dense"',
    ],
    [{ protocol: { ...protocol, edges: 1 } }, 'got an option "edges"'],
    [
      { protocol: { ...protocol, edge: 9000 } },
      "expected an absorption edge of Cathode at 9000 eV, got a step of -",
    ],
    [
      { detector: { ...detector, efficiency: 0 } },
      "expected detector.efficiency > 0 quanta per photon, got 0",
    ],
    [{ detector: { ...detector, excess: -1 } }, "expected detector.excess >= 0, got -1"],
    [{ detector: undefined }, "planExperiment, detector: expected { pixelSize"],
    [{ beam: { ...beam, flux: 0 } }, "expected a beam that deposits a dose, got 0 Gy/s"],
    [{ stac: 1 }, 'got an option "stac"'],
  ])("refuses %#", (change, message) => {
    const options = { ...ask, ...change } as unknown as typeof ask;
    expect(() => planExperiment(options)).toThrow(ArgumentError);
    expect(() => planExperiment(options)).toThrow(message);
  });
});

describe("signalToNoise", () => {
  test("is what simulated counts of I0 and I scatter by", () => {
    const weak = { ...beam, flux: 4e10 };
    const { quanta, absorbanceNoise } = signalToNoise(stack, weak, detector, {
      ...counting,
      average: 2,
      flats: 3,
    });
    expect(quanta.i).toBeGreaterThan(100);
    const { normal } = random(8);
    const count = (n: number, times: number) => {
      let sum = 0;
      for (let i = 0; i < times; i++) sum += n + Math.sqrt(1.4 * n + 16 * 1.6 ** 2) * normal();
      return sum / times;
    };
    const all = Array.from({ length: 20_000 }, () => Math.log(count(quanta.i0, 3) / count(quanta.i, 2)));
    const mean = all.reduce((a, b) => a + b) / all.length;
    const sd = Math.sqrt(all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length);
    // 20 000 draws know it to 0.5 %, the second order of the logarithm adds 1 % at 140 quanta
    expect(Math.abs(sd / absorbanceNoise - 1)).toBeLessThan(0.02);
  });

  test("falls with the root of what is counted", () => {
    const poisson = { pixelSize: 6.5 };
    const noise = (change: object, more: object = {}) =>
      signalToNoise(stack, { ...beam, ...change }, poisson, { ...counting, ...more }).absorbanceNoise;
    const one = noise({});
    expect(one / noise({ flux: 4 * beam.flux })).toBeCloseTo(2, 12);
    expect(one / noise({ width: beam.width / 4 })).toBeCloseTo(2, 12);
    expect(one / noise({}, { exposure: 4 * protocol.exposure })).toBeCloseTo(2, 12);
    expect(one / noise({}, { average: 40, flats: 480 })).toBeCloseTo(2, 12);
  });

  test("the camera of the paper's beamline: about 0.013 in the center for one cube, 0.002 for 120", () => {
    // 6.99 kGy/s in the center against the mean of this beam
    const center = {
      ...beam,
      energy: 8390,
      flux: (beam.flux * 6.99e3) / doseOf({ energy: 8390, exposure: 1 }).porous,
    };
    const of = (average: number) =>
      signalToNoise(stack, center, detector, { ...counting, average, flats: 120 }).absorbanceNoise;
    expect(of(1)).toBeGreaterThan(0.009);
    expect(of(1)).toBeLessThan(0.017);
    expect(of(120)).toBeLessThan(0.003);
  });

  test("refuses too few quanta and a wrong edge", () => {
    expect(() => signalToNoise(stack, { ...beam, flux: 1e9 }, detector, counting)).toThrow(
      "expected at least 10 quanta behind the cell in a pixel, energy and cube, got 4.45",
    );
    expect(() => signalToNoise(stack, beam, detector, { ...counting, edge: 7112 })).toThrow(
      "give the edge energy of one of its elements",
    );
    const misspelt = { ...counting, averages: 2 } as typeof counting;
    expect(() => signalToNoise(stack, beam, detector, misspelt)).toThrow('got an option "averages"');
  });
});

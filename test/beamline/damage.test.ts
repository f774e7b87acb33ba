import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configure } from "../../lib/beamline/configurations.js";
import {
  type DamageModel,
  damageModels,
  resolveDamage,
  thresholdDamage,
} from "../../lib/beamline/damage/index.js";
import { Electrode, irradiation } from "../../lib/beamline/kinetics/electrode.js";
import { simulate } from "../../lib/beamline/simulate.js";
import { pastOf, timetableOf } from "../../lib/beamline/time/timetable.js";
import { DataError } from "../../lib/errors.js";

const timetable = timetableOf({});
const past = pastOf("C", timetable);
const end = timetable.holdCubes.C;

/** A row of places from dark to the strongest dose rate of the paper, kGy/s. */
const doseRate = Float64Array.from({ length: 24 }, (_, i) => i * 0.8);
const grid = { rows: 1, columns: doseRate.length, left: 0, top: 0, pitch: 0.026 };
const solve = (damage: DamageModel, rates = doseRate) =>
  new Electrode({ ...grid, columns: rates.length }, rates, { timetable, past, damage });
const ni4 = (electrode: Electrode, time: number) => {
  const { c1, c2 } = electrode.at(time);
  return Array.from(c1, (c, p) => 1 - c - c2[p]);
};

describe.each(Object.entries(damageModels))("the damage model %s", (name, model) => {
  const electrode = solve(model);

  test("is chosen by its name", () => {
    expect(resolveDamage(name as keyof typeof damageModels)).toBe(model);
    expect(model.name).toBe(name);
  });

  test("keeps the species' sum at one and each within 0..1, everywhere and always", () => {
    for (let time = -1320; time <= end; time += 55) {
      const { c1, c2 } = electrode.at(time);
      for (let p = 0; p < c1.length; p++) {
        // Species 3 is the rest, so that the sum is one by construction; that it is a share is not.
        expect(Math.min(c1[p], c2[p], 1 - c1[p] - c2[p])).toBeGreaterThan(-1e-6);
        expect(Math.max(c1[p], c2[p])).toBeLessThanOrEqual(1);
      }
    }
  });

  test("lets nothing react without current, though the beam is on", () => {
    for (const time of [-1320, -600, 0]) {
      const { c1, c2 } = electrode.at(time);
      expect([...c1]).toEqual(Array.from(c1, () => 1));
      expect([...c2]).toEqual(Array.from(c2, () => 0));
    }
  });

  test("leaves a fresh spot to react completely", () => {
    const fresh = new Electrode(grid, doseRate, { timetable, past: pastOf("B", timetable), damage: model });
    for (const c3 of ni4(fresh, timetable.holdCubes.A)) expect(c3).toBeGreaterThan(0.99);
  });

  test("does not help the reaction: no place is ahead of one without dose", () => {
    for (const time of [3000, 8000, 13_000, end]) {
      const c3 = ni4(electrode, time);
      for (const c of c3) expect(c).toBeLessThanOrEqual(c3[0] + 1e-6);
    }
  });
});

describe("no damage", () => {
  test("gives the complete reaction everywhere, the same everywhere", () => {
    const c3 = ni4(solve(damageModels.none), end);
    expect(Math.min(...c3)).toBeGreaterThan(0.99);
    expect(Math.max(...c3) - Math.min(...c3)).toBe(0);
  });
});

describe("the threshold model", () => {
  const electrode = solve(thresholdDamage({ dose: 35 }));
  const fresh = solve(damageModels.none);
  /** When a place passes the threshold, s. */
  const passes = (rate: number) => 35_000 / rate - 1320;

  test("has the rates of a fresh place below the threshold, and stops where and when the dose exceeds it", () => {
    for (const time of [2000, 7000, 12_000, end]) {
      const [c3, healthy] = [ni4(electrode, time), ni4(fresh, time)];
      doseRate.forEach((rate, p) => {
        // The solver's step is 110 s: what happens within one is not told apart.
        if (time < passes(rate) - 110) expect(c3[p]).toBe(healthy[p]);
        if (time > passes(rate) + 220) expect(c3[p]).toBe(ni4(electrode, end)[p]);
      });
    }
    const last = ni4(electrode, end);
    expect(last[1]).toBeGreaterThan(0.99);
    expect(last[23]).toBeLessThan(0.05);
  });

  test("knows of no neighbors, while the calibrated model does", () => {
    const alone = Float64Array.from({ length: 24 }, (_, i) => (i === 12 ? 1.5 : 0));
    const amid = Float64Array.from({ length: 24 }, (_, i) => (i === 12 ? 1.5 : 18));
    const difference = (model: DamageModel) =>
      Math.abs(ni4(solve(model, amid), end)[12] - ni4(solve(model, alone), end)[12]);
    expect(difference(damageModels.threshold)).toBe(0);
    expect(difference(damageModels.calibrated)).toBeGreaterThan(0.05);
  });

  test("slows the reaction instead of stopping it, when a share of the rates is left", () => {
    const at = (left: number) => ni4(solve(thresholdDamage({ left })), end)[10];
    expect(at(0)).toBeLessThan(at(0.3));
    expect(at(0.3)).toBeLessThan(at(1));
    expect(at(1)).toBe(ni4(fresh, end)[10]);
  });

  test.each([
    [{ dose: 0 }, /thresholdDamage: expected dose above 0 MGy, got 0/],
    [{ dose: Number.NaN }, /expected dose above 0 MGy, got NaN/],
    [{ left: 1.5 }, /expected left as a fraction of the rates, 0 to 1, got 1.5/],
  ])("refuses %o", (parameters, message) => {
    expect(() => thresholdDamage(parameters)).toThrow(message);
  });
});

describe("the beam's past", () => {
  test("is one time from open circuit to the end of the charge cubes at spot C, none at the fresh spots", () => {
    expect(past).toEqual([{ spot: "C", start: -1320, end: 15_400 }]);
    expect(pastOf("A", timetable)).toEqual([]);
    expect(pastOf("B", timetable)).toEqual([]);
  });

  test("adds up to the time under beam, to 1e-9", () => {
    const intervals = [
      { spot: "C", start: -1000, end: -400 },
      { spot: "C", start: 0.1, end: 3000.7 },
      { spot: "C", start: 5000, end: 6000.3 },
    ];
    for (const time of [-1001, -700, 0, 1234.5, 4000, 5500.5, 9000]) {
      // On or off in every tenth of a second, in which all intervals begin and end.
      let ticks = 0;
      for (let tick = -10_010; tick < Math.round(time * 10); tick++) {
        const at = (tick + 0.5) / 10;
        if (intervals.some(({ start, end: to }) => at > start && at < to)) ticks++;
      }
      const direct = ticks / 10;
      const { exposure, on, pulses } = irradiation(intervals, time);
      expect(Math.abs(exposure - direct)).toBeLessThan(1e-9);
      expect(on).toBe(intervals.some(({ start, end: to }) => time > start && time <= to));
      for (const { length, since } of pulses) expect(Math.min(length, since)).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("a model of one's own", () => {
  const constant = (rate: number): DamageModel => ({
    name: "constant",
    parameters: { rate },
    on: () => ({
      rates(_, __, out) {
        for (const values of Object.values(out)) values.fill(rate);
      },
    }),
  });

  test("drives the kinetics", () => {
    const c1 = solve(constant(1e-4)).at(5500).c1[0];
    // Species 1 leaves the active material by reaction and stays in the deactivated: half of it each way.
    expect(c1).toBeCloseTo(0.5 + 0.5 * Math.exp(-2e-4 * 5500), 6);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("is refused when it gives a rate of %d", (rate) => {
    expect(() => solve(constant(rate))).toThrow(DataError);
    expect(() => solve(constant(rate))).toThrow(
      /expected the damage model constant to give rates of at least 0 1\/s, got step1 = .* at place 0.*correct the model/,
    );
  });
});

describe("a recording with another damage model", () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "operandose-damage-"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const options = { scale: "tiny", seed: 4, only: ["flatStatic"], workers: 1 } as const;
  const stamp = (folder: string) => JSON.parse(readFileSync(join(folder, "simulation.json"), "utf8"));

  test("says so in its stamp, is not taken for the default, and differs where the reaction does only", async () => {
    const [none, calibrated] = [join(root, "none"), join(root, "calibrated")];
    await simulate("farther", { ...options, out: none, damage: "none" });
    await simulate("farther", { ...options, out: calibrated, damage: "calibrated" });
    expect(stamp(none)).toMatchObject({ damage: "none" });
    expect(stamp(calibrated)).not.toHaveProperty("damage");
    expect(stamp(calibrated).parameters).not.toBe(stamp(none).parameters);
    // The same recording, asked for in the plain way and by a configuration.
    expect(await simulate("farther", { ...options, out: calibrated })).toBe(calibrated);
    expect(await simulate(configure("farther", { damage: "none" }), { ...options, out: none })).toBe(none);
    await expect(simulate("farther", { ...options, out: none })).rejects.toThrow(/expected a recording with/);
    const text = (folder: string, file: string) => readFileSync(join(folder, file), "latin1");
    expect(text(none, "flatStatic.edf")).toBe(text(calibrated, "flatStatic.edf"));
    expect(text(none, "ic/hold-a.txt")).toBe(text(calibrated, "ic/hold-a.txt"));
    expect(text(none, "ic/hold-c.txt")).not.toBe(text(calibrated, "ic/hold-c.txt"));
    expect(text(none, "experiment.json")).toBe(text(calibrated, "experiment.json"));
  });

  test("tells two thresholds apart", async () => {
    const out = join(root, "threshold");
    await simulate("farther", { ...options, out, damage: "threshold" });
    await expect(
      simulate("farther", { ...options, out, damage: thresholdDamage({ dose: 60 }) }),
    ).rejects.toThrow(/expected a recording with/);
    expect(await simulate("farther", { ...options, out, damage: thresholdDamage({ dose: 35 }) })).toBe(out);
  });

  test("is refused for a name or an object that is no model", async () => {
    const out = join(root, "never");
    await expect(simulate("farther", { ...options, out, damage: "some" as never })).rejects.toThrow(
      /configure: expected damage "calibrated", "none", "threshold" or a model \{ name, parameters, on \}, got "some"/,
    );
    await expect(simulate("farther", { ...options, out, damage: { name: "x" } as never })).rejects.toThrow(
      /expected damage .*got \{"name":"x"\}/,
    );
  });
});

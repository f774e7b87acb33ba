import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { departureDose } from "../../lib/dose/departure.js";

const nPlaces = 60;
const nTimes = 30;
const rates = Float64Array.from({ length: nPlaces }, (_, p) => 0.1 + 0.1 * p);
const doses = Array.from({ length: nTimes }, (_, t) => rates.map((r) => r * (t + 1)));
/** A common curve, left by every place from its own dose of 40 on. */
function series(noise: number, seed: number, from = 40): Float64Array[] {
  const draw = random(seed);
  return doses.map((dose, t) =>
    dose.map((d) => Math.cos(t / 10) + 0.05 * Math.max(0, d - from) + noise * draw.normal()),
  );
}

describe("departureDose", () => {
  test("finds the dose at which places leave, within a step of time, where the deviation outgrows the noise", () => {
    const reference = rates.map((_, p) => Number(p < 12));
    const left = departureDose(series(0.003, 1), doses, { reference });
    for (let p = 0; p < nPlaces; p++) {
      // 4 sigma are 0.012, which is 0.24 beyond 40.
      if (left.time[p] < 0) continue;
      expect(left.dose[p]).toBeGreaterThan(40);
      expect(left.before[p]).toBeLessThan(40 + 0.8);
      expect(left.dose[p] - left.before[p]).toBeCloseTo(rates[p], 9);
    }
    const reaching = rates.filter((r) => r * (nTimes - 1) > 40.5).length;
    expect(Math.abs(left.nDeparted - reaching)).toBeLessThanOrEqual(2);
    expect(left.nPlaces).toBe(nPlaces);
  });

  test("takes noise for no departure: none of 600 places without one", () => {
    let departed = 0;
    for (let seed = 0; seed < 10; seed++)
      departed += departureDose(series(0.01, seed, 1e9), doses, {
        reference: rates.map((_, p) => Number(p % 2 === 0)),
      }).nDeparted;
    expect(departed).toBe(0);
  });

  test("needs a run: one outlier is not a departure", () => {
    const responses = series(0.005, 2, 1e9);
    responses[10][50] += 1;
    const reference = rates.map((_, p) => Number(p < 30));
    expect(departureDose(responses, doses, { reference }).time[50]).toBe(-1);
    expect(departureDose(responses, doses, { reference, run: 1 }).time[50]).toBe(10);
  });

  test("tells MGy for maps in Gy and has no value where one is missing", () => {
    const responses = series(0.005, 3);
    responses[4][59] = Number.NaN;
    const maps = doses.map((d) => ({ values: d.map((v) => 1e6 * v), width: 10, height: 6, unit: "Gy" }));
    const reference = rates.map((_, p) => Number(p < 12));
    const left = departureDose(responses, maps, { reference });
    expect(left.unit).toBe("MGy");
    expect(left.dose[59]).toBeNaN();
    expect(left.nPlaces).toBe(59);
    expect(left.dose[40]).toBeCloseTo(departureDose(responses, doses, { reference }).dose[40], 9);
  });

  test("refuses what cannot be compared", () => {
    const responses = series(0.01, 1);
    expect(() => departureDose(responses.slice(1), doses)).toThrow(
      "expected one dose map for each response map, got 30 for 29",
    );
    expect(() => departureDose(responses, doses, { reference: [1] })).toThrow(
      "one number per place (60), got 1",
    );
    expect(() => departureDose(responses, doses, { reference: rates.map((_, p) => Number(p < 3)) })).toThrow(
      "at least 8 reference places",
    );
    expect(() => departureDose(responses, doses, { criterion: 0 })).toThrow("criterion above 0, got 0");
    expect(() => departureDose(responses, doses, { run: 30 })).toThrow(
      "below the number of times (30), got 30",
    );
    expect(() => departureDose(responses, doses, { sigma: [1], reference: rates })).toThrow(
      "one number per time (30), got 1",
    );
  });
});

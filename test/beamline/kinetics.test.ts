import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { resolveConfiguration } from "../../lib/beamline/configurations.js";
import { electrodes } from "../../lib/beamline/kinetics/concentrations.js";
import { driveAt, openCircuit } from "../../lib/beamline/kinetics/redox.js";
import { SpreadingDamage } from "../../lib/beamline/kinetics/spread.js";
import { timetableOf } from "../../lib/beamline/time/timetable.js";

const timetable = timetableOf({});

const reference = JSON.parse(readFileSync(new URL("./kinetics-reference.json", import.meta.url), "utf8")) as {
  cases: Record<"farther" | "closer", [row: number, column: number, time: number, c1: number, c2: number][]>;
};

describe.each(["farther", "closer"] as const)("the electrode at spot C, %s focus", (name) => {
  const electrode = () => electrodes(resolveConfiguration(name))("C");

  test("agrees with an independent implementation to 1e-4", () => {
    for (const [row, column, time, c1, c2] of reference.cases[name]) {
      const state = electrode().at(time);
      const p = row * state.grid.columns + column;
      expect(Math.abs(state.c1[p] - c1), `c1 at ${row}, ${column}, ${time} s`).toBeLessThan(1e-4);
      expect(Math.abs(state.c2[p] - c2), `c2 at ${row}, ${column}, ${time} s`).toBeLessThan(1e-4);
    }
  });

  test("keeps every concentration in 0..1, so that with species 3 they sum to one", () => {
    for (const time of [0, 2000, 8000, 15_400, 23_304]) {
      const { c1, c2 } = electrode().at(time);
      for (let p = 0; p < c1.length; p++) {
        expect(Math.min(c1[p], c2[p], 1 - c1[p] - c2[p])).toBeGreaterThan(-1e-6);
      }
    }
  });

  test("does not react before the current flows", () => {
    const { c1, c2 } = electrode().at(-660);
    expect(c1.every((c) => c === 1) && c2.every((c) => c === 0)).toBe(true);
    expect(driveAt(-1, timetable)).toEqual({ voltage: 3.42, rate1: 0, rate2: 0 });
  });

  test("never makes species 1 again", () => {
    let before = electrode().at(0).c1;
    for (let time = 550; time <= 23_100; time += 550) {
      const { c1 } = electrode().at(time);
      expect(c1.every((c, p) => c <= before[p] + 1e-7)).toBe(true);
      before = c1;
    }
  });
});

describe("a fresh spot", () => {
  test.each(["A", "B"])("%s is complete when its cubes are recorded", (spot) => {
    const { c1, c2 } = electrodes(resolveConfiguration("farther"))(spot).at(timetable.holdCubes[spot]);
    expect(1 - c1[0] - c2[0]).toBeGreaterThan(0.99);
  });
});

describe("the voltage", () => {
  test("rises all the way from 3.42 to 4.3 V", () => {
    expect(openCircuit(0)).toBe(3.42);
    expect(openCircuit(0.96)).toBeCloseTo(4.3, 12);
    for (let x = 0; x < 0.96; x += 0.001) expect(openCircuit(x + 0.001)).toBeGreaterThan(openCircuit(x));
  });

  test("is held from the end of the charge", () => {
    expect(timetable.holdStart).toBe(13_824);
    expect(driveAt(timetable.holdStart + 1, timetable).voltage).toBe(4.3);
  });
});

describe("the spreading damage", () => {
  const rows = 12;
  const columns = 16;
  const source = new Float64Array(rows * columns);
  source.fill(20, 5 * columns + 6, 5 * columns + 9);

  test("satisfies dQ/dt = S - kq Q + D lap Q", () => {
    // Central differences in time and the spectral Laplacian's low-order cousin agree where Q is smooth: after a while.
    const pitch = 0.026;
    const damage = new SpreadingDamage(source, rows, columns, pitch);
    const at = (exposure: number, since: number) => {
      const out = new Float64Array(rows * columns);
      damage.at([{ length: exposure, since }], out);
      return out;
    };
    const [before, now, after] = [at(4000, 1999), at(4000, 2000), at(4000, 2001)];
    const p = 8 * columns + 8;
    const laplacian =
      (now[p - 1] + now[p + 1] + now[p - columns] + now[p + columns] - 4 * now[p]) / pitch ** 2;
    const expected = 2.0826e-4 * laplacian - (0.034628 / 3600) * now[p];
    expect((after[p] - before[p]) / 2 / expected).toBeCloseTo(1, 2);
  });

  test("adds up over pulses of the beam, as it is linear", () => {
    const damage = new SpreadingDamage(source, rows, columns, 0.026);
    const at = (...pulses: [number, number][]) => {
      const out = new Float64Array(rows * columns);
      damage.at(
        pulses.map(([length, since]) => ({ length, since })),
        out,
      );
      return out;
    };
    const [whole, parts] = [at([4000, 500]), at([1500, 3000], [2500, 500])];
    whole.forEach((q, p) => {
      expect(Math.abs(parts[p] - q)).toBeLessThan(1e-9 + 1e-3 * Math.max(...whole));
    });
  });

  test("grows only where and when there is a source", () => {
    const out = new Float64Array(rows * columns).fill(1);
    new SpreadingDamage(new Float64Array(rows * columns).fill(8), rows, columns, 0.026).at(
      [{ length: 5000, since: 0 }],
      out,
    );
    expect(out.every((q) => q === 0)).toBe(true);
    new SpreadingDamage(source, rows, columns, 0.026).at([{ length: 0, since: 0 }], out);
    expect(out.every((q) => q === 0)).toBe(true);
  });
});

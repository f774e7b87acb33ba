import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { configure } from "../../lib/beamline/configurations.js";
import {
  Device,
  numbers,
  type Quantities,
  quantity,
  simulatedClock,
} from "../../lib/beamline/devices/device.js";
import { COIN_CELL, cellVoltage } from "../../lib/beamline/devices/potentiostat.js";
import { BendingMagnet } from "../../lib/beamline/devices/source.js";
import { parameterTables } from "../../lib/beamline/document.js";
import { Rock, rock } from "../../lib/beamline/rock.js";
import { timetableOf } from "../../lib/beamline/time/timetable.js";
import { besselK, besselKIntegral } from "../../lib/compute/bessel.js";
import { random } from "../../lib/compute/random.js";
import { ArgumentError } from "../../lib/errors.js";
import { ask, peer } from "../support/peers.js";

/** A made-up device: a photodiode behind the shutter. */
class Photodiode extends Device {
  readonly parameters: Quantities = { efficiency: quantity(0.5, "1", "assumed", "counts per photon") };

  constructor(private readonly light: () => number) {
    super("photodiode", simulatedClock());
  }

  protected signals(): Quantities {
    const { efficiency } = numbers(this.parameters);
    return { reading: quantity(efficiency * this.light(), "counts", "last reading", "light on the diode") };
  }
}

class RockWithPhotodiode extends Rock {
  readonly photodiode = new Photodiode(() => this.shutter.transmission);
}

test("has a device after one line that adds it", () => {
  const { configuration, clock } = rock();
  const beamline = new RockWithPhotodiode(configuration, clock, 1);
  expect(beamline.devices).toEqual([...beamline.devices.slice(0, -1), beamline.photodiode]);
  expect(beamline.devices).toHaveLength(rock().devices.length + 1);
  expect(beamline.read().photodiode.reading.value).toBe(0.5);
  beamline.shutter.set("closed");
  expect(beamline.read().photodiode.reading.value).toBe(0);
  expect(beamline.describe().photodiode.efficiency).toMatchObject({ unit: "1", kind: "parameter" });
});

describe.each(rock().devices.map(({ name }) => name))("%s", (name) => {
  const clock = simulatedClock(1234);
  const beamline = rock("farther", { clock });
  const device = beamline.devices.find((d) => d.name === name) as Rock["devices"][number];

  test("describes all that it reads, with units, sources, shapes and types that fit", () => {
    const [readings, descriptions] = [device.read(), device.describe()];
    expect(Object.keys(descriptions)).toEqual(Object.keys(readings));
    for (const [key, { value, unit, timestamp }] of Object.entries(readings)) {
      const { source, meaning, shape, dtype, unit: described } = descriptions[key];
      expect(timestamp, key).toBe(clock.now());
      expect(described, key).toBe(unit);
      expect(
        [source, meaning].every((words) => words.length > 2),
        key,
      ).toBe(true);
      expect(shape, key).toEqual(Array.isArray(value) ? [value.length] : []);
      expect(dtype, key).toBe(Array.isArray(value) ? "array" : typeof value);
      if (typeof value !== "string") expect(unit, key).not.toBe("");
    }
  });

  test("has a value for each parameter, and says paper, tables, data sheet, calibrated or assumed", () => {
    for (const [key, { kind, source }] of Object.entries(device.describe())) {
      if (kind === "signal") continue;
      expect(source, key).toMatch(/paper|tables|data|calibrated: .{10}|assumed|section|Fig\.|choice|result/);
      const { value } = device.read()[key];
      for (const v of [value].flat()) expect(typeof v === "string" || Number.isFinite(v), key).toBe(true);
    }
  });
});

describe("what is set", () => {
  test("is read back, takes its time on the clock, and nothing sleeps", () => {
    const clock = simulatedClock();
    const beamline = rock("farther", { clock });
    const started = performance.now();
    expect(beamline.sampleStage.set("C").seconds).toBeCloseTo(26 / 5, 9);
    expect(clock.now()).toBeCloseTo(26 / 5, 9);
    expect(beamline.cameraStage.set("out").seconds).toBe(10);
    expect(beamline.sampleStage.set("C").seconds).toBe(0);
    expect(beamline.sampleStage.read().target).toEqual({ value: "C", unit: "", timestamp: 26 / 5 + 10 });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test.each<[string, (b: Rock) => void, RegExp]>([
    [
      "monochromator",
      (b) => b.monochromator.set(9000),
      /monochromator.set: expected an energy within the swing/,
    ],
    [
      "attenuator",
      (b) => b.attenuator.set(1),
      /attenuator.set: expected a fraction of the beam, 0 to below 1, got 1/,
    ],
    [
      "sampleStage",
      (b) => b.sampleStage.set("D" as never),
      /sampleStage.set: expected one of I0, foil, A, B, C/,
    ],
    [
      "cameraStage",
      (b) => b.cameraStage.set("up" as never),
      /cameraStage.set: expected "in" or "out", got "up"/,
    ],
    ["slits", (b) => b.slits.set([0, 1]), /slits.set: expected an opening \[width, height\]/],
    [
      "toroidalMirror",
      (b) => b.toroidalMirror.set(20),
      /toroidalMirror.set: expected the cell at 28 to 31.5 m/,
    ],
    ["camera", (b) => b.camera.set({ exposure: 1 }), /camera.set: expected exposure in s/],
    ["camera", (b) => b.camera.set({ binning: 0 }), /camera.set: expected binning as a whole number/],
    ["cell", (b) => b.cell.set(1), /cell.set: expected Li removed, 0 to 0.975/],
    ["clock", (b) => b.clock.advance(-1), /clock.advance: expected seconds of at least 0/],
  ])("is refused by the %s where it cannot be", (_, set, message) => {
    expect(() => set(rock())).toThrow(ArgumentError);
    expect(() => set(rock())).toThrow(message);
  });

  test("changes what the devices behind it see", () => {
    const beamline = rock("farther");
    const read = () => {
      beamline.i0.trigger();
      return beamline.i0.read().reading.value as number;
    };
    beamline.monochromator.set(8390);
    const open = read();
    expect(open).toBeCloseTo(1e5, -1);
    beamline.attenuator.set(0.75);
    expect(read() / open).toBeCloseTo(0.25, 9);
    beamline.attenuator.set(0);
    beamline.slits.set([0.5, 0.5]);
    expect(read() / open).toBeCloseTo(beamline.slits.transmission, 9);
    expect(beamline.slits.transmission).toBeLessThan(0.2);
    beamline.slits.set("open");
    const photo = () => {
      beamline.camera.trigger(3);
      return (beamline.camera.read().meanCounts.value as number) - 100;
    };
    beamline.camera.set({ binning: 16 });
    const [flat, edge] = [photo(), 8355];
    beamline.sampleStage.set("foil");
    beamline.monochromator.set(8300);
    const below = photo();
    beamline.monochromator.set(edge);
    expect(photo()).toBeLessThan(0.5 * below);
    beamline.sampleStage.set("B");
    expect(photo()).toBeLessThan(flat);
    beamline.cameraStage.set("out");
    expect(Math.abs(photo())).toBeLessThan(0.5);
  });

  test("keeps the beam's power while the cell is moved along the axis", () => {
    const beamline = rock("farther");
    const grid = { rows: 187, columns: 512, pixelSize: 6.5 };
    const before = beamline.doseRate(grid);
    beamline.toroidalMirror.set(29.5);
    const after = beamline.doseRate(grid);
    const sum = (map: Float64Array) => map.reduce((total, rate) => total + rate, 0);
    expect(sum(after) / sum(before)).toBeCloseTo(1, 9);
    expect(Math.max(...after)).toBeGreaterThan(1.5 * Math.max(...before));
    expect(beamline.toroidalMirror.width).toBeLessThan(rock("farther").toroidalMirror.width);
  });

  test("reads noise from a source that is passed in, and none without", () => {
    const { ring, potentiostat, clock } = rock();
    ring.trigger();
    expect(ring.current).toBe(500);
    const source = random(1);
    const currents = Array.from({ length: 2000 }, () => {
      ring.trigger(source);
      return ring.current;
    });
    const rms = Math.sqrt(currents.reduce((sum, c) => sum + (c - 500) ** 2 / currents.length, 0));
    expect(rms / 500 / 0.002).toBeCloseTo(1, 1);
    clock.advance(13_824 / 2);
    potentiostat.trigger();
    expect(potentiostat.read()).toMatchObject({
      mode: { value: "galvanostatic" },
      current: { value: 0.375 },
    });
    expect(potentiostat.read().voltage.value).toBeCloseTo(3.78, 2);
  });
});

describe("the source", () => {
  test("has the critical energies of SOLEIL: 14.1 keV in the superbend, 8.6 keV in an ordinary bend", () => {
    const clock = simulatedClock();
    const bend = (field: number) => new BendingMagnet(clock, () => 500, field);
    expect(bend(2.81).criticalEnergy / 14_132).toBeCloseTo(1, 3);
    expect(bend(1.71).criticalEnergy / 8600).toBeCloseTo(1, 3);
  });

  test("radiates half of its power below its critical energy, and in all the power that it says", () => {
    const { source } = rock();
    // ph/s in 0.1 % of the energy times J: 1e3 d(ln E)
    const power = (low: number, high: number) => {
      const n = 4000;
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const energy = low * (high / low) ** ((i + 0.5) / n);
        sum += source.flux(energy) * 1e3 * energy * 1.602176634e-19 * (Math.log(high / low) / n);
      }
      return sum;
    };
    const { criticalEnergy } = source;
    const [below, above] = [power(0.01, criticalEnergy), power(criticalEnergy, 40 * criticalEnergy)];
    expect(below / above).toBeCloseTo(1, 2);
    expect((below + above) / source.power).toBeCloseTo(1, 2);
  });

  test("is proportional to the current of the ring", () => {
    const clock = simulatedClock();
    const [half, full] = [250, 500].map((current) => new BendingMagnet(clock, () => current).flux(8390));
    expect(half / full).toBe(0.5);
  });
});

describe("the Bessel functions, against SciPy", () => {
  test("agree to 1e-10", (context) => {
    peer("scipy")(context);
    const x = [0.01, 0.1, 0.297, 0.594, 1, 3, 10];
    const code = `
from scipy.special import kv
from scipy.integrate import quad
print(json.dumps([[kv(2/3, v) for v in x], [quad(lambda t: kv(5/3, t), v, v + 1, epsabs=0, epsrel=1e-12, limit=200)[0] + quad(lambda t: kv(5/3, t), v + 1, float("inf"), epsabs=0, epsrel=1e-12)[0] for v in x]]))`;
    const [k, integral] = ask<number[][]>(code, x);
    x.forEach((v, i) => {
      expect(Math.abs(besselK(2 / 3, v) / k[i] - 1)).toBeLessThan(1e-10);
      expect(Math.abs(besselKIntegral(5 / 3, v) / integral[i] - 1)).toBeLessThan(1e-9);
    });
  });
});

describe("the cells of Fig. 2", () => {
  const timetable = timetableOf({});
  const cells = {
    coin: COIN_CELL,
    farther: { offset: 0, slope: 0 },
    closer: { offset: 0.006, slope: 0.008 },
  };

  test("rise all the way from 3.42 to 4.3 V and stay there", () => {
    for (const cell of Object.values(cells)) {
      let before = cellVoltage(cell, timetable, 0);
      expect(before).toBe(3.42);
      for (let time = 20; time <= timetable.holdEnd; time += 20) {
        const voltage = cellVoltage(cell, timetable, time);
        expect(voltage).toBeGreaterThanOrEqual(before);
        before = voltage;
      }
      expect(before).toBe(4.3);
    }
  });

  test("reach 4.3 V one after the other, within 2 % of the charge: the closer cell, the farther, the coin", () => {
    const full = (cell: typeof COIN_CELL) => {
      let time = 0;
      while (cellVoltage(cell, timetable, time) < 4.3) time += 1;
      return time;
    };
    const [closer, farther, coin] = [cells.closer, cells.farther, cells.coin].map(full);
    expect(farther).toBe(timetable.holdStart);
    expect(closer).toBeLessThan(farther);
    expect(coin).toBeGreaterThan(farther);
    expect(coin / closer).toBeLessThan(1.02);
  });

  test("give the Li that the charge counts: x = I t, one Li in four hours at C/4", () => {
    const { cell } = rock();
    cell.set(0.5);
    expect(cell.potential()).toBeCloseTo(cellVoltage(cells.farther, timetable, 7200), 12);
    // 1 mAh/cm2 on the area of a disk of 14 mm, of which one Li would be 1.5 mAh.
    expect(timetable.current * 4).toBeCloseTo(1.5, 12);
  });
});

describe("the documentation", () => {
  test("says of every device what the device says", () => {
    const page = readFileSync(new URL("../../docs/simulated-beamline.md", import.meta.url), "utf8");
    // Where this fails: npm run build, then node docs/simulated-beamline.mjs.
    expect(page).toContain(parameterTables());
  });

  test("changes with what is changed", () => {
    expect(rock(configure("farther", { attenuation: 0.5 })).read().attenuator.attenuation.value).toBe(0.5);
  });
});

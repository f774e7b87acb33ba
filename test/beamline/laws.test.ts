import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configure, resolveConfiguration } from "../../lib/beamline/configurations.js";
import { damageModels } from "../../lib/beamline/damage/index.js";
import { Exposure } from "../../lib/beamline/devices/exposure.js";
import { FRAME_RATE, FRAMES, scanEnergies, shiftOnGrid } from "../../lib/beamline/devices/monochromator.js";
import { CAMERA, electronVariance, SATURATION } from "../../lib/beamline/devices/sensor.js";
import { Electrode } from "../../lib/beamline/kinetics/electrode.js";
import { View } from "../../lib/beamline/recording/view.js";
import { rock } from "../../lib/beamline/rock.js";
import type { simulate as Simulate } from "../../lib/beamline/simulate.js";
import { timetableOf } from "../../lib/beamline/time/timetable.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { HC_EV_ANGSTROM } from "../../lib/units.js";

describe("photon counting", () => {
  const n = 1e6;
  const q = 1 + CAMERA.excessNoise;
  const moments = (electrons: number, samples = 1) => {
    const counts = new Uint16Array(n);
    new Exposure({ samples }, 11, electrons).record(new Float32Array(n).fill(electrons), counts);
    let mean = 0;
    for (const c of counts) mean += (c - CAMERA.offset) / n;
    let [variance, third] = [0, 0];
    for (const c of counts) {
      const d = c - CAMERA.offset - mean;
      variance += (d * d) / n;
      third += (d * d * d) / n;
    }
    return { mean, variance, skewness: third / variance ** 1.5 };
  };

  // In counts: signal (1 + excess) / gain, and besides it the read noise and the rounding to whole counts.
  test.each([0, 0.3, 1, 3, 10, 16.7, 16.9, 25, 60, 300, 2000, 20_000])(
    "has variance = mean times gain at %d electrons a pixel, over 1e6 samples",
    (electrons) => {
      const { mean, variance } = moments(electrons);
      const expected = electrons / CAMERA.gain;
      const noise = (CAMERA.readNoise / CAMERA.gain) ** 2 + 1 / 12;
      const law = (expected * q) / CAMERA.gain + noise;
      // Five standard errors: of a mean sqrt(v / n), of a variance v sqrt((kurtosis - 1) / n).
      const kurtosis = 3 + (q * q * q * electrons) / (CAMERA.gain ** 4 * law * law);
      expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(law / n) + 5e-4);
      expect(Math.abs(variance / law - 1)).toBeLessThan(5 * Math.sqrt((kurtosis - 1) / n) + 5e-4);
    },
  );

  test.each([1, 5, 16, 20, 40, 150])(
    "is Poisson's and not Gauss's at %d electrons: it is as skew",
    (electrons) => {
      const { variance, skewness } = moments(electrons);
      const expected = (electrons * q * q) / CAMERA.gain ** 3 / variance ** 1.5;
      expect(Math.abs(skewness - expected)).toBeLessThan(0.015);
      expect(expected).toBeGreaterThan(0.09);
    },
  );

  test("has a mean in quarters of a count, with a sixteenth of the rounding, and the same saturation", () => {
    const written = (electrons: number) => {
      const numbers = new Uint16Array(n);
      const averaged = { samples: 4000, perCount: 4 };
      new Exposure(averaged, 11, electrons).record(new Float32Array(n).fill(electrons), numbers);
      return numbers;
    };
    const counts = Array.from(written(300), (c) => c / 4 - CAMERA.offset);
    const mean = counts.reduce((sum, c) => sum + c, 0) / n;
    const variance = counts.reduce((sum, c) => sum + (c - mean) ** 2, 0) / n;
    const law = electronVariance(300, 4000) / CAMERA.gain ** 2 + 1 / 16 / 12;
    expect(mean).toBeCloseTo(300 / CAMERA.gain, 2);
    expect(Math.abs(variance / law - 1)).toBeLessThan(0.01);
    expect(written(30_000)[0]).toBe(SATURATION);
  });

  test("has independent normal numbers: neighbors, lanes and frames know nothing of each other", () => {
    const frame = (seed: number) => {
      const counts = new Uint16Array(n);
      new Exposure({ samples: 1 }, seed, 4).record(new Float32Array(n).fill(2000), counts);
      return Float64Array.from(counts, (c) => (c - CAMERA.offset - 2000 / CAMERA.gain) / 115.1);
    };
    const [one, two] = [frame(1), frame(2)];
    const product = (lag: number, other = one) => {
      let sum = 0;
      for (let p = lag; p < n; p++) sum += one[p] * other[p - lag];
      return sum / (n - lag);
    };
    expect(product(0)).toBeCloseTo(1, 2);
    // Five standard errors of 1 / sqrt(n).
    for (const lag of [1, 2, 3, 4, 5, 7, 8, 16, 2048]) expect(Math.abs(product(lag))).toBeLessThan(5e-3);
    for (const lag of [0, 1, 4, 8]) expect(Math.abs(product(lag, two))).toBeLessThan(5e-3);
    const beyond = (sigma: number) => one.reduce((sum, z) => sum + (Math.abs(z) > sigma ? 1 : 0), 0) / n;
    // Two-sided tails of the normal distribution.
    expect(beyond(1) / 0.3173).toBeCloseTo(1, 1);
    expect(beyond(2) / 0.0455).toBeCloseTo(1, 1);
    expect(beyond(4) * n).toBeGreaterThan(63 - 40);
    expect(beyond(4) * n).toBeLessThan(63 + 40);
  });
});

describe("Bragg's law", () => {
  const { monochromator } = rock();
  const radians = (degrees: number) => (degrees * Math.PI) / 180;

  test("holds at every energy of the scan: 2 d sin angle = hc / E", () => {
    for (const energy of scanEnergies()) {
      monochromator.set(energy);
      const { angle, energy: read } = monochromator.read();
      const wavelength = HC_EV_ANGSTROM / energy;
      expect(Math.abs((2 * 3.1356 * Math.sin(radians(angle.value as number))) / wavelength - 1)).toBeLessThan(
        1e-12,
      );
      expect(read.value).toBeCloseTo(energy, 8);
    }
  });

  test("turns the swing of 1.51 deg at 0.09 Hz into 580 frames in 2.54 s", () => {
    const crossing = (energy: number) => {
      let [before, after] = [-1 / 0.36, 1 / 0.36];
      while (after - before > 1e-9) {
        const middle = (before + after) / 2;
        if (monochromator.energyAt(middle) > energy) before = middle;
        else after = middle;
      }
      return before;
    };
    const seconds = crossing(8266) - crossing(8878);
    expect(seconds).toBeCloseTo(2.54, 1);
    expect(seconds / (FRAMES / FRAME_RATE)).toBeCloseTo(1, 2);
    // The frames are evenly spaced in time.
    const energies = scanEnergies();
    for (const k of [0, 100, 290, 500, 579]) {
      const time = crossing(8878) + (seconds * k) / (FRAMES - 1);
      expect(Math.abs(monochromator.energyAt(time) - energies[k])).toBeLessThan(1e-3);
    }
  });

  test("goes down as it came up", () => {
    const half = 0.5 / 0.09;
    for (const t of [-2, -0.3, 0, 1, 2.5]) {
      expect(monochromator.angleAt(half - t)).toBeCloseTo(monochromator.angleAt(t), 9);
    }
    expect(monochromator.angleAt(half / 2) - monochromator.angleAt(-half / 2)).toBeCloseTo(1.51, 9);
  });

  test("disperses the energy over the image: the foil's edge lies where each row's shift puts it", () => {
    const grid = { rows: 3, columns: 1, pixelSize: 400 };
    const view = new View(resolveConfiguration("farther"), grid);
    const [open, foil] = [view.through({ kind: "open" }), view.through({ kind: "foil" })];
    const at = (sight: typeof open, energy: number) => {
      const out = new Float32Array(3);
      sight.at(energy);
      sight.electrons(view.light, 1, out);
      return out;
    };
    const half = [0, 1, 2].map((row) => {
      // First inflection of the foil: the steepest rise of its absorbance below 8336 eV.
      let [best, where] = [0, 0];
      for (let energy = 8326; energy < 8337; energy += 0.05) {
        const mu = (e: number) => Math.log(at(open, e)[row] / at(foil, e)[row]);
        const slope = mu(energy + 0.2) - mu(energy - 0.2);
        const nominal = energy + shiftOnGrid(grid)[row];
        if (nominal < 8335 && slope > best) [best, where] = [slope, energy];
      }
      return where;
    });
    // 0.4 mm between rows: 3.4 eV/mm, the other way round, as a ray of higher energy meets its edge earlier.
    expect(half[0] - half[1]).toBeCloseTo(1.36, 1);
    expect(half[1] - half[2]).toBeCloseTo(1.36, 1);
    expect(half[1] + shiftOnGrid(grid)[1]).toBeCloseTo(8333, 0);
  });
});

describe("the flux", () => {
  const fields = { farther: 512, closer: 400 } as const;
  const power = (map: Float64Array) => map.reduce((sum, rate) => sum + rate, 0) * 0.0065 ** 2;
  const grid = (columns: number) => ({ rows: 187, columns, pixelSize: 6.5 });

  test("goes from the source to the electrode with nothing lost but what each device says", () => {
    const steps = rock().budget();
    steps.slice(1).forEach(({ transmission, flux }, i) => {
      expect(flux).toBe(steps[i].flux * transmission);
      expect(transmission).toBeGreaterThan(0);
      expect(transmission).toBeLessThanOrEqual(1);
    });
    const behind = (device: string) => steps.find((step) => step.device === device)?.flux ?? Number.NaN;
    expect(behind("slits") / 1.041e12).toBeCloseTo(1, 4);
    expect(behind("cell before the electrode") / 8.22e11).toBeCloseTo(1, 2);
  });

  test("is the same in both configurations and wherever the cell stands", () => {
    expect(rock("closer").budget()).toEqual(rock("farther").budget());
    for (const name of ["farther", "closer"] as const) {
      expect(power(rock(name).doseRate(grid(fields[name])))).toBeCloseTo(14.615, 9);
    }
    for (const sampleDistance of [28, 28.7, 29.3, 30.5, 31.5]) {
      const beamline = rock(configure("farther", { sampleDistance }));
      expect(power(beamline.doseRate(grid(512)))).toBeCloseTo(14.615, 9);
    }
  });

  test("is concentrated by moving toward the focus", () => {
    const most = [28, 28.7, 29.3, 29.9, 31].map((sampleDistance) =>
      Math.max(...rock(configure("farther", { sampleDistance })).doseRate(grid(512))),
    );
    most.slice(1).forEach((rate, i) => {
      expect(rate).toBeGreaterThan(most[i]);
    });
    const calibrated = Math.max(...rock("farther").doseRate(grid(512)));
    expect(most[0] / calibrated).toBeCloseTo(1, 9);
    const closer = rock(configure("closer", { sampleDistance: 29.9 })).doseRate(grid(400));
    expect(Math.max(...closer)).toBeCloseTo(18.49, 2);
  });

  test("makes the dose rate that the layers' tables make of it, within 2 %", () => {
    // Mean over the scan, as in Eq. 3; the flux is held over it, as in Eq. 1.
    const energies = scanEnergies();
    const perFluence = rockCell().doseRatePerFluence(energies, "porous");
    const upstream = rockCell().upstream(energies);
    const mean = energies.reduce((sum, _, k) => sum + perFluence[k] / upstream[k] / energies.length, 0);
    // Gy m2/s to kGy mm2/s
    expect((8.22e11 * mean * 1e6 * 1e-3) / 14.615).toBeCloseTo(1, 1);
    expect(Math.abs((8.22e11 * mean * 1e3) / 14.615 - 1)).toBeLessThan(0.02);
  });
});

describe("the dose", () => {
  test("is flux times time, to 1e-9, for every place and every moment of the solver", () => {
    const timetable = timetableOf({});
    const rates = Float64Array.from([0.3, 3.61, 6.99]);
    const seen: { time: number; dose: number }[] = [];
    let step = 0;
    const past = [
      { spot: "C", start: -1320, end: 15_400 },
      { spot: "C", start: 16_000, end: 17_000.5 },
    ];
    new Electrode({ rows: 1, columns: 3, left: 0, top: 0, pitch: 1 }, rates, {
      timetable,
      past,
      damage: {
        ...damageModels.none,
        on: (map) => ({
          rates(drive, beam, out) {
            seen.push({ time: (step++ + 0.5) * 110, dose: map.values[2] * beam.exposure });
            damageModels.none.on(map).rates(drive, beam, out);
          },
        }),
      },
    });
    expect(seen).toHaveLength(212);
    // Simpson's rule is not needed: between two moments the dose grows by the rate times the time under beam.
    for (const [i, { time, dose }] of seen.entries()) {
      if (i === 0) expect(Math.abs(dose / (6.99 * (1320 + time)) - 1)).toBeLessThan(1e-9);
      else {
        const from = time - 110;
        const on = past.reduce(
          (sum, p) => sum + Math.max(0, Math.min(time, p.end) - Math.max(from, p.start)),
          0,
        );
        expect(Math.abs(dose - seen[i - 1].dose - 6.99 * on)).toBeLessThan(1e-9 * dose);
      }
    }
    expect(seen.at(-1)?.dose).toBeCloseTo(6.99 * (16_720 + 1000.5), 6);
  });
});

const built = fileURLToPath(new URL("../../dist/beamline/simulate.js", import.meta.url));

describe.skipIf(!existsSync(built))(
  `the bytes of a recording${existsSync(built) ? "" : " (skipped: dist is not built)"}`,
  () => {
    let root: string;
    beforeAll(() => {
      root = mkdtempSync(join(tmpdir(), "operandose-workers-"));
    });
    afterAll(() => rmSync(root, { recursive: true, force: true }));

    // "threshold": the kinetics are solved along the dose rate, and what a worker is sent has another form.
    test.each([undefined, "threshold" as const])(
      "are the same with one worker and with two, damage %s",
      async (damage) => {
        const { simulate } = (await import(built)) as { simulate: typeof Simulate };
        const contents = async (workers: number) => {
          const out = join(root, `${damage}-${workers}`);
          await simulate("farther", {
            scale: "tiny",
            seed: 2,
            only: ["ocv", "charge"],
            cubes: 120,
            workers,
            damage,
            out,
          });
          const files = readdirSync(out, { recursive: true, encoding: "utf8" }).sort();
          return files
            .filter((name) => statSync(join(out, name)).isFile())
            .map((name) => [name, readFileSync(join(out, name), "latin1")]);
        };
        const one = await contents(1);
        expect(one.length).toBeGreaterThan(8);
        expect(await contents(2)).toEqual(one);
      },
    );
  },
);

import { beforeEach, describe, expect, test } from "vitest";
import { resolveConfiguration } from "../../lib/beamline/configurations.js";
import { Exposure } from "../../lib/beamline/devices/exposure.js";
import { scanEnergies } from "../../lib/beamline/devices/monochromator.js";
import { CAMERA, electronVariance, flatElectrons, SATURATION } from "../../lib/beamline/devices/sensor.js";
import { diffract, grains } from "../../lib/beamline/devices/window.js";
import { erf } from "../../lib/beamline/erf.js";
import { pchip } from "../../lib/beamline/kinetics/pchip.js";
import { frameBuffer } from "../../lib/beamline/recording/frame-buffer.js";
import { tabulate, transmit } from "../../lib/beamline/recording/transmit.js";
import { type InBeam, View } from "../../lib/beamline/recording/view.js";
import { truth } from "../../lib/beamline/truth.js";
import { random } from "../../lib/compute/random.js";
import { ownKernels } from "../../lib/compute/wasm.js";
import { massAttenuation } from "../../lib/dose/attenuation.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { ask, peer } from "../support/peers.js";

describe("the beam", () => {
  const within = (map: Float64Array, low: number, high: number) =>
    map.filter((d) => d >= low && d < high).length;
  const mean = (map: Float64Array) => map.reduce((sum, d) => sum + d, 0) / map.length;

  test("has the farther focus' dose rates and numbers of pixels", () => {
    const { doseRate } = truth("farther");
    expect(Math.max(...doseRate)).toBeCloseTo(6.99, 2);
    expect(mean(doseRate)).toBeCloseTo(3.613, 3);
    expect(within(doseRate, 0.7, 1) / 7002).toBeCloseTo(1, 2);
    expect(within(doseRate, 6.7, 7) / 2293).toBeCloseTo(1, 2);
  });

  test("has the closer focus' dose rates and numbers of pixels", () => {
    const { doseRate } = truth("closer");
    expect(Math.max(...doseRate)).toBeCloseTo(18.49, 2);
    expect(Math.min(...doseRate)).toBeCloseTo(0.81, 2);
    expect(within(doseRate, 0.7, 1) / 1500).toBeCloseTo(1, 2);
  });

  test("brings the same power in both, on any grid", () => {
    for (const config of ["farther", "closer"] as const) {
      const fine = truth(config);
      const coarse = truth(config, { rows: 47, columns: fine.grid.columns / 4, pixelSize: 26 });
      expect(mean(fine.doseRate) * fine.doseRate.length * 0.0065 ** 2).toBeCloseTo(14.615, 9);
      expect(mean(coarse.doseRate) / mean(fine.doseRate)).toBeCloseTo(1, 2);
    }
  });

  test("gives the flat-field electrons of the detector's calibration", () => {
    expect(flatElectrons(7) / 1800).toBeCloseTo(1, 1);
    expect(flatElectrons(18.5) / 4800).toBeCloseTo(1, 1);
  });
});

describe("the monochromator", () => {
  test("scans 8878 to 8266 eV in 580 falling steps, small at the ends", () => {
    const energies = scanEnergies();
    const steps = Array.from(energies.subarray(1), (e, k) => energies[k] - e);
    expect([energies.length, energies[0], energies[579]]).toEqual([580, 8878, 8266]);
    expect(Math.min(...steps)).toBeGreaterThan(0.7);
    expect(Math.max(...steps)).toBeLessThan(1.2);
    expect(steps[0]).toBeCloseTo(0.77, 1);
  });
});

describe("the absorbers", () => {
  const about = truth("farther", "tiny");
  const inflection = (energies: Float64Array, mu: Float64Array) => {
    const slope = Array.from(mu.subarray(2), (m, i) => (m - mu[i]) / (energies[i + 2] - energies[i]));
    const first = slope.findIndex((s, i) => i > 0 && mu[i] > 0.1 && s > slope[i - 1] && s >= slope[i + 1]);
    return energies[first + 1];
  };
  const fine = (low: number, high: number) =>
    Float64Array.from({ length: (high - low) * 100 }, (_, i) => low + i / 100);

  test("have the foil's first inflection at 8333.0 eV", () => {
    const energies = fine(8320, 8350);
    expect(inflection(energies, about.foil(energies))).toBeCloseTo(8333, 1);
  });

  test("have half-edges at 8343.1, 8343.6 and 8345.0 eV", () => {
    const energies = fine(8338, 8350);
    const half = about.spectra(energies).map((mu) => energies[mu.findIndex((m) => m >= 0.5)]);
    [8343.1, 8343.6, 8345.0].forEach((e, i) => {
      expect(Math.abs(half[i] - e)).toBeLessThan(0.1);
    });
  });

  test("follow the tables below the edge and, on average, above it", () => {
    const cathode = rockCell().absorber;
    const step = (energies: number[]) => {
      const cell = about.absorbance(0, energies);
      const rest = energies.map((e, i) => cell[i] - cathode.opticalDepth(e));
      return rest.reduce((sum, r) => sum + r, 0) / rest.length + Math.log(rockCell().upstream(energies[0]));
    };
    // What is left is the part behind the electrode: 0.55 at 8390 eV, and smooth.
    const above = Array.from({ length: 400 }, (_, i) => 8450 + i);
    expect(Math.exp(-step([8280]))).toBeCloseTo(0.54, 1);
    expect(Math.exp(-step(above))).toBeCloseTo(0.58, 1);
    // The foil's arctangent still has 1 % of its step, 12 % of the background, 50 eV below the edge.
    const foil = (energy: number) =>
      about.foilAbsorbance([energy])[0] / (massAttenuation("Ni", energy) * 8.908 * 6e-4);
    expect(foil(8280)).toBeGreaterThan(1);
    expect(foil(8280)).toBeLessThan(1.12);
    expect(foil(8870)).toBeCloseTo(1, 1);
  });
});

describe("the light through an absorber", () => {
  const source = random(3);
  const n = 500;
  const shifts = 40;
  const light = Float32Array.from({ length: n }, () => 1000 * source.uniform());
  const fine = Float64Array.from({ length: 3 * shifts }, (_, i) =>
    i % 3 === 0 ? 0.8 + i / 2000 : 0.1 + i / 3000,
  );
  const shift = Float32Array.from({ length: n }, () => 38.9 * source.uniform());
  const c1 = Float32Array.from({ length: n }, () => source.uniform() / 2);
  const c2 = Float32Array.from({ length: n }, () => source.uniform() / 2);

  test.each([
    ["mixed from pixel to pixel", fine, null],
    ["the same everywhere", fine, { c1: 0.3, c2: 0.5 }],
    ["six times as deep", fine.map((d) => 6 * d), null],
  ])("is that of the plain formula, %s", (_, depths, same) => {
    const table = new Float32Array((same ? 2 : 8) * shifts);
    tabulate(depths, same, table);
    const out = new Float32Array(n);
    transmit(light, 0.99, { shift, table, mixture: same ? null : { c1, c2 } }, out);
    for (let p = 0; p < n; p++) {
      const g = Math.min(Math.floor(shift[p]), shifts - 2);
      const f = shift[p] - g;
      const at = (j: number) => depths[3 * g + j] * (1 - f) + depths[3 * g + 3 + j] * f;
      const depth = at(0) + (same ? same.c1 : c1[p]) * at(1) + (same ? same.c2 : c2[p]) * at(2);
      // float32 holds the depth to 6e-8 of itself; transmissions are linear between shifts, depths here.
      expect(Math.abs(out[p] / (light[p] * 0.99 * Math.exp(-depth)) - 1)).toBeLessThan(3e-6);
    }
  });

  test("is all of it where there is nothing", () => {
    const out = new Float32Array(n);
    transmit(light, 1, null, out);
    expect(out).toEqual(light);
  });
});

describe.skipIf(!ownKernels())("the compiled frame buffer", () => {
  const configuration = resolveConfiguration("farther");
  // No multiple of eight pixels.
  const view = new View(configuration, { rows: 37, columns: 203, pixelSize: 16.25 });
  const state = {
    grid: { rows: 2, columns: 2, left: -1, top: -0.3, pitch: 1 },
    c1: Float32Array.from([1, 0, 0.3, 0.2]),
    c2: Float32Array.from([0, 0.5, 0.7, 1e-9]),
  };
  const scenes: InBeam[] = [{ kind: "open" }, { kind: "foil" }, { kind: "sample", state }];

  test.each(scenes)("gives the bits of the plain one, $kind", (inBeam) => {
    const sight = view.through(inBeam);
    const buffers = [
      frameBuffer(view.light.length, view.shifts),
      frameBuffer(view.light.length, view.shifts, null),
    ];
    for (const one of buffers) one.light.set(view.light);
    for (const [samples, brightness, energy] of [
      [1, 1, 8300],
      [1, 0.01, 8350],
      [1, 0, 8400],
      [4000, 1, 8700],
      [1, 40, 8350],
    ]) {
      sight.at(energy);
      for (const one of buffers) one.expose(brightness, sight.depths, new Exposure({ samples }, 3, energy));
      expect(buffers[0].counts).toEqual(buffers[1].counts);
    }
  });
});

describe("the camera", () => {
  const n = 40_000;
  const record = (electrons: number, samples: number, seed = 5) => {
    const out = new Uint16Array(n);
    new Exposure({ samples }, seed, 1, 2).record(new Float32Array(n).fill(electrons), out);
    return out;
  };
  const moments = (counts: Uint16Array) => {
    let [sum, square] = [0, 0];
    for (const c of counts) {
      sum += (c - CAMERA.offset) * CAMERA.gain;
      square += ((c - CAMERA.offset) * CAMERA.gain) ** 2;
    }
    return { mean: sum / n, variance: square / n - (sum / n) ** 2 };
  };

  // 3 and 12 electrons are few quanta and drawn as Poisson numbers; the rest as Gaussians.
  test.each([0, 3, 12, 60, 500, 5000])("has the variance of %d electrons", (electrons) => {
    const { mean, variance } = moments(record(electrons, 1));
    // Rounding to whole counts adds a twelfth of a count squared.
    const expected = electronVariance(electrons, 1) + CAMERA.gain ** 2 / 12;
    expect(Math.abs(mean - electrons)).toBeLessThan(4 * Math.sqrt(expected / n));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.04);
  });

  test("averages binned pixels and cubes", () => {
    const { mean, variance } = moments(record(400, 36));
    expect(mean).toBeCloseTo(400, 0);
    expect(variance / (electronVariance(400, 36) + CAMERA.gain ** 2 / 12)).toBeCloseTo(1, 1);
  });

  test("does not write beyond its full well", () => {
    expect(Math.max(...record(40_000, 100))).toBe(SATURATION);
  });

  test("repeats itself for a key and only for it", () => {
    expect(record(100, 1)).toEqual(record(100, 1));
    expect(record(100, 1)).not.toEqual(record(100, 1, 6));
  });
});

describe("the window", () => {
  test("takes 5 to 40 % where a grain diffracts, and nothing in other frames", () => {
    const grid = { rows: 400, columns: 1000, pixelSize: 3.25 };
    const list = grains(3.2, 1.2, 580, 1, 2);
    expect(list).toHaveLength(60);
    for (const grain of list.slice(0, 10)) {
      const light = new Float32Array(grid.rows * grid.columns).fill(1);
      diffract(grain, grain.first - 1, grid, light);
      diffract(grain, grain.first + grain.frames, grid, light);
      expect(light.every((l) => l === 1)).toBe(true);
      diffract(grain, grain.first, grid, light);
      const lost = 1 - light.reduce((least, l) => Math.min(least, l), 1);
      expect(lost).toBeGreaterThan(0.02);
      expect(lost).toBeLessThan(0.4);
    }
  });
});

describe("the mathematics, against SciPy", () => {
  beforeEach(peer("scipy"));

  test("has the same error function", () => {
    const x = [-7, -3.2, -1, -0.01, 0, 0.3, 1.7, 2.5, 4.4, 5.9];
    const expected = ask<number[]>(
      `from scipy.special import erf\nprint(json.dumps(list(erf(${JSON.stringify(x)}))))`,
    );
    x.forEach((at, i) => {
      expect(erf(at)).toBeCloseTo(expected[i], 14);
    });
  });

  test("has the same monotone interpolation", () => {
    const x = [0, 0.5, 1.2, 2, 3.5, 4];
    const y = [1, 1.1, 3, 3, 2.5, 6];
    const at = Array.from({ length: 81 }, (_, i) => i / 20);
    const code = `from scipy.interpolate import PchipInterpolator as P\nprint(json.dumps(list(P(${JSON.stringify(x)},${JSON.stringify(y)})(${JSON.stringify(at)}))))`;
    const expected = ask<number[]>(code);
    const curve = pchip(x, y);
    at.forEach((point, i) => {
      expect(curve(point)).toBeCloseTo(expected[i], 12);
    });
  });
});

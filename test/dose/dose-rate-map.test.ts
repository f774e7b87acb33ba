import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { Beam } from "../../lib/dose/beam.js";
import { type Convention, conventions } from "../../lib/dose/convention.js";
import { DoseRateAccumulator, doseRateMap } from "../../lib/dose/dose-rate-map.js";
import { rockCell } from "../../lib/dose/rock-cell.js";
import { ArgumentError, DataError, ShapeError } from "../../lib/errors.js";
import { JOULE_PER_EV } from "../../lib/units.js";

const stack = rockCell();
const energies = [8878, 8600, 8390, 8335, 8331, 8266];
const [nE, h, w] = [energies.length, 5, 7];
const flux = 1.041e12;
const pixelSize = 6.5;

/** Counts with noise, some of them negative. */
function counts(seed: number): Float64Array {
  const { uniform, normal } = random(seed);
  return Float64Array.from({ length: nE * h * w }, () => 400 * uniform() ** 2 + 15 * normal());
}
const flat = { data: counts(1), shape: [nE, h, w] as [number, number, number] };
const settings = { flat, energies, stack, flux, pixelSize };
const frame = (k: number) => flat.data.subarray(k * h * w, (k + 1) * h * w);
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
const mean = (values: number[]) => sum(values) / values.length;

/** Eqs. 1-3 as they stand. */
function plain(convention: "dense" | "porous", pixel: number): number {
  const rho = convention === "dense" ? 4716 : 0.64 * 4716; // kg/m3
  const rates = energies.map((energy, k) => {
    const onCathode = (frame(k)[pixel] / sum(frame(k))) * flux * stack.upstream(energy);
    const absorbed = 1 - stack.transmission(energy) / stack.upstream(energy);
    return (energy * JOULE_PER_EV * absorbed * onCathode) / ((pixelSize * 1e-6) ** 2 * 10e-6 * rho);
  });
  return mean(rates);
}

describe("doseRateMap", () => {
  test.each(["dense", "porous"] as const)("is Eqs. 1-3 (%s)", (convention) => {
    const map = doseRateMap({ ...settings, convention });
    for (let pixel = 0; pixel < h * w; pixel++) {
      expect(map.get(Math.floor(pixel / w), pixel % w) / plain(convention, pixel)).toBeCloseTo(1, 10);
    }
  });

  test("is [height, width], knows its convention, and is porous unless told", () => {
    const map = doseRateMap(settings);
    expect([map.rows, map.columns, map.convention]).toEqual([h, w, "porous"]);
    expect(map.to2DArray()).toEqual(doseRateMap({ ...settings, convention: "porous" }).to2DArray());
    expect(doseRateMap({ ...settings, convention: "phase" }).convention).toBe("phase");
  });

  test.each(["dense", "composite", "porous"] as const)("conserves energy to 1e-9 (%s)", (convention) => {
    const mass = stack.absorber.arealMass(convention) * (pixelSize * 1e-6) ** 2;
    const absorbed = sum(doseRateMap({ ...settings, convention }).to1DArray()) * mass;
    const upstream = stack.upstream(energies);
    const expected = mean(
      energies.map(
        (e, k) => flux * upstream[k] * (1 - stack.transmission(e) / upstream[k]) * e * JOULE_PER_EV,
      ),
    );
    expect(Math.abs(absorbed / expected - 1)).toBeLessThan(1e-9);
  });

  test.each(conventions)("an even field gives what stack.dose gives for the same beam (%s)", (convention) => {
    const even = { data: new Float64Array(nE * h * w).fill(100), shape: flat.shape };
    const beam = new Beam({ energy: energies, flux, width: w * pixelSize, height: h * pixelSize });
    const { doseRate } = stack.dose(beam)[3];
    const expected = convention === "phase" ? doseRate.phase.solid : doseRate[convention];
    expect(doseRateMap({ ...settings, flat: even, convention }).get(2, 3) / expected).toBeCloseTo(1, 10);
  });

  test("scales as it must: twice the flux twice, half the pixel four times, brighter frames not at all", () => {
    const ratio = (change: object) =>
      doseRateMap({ ...settings, ...change }).get(1, 1) / doseRateMap(settings).get(1, 1);
    expect(ratio({ flux: 2 * flux })).toBeCloseTo(2, 12);
    expect(ratio({ flux: new Array(nE).fill(flux) })).toBeCloseTo(1, 12);
    expect(ratio({ pixelSize: pixelSize / 2 })).toBeCloseTo(4, 12);
    expect(
      ratio({ flat: { ...flat, data: flat.data.map((c, i) => c * (1 + Math.floor(i / (h * w)))) } }),
    ).toBeCloseTo(1, 10);
  });

  test("the order of the energies does not matter", () => {
    const data = Float64Array.from(energies.flatMap((_, k) => Array.from(frame(nE - 1 - k))));
    const turned = doseRateMap({ ...settings, energies: [...energies].reverse(), flat: { ...flat, data } });
    expect(turned.get(3, 3) / doseRateMap(settings).get(3, 3)).toBeCloseTo(1, 12);
  });

  test("takes matrices, nested arrays, plain and typed flat arrays alike", () => {
    const matrices = energies.map((_, k) => Matrix.from1DArray(h, w, Array.from(frame(k))));
    const expected = doseRateMap(settings).to2DArray();
    expect(doseRateMap({ ...settings, flat: matrices }).to2DArray()).toEqual(expected);
    expect(doseRateMap({ ...settings, flat: matrices.map((m) => m.to2DArray()) }).to2DArray()).toEqual(
      expected,
    );
    // Plain arrays are summed by other loops, in another order.
    const untyped = doseRateMap({ ...settings, flat: { ...flat, data: Array.from(flat.data) } }).to1DArray();
    expected.flat().forEach((v, p) => {
      expect(Math.abs(untyped[p] / v - 1)).toBeLessThan(1e-13);
    });
    expect(doseRateMap({ ...settings, stack: stack.toJSON() }).to2DArray()).toEqual(expected);
  });

  test("a pixel that is invalid at one energy is NaN, and leaves its flux to the others", () => {
    const data = flat.data.slice();
    data[2 * h * w + 8] = Number.NaN;
    data[3 * h * w + 8] = Number.POSITIVE_INFINITY;
    const map = doseRateMap({ ...settings, flat: { ...flat, data } }).to1DArray();
    expect(map.flatMap((rate, p) => (Number.isNaN(rate) ? [p] : []))).toEqual([8]);
    // dead at every energy: the valid pixels take all of the absorbed power
    for (let k = 0; k < nE; k++) data[k * h * w + 8] = Number.NaN;
    const dead = doseRateMap({ ...settings, flat: { ...flat, data } }).to1DArray();
    const total = sum(doseRateMap(settings).to1DArray());
    expect(sum(dead.filter((rate) => !Number.isNaN(rate))) / total).toBeCloseTo(1, 12);
  });

  test("noise below zero stays, so that the light of the others is not overrated", () => {
    const data = new Float64Array(nE * h * w).fill(100);
    for (let k = 0; k < nE; k++) data[k * h * w] = -10;
    const map = doseRateMap({ ...settings, flat: { ...flat, data } });
    expect(map.get(0, 0) / map.get(0, 1)).toBeCloseTo(-0.1, 12);
    const even = doseRateMap({
      ...settings,
      flat: { ...flat, data: new Float64Array(data.length).fill(100) },
    });
    expect(sum(map.to1DArray()) / sum(even.to1DArray())).toBeCloseTo(1, 12);
  });

  const dark = { ...flat, data: flat.data.map((c, i) => (Math.floor(i / (h * w)) === 4 ? -1 : c)) };
  const invalid = {
    ...flat,
    data: flat.data.map((c, i) => (Math.floor(i / (h * w)) === 4 ? Number.NaN : c)),
  };
  test.each([
    [
      { flat: dark },
      DataError,
      "expected a flat-field frame with light, got a sum of -35 counts at k = 4 (8331 eV)",
    ],
    [{ flat: invalid }, DataError, "got a sum of 0 counts at k = 4 (8331 eV)"],
    [
      { energies: [8390] },
      ShapeError,
      "expected one flat-field frame per energy, got 6 frames and 1 energies",
    ],
    [{ energies: undefined }, ShapeError, "got 6 frames and undefined energies"],
    [
      { energies: energies.map((e) => e / 1000) },
      ArgumentError,
      "got 8.878; this looks like keV; did you mean 8878?",
    ],
    [{ flat: { ...flat, shape: [nE, h, w + 1] } }, ShapeError, "got 210 values for [6,5,8]"],
    [{ flat: [] }, ArgumentError, "expected flat as a matrix per energy or { data, shape }, got []"],
    [{ flat: "I0" }, ArgumentError, 'got "I0"'],
    [
      { flat: [[[1, 2]], [[1]]], energies: [8300, 8400] },
      ShapeError,
      "expected frames of 1 x 2, got 1 x 1 at k = 1",
    ],
    [{ flux: -1 }, ArgumentError, "expected flux >= 0 ph/s, got -1"],
    [{ flux: [flux] }, ShapeError, "expected one flux, or one for each of 6 energies"],
    [{ pixelSize: 0 }, ArgumentError, "expected pixelSize > 0 um, got 0"],
    [{ stack: undefined }, ArgumentError, "expected { layers, absorber, tables }, got undefined"],
    [
      { convention: "wet" },
      ArgumentError,
      'expected convention as dense | composite | porous | phase, got "wet"',
    ],
  ])("refuses %#", (change, type, message) => {
    const options = { ...settings, ...change } as unknown as typeof settings;
    expect(() => doseRateMap(options)).toThrow(type);
    expect(() => doseRateMap(options)).toThrow(message);
  });
});

test("both refuse a call without settings", () => {
  for (const none of [undefined, null, 5]) {
    expect(() => doseRateMap(none as never)).toThrow(ArgumentError);
    expect(() => doseRateMap(none as never)).toThrow(
      new RegExp(`doseRateMap: expected (options )?{ flat.*, energies.*, got ${none}`),
    );
    expect(() => new DoseRateAccumulator(none as never)).toThrow(
      /DoseRateAccumulator: expected (options )?{ shape.*, energies/,
    );
  }
});

describe("DoseRateAccumulator", () => {
  const start = (convention?: Convention) =>
    new DoseRateAccumulator({ shape: [h, w], energies, stack, flux, pixelSize, convention });

  test("frames in any order give the same map", () => {
    const accumulator = start();
    for (const k of [3, 0, 5, 1, 4, 2]) accumulator.add(k, frame(k));
    const expected = doseRateMap(settings).to1DArray();
    accumulator.finish().forEach((rate, p) => void expect(rate / expected[p]).toBeCloseTo(1, 12));
    expect(accumulator.convention).toBe("porous");
    expect(start("dense").convention).toBe("dense");
  });

  test("each frame once, each of its size, and all of them", () => {
    const accumulator = start();
    accumulator.add(0, frame(0));
    expect(() => accumulator.add(0, frame(0))).toThrow("expected each frame once, got k = 0 a second time");
    expect(() => accumulator.add(6, frame(0))).toThrow("expected an index below 6, got 6");
    expect(() => accumulator.add(-1, frame(0))).toThrow("got -1");
    expect(() => accumulator.add(1, [1, 2])).toThrow("expected 35 counts (5 x 7), got 2 at k = 1");
    expect(() => accumulator.finish()).toThrow(
      "expected a frame for each of 6 energies, got none at k = 1 (8600 eV)",
    );
  });

  test("a refused frame leaves no trace", () => {
    const accumulator = start();
    expect(() => accumulator.add(0, new Float64Array(h * w))).toThrow(DataError);
    const fresh = start();
    for (const sum of [accumulator, fresh]) for (let k = 0; k < nE; k++) sum.add(k, frame(k));
    expect(accumulator.finish()).toEqual(fresh.finish());
  });

  const kinds: readonly ((values: ArrayLike<number>) => ArrayLike<number>)[] = [
    (values) => Float64Array.from(values),
    (values) => Float32Array.from(values),
    (values) => Array.from(values),
  ];

  test("nor do the frames that were given with it, compiled or plain", () => {
    const dark = new Float64Array(h * w);
    for (const from of kinds) {
      const accumulator = start();
      const given = (k: number): ArrayLike<number> => from(k === 2 ? dark : frame(k));
      expect(() => accumulator.addMany(0, [0, 1, 2].map(given))).toThrow("at k = 2 (8390 eV)");
      const fresh = start();
      for (const sum of [accumulator, fresh]) for (let k = 0; k < nE; k++) sum.add(k, frame(k));
      expect(accumulator.finish()).toEqual(fresh.finish());
    }
  });

  test("energies without flux bring no dose, also the first of those that are added together", () => {
    for (const from of kinds) {
      const data = from(flat.data);
      const some = energies.map((_, k) => (k < 3 ? 0 : flux));
      const map = doseRateMap({ ...settings, flat: { ...flat, data }, flux: some }).to1DArray();
      const late = doseRateMap({
        ...settings,
        flat: { data: flat.data.subarray(3 * h * w), shape: [3, h, w] },
        energies: energies.slice(3),
      }).to1DArray();
      map.forEach((rate, p) => void expect(Math.abs(rate / (late[p] / 2) - 1)).toBeLessThan(1e-6));
      const dark = doseRateMap({ ...settings, flat: { ...flat, data }, flux: 0 }).to1DArray();
      expect(dark.every((rate) => rate === 0)).toBe(true);
    }
  });

  test("refuses a shape that is none", () => {
    const options = { energies, stack, flux, pixelSize };
    expect(() => new DoseRateAccumulator({ ...options, shape: [0, 7] })).toThrow(
      "expected shape [height, width]",
    );
    expect(() => new DoseRateAccumulator({ ...options, energies: [], shape: [5, 7] })).toThrow(
      "array of energies in eV",
    );
  });
});

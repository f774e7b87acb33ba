// Mistakes that were found by looking, each of which gave a wrong number without a word.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { DataError, FileError } from "../../lib/errors.js";
import { type EdfInput, writeEdf } from "../../lib/io/edf.js";
import { openExperiment, writeExperiment } from "../../lib/io/experiment.js";
import { type SmallExperiment, smallExperiment } from "../support/small-experiment.js";

let small: SmallExperiment;
let folder: string;
beforeAll(() => {
  small = smallExperiment({ nTimes: 3 });
  folder = mkdtempSync(join(tmpdir(), "operandose-regressions-"));
});
afterAll(() => {
  rmSync(small.folder, { recursive: true });
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(small.folder, name);
/** The small experiment as files without a manifest. */
const loose = () => ({
  sample: at("cube-*.edf"),
  flat: at("flat*.edf"),
  foil: at("foil.edf"),
  dark: at("dark.edf"),
  flux: 1e12,
  pixelSize: 6.5,
  edge: "Ni K",
});
const stack = { layers: [{ name: "Cathode", solid: { formula: "LiNiO2", density: 4.716 }, thickness: 10 }] };

/** A tiny cube of constant counts. */
async function constant(
  name: string,
  counts: number,
  header: EdfInput["header"],
  size = 8,
  type = Float32Array,
): Promise<string> {
  const path = join(folder, name);
  const frames = [8300, 8400].map((energy) => ({
    header: { energy, ...header },
    shape: [size, size] as [number, number],
    data: new type(size * size).fill(counts),
  }));
  await writeEdf(path, frames);
  return path;
}

describe("maps that are kept", () => {
  test("are made anew when the energies, the dark or the saturation change", async () => {
    const energies = small.energies;
    const shift = (e: number[]) =>
      Cube.load({ ...loose(), energies: e })
        .calibrate({ degree: 1 })
        .absorb()
        .bin(2)
        .map("shift");
    const [before, after] = [await shift(energies), await shift(energies.map((e) => e + 3))];
    expect(after.statistics().mean - before.statistics().mean).toBeCloseTo(-3, 2);
    const rate = (o: object) =>
      Cube.load({ ...loose(), ...o })
        .doseRate(stack)
        .map("doseRate");
    // One pixel has the full scale of 16 bits: it counts only where that is asked for.
    const plain = (await rate({ saturation: Number.POSITIVE_INFINITY })).statistics();
    expect((await rate({ dark: undefined })).statistics().min).not.toBe(plain.min);
    expect((await rate({ saturation: 60000 })).statistics().n).toBe(plain.n - 1);
    expect((await rate({})).statistics().n).toBe(plain.n - 1);
  });

  test("survive somebody else's cancelling", async () => {
    const cube = Cube.load(loose()).calibrate({ degree: 1 }).absorb().bin(3); // nobody asked for this map before
    const stop = new AbortController();
    const [cancelled, other] = [cube.map("shift", { signal: stop.signal }), cube.map("shift")];
    stop.abort(new Error("enough"));
    await expect(cancelled).rejects.toThrow("enough");
    expect((await other).statistics().n).toBe(24);
  });
});

describe("scaling to one exposure and ring current", () => {
  const full = { exposure_time: 0.02, ring_current: 500 };
  const value = async (flat: string, sample: string): Promise<number> =>
    (await Cube.load({ sample, flat }).absorb().spectrum()).values[0];

  test("uses each of the two where both headers have it", async () => {
    const [flat, sample] = [
      await constant("f1.edf", 1000, full),
      await constant("s1.edf", 250, { exposure_time: 0.01, ring_current: 250 }),
    ];
    expect(await value(flat, sample)).toBeCloseTo(0, 6);
    const [noCurrent, half] = [
      await constant("f2.edf", 1000, { exposure_time: 0.02 }),
      await constant("s2.edf", 500, { exposure_time: 0.01 }),
    ];
    expect(await value(noCurrent, half)).toBeCloseTo(0, 6);
    expect(await value(await constant("f3.edf", 1000, {}), await constant("s3.edf", 500, {}))).toBeCloseTo(
      Math.log(2),
      6,
    );
  });

  test("refuses to guess where only one of them has it", async () => {
    const [flat, sample] = [
      await constant("f4.edf", 1000, full),
      await constant("s4.edf", 500, { exposure_time: 0.02 }),
    ];
    await expect(value(flat, sample)).rejects.toThrow("expected ring_current > 0 in frame 0, as in");
    await expect(value(flat, sample)).rejects.toThrow(FileError);
  });

  test("refuses frames that were recorded without beam", async () => {
    const recorded = async (name: string, currents: readonly number[]): Promise<string> => {
      const path = join(folder, name);
      const frames = currents.map((ring_current, k) => ({
        header: { energy: 8300 + 50 * k, ring_current },
        shape: [8, 8] as [number, number],
        data: new Float32Array(64).fill(1000),
      }));
      await writeEdf(path, frames);
      return path;
    };
    const good = await recorded("f9.edf", [100, 99, 98]);
    const dumped = await recorded("s9.edf", [100, 0.01, 98]);
    await expect(value(good, dumped)).rejects.toThrow(/s9.edf: .* in frame 1, got 0.01 mA, which is no beam/);
    const none = await recorded("s11.edf", [100, 0, 98]);
    await expect(value(good, none)).rejects.toThrow(/s11.edf: .* in frame 1, got 0 mA, which is no beam/);
    await expect(value(dumped, good)).rejects.toThrow("s9.edf: expected a ring current near 98 mA");
    await expect(value(good, await recorded("s10.edf", [0.01, 0.01, 0.01]))).rejects.toThrow(
      "without beam, or its current has another unit",
    );
    // Another filling of the ring is scaled for.
    expect(await value(good, await recorded("s11.edf", [16, 16, 15]))).toBeCloseTo(Math.log(16 / 100), 6);
  });

  test("does not depend on which time step is asked for", async () => {
    const cube = Cube.load(small.folder);
    const all = await cube.compute();
    for (const time of [0, 2]) {
      const image = await cube.image({ energy: small.energies[40], time });
      expect(Array.from(image.values.slice(0, 20))).toEqual(Array.from(all.image(time, 40).slice(0, 20)));
    }
  });
});

describe("what does not belong together", () => {
  test("a cube on another energy axis is refused, whatever its length", async () => {
    const flat = await constant("f5.edf", 1000, {});
    const other = join(folder, "s5.edf");
    const data = new Float32Array(64).fill(500);
    await writeEdf(
      other,
      [8400, 8300].map((energy) => ({ header: { energy }, shape: [8, 8] as [number, number], data })),
    );
    await expect(Cube.load({ sample: other, flat }).absorb().spectrum()).rejects.toThrow(
      "expected the 2 energies 8400 to 8300 eV that the cube was loaded with, got 2 energies 8300 to 8400 eV",
    );
  });

  test("energies that are not in order are refused at the call", () => {
    const energies = [...small.energies];
    [energies[3], energies[40]] = [energies[40], energies[3]];
    expect(() => Cube.load({ ...loose(), energies })).toThrow("strictly monotonic");
  });

  test("misspelt options and prototypes are not taken for parts", () => {
    expect(() => Cube.load({ ...loose(), pixelsize: 9 } as never)).toThrow(
      'an option "pixelsize"; did you mean "pixelSize"?',
    );
    expect(() => Cube.load(small.folder, { part: "toString" })).toThrow('got "toString"');
    expect(() =>
      Cube.load(small.folder)
        .doseRate()
        .mask([0, 1], { of: "toString" as never }),
    ).toThrow('got "toString"');
  });

  test("a dose-rate map is not taken for a dose map", async () => {
    const cube = Cube.load(small.folder).absorb().average().doseRate().normalize();
    const fit = await cube.fit(small.species);
    const rate = await cube.map("doseRate");
    expect(() => fit.against(rate)).toThrow('expected a dose map in Gy, got "Dose rate" in "Gy/s"');
    expect(() => fit.threshold(rate, "Cp2")).toThrow("expected a dose map in Gy");
  });

  test("components that are NaN or mixtures of each other are refused for single cubes too", async () => {
    const cube = Cube.load(small.folder).absorb().average().normalize();
    const [a, b] = small.species;
    await expect(cube.fit([a, b, a.map((v, k) => (v + b[k]) / 2)])).rejects.toThrow(DataError);
    await expect(cube.fit([a, b.map((v, k) => (k === 5 ? Number.NaN : v))])).rejects.toThrow(DataError);
  });
});

test("counts beyond 16 bits do not overflow in a bin", async () => {
  const [flat, sample] = [await constant("f6.edf", 4e38 / 4, {}, 14), await constant("s6.edf", 5e37, {}, 14)];
  const { values } = await Cube.load({ sample, flat }).absorb().bin(7).spectrum();
  expect(values[0]).toBeCloseTo(Math.log(2), 5);
});

test("each recording has the dark that was recorded with it", async () => {
  const own = join(folder, "own-dark");
  const { manifest } = openExperiment(small.folder);
  mkdirSync(own);
  for (const f of [
    "flat1.edf",
    "flat2.edf",
    "foil.edf",
    "cube-0.edf",
    "cube-1.edf",
    "cube-2.edf",
    "dark.edf",
  ]) {
    copyFileSync(at(f), join(own, f));
  }
  await writeEdf(join(own, "zero.edf"), [{ shape: [13, 18], data: new Uint16Array(13 * 18) }]);
  const { flat, dark } = manifest.parts;
  const zero = { ...dark, files: [{ ...dark.files[0], path: "zero.edf" }] };
  writeExperiment(own, { ...manifest, parts: { ...manifest.parts, zero, flat: { ...flat, dark: "zero" } } });
  const [same, other] = await Promise.all(
    [small.folder, own].map((f) =>
      Cube.load(f)
        .absorb()
        .average()
        .spectrum({ pixel: [9, 6] }),
    ),
  );
  const [a, b] = [same.values[0], other.values[0]];
  expect(b).toBeGreaterThan(a);
});

test("the plan survives as JSON, open intervals included", () => {
  const cube = Cube.load(small.folder).doseRate().mask([0.5, Number.POSITIVE_INFINITY]);
  expect(JSON.parse(JSON.stringify(cube.steps))).toEqual(cube.steps);
  expect(cube.explain()).toContain("[0.5, Infinity) kGy/s");
});

test("cropping away the foil's edge is refused at the call", () => {
  expect(() =>
    Cube.load(small.folder)
      .calibrate()
      .crop({ energy: [8500, 8800] }),
  ).toThrow("keep the foil's edge at 8333 eV");
});

test("a count beyond float32 is saturated, not an infinite absorbance", async () => {
  const energies = [8300, 8350, 8400];
  const path = join(folder, "huge.edf");
  const frames = (huge: number) =>
    energies.map((energy) => ({
      header: { energy },
      shape: [1, 2] as const,
      data: Float64Array.of(1000, energy === 8350 ? huge : 1000),
    }));
  const flat = join(folder, "huge-flat.edf");
  await writeEdf(flat, frames(1000));
  for (const huge of [1e300, 1e39, Number.MAX_VALUE]) {
    await writeEdf(path, frames(huge));
    for (const saturation of [undefined, Number.POSITIVE_INFINITY]) {
      const cube = Cube.load({ sample: path, flat, ...(saturation && { saturation }) });
      const image = await cube.absorb().image({ energy: 8350 });
      expect(Array.from(image.values)).toEqual([0, Number.NaN]);
      expect(image.invalid).toMatchObject({ saturated: 1, nonPositive: 0 });
    }
  }
});

test("counts above 2^24 are good to 6e-8 of their value, also above a large dark", async () => {
  const place = (name: string) => join(folder, `wide-${name}.edf`);
  const write = (name: string, counts: readonly number[]) =>
    writeEdf(
      place(name),
      [8300, 8350, 8400].map((energy) => ({
        header: { energy },
        shape: [1, 3] as const,
        data: Uint32Array.from(counts),
      })),
    );
  const sample = [2 ** 24 + 1, 2 ** 31 + 129, 4_000_000_001];
  const dark = [0, 2 ** 31 - 20_000_000, 3_999_999_000];
  await write("sample", sample);
  await write("dark", dark);
  const cube = Cube.load({ sample: place("sample"), dark: place("dark") });
  const { values } = await cube.image({ energy: 8350 });
  // Half of the distance between neighboring float32 numbers: 2^-24, or 6e-8 relative.
  values.forEach((value, p) => {
    expect(Math.abs(value / (sample[p] - dark[p]) - 1)).toBeLessThanOrEqual(2 ** -24);
  });
});

test("files on another axis than the manifest's, or than the sample's, are refused with both axes", async () => {
  const own = join(folder, "other-axis");
  mkdirSync(own);
  const experiment = openExperiment(small.folder);
  for (const part of Object.values(experiment.manifest.parts)) {
    for (const { path } of part.files) copyFileSync(at(path), join(own, path));
  }
  const energies = small.energies.map((e) => e + 3);
  writeExperiment(own, { ...experiment.manifest, energies });
  const cube = Cube.load(own).doseRate(stack, { flux: 1e12 }).calibrate();
  for (const work of [() => cube.map("doseRate"), () => cube.map("shift"), () => cube.absorb().spectrum()]) {
    await expect(work()).rejects.toThrow(
      `expected the 150 energies ${energies[0]} to ${energies[149]} eV that the cube was loaded with, got 150 energies ${small.energies[0]} to`,
    );
  }
  // Energies that are given correct those of the headers, by up to 15 eV.
  const corrected = Cube.load({ ...loose(), energies }).doseRate(stack);
  expect(Number.isFinite((await corrected.map("doseRate")).statistics().mean)).toBe(true);
});

// The potentiostat's record: from an experiment or from a file, and the part of it with constant current.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { ArgumentError, DataError, SchemaError, ShapeError } from "../../lib/errors.js";
import { loadSpectra } from "../../lib/io/chamber-spectra.js";
import { loadElectrochemistry } from "../../lib/io/electrochemistry.js";
import { galvanostaticPart } from "../../lib/io/galvanostatic.js";
import { writeMpt } from "../../lib/io/mpt.js";

const folder = mkdtempSync(join(tmpdir(), "operandose-echem-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Ten minutes at rest, two hours at 0.5 mA, then a current that decays. */
const time = Float64Array.from({ length: 200 }, (_, i) => 60 * i);
const current = time.map((t) => (t < 600 ? 0 : t <= 7800 ? 0.5 : 0.5 * Math.exp(-(t - 7800) / 600)));
const voltage = time.map((t) => 3.4 + t / 20_000);

describe("loadElectrochemistry", () => {
  test("reads a file without an experiment, on the clock that is asked for", async () => {
    const path = join(folder, "cell.mpt");
    await writeMpt(path, { columns: { "time/s": time, "Ewe/V": voltage, "<I>/mA": current } });
    const plain = await loadElectrochemistry(path);
    expect(plain.time[10]).toBe(600);
    expect(plain.current?.[50]).toBeCloseTo(0.5, 6);
    const moved = await loadElectrochemistry(path, { start: -600 });
    expect(moved.time[10]).toBe(0);
    expect(Array.from(moved.voltage)).toEqual(Array.from(plain.voltage));
  });
});

describe("what EC-Lab calls voltage, current and time", () => {
  const load = async (columns: Record<string, number[]>, options = {}) => {
    const path = join(folder, "names.mpt");
    writeMpt(path, { columns });
    return loadElectrochemistry(path, options);
  };

  test.each<[string, number]>([
    ["Ewe/V", 3.5],
    ["<Ewe>/V", 3.5],
    ["<Ewe/V>", 3.5],
    ["Ewe/mV", 3500],
    ["Ewe-Ece/V", 3.5],
    ["<Ewe-Ece>/V", 3.5],
    ["Ecell/V", 3.5],
    ["<Ecell>/V", 3.5],
    ["Ewe/V vs. Li", 3.5],
  ])("%s", async (name, value) => {
    expect((await load({ "time/s": [0], [name]: [value] })).voltage[0]).toBeCloseTo(3.5, 12);
  });

  test.each<[string, number]>([
    ["<I>/mA", 0.5],
    ["I/mA", 0.5],
    ["<I/mA>", 0.5],
    ["I/A", 0.0005],
    ["<I>/\xb5A", 500],
    ["I/uA", 500],
    ["I/nA", 500_000],
    ["control/mA", 0.5],
  ])("%s", async (name, value) => {
    const { current } = await load({ "time/s": [0], "Ewe/V": [3.5], [name]: [value] });
    expect(current?.[0]).toBeCloseTo(0.5, 12);
  });

  test("takes the measured current before the one that was set, and hours as such", async () => {
    const cell = await load({
      "time/h": [1],
      "control/mA": [9],
      "Ewe/V": [3.5],
      "I/mA": [0.5],
      "control/V/mA": [7],
    });
    expect([cell.time[0], cell.current?.[0]]).toEqual([3600, 0.5]);
    expect((await load({ "time/s": [1], "Ewe/V": [3.5], "control/V/mA": [7] })).current).toBeUndefined();
  });

  test("refuses units that it does not know, and misspelt options", async () => {
    await expect(load({ "time/s": [0], "Ewe/V": [3.5], "I/kA": [1] })).rejects.toThrow(
      /I in mA, A, .*got the column "I\/kA"/,
    );
    await expect(load({ "time/s": [0], "Ewe/V": [3.5] }, { strt: 1 })).rejects.toThrow(
      /did you mean "start"\?/,
    );
    await expect(load({ "time/s": [0], "Ewe/V": [3.5] }, { start: null })).rejects.toThrow(ArgumentError);
  });

  test("several runs in one file: their number is told, and one can be chosen", async () => {
    const columns = {
      "time/s": [0, 10, 0, 10, 20, 5],
      "Ewe/V": [3, 3.5, 3.6, 3.7, 3.8, 3.9],
      "I/mA": [1, 1, 1, 1, 1, 1],
    };
    await expect(load(columns)).rejects.toThrow(
      /got 0 s after 10 s in row 3 of .*; the file holds 3 runs: choose one with \{ run: 1 \} to \{ run: 3 \}/,
    );
    const { time, voltage } = await load(columns, { run: 2, start: 100 });
    expect([Array.from(time), Array.from(voltage)]).toEqual([
      [100, 110, 120],
      [3.6, 3.7, 3.8],
    ]);
    await expect(load(columns, { run: 4 })).rejects.toThrow(/run from 1 to 3, got 4/);
    await expect(load({ ...columns, "time/s": [0, 1, Number.NaN, 3, 4, 5] })).rejects.toThrow(
      /a time in every row, got none in row 3/,
    );
  });

  test("time that stands still, or jitters within a millisecond, is one run", async () => {
    const { time } = await load({ "time/s": [0, 10, 10, 9.9999, 20], "Ewe/V": [1, 1, 1, 1, 1] });
    expect(time).toHaveLength(5);
  });
});

test.each([5, null, [], {}, undefined])("loadElectrochemistry and loadSpectra refuse %j", async (value) => {
  await expect(loadElectrochemistry(value as never)).rejects.toThrow("expected an experiment, got");
  await expect(loadSpectra(value as never)).rejects.toThrow("expected an experiment, got");
});

describe("galvanostaticPart", () => {
  test.each<unknown>(["", "0.5", true, [[1]], new Date(0), 1n])("refuses %s among the numbers", (value) => {
    const record = { time: [0, 1, 2, 3], voltage: [3, 3, 3, 3], current: [1, 1, value, 1] };
    expect(() => galvanostaticPart(record as never)).toThrow(DataError);
    expect(() => galvanostaticPart(record as never)).toThrow("expected numbers in current, got");
  });

  const t = Float64Array.from({ length: 100 }, (_, i) => 10 * i);
  const volts = t.map(() => 3.5);
  const part = (i: Float64Array) => galvanostaticPart({ time: t, voltage: volts, current: i });
  const rest = (k: number) => k < 5;

  test.each<[string, number]>([
    ["half as much again", 1.5],
    ["a glitch", 1e6],
    ["negative", -40],
    ["missing", Number.NaN],
    ["a short rest", 0],
  ])("a spike neither ends the part nor counts: %s", (_, spike) => {
    const found = part(t.map((_, k) => (rest(k) ? 0 : k === 30 ? spike : 1)));
    expect(found.time).toHaveLength(95);
    // 940 s at 1 mA; a rest of one row took up to 10 s of it.
    expect(Math.abs(found.charge[94] - 940 / 3600)).toBeLessThanOrEqual(10 / 3600 + 1e-12);
    expect(found.spikes).toBe(spike === 0 ? 0 : 1);
    expect(found.charge.every((q, k) => k === 0 || q >= found.charge[k - 1])).toBe(true);
  });

  test("noise does not end the part, and averages out", () => {
    const draw = random(7);
    for (const sigma of [0.001, 0.01, 0.05]) {
      const found = part(t.map((_, k) => (rest(k) ? 0 : 1 + sigma * draw.normal())));
      expect(found.time).toHaveLength(95);
      // Four standard errors of a mean over 94 rows.
      expect(Math.abs(found.charge[94] * 3600 - 940)).toBeLessThan((4 * sigma * 940) / Math.sqrt(94));
    }
    const wave = part(t.map((_, k) => (rest(k) ? 0 : 1 + 0.05 * Math.sin(1.7 * k))));
    expect(wave.charge[94]).toBeCloseTo(940 / 3600, 3);
  });

  test("is not held up by a spike that is higher than the plateau, at rest or after it", () => {
    const found = part(t.map((_, k) => (k === 2 ? 25 : rest(k) || k > 90 ? 0 : 1)));
    expect([found.time[0], found.time.at(-1)]).toEqual([50, 900]);
  });

  test("scales with the current", () => {
    const base = part(t.map((_, k) => (rest(k) ? 0 : 1))).charge;
    const twice = part(t.map((_, k) => (rest(k) ? 0 : 2))).charge;
    for (const [k, q] of twice.entries()) expect(q).toBeCloseTo(2 * base[k], 12);
  });

  test("null, as JSON has it for NaN, is a missing value", () => {
    const record = { time: [0, 10, 20, 30], voltage: [3, 3, 3, 3], current: [1, null, 1, 1] };
    const found = galvanostaticPart(record as never);
    expect([found.charge[3], found.spikes]).toEqual([30 / 3600, 1]);
  });

  test("refuses times that go back, and columns of different length", () => {
    const record = {
      time: Float64Array.of(0, 10, 0, 10),
      voltage: new Float64Array(4),
      current: Float64Array.of(1, 1, 1, 1),
    };
    expect(() => galvanostaticPart(record)).toThrow(DataError);
    expect(() => galvanostaticPart(record)).toThrow(/got 0 s after 10 s in row 3; choose one run/);
    expect(() => galvanostaticPart({ ...record, voltage: new Float64Array(3) })).toThrow(ShapeError);
  });

  test("keeps what was recorded at constant current, with the charge passed", () => {
    const part = galvanostaticPart({ time, voltage, current });
    expect([part.time[0], part.time[part.time.length - 1]]).toEqual([600, 7800]);
    expect(part.charge[0]).toBe(0);
    expect(part.charge[part.charge.length - 1]).toBeCloseTo(0.5 * 2, 9);
    expect(part.voltage[0]).toBe(voltage[10]);
  });

  test("takes the first such part, where the current comes back", () => {
    const again = current.map((i, k) => (k > 180 ? 0.5 : i));
    expect(galvanostaticPart({ time, voltage, current: again }).time.at(-1)).toBe(7800);
  });

  test("refuses a record without a charging current", () => {
    expect(() => galvanostaticPart({ time, voltage })).toThrow(SchemaError);
    expect(() => galvanostaticPart({ time, voltage, current: current.map((i) => -i) })).toThrow(
      "galvanostaticPart: expected a record with a charging current, got none above zero",
    );
  });
});

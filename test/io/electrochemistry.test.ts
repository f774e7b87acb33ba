// The potentiostat's record: from an experiment or from a file, and the part of it with constant current.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SchemaError } from "../../lib/errors.js";
import { galvanostaticPart, loadElectrochemistry } from "../../lib/io/electrochemistry.js";
import { writeMpt } from "../../lib/io/mpt.js";

const folder = mkdtempSync(join(tmpdir(), "operandose-echem-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Ten minutes at rest, two hours at 0.5 mA, then a current that decays. */
const time = Float64Array.from({ length: 200 }, (_, i) => 60 * i);
const current = time.map((t) => (t < 600 ? 0 : t <= 7800 ? 0.5 : 0.5 * Math.exp(-(t - 7800) / 600)));
const voltage = time.map((t) => 3.4 + t / 20_000);

describe("loadElectrochemistry", () => {
  it("reads a file without an experiment, on the clock that is asked for", async () => {
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

describe("galvanostaticPart", () => {
  it("keeps what was recorded at constant current, with the charge passed", () => {
    const part = galvanostaticPart({ time, voltage, current });
    expect([part.time[0], part.time[part.time.length - 1]]).toEqual([600, 7800]);
    expect(part.charge[0]).toBe(0);
    expect(part.charge[part.charge.length - 1]).toBeCloseTo(0.5 * 2, 9);
    expect(part.voltage[0]).toBe(voltage[10]);
  });

  it("takes the first such part, where the current comes back", () => {
    const again = current.map((i, k) => (k > 180 ? 0.5 : i));
    expect(galvanostaticPart({ time, voltage, current: again }).time.at(-1)).toBe(7800);
  });

  it("refuses a record without a charging current", () => {
    expect(() => galvanostaticPart({ time, voltage })).toThrow(SchemaError);
    expect(() => galvanostaticPart({ time, voltage, current: current.map((i) => -i) })).toThrow(
      "galvanostaticPart: expected a record with a charging current, got none above zero",
    );
  });
});

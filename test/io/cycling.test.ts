// Several records on one clock, tables of cyclers, half cycles, C-rates and dQ/dV.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ArgumentError, DataError, FileError, SchemaError, ShapeError } from "../../lib/errors.js";
import { americanDateIn, dateIn, elapsedIn } from "../../lib/io/clock.js";
import { cyclerNames, cyclerRecipes } from "../../lib/io/cycler-recipe.js";
import { halfCycles, incrementalCapacity } from "../../lib/io/cycling.js";
import { loadElectrochemistry } from "../../lib/io/electrochemistry.js";
import { read } from "../../lib/io/read.js";
import { peer, shared } from "../support/peers.js";

const folder = mkdtempSync(join(tmpdir(), "operandose-cycling-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** An EC-Lab text as the program writes it, with the date of its acquisition. */
const mpt = (name: string, started: string | null, time: number[], current = 1): string => {
  const header = [
    "",
    "Constant Current",
    ...(started === null ? [] : [`Acquisition started on : ${started}`]),
    "",
  ];
  const rows = time.map((t) => [t, 3.5 + t / 1e4, current].map((n) => n.toExponential(9)).join("\t"));
  const lines = [...header, "time/s\tEwe/V\t<I>/mA"];
  return put(
    name,
    `EC-Lab ASCII FILE\nNb header lines : ${lines.length + 2}\n${[...lines, ...rows].join("\n")}\n`,
  );
};

describe("several files on one clock", () => {
  test("by the dates in their headers, in any order, over midnight", async () => {
    const a = mpt("a.mpt", "07/26/2022 23:59:00.500", [0, 10, 20]);
    const b = mpt("b.mpt", "07/27/2022 00:00:00.500", [0, 10], -2);
    const cell = await loadElectrochemistry([b, a], { start: 100 });
    expect(Array.from(cell.time)).toEqual([100, 110, 120, 160, 170]);
    expect(Array.from(cell.current ?? [])).toEqual([1, 1, 1, -2, -2]);
    expect(cell.breaks).toEqual([3]);
    const [first, second, ...others] = halfCycles(cell);
    expect(others).toEqual([]);
    expect([first.kind, second.kind]).toEqual(["charge", "discharge"]);
    // Nothing is counted between the files.
    expect(second.capacity).toBeCloseTo((2 * 10) / 3600, 12);
  });

  test("techniques of one experiment, whose times run on from file to file", async () => {
    const began = "07/26/2022 22:00:00.000";
    const cell = await loadElectrochemistry([mpt("t1.mpt", began, [0, 10]), mpt("t2.mpt", began, [10, 20])]);
    expect(Array.from(cell.time)).toEqual([0, 10, 10, 20]);
  });

  test("files that overlap, tell no date, or one in another order, are refused; start sets each", async () => {
    const a = mpt("a.mpt", "07/26/2022 10:00:00", [0, 10, 20]);
    const b = mpt("b.mpt", "07/26/2022 10:00:05", [0, 10]);
    await expect(loadElectrochemistry([a, b])).rejects.toThrow("to begin after the last row of");
    for (const started of [null, "26/07/2022 10:00:30", "02/30/2022 10:00:30", "yesterday"]) {
      const c = mpt("c.mpt", started, [0, 10]);
      await expect(loadElectrochemistry([a, c])).rejects.toThrow(
        /Acquisition started on.*none that is understood/,
      );
      const { time } = await loadElectrochemistry([a, c], { start: [0, 50] });
      expect(Array.from(time)).toEqual([0, 10, 20, 50, 60]);
    }
    for (const start of [[0], [0, Number.NaN], null, "1"]) {
      await expect(loadElectrochemistry([a, b], { start: start as never })).rejects.toThrow(ArgumentError);
    }
    await expect(loadElectrochemistry(a, { start: [0] })).rejects.toThrow("start in s");
    for (const list of [[], [1], [""], [null]]) {
      await expect(loadElectrochemistry(list as never)).rejects.toThrow(ArgumentError);
    }
  });
});

describe("tables of cyclers", () => {
  const arbin = [
    "Data_Point,Date_Time,Test_Time(s),Step_Index,Current(A),Voltage(V),Charge_Capacity(Ah)",
    "1,2025-03-27 10:00:00,0,1,0.001,3.5,0",
    "2,2025-03-27 10:00:10,10.0,1,0.001,3.6,0.1",
    "",
  ].join("\n");

  test("Arbin: recognized, in our units, with its date", async () => {
    const path = put("arbin.csv", arbin);
    const { time, voltage, current } = await loadElectrochemistry(path, { start: 5 });
    expect([Array.from(time), Array.from(voltage), Array.from(current ?? [])]).toEqual([
      [5, 15],
      [3.5, 3.6],
      [1, 1],
    ]);
    expect(await read(path)).toMatchObject({
      format: "cycler",
      recipe: "arbin",
      started: Date.UTC(2025, 2, 27, 10) / 1000,
    });
    const later = put("arbin2.csv", arbin.replaceAll("10:00", "11:00"));
    const both = await loadElectrochemistry([later, path]);
    expect(Array.from(both.time)).toEqual([0, 10, 3600, 3610]);
  });

  test("Neware: total time as h:mm:ss, lines before the labels, words and signs in other columns", async () => {
    const rows = [
      "Channel 3,,,,,,,",
      "DataPoint,Cycle Index,Step Type,Time,Total Time,Current(mA),Voltage(V),Date",
      "1,1,CC Chg,00:00:00,00:00:00,0.5,3.5,2025-03-27 10:00:00",
      "2,1,Rest,00:00:00,25:00:02.5,-0.5,3.6,2025-03-28 11:00:02",
    ];
    const { time, current } = await loadElectrochemistry(put("neware.csv", `${rows.join("\r\n")}\r\n`));
    expect([Array.from(time), Array.from(current ?? [])]).toEqual([
      [0, 90_002.5],
      [0.5, -0.5],
    ]);
  });

  test("semicolons and decimal commas; times of h:mm:ss do not decide the decimal sign", async () => {
    const rows = [
      "DataPoint;Total Time;Current(mA);Voltage(V)",
      "1;0:00:00,5;0,51;3,51",
      "2;0:00:10,0;0,52;3,62",
    ];
    const { time, voltage } = await loadElectrochemistry(put("comma.csv", rows.join("\n")));
    expect([Array.from(time), Array.from(voltage)]).toEqual([
      [0.5, 10],
      [3.51, 3.62],
    ]);
  });

  test("a column recipe of one's own", async () => {
    const recipe = put(
      "own.json",
      JSON.stringify({
        format: "operandose-columns",
        version: 1,
        name: "own",
        title: "own",
        time: { names: ["t"], unit: "h" },
        voltage: { names: ["E"], unit: "mV" },
        current: { names: ["I"], unit: "uA" },
      }),
    );
    const path = put("own.csv", "t,E,I,note\n1,3500,1000,x\n2,3600,1000,y\n");
    const { time, voltage, current } = await loadElectrochemistry(path, { recipe });
    expect([Array.from(time), Array.from(voltage), Array.from(current ?? [])]).toEqual([
      [3600, 7200],
      [3.5, 3.6],
      [1, 1],
    ]);
    await expect(loadElectrochemistry(path)).rejects.toThrow("give { recipe }");
    await expect(loadElectrochemistry(path, { recipe: "arbn" })).rejects.toThrow('did you mean "arbin"?');
    const bad = put(
      "bad.json",
      JSON.stringify({ format: "operandose-columns", version: 1, name: "x", title: "x" }),
    );
    await expect(loadElectrochemistry(path, { recipe: bad })).rejects.toThrow("time: expected an object");
    await expect(loadElectrochemistry(path, { recipe: put("no.json", "[") })).rejects.toThrow("in JSON");
  });

  test.each<[string, string, string]>([
    [
      "a time that restarts with each step",
      "Time,Current(mA),Voltage(V)\n0:00:00,1,3\n",
      "expected a line with the columns",
    ],
    ["a word in place of a number", arbin.replace("3.6", "open"), "a number"],
    ["a unit that is none", arbin.replace("Current(A)", "Current(kA)"), "in one of mA, A"],
    ["a row that is cut short", arbin.replace("10.0,1,0.001,3.6,0.1", "10"), "7 cells, as there are labels"],
    ["no rows", arbin.split("\n")[0], "rows of numbers, got none"],
    ["time that goes back", arbin.replace("10.0,1", "-10.0,1"), "times that do not go back"],
    ["a time of no clock", arbin.replace("10.0,1", "0:61:00,1"), "a number"],
  ])("%s is refused", async (_, text, words) => {
    const path = put("wrong.csv", text);
    await expect(loadElectrochemistry(path)).rejects.toThrow(FileError);
    await expect(loadElectrochemistry(path)).rejects.toThrow(words);
  });

  test("recipes of the library are valid and named as their files", () => {
    expect(cyclerRecipes().map(({ name }) => name)).toEqual(cyclerNames());
  });
});

describe("clocks", () => {
  test.each<[string, number | undefined]>([
    ["0:00:10", 10],
    ["25:00:02.5", 90_002.5],
    ["1-02:03:04", 86_400 + 7384],
    ["1:60:00", undefined],
    ["10", undefined],
    ["", undefined],
  ])("%j is %s s", (text, seconds) => {
    expect(elapsedIn(text)).toBe(seconds);
  });

  test("dates: year first, or month first as EC-Lab has it; what is none is undefined", () => {
    const expected = Date.UTC(2022, 6, 26, 22, 38, 30) / 1000 + 0.19;
    expect(dateIn("2022-07-26 22:38:30.190")).toBeCloseTo(expected, 6);
    expect(americanDateIn("07/26/2022 22:38:30.190")).toBeCloseTo(expected, 6);
    for (const text of ["26/07/2022 22:38:30", "07/26/2022", "2022-13-01 00:00:00", "07/26/2022 24:00:00"]) {
      expect(americanDateIn(text)).toBeUndefined();
    }
    expect(dateIn("07/26/2022 22:38:30")).toBeUndefined();
  });
});

describe("half cycles and dQ/dV", () => {
  // A charge at 2 mA for an hour, a rest of half an hour, a discharge at 1 mA for an hour.
  const time = Float64Array.from({ length: 151 }, (_, k) => 60 * k);
  const current = time.map((t) => (t <= 3600 ? 2 : t <= 5400 ? 0 : -1));
  const voltage = time.map((t) => (t <= 3600 ? 3.5 + t / 7200 : t <= 5400 ? 4 : 4 - (t - 5400) / 7200));
  const cell = { time, voltage, current };

  test("capacity, mean current and C-rate", () => {
    const cycles = halfCycles(cell, { nominalCapacity: 2 });
    expect(cycles.map(({ kind }) => kind)).toEqual(["charge", "rest", "discharge"]);
    const [charge, , discharge] = cycles;
    expect([charge.capacity, charge.current, charge.rate]).toEqual(
      [2, 2, 1].map((n) => expect.closeTo(n, 9)),
    );
    expect([discharge.capacity, discharge.current, discharge.rate]).toEqual(
      [1, -1, 0.5].map((n) => expect.closeTo(n, 9)),
    );
    expect([discharge.start, discharge.end]).toEqual([5400, 9000]);
    expect(halfCycles(cell)[0].rate).toBeUndefined();
  });

  test("the sum of dQ is the capacity for every step; a linear voltage has a constant dQ/dV", () => {
    const [{ rows, capacity }] = halfCycles(cell);
    for (const step of [0.001, 0.01, 0.037, 1]) {
      const { voltage: at, dQdV } = incrementalCapacity(cell, { rows, step });
      const total = dQdV.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value * step), 0);
      expect(total).toBeCloseTo(capacity, 9);
      expect(at.every((v, k) => k === 0 || v > at[k - 1])).toBe(true);
    }
    const { dQdV } = incrementalCapacity(cell, { rows, step: 0.01 });
    // 2 mAh over 0.5 V.
    for (const value of dQdV.slice(1, -1)) expect(value).toBeCloseTo(4, 9);
    const [, , { rows: back }] = halfCycles(cell);
    expect(incrementalCapacity(cell, { rows: back, step: 0.05 }).dQdV[5]).toBeCloseTo(-2, 9);
  });

  test("a plateau is a peak where the voltage is", () => {
    const flat = time.map((_, k) => (k < 50 ? 3.5 + k / 1000 : 3.5505));
    const rows = [0, 61] as const;
    const { voltage: at, dQdV } = incrementalCapacity(
      { time, voltage: flat, current },
      { rows, step: 0.001 },
    );
    expect(at[dQdV.indexOf(Math.max(...dQdV))]).toBeCloseTo(3.5505, 9);
  });

  test("what is no half cycle, and no record, is refused", () => {
    expect(() => incrementalCapacity(cell, { step: 0.01 })).toThrow(DataError);
    const broken = { ...cell, breaks: [30] };
    expect(() => incrementalCapacity(broken, { step: 0.01, rows: [0, 61] })).toThrow("rows of several files");
    expect(halfCycles(broken)).toHaveLength(4);
    for (const step of [0, -1, Number.NaN, undefined, 1e-9]) {
      expect(() => incrementalCapacity(cell, { step: step as number, rows: [0, 61] })).toThrow(ArgumentError);
    }
    for (const rows of [[0, 1], [5, 2], [0, 1000], [0.5, 9], "all"]) {
      expect(() => incrementalCapacity(cell, { step: 0.01, rows: rows as never })).toThrow(ArgumentError);
    }
    expect(() => halfCycles({ time, voltage })).toThrow(SchemaError);
    expect(() => halfCycles({ time, voltage: voltage.slice(1), current })).toThrow(ShapeError);
    expect(() => halfCycles({ ...cell, current: current.map((i, k) => (k === 3 ? Number.NaN : i)) })).toThrow(
      DataError,
    );
    expect(() => halfCycles({ ...cell, time: time.toReversed() })).toThrow("times that do not go back");
    for (const value of [0, -1, "2", Number.NaN]) {
      expect(() => halfCycles(cell, { nominalCapacity: value as number })).toThrow(ArgumentError);
    }
    expect(() => halfCycles(null as never)).toThrow("expected a record");
  });

  test("a real record: its own capacity column agrees", async (context) => {
    peer("../shared/data/rock-lno")(context);
    const path = shared("../shared/data/rock-lno/220726cell4operandoxas_C06.mpt" as never);
    const cell = await loadElectrochemistry([path]);
    const content = await read(path);
    if (content.format !== "mpt") throw new Error("no EC-Lab text");
    const total = content.columns["(Q-Qo)/mA.h"];
    const passed = halfCycles(cell).reduce(
      (sum, { capacity, current }) => sum + Math.sign(current) * capacity,
      0,
    );
    const own = total[total.length - 1] - total[0];
    // EC-Lab integrates between rows, too: 1 % of the charge.
    expect(Math.abs(passed / own - 1)).toBeLessThan(0.01);
  });
});

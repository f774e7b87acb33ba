import { describe, expect, test } from "vitest";
import { exposureTime } from "../../lib/dose/exposure.js";
import { ArgumentError } from "../../lib/errors.js";

// The paper's spot C: 22 min at open circuit, the charge, 600 s of the hold; and a fresh spot at the end.
const history = [
  { spot: "C", start: 0, end: 15_400 },
  { spot: "C", start: -1320, end: 0 },
  { spot: "B", start: 24_624, end: 25_224 },
  { spot: "C", start: 24_024, end: 24_624 },
];

describe("exposureTime", () => {
  test("adds the intervals of one spot: 17 320 s on spot C", () => {
    expect(exposureTime(history, "C")).toBe(17_320);
    expect(exposureTime(history, "B")).toBe(600);
  });

  test.each([
    [-5000, 0],
    [-1320, 0],
    [-1000, 320],
    [0, 1320],
    [100.5, 1420.5],
    [20_000, 16_720],
    [1e9, 17_320],
  ])("until %d s: %d s", (until, expected) => expect(exposureTime(history, "C", until)).toBe(expected));

  test("counts overlapping intervals once, other spots never", () => {
    const overlapping = [
      { spot: "C", start: 10, end: 30 },
      { spot: "C", start: 0, end: 20 },
      { spot: "C", start: 12, end: 15 },
      { spot: "A", start: 0, end: 100 },
    ];
    expect(exposureTime(overlapping, "C")).toBe(30);
    expect(exposureTime(overlapping, "C", 14)).toBe(14);
  });

  test("does not change or order the history", () => {
    const copy = structuredClone(history);
    exposureTime(history, "C");
    expect(history).toEqual(copy);
  });

  test("a spot without beam is an empty interval", () => {
    expect(exposureTime([...history, { spot: "A", start: 0, end: 0 }], "A")).toBe(0);
  });

  test.each([
    [history, "D", undefined, 'expected a spot of the exposure history ("C", "B"), got "D"'],
    [[], "C", undefined, "(none)"],
    [[{ spot: "C", start: 5, end: 4 }], "C", undefined, "start <= end in s"],
    [[...history, { spot: "A", start: 5, end: Number.NaN }], "C", undefined, "at index 4"],
    [history, "C", Number.NaN, "expected until in s, got NaN"],
    [undefined, "C", undefined, "expected an array of { spot, start, end }, got undefined"],
  ])("refuses %#", (intervals, spot, until, message) => {
    expect(() => exposureTime(intervals as typeof history, spot, until)).toThrow(ArgumentError);
    expect(() => exposureTime(intervals as typeof history, spot, until)).toThrow(message);
  });
});

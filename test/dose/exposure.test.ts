import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
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
    [[null], "C", undefined, "expected { spot, start, end } with start <= end in s, got null at index 0"],
    [history, "C", Number.NaN, "expected until in s, got NaN"],
    [undefined, "C", undefined, "expected an array of { spot, start, end }, got undefined"],
  ])("refuses %#", (intervals, spot, until, message) => {
    expect(() => exposureTime(intervals as typeof history, spot, until)).toThrow(ArgumentError);
    expect(() => exposureTime(intervals as typeof history, spot, until)).toThrow(message);
  });
});

describe("exposureTime and time itself", () => {
  const anyHistory = fc.array(
    fc
      .record({
        spot: fc.constantFrom("A", "B", "C"),
        start: fc.integer({ min: -50, max: 50 }),
        length: fc.integer({ min: 0, max: 30 }),
      })
      .map(({ spot, start, length }) => ({ spot, start, end: start + length })),
    { minLength: 1, maxLength: 12 },
  );
  /** The seconds in which some interval of the spot is on, counted one by one. */
  const counted = (intervals: typeof history, spot: string, until: number) => {
    let seconds = 0;
    for (let t = -60; t < 90; t++) {
      if (t + 1 <= until && intervals.some((i) => i.spot === spot && i.start <= t && t + 1 <= i.end))
        seconds++;
    }
    return seconds;
  };

  test("gaps do not count, overlaps count once: as counted second by second", () => {
    fc.assert(
      fc.property(anyHistory, fc.integer({ min: -60, max: 90 }), (intervals, until) => {
        for (const spot of new Set(intervals.map((i) => i.spot))) {
          expect(exposureTime(intervals, spot, until)).toBe(counted(intervals, spot, until));
        }
      }),
    );
  });

  test("the order of the history, and cutting an interval in two, change nothing", () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(), (intervals, seed) => {
        const { uniform } = random(seed);
        const pieces = intervals.flatMap((i) => {
          const at = i.start + uniform() * (i.end - i.start);
          return [
            { ...i, end: at },
            { ...i, start: at },
          ];
        });
        const shuffled = pieces.map((i) => ({ i, key: uniform() })).sort((a, b) => a.key - b.key);
        const { spot } = intervals[0];
        const whole = exposureTime(intervals, spot);
        expect(
          exposureTime(
            shuffled.map(({ i }) => i),
            spot,
          ),
        ).toBeCloseTo(whole, 9);
      }),
    );
  });

  test("grows with time, and never faster than time", () => {
    let before = exposureTime(history, "C", -2000);
    for (let t = -2000; t < 26_000; t += 250) {
      const now = exposureTime(history, "C", t + 250);
      expect(now).toBeGreaterThanOrEqual(before);
      expect(now - before).toBeLessThanOrEqual(250);
      before = now;
    }
  });

  test("beam that nothing recorded counts: 1400 cubes of 2.54 s in 11 s are 15 400 s of dose, not 3556", () => {
    const recorded = Array.from({ length: 1400 }, (_, i) => ({
      spot: "C",
      start: 11 * i,
      end: 11 * i + 2.54,
    }));
    expect(exposureTime(recorded, "C")).toBeCloseTo(3556, 6);
    // the monochromator swings back with the beam on
    const unrecorded = recorded.map(({ end }, i) => ({ spot: "C", start: end, end: 11 * (i + 1) }));
    expect(exposureTime([...recorded, ...unrecorded], "C")).toBeCloseTo(15_400, 6);
    expect(exposureTime([{ spot: "C", start: 0, end: 15_400 }, ...recorded], "C")).toBe(15_400);
  });
});

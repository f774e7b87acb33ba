// Numbers and times in sentences.
import { describe, expect, test } from "vitest";
import { duration, percent, short, timeUnit } from "../../lib/compute/format.js";

describe("numbers in sentences", () => {
  test("have significant digits, without zeros at the end", () => {
    expect(short(0.12345)).toBe("0.123");
    expect(short(2500)).toBe("2500");
    expect(percent(0.05)).toBe("5 %");
  });

  test("times have the unit in which they are read", () => {
    expect([0.5, 119, 120, 7199, 7200, 86_400].map((t) => duration(t))).toEqual([
      "0.5 s",
      "119 s",
      "2 min",
      "120 min",
      "2 h",
      "24 h",
    ]);
    expect(timeUnit(3600)).toEqual({ unit: "min", seconds: 60 });
  });
});

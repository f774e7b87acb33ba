import { describe, expect, test } from "vitest";
import { ArgumentError } from "../lib/errors.js";
import { checkOptions, didYouMean, type OptionNames, oneOf } from "../lib/options.js";

interface Options {
  reference?: number;
  degree?: number;
}
const NAMES: OptionNames<Options> = { reference: true, degree: true };

describe("checkOptions", () => {
  test("returns known options, and none for undefined", () => {
    expect(checkOptions("calibrate", { degree: 2 }, NAMES)).toEqual({ degree: 2 });
    expect(checkOptions("calibrate", undefined, NAMES)).toEqual({});
    expect(checkOptions("calibrate", { degree: undefined }, NAMES)).toEqual({ degree: undefined });
  });

  test("names the option that was probably meant", () => {
    expect(() => checkOptions("calibrate", { refrence: 1 } as Options, NAMES)).toThrow(
      'calibrate: expected options { reference?, degree? }, got an option "refrence"; did you mean "reference"?',
    );
    expect(() => checkOptions("calibrate", { DEGREE: 1 } as Options, NAMES)).toThrow(/did you mean "degree"/);
  });

  test("offers no name that is another word", () => {
    expect(() => checkOptions("calibrate", { color: 1 } as Options, NAMES)).toThrow(/correct or drop it/);
  });

  test("knows no option by inheritance", () => {
    for (const name of ["toString", "constructor", "__proto__"]) {
      const options = Object.fromEntries([[name, 1]]) as Options;
      expect(() => checkOptions("calibrate", options, NAMES)).toThrow(ArgumentError);
    }
  });

  test.each([null, 3, "degree", [2], new Float64Array(2)])("refuses %s as options", (options) => {
    expect(() => checkOptions("calibrate", options as Options, NAMES)).toThrow(ArgumentError);
  });
});

describe("oneOf", () => {
  test("returns a known name and refuses others with the closest", () => {
    expect(oneOf("mask", "of", "dose", ["dose", "doseRate"])).toBe("dose");
    expect(() => oneOf("mask", "of", "dosrate", ["dose", "doseRate"])).toThrow(
      'mask: expected of as dose | doseRate, got "dosrate"; did you mean "doseRate"?',
    );
    expect(() => oneOf("mask", "of", 3, ["dose"])).toThrow(/got 3; correct or drop it/);
  });
});

describe("didYouMean", () => {
  test("takes the closest of several", () => {
    expect(didYouMean("konvention", ["convention", "conversion"])).toBe('did you mean "convention"?');
  });
});

// Checks of exercises: the answer is compared with the value that the library computes.
import { ArgumentError, DataError, quote } from "../errors.js";
import { checkOptions, type OptionNames } from "../options.js";

/** An answer: a number, a word (or the letter of a choice), or a boolean. */
export type Answer = number | string | boolean;

/** Options of the comparison. */
export interface ExerciseOptions {
  /** Tolerance in the unit of the number; required for numbers, invalid for others. */
  readonly within?: number;
  /** Unit of the number, for messages. */
  readonly unit?: string;
  /** Hint for a wrong answer. */
  readonly hint: string;
}

const NAMES: OptionNames<ExerciseOptions> = { within: true, unit: true, hint: true };

/**
 * Confirms a correct answer, or throws with the kind of error and a hint. It does not reveal the correct
 * answer: `expected` is computed in the notebook, by another method.
 *
 * @param name name of the exercise, for messages
 * @param answer answer of the student
 * @param expected correct answer of the same type; words are compared without case and surrounding blanks
 * @returns one sentence that confirms the answer, with the computed value
 * @throws DataError for a wrong answer; the message distinguishes errors of sign and of unit prefix from
 *   others
 * @throws ArgumentError for an invalid exercise: an expected value that is not finite, a tolerance that is
 *   missing, negative, or so large that zero would be correct for a number other than zero, or no hint
 * @example
 * const answer = 0.64 * 4.716; // g/cm3 of oxide in the layer
 * check("density", answer, 3.018, { within: 0.01, unit: "g/cm3", hint: "36 % of the layer are pores" });
 */
export function check(name: string, answer: Answer, expected: Answer, options: ExerciseOptions): string {
  const call = `check(${quote(name)})`;
  const { within, unit, hint } = checkOptions(call, options, NAMES);
  if (typeof hint !== "string" || hint.trim() === "") {
    throw new ArgumentError(`${call}: expected a hint for wrong answers, got ${quote(hint)}`, { hint });
  }
  const wrong = (wanted: string, got: string): DataError =>
    new DataError(`${call}: expected ${wanted}, got ${got}; ${hint}`, { name, answer });
  if (typeof expected !== "number") {
    if (within !== undefined) {
      throw new ArgumentError(`${call}: expected no tolerance for ${quote(expected)}, got ${quote(within)}`);
    }
    if (typeof answer !== typeof expected)
      throw wrong(kinds[typeof expected] ?? typeof expected, quote(answer));
    if (plain(answer) !== plain(expected)) throw wrong("another answer", quote(answer));
    return `${name}: right, ${answer}`;
  }
  const tolerance = checkTolerance(call, expected, within);
  const text = (value: number): string => `${Number(value.toPrecision(6))}${unit ? ` ${unit}` : ""}`;
  if (typeof answer !== "number" || Number.isNaN(answer)) throw wrong("a number", quote(answer));
  if (!(Math.abs(answer - expected) <= tolerance)) {
    throw wrong(
      `a number within ${text(tolerance)} of the right one`,
      `${text(answer)}, which ${slip(answer, expected, tolerance)}`,
    );
  }
  return `${name}: right, ${text(answer)} (computed: ${text(expected)})`;
}

const kinds: Readonly<Record<string, string>> = { string: "a word in quotes", boolean: "true or false" };

function plain(answer: Answer): Answer {
  return typeof answer === "string" ? answer.trim().toLowerCase() : answer;
}

function checkTolerance(call: string, expected: number, within: number | undefined): number {
  if (!Number.isFinite(expected)) {
    throw new ArgumentError(
      `${call}: expected a finite number to compare the answer with, got ${expected}; correct the exercise`,
      { expected },
    );
  }
  if (typeof within !== "number" || !(within >= 0) || (expected !== 0 && within >= Math.abs(expected))) {
    throw new ArgumentError(
      `${call}: expected a tolerance of at least 0 smaller than the right number, got ${quote(within)}; give { within }`,
      { within },
    );
  }
  return within;
}

/** Factors of unit prefixes and percent. */
const PREFIXES = [100, 1e3, 1e4, 1e6, 1e9, 1e12];

/** Kind of error of a number: sign, unit, or size. */
function slip(answer: number, expected: number, tolerance: number): string {
  const close = (value: number): boolean => Math.abs(value - expected) <= tolerance;
  if (close(-answer)) return "has the wrong sign";
  for (const factor of PREFIXES) {
    if (close(answer / factor)) return `is ${factor} times too large: a unit, or a percentage`;
    if (close(answer * factor)) return `is ${factor} times too small: a unit, or a percentage`;
  }
  return answer > expected ? "is too large" : "is too small";
}

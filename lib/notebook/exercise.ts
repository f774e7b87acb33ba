// Checks of exercises in the course: the student's number or word is compared with the value that the library computes.
import { ArgumentError, DataError, quote } from "../errors.js";
import { checkOptions, type OptionNames } from "../options.js";

/** An answer: a number, a word (or the letter of a choice), or yes or no. */
export type Answer = number | string | boolean;

/** How an answer is held against the right one. */
export interface ExerciseOptions {
  /** How far a number may be off, in its unit; needed for numbers, without meaning for others. */
  readonly within?: number;
  /** Unit of the number, for messages. */
  readonly unit?: string;
  /** What to think of again when the answer is wrong; shown only then. */
  readonly hint: string;
}

const NAMES: OptionNames<ExerciseOptions> = { within: true, unit: true, hint: true };

/**
 * Says that an answer is right, or throws with what is wrong about it and a hint. The right answer is not given away: `expected`
 * is computed in the notebook, by another way than the answer.
 *
 * @param name of the exercise, for messages
 * @param answer the student's
 * @param expected the right one, of the same type; words are compared without regard to case and blanks around them
 * @returns one sentence: the answer is right, and the value it was held against
 * @throws DataError when the answer is wrong; the message tells a slip of sign or of a unit's prefix apart from others
 * @throws ArgumentError for an exercise that cannot be answered: an expected value that is no finite number, a tolerance that
 *   is missing, negative, or so wide that zero would be right for a number that is not zero, or no hint
 * @example
 * const answer = 0.64 * 4.716; // g/cm3 of oxide in the layer
 * check("density", answer, 3.018, { within: 0.01, unit: "g/cm3", hint: "36 % of the layer are pores" });
 */
export function check(name: string, answer: Answer, expected: Answer, options: ExerciseOptions): string {
  const call = `check(${quote(name)})`;
  const { within, unit, hint } = checkOptions(call, options, NAMES);
  if (typeof hint !== "string" || hint.trim() === "") {
    throw new ArgumentError(`${call}: expected a hint for those who are wrong, got ${quote(hint)}`, { hint });
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
      `${call}: expected a finite number to hold the answer against, got ${expected}; the exercise itself is broken`,
      { expected },
    );
  }
  if (typeof within !== "number" || !(within >= 0) || (expected !== 0 && within >= Math.abs(expected))) {
    throw new ArgumentError(
      `${call}: expected a tolerance of at least 0 that tells the right number from zero, got ${quote(within)}; give { within }`,
      { within },
    );
  }
  return within;
}

/** Factors that come from a unit's prefix, or from a percentage. */
const PREFIXES = [100, 1e3, 1e4, 1e6, 1e9, 1e12];

/** What is wrong about a number: a sign, a unit, or just its size. */
function slip(answer: number, expected: number, tolerance: number): string {
  const close = (value: number): boolean => Math.abs(value - expected) <= tolerance;
  if (close(-answer)) return "has the wrong sign";
  for (const factor of PREFIXES) {
    if (close(answer / factor)) return `is ${factor} times too large: a unit, or a percentage`;
    if (close(answer * factor)) return `is ${factor} times too small: a unit, or a percentage`;
  }
  return answer > expected ? "is too large" : "is too small";
}

// Options and names as people type them: a misspelt one is refused, with the one that was probably meant.
import { distance } from "fastest-levenshtein";
import { ArgumentError, quote } from "./errors.js";

/** The names of all options of a call. TypeScript refuses a table that lacks one or has one too many. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/**
 * The options of a call, when each of their names is known.
 *
 *     const { reference, degree } = checkOptions("calibrate", options, NAMES);
 *
 * @param call whose options they are, for the message
 * @param options what the caller gave; undefined stands for no options
 * @param names all that there are
 * @throws ArgumentError when the options are no object or one of them is unknown; names the closest known option
 */
export function checkOptions<Options extends object>(
  call: string,
  options: Options | undefined,
  names: OptionNames<Options>,
): Options {
  if (options === undefined) return {} as Options;
  const known = Object.keys(names);
  if (
    typeof options !== "object" ||
    options === null ||
    Array.isArray(options) ||
    ArrayBuffer.isView(options)
  ) {
    throw new ArgumentError(`${call}: expected options { ${known.join("?, ")}? }, got ${quote(options)}`, {
      options,
    });
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(names, name)) continue;
    throw new ArgumentError(
      `${call}: expected options { ${known.join("?, ")}? }, got an option ${quote(name)}; ${didYouMean(name, known)}`,
      { option: name, known },
    );
  }
  return options;
}

/**
 * The options, when none of them is null: a value that is missing is no choice of the default.
 *
 * @param except options for which null has a meaning
 * @throws ArgumentError that names the option
 */
export function refuseNull<Options extends object>(
  call: string,
  options: Options,
  except: readonly (keyof Options)[] = [],
): Options {
  for (const [option, value] of Object.entries(options)) {
    if (value !== null || except.includes(option as keyof Options)) continue;
    throw new ArgumentError(`${call}: expected a value of ${option}, got null; give one or leave it out`, {
      option,
      value,
    });
  }
  return options;
}

/** Refuses what is no index of a list. @throws ArgumentError */
export function requireIndex(call: string, name: string, value: unknown, length: number): void {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < length) return;
  throw new ArgumentError(`${call}: expected ${name} from 0 to ${length - 1}, got ${quote(value)}`, {
    option: name,
    value,
  });
}

/** As `checkOptions`, for a call that has to be given them. @throws ArgumentError for undefined, too */
export function requireOptions<Options extends object>(
  call: string,
  options: Options,
  names: OptionNames<Options>,
): Options {
  if (options !== undefined) return checkOptions(call, options, names);
  throw new ArgumentError(`${call}: expected { ${Object.keys(names).join(", ")} }, got undefined`, {
    options,
  });
}

/**
 * The value, when it is one of the known names.
 *
 * @param what the option or argument that it is, for the message
 * @throws ArgumentError that lists the names and the closest one
 */
export function oneOf<Name extends string>(
  call: string,
  what: string,
  value: unknown,
  known: readonly Name[],
): Name {
  if (known.includes(value as Name)) return value as Name;
  throw new ArgumentError(
    `${call}: expected ${what} as ${known.join(" | ")}, got ${quote(value)}; ${didYouMean(value, known)}`,
    { option: what, value, known },
  );
}

/** The remedy for an unknown name: the closest known one, or to correct it. */
export function didYouMean(name: unknown, known: readonly string[]): string {
  const remedy = "correct or drop it";
  if (typeof name !== "string") return remedy;
  const typed = name.toLowerCase();
  let closest = remedy;
  // Up to a third of the letters may differ: more is another word.
  let least = Math.max(1, Math.floor(typed.length / 3)) + 1;
  for (const candidate of known) {
    const edits = distance(typed, candidate.toLowerCase());
    if (edits >= least) continue;
    least = edits;
    closest = `did you mean ${quote(candidate)}?`;
  }
  return closest;
}

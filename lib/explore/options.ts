// The options of explore() and their checks.
import { ArgumentError, quote } from "../errors.js";

/** Largest number of components of a page. */
const MOST_COMPONENTS = 8;

/** Default largest size of a page, bytes. */
const MAX_BYTES = 9.5e6;
/** A page without any data has about half of that. */
const LEAST_BYTES = 100_000;

/** Options that all views share, checked. */
export function readCommon(options: { title?: unknown; maxBytes?: unknown }): {
  title?: string;
  maxBytes: number;
} {
  const { title, maxBytes = MAX_BYTES } = options;
  if (title !== undefined && (typeof title !== "string" || title.trim() === "")) {
    throw new ArgumentError(`explore: expected title as text, got ${quote(title)}`, {
      option: "title",
      value: title,
    });
  }
  if (!(typeof maxBytes === "number" && maxBytes >= LEAST_BYTES && maxBytes < Number.POSITIVE_INFINITY)) {
    throw new ArgumentError(
      `explore: expected maxBytes as a number of bytes from ${LEAST_BYTES}, got ${quote(maxBytes)}`,
      { option: "maxBytes", value: maxBytes },
    );
  }
  return { title, maxBytes };
}

/** Names of `n` components. */
export function readNames(names: unknown, n: number, defaults?: readonly string[]): readonly string[] {
  if (n > MOST_COMPONENTS) {
    throw new ArgumentError(
      `explore: expected at most ${MOST_COMPONENTS} components, got ${n}; leave out those that are of no interest`,
      { components: n },
    );
  }
  if (names === undefined) return defaults ?? Array.from({ length: n }, (_, i) => `Cp${i + 1}`);
  const good = Array.isArray(names) && names.length === n && names.every((name) => typeof name === "string");
  if (good) return names;
  const wanted = n === 0 ? "no names without components" : `names as ${n} strings, one per component`;
  throw new ArgumentError(`explore: expected ${wanted}, got ${quote(names)}`, {
    option: "names",
    value: names,
  });
}

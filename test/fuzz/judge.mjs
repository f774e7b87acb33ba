// @ts-check
// What the reading of a damaged file may come to: the numbers of the whole file, numbers that the damage itself changed,
// or an error of the library in its grammar. Everything else is a finding.

/** @typedef {import("./reader.mjs").Outcome} Outcome */
/** @typedef {import("./mutate.mjs").Mutation} Mutation */
/** @typedef {import("./targets.mjs").Target} Target */

/**
 * @param {Pick<Target, "sealed" | "cut">} target
 * @param {readonly Mutation[]} mutations
 * @param {Readonly<Record<string, string>>} parts digests of the whole file
 * @param {Outcome | { end: "crash" | "hang" | "memory", error?: string }} outcome
 * @param {string} path
 * @returns {string | undefined} what is wrong
 */
export function judge(target, mutations, parts, outcome, path) {
  if (outcome.end === "refused") {
    const message = outcome.error ?? "";
    if (!/^.+?: expected .*, (got|found) /s.test(message)) return "unclear";
    return message.includes(path) ? undefined : "unclear: names no file";
  }
  if (outcome.end !== "read") return outcome.end;
  const got = /** @type {Outcome} */ (outcome).parts ?? {};
  const same = (/** @type {string[]} */ names) => names.every((name) => got[name] === parts[name]);
  const names = Object.keys(parts);
  const equal = Object.keys(got).length === names.length && same(names);
  if (equal) return undefined;
  if (target.sealed && mutations.every(({ file, kind }) => kind !== "remove" && target.sealed?.(file)))
    return "changed";
  if (mutations.every(({ kind }) => kind === "cut")) {
    if (target.cut === "refused") return "changed";
    if (target.cut === "fewer" && !same(Object.keys(got))) return "changed";
  }
  return undefined;
}

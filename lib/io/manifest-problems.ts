// The problems that the schema finds in a manifest: one line per problem, with its place and its value.
import type { z } from "zod";
import { quote } from "../errors.js";

type Issue = z.core.$ZodIssue;

const kinds: Readonly<Record<string, string>> = {
  int: "a whole number",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
};

/** One line per problem: `parts.charge.files[3].end: expected number, got "x"`. */
export function describeIssues(issues: readonly Issue[], input: unknown): string[] {
  return issues.flatMap((issue) => {
    const got = "input" in issue && issue.code === "custom" ? issue.input : valueAt(input, issue.path);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => {
        const path = [...issue.path, key];
        return `${place(path)}: expected no such entry, got ${quote(valueAt(input, path))}`;
      });
    }
    return [
      `${place(issue.path)}: expected ${expectation(issue)}, got ${got === undefined ? "nothing" : quote(got)}`,
    ];
  });
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return kinds[issue.expected] ?? `a ${issue.expected}`;
    case "invalid_value":
      return issue.values.map((value) => quote(value)).join(" or ");
    case "too_small":
      if (issue.origin === "array") return `at least ${issue.minimum} entry`;
      if (issue.origin === "string") return "some text";
      return `a number ${issue.inclusive ? "of at least" : "above"} ${issue.minimum}`;
    case "too_big":
      if (issue.origin === "array") return `at most ${issue.maximum} entries`;
      return `a number ${issue.inclusive ? "of at most" : "below"} ${issue.maximum}`;
    case "invalid_key":
      return issue.issues[0]?.message ?? "another name";
    default:
      return issue.message;
  }
}

/** A path into JSON as people write it. */
function place(path: readonly PropertyKey[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[\w$-]+$/.test(String(step))) text += text === "" ? String(step) : `.${String(step)}`;
    else text += `[${JSON.stringify(String(step))}]`;
  }
  return text === "" ? "the whole file" : text;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const step of path) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

// Wrong objects in the place of data, results and options: every figure refuses them by an error of the library.
import { beforeAll, describe, expect, test, vi } from "vitest";
import { OperandoseError } from "../../lib/errors.js";
import * as figures from "../../lib/figures/index.js";
import { plainNames, samples } from "./samples.js";
import { silently } from "./silently.js";

type Call = (...given: unknown[]) => unknown;
/** Arguments with which the samples call each figure. */
const calls = vi.hoisted(() => new Map<string, unknown[][]>());

vi.mock("../../lib/figures/index.js", async (original) => {
  const library = await original<Record<string, unknown>>();
  const wrapped = Object.entries(library).map(([name, value]) => {
    if (typeof value !== "function" || !/^[a-z]/.test(name)) return [name, value];
    const call = (...given: unknown[]) => {
      calls.set(name, [...(calls.get(name) ?? []), given]);
      return (value as Call)(...given);
    };
    return [name, call];
  });
  return Object.fromEntries(wrapped);
});

const wrong: readonly unknown[] = [null, "text", 3, Number.NaN, true, {}, [], [null], [3], ["a"], () => 0];
const library = figures as unknown as Record<string, Call>;
const all = Object.keys(figures).filter((name) => /^[a-z]/.test(name) && typeof library[name] === "function");

/** What a call throws that is no error in the library's grammar; none where it draws, or refuses rightly. */
function problems(name: string, ...given: unknown[]): unknown[] {
  try {
    library[name](...given);
  } catch (error) {
    const isOurs = error instanceof OperandoseError && /^[\w.]+.*: expected .*, got /s.test(error.message);
    if (!isOurs) return [error instanceof Error ? error.stack?.split("\n").slice(0, 3).join("\n") : error];
  }
  return [];
}

describe.each(all)("figures.%s", (name) => {
  silently();
  test.each([[undefined], ...wrong.map((value) => [value])])("of %s", (value) => {
    // Also as the second argument, of those that take two results.
    const all = [problems(name, value), problems(name, value, value), problems(name, value, {})];
    expect(all.flat()).toEqual([]);
  });
});

/** An object or an array of the call itself, not one of the library's results. */
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" &&
  value !== null &&
  [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value));

/** The value with one member replaced, for each member, the first entry of each array, and their members. */
function* damaged(value: unknown, depth = 3): Generator<[path: string, value: unknown]> {
  if (!isPlain(value) || depth === 0) return;
  for (const key of Array.isArray(value) ? [0] : Object.keys(value)) {
    const put = (member: unknown) =>
      Array.isArray(value) ? [member, ...value.slice(1)] : { ...value, [key]: member };
    for (const other of depth === 3
      ? [null, undefined, "text", 3, {}, ["a"], [null]]
      : [undefined, "text", {}]) {
      yield [`${key}: ${JSON.stringify(other)}`, put(other)];
    }
    for (const [path, inner] of damaged(value[key], depth - 1)) yield [`${key}.${path}`, put(inner)];
  }
}

describe("damaged options", () => {
  silently();
  let right: ReadonlyMap<string, unknown[][]>;
  beforeAll(() => {
    calls.clear();
    for (const make of Object.values(samples)) make({ ...plainNames, title: "Some title" });
    right = new Map(calls);
    expect(right.size).toBeGreaterThan(20);
  });

  test.each(all)("of figures.%s", (name) => {
    const found: Record<string, unknown> = {};
    const [given = []] = right.get(name) ?? [];
    given.forEach((argument, place) => {
      for (const [path, value] of damaged(argument)) {
        const [problem] = problems(name, ...given.with(place, value));
        if (problem !== undefined) found[`argument ${place}, ${path}`] = problem;
      }
    });
    expect(found).toEqual({});
  });
});

// The fuzzer itself: it knows every format, does the same for the same seed, and notices what it is there for.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { random } from "../../lib/compute/random.js";
import { formats } from "../../lib/io/formats.js";
import { put, temporaryFolder } from "../io/support.js";
import { judge } from "./judge.mjs";
import { damage, kinds } from "./mutate.mjs";

const folder = temporaryFolder();
const built = existsSync(resolve(import.meta.dirname, "../../dist/index.js"));

describe.skipIf(!built)("targets (skipped where the library is not built)", () => {
  let targets: readonly import("./targets.mjs").Target[] = [];
  beforeAll(async () => {
    ({ targets } = await import("./targets.mjs"));
  });

  test("every format of the registry is one", () => {
    const names = targets.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(formats.map(({ name }) => name)));
    expect(new Set(names).size).toBe(names.length);
  });
});

test.each(Object.keys(kinds))("the same seed damages in the same way: %s", (kind) => {
  const whole = Buffer.from('{"a": [1, 2.5, "text"], "b": {"c": null}}\n'.repeat(3));
  const once = Array.from({ length: 20 }, (_, i) => kinds[kind](whole, random(7, i)));
  const again = Array.from({ length: 20 }, (_, i) => kinds[kind](whole, random(7, i)));
  expect(again).toEqual(once);
  expect(once.some((bytes) => !bytes.equals(whole))).toBe(true);
});

test("a file is damaged in place, and what was done is told", () => {
  const path = put(folder, "a.bin", Buffer.alloc(200, 65));
  const done = damage(path, random(3));
  expect(done.length).toBeGreaterThan(0);
  expect(done.every(({ kind, file }) => kind in kinds && file === "")).toBe(true);
  expect(readFileSync(path).equals(Buffer.alloc(200, 65))).toBe(false);
  writeFileSync(join(folder, "empty.bin"), "");
  expect(damage(join(folder, "empty.bin"), random(3))).toEqual([]);
});

describe("a finding is", () => {
  const parts = { "0": "aa", "1": "bb" };
  const target = { sealed: (file: string) => file === "", cut: "fewer" as const };
  const flip = [{ kind: "flip", file: "" }];
  const cut = [{ kind: "cut", file: "" }];
  const read = (got: Record<string, string>) => ({ end: "read" as const, parts: got });
  const refused = (error: string) => ({ end: "refused" as const, error });
  const open = { cut: "fewer" as const };

  test.each([
    ["other numbers under a checksum", target, flip, read({ "0": "aa", "1": "cc" }), "changed"],
    [
      "a file that ends early and is read as whole",
      { cut: "refused" as const },
      cut,
      read({ "0": "aa" }),
      "changed",
    ],
    ["a part that is another one after a cut", open, cut, read({ "0": "ab" }), "changed"],
    ["an error that is none of ours", open, flip, { end: "raw" as const, error: "undefined" }, "raw"],
    ["a hang", open, flip, { end: "hang" as const }, "hang"],
    [
      "an error without its path",
      open,
      flip,
      refused("read: expected x, got y; z"),
      "unclear: names no file",
    ],
    ["an error out of grammar", open, flip, refused("bad file /x"), "unclear"],
  ])("%s", (_, rules, mutations, outcome, wrong) => {
    expect(judge(rules, mutations, parts, outcome, "/x")).toBe(wrong);
  });

  test.each([
    ["the numbers of the whole file", target, flip, read(parts)],
    ["other numbers where nothing guards them", open, flip, read({ "0": "aa", "1": "cc" })],
    ["fewer frames after a cut between them", open, cut, read({ "0": "aa" })],
    ["an error of the library", target, flip, refused("read: expected x, got y in /x; copy it again")],
  ])("not %s", (_, rules, mutations, outcome) => {
    expect(judge(rules, mutations, parts, outcome, "/x")).toBeUndefined();
  });
});

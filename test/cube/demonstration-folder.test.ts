// Where the demonstration experiments are.
import { dirname } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { demonstrationFolder } from "../../lib/cube/source.js";

const before = process.env.OPERANDOSE_DEMO;
afterEach(() => {
  if (before === undefined) delete process.env.OPERANDOSE_DEMO;
  else process.env.OPERANDOSE_DEMO = before;
});

describe("demonstrationFolder", () => {
  test("is the farther focus unless the closer one is asked for, one beside the other", () => {
    delete process.env.OPERANDOSE_DEMO;
    expect(demonstrationFolder()).toMatch(/recordings.farther$/);
    expect(demonstrationFolder("farther")).toBe(demonstrationFolder());
    expect(dirname(demonstrationFolder("closer"))).toBe(dirname(demonstrationFolder()));
  });

  test("is where OPERANDOSE_DEMO says, the closer focus beside it", () => {
    process.env.OPERANDOSE_DEMO = "/data/far/";
    expect(demonstrationFolder()).toBe("/data/far/");
    expect(demonstrationFolder("closer")).toBe("/data/closer");
  });

  test("refuses other configurations", () => {
    expect(() => demonstrationFolder("middle" as "closer")).toThrow(
      'demonstrationFolder: expected "farther" or "closer", got "middle"',
    );
  });
});

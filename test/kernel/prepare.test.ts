// Cells are changed before tslab compiles them: what they say must stay the same, and errors must be told where they are.
import { createRequire } from "node:module";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prepareCell } from "../../kernel/jupyter/tslab/prepare.js";

const require = createRequire(import.meta.url);
const ts = createRequire(require.resolve("tslab"))("@tslab/typescript-for-tslab");
const prepare = (code: string) => prepareCell(ts, code).code;

describe("what tslab stumbles over is said otherwise", () => {
  test.each([
    ["f({ width, height: 2 })", "f({ width: width, height: 2 })"],
    ["({ a, b = 1 } = box)", "({ a: a, b: b = 1 } = box)"],
    ["const { width: w, depth } = box", 'const { "width": w, depth } = box'],
    ["const f = ({ a: { b: c } }) => c", 'const f = ({ "a": { "b": c } }) => c'],
    ["export const z = 1;\nexport function f() {}", "       const z = 1;\n       function f() {}"],
    ["for await (const x of y) x", "await null; for await (const x of y) x"],
  ])("%s", (code, expected) => {
    expect(prepare(code)).toBe(expected);
  });

  test.each([
    "const { a, ...rest } = box; [rest.a, box.a]",
    "async function f() { for await (const x of y) x; }",
    "'{ a }'; // { a }\n`{ a }`",
    'export default 1; export * from "a"; import { a } from "b"',
    "const { [key]: a, 'b': c } = box",
    "this is no code {{{",
    "",
  ])("left as it is: %s", (code) => {
    expect(prepare(code)).toBe(code);
  });

  test("the number of lines stays", () => {
    const piece = fc.constantFrom(
      "{ a }",
      "({ a, b })",
      "\n",
      "const { a: b } = c;",
      "export ",
      "for await (const a of b) c;",
      "`",
      '"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const code = pieces.join("");
        expect(prepare(code).split("\n").length).toBe(code.split("\n").length);
      }),
    );
  });
});

test("columns lead back to the user's own cell", () => {
  const code = "g();\nf({ width, height }, wrong); const { a: b } = other;";
  const { code: changed, column } = prepareCell(ts, code);
  const [own, theirs] = [code.split("\n")[1], changed.split("\n")[1]];
  for (const word of ["f(", "height }", "wrong", "const", "b }", "other"]) {
    expect(own.slice(column(2, theirs.indexOf(word) + 1) - 1).startsWith(word)).toBe(true);
  }
  expect(column(1, 1)).toBe(1);
});

// Values that comments state: `braggAngle(8333); // 13.72 degrees` says what its line gives, and a test believes nothing.
import ts from "typescript";

/** Name of the function that the changed code calls with a value and what the comment says. */
export const STATED = "__stated";

/**
 * Code in which every line whose comment begins with a value (a number, "about" and a number, a string in quotes, a list of
 * these, true, false) checks it. Other comments are words.
 */
export function withChecks(code: string): string {
  const source = ts.createSourceFile("example.ts", code, ts.ScriptTarget.ES2022, true);
  const found: { start: number; end: number; stated: string }[] = [];
  const visit = (node: ts.Node): void => {
    const comment = ts.getTrailingCommentRanges(code, node.end)?.[0];
    if (ts.isExpressionStatement(node) && comment) {
      const stated = statedValue(code.slice(comment.pos + 2, comment.end).trim());
      const { expression } = node;
      if (stated !== null) found.push({ start: expression.getStart(), end: expression.end, stated });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found
    .sort((a, b) => b.start - a.start)
    .reduce(
      (text, { start, end, stated }) =>
        `${text.slice(0, start)}${STATED}((${text.slice(start, end)}), ${JSON.stringify(stated)})${text.slice(end)}`,
      code,
    );
}

/** The value that a comment begins with, as it is written; null where it begins with a word. */
function statedValue(comment: string): string | null {
  return (
    /^((?:about )?-?\d[\d.]*(e-?\d+)?|"[^"]*"|\[[^\]]*\]|true|false)(?=$|[\s,:;])/.exec(comment)?.[0] ?? null
  );
}

/** Why a value is not what was stated; null where it is. Numbers agree to the last digit that is written, "about" to a tenth. */
export function disagreement(value: unknown, stated: string): string | null {
  const parts = stated.startsWith("[") ? listed(stated) : [stated];
  const values = stated.startsWith("[") ? Array.from((value ?? []) as ArrayLike<unknown>) : [value];
  const agree = values.length === parts.length && parts.every((part, i) => isSame(values[i], part));
  return agree ? null : `the comment says ${stated}, the line gives ${JSON.stringify(values)}`;
}

function listed(stated: string): string[] {
  return stated
    .slice(1, -1)
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function isSame(value: unknown, stated: string): boolean {
  const about = /^about (.*)/.exec(stated);
  if (about) return typeof value === "number" && Math.abs(value / Number(about[1]) - 1) <= 0.1;
  if (!/^-?\d/.test(stated)) return value === JSON.parse(stated);
  const [mantissa, exponent = "0"] = stated.split("e");
  const digits = mantissa.split(".")[1]?.length ?? 0;
  const half = 0.5 * 10 ** (Number(exponent) - digits);
  return typeof value === "number" && Math.abs(value - Number(stated)) <= half * (1 + 1e-9);
}

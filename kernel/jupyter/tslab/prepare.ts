// Adapts cells to tslab. It renames every use of a variable of an earlier cell, and fails for five forms of
// correct TypeScript. Each is replaced by an equivalent one on the same line, so that error positions stay
// valid.
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { readerOf } from "./block-variables.js";

/** A cell before compilation. */
export interface PreparedCell {
  code: string;
  /** Column in the cell of the user, from 1, for a position in `code`; the line is the same. */
  column(line: number, column: number): number;
}

interface Edit {
  at: number;
  /** Number of removed characters. */
  remove: number;
  text: string;
}

/**
 * - `{ width }` becomes `{ width: width }`: tslab does not recognize that the shorthand uses a variable.
 * - `const { width: w } = box` becomes `const { "width": w } = box`: tslab takes the property name for a
 *   variable.
 * - `export` before a declaration is removed: cells share all their names.
 * - `await` is inserted before a cell with a `for await` loop: otherwise tslab does not make the cell
 *   asynchronous.
 * - A function that returns its value is inserted for each `var` in a block, because the compiler writes no
 *   declaration for it and does not export its first value (block-variables.ts).
 */
export function prepareCell(ts: typeof TypeScript, code: string): PreparedCell {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
  const edits: Edit[] = [];
  const before: string[] = [];
  const inBlocks = new Set<string>();
  let loops = false;
  const visit = (node: TypeScript.Node, inFunction: boolean) => {
    if (ts.isShorthandPropertyAssignment(node)) {
      edits.push({ at: node.name.getStart(), remove: 0, text: `${node.name.text}: ` });
    } else if (ts.isBindingElement(node) && node.propertyName && ts.isIdentifier(node.propertyName)) {
      const name = node.propertyName;
      edits.push({ at: name.getStart(), remove: name.getWidth(), text: JSON.stringify(name.text) });
    } else if (ts.isForOfStatement(node) && node.awaitModifier && !inFunction) {
      loops = true;
    } else if (ts.isVariableDeclarationList(node) && isOfBlock(ts, node) && !inFunction) {
      for (const { name } of node.declarations) for (const one of namesOf(ts, name)) inBlocks.add(one);
    }
    const inside = inFunction || ts.isFunctionLike(node) || ts.isClassLike(node);
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(file, false);
  for (const statement of file.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    const word = modifiers?.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    const isDefault = modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
    if (word && !isDefault) edits.push({ at: word.getStart(), remove: "export".length, text: "      " });
  }
  if (loops) before.push("await null; ");
  for (const name of inBlocks) before.push(`function ${readerOf(name)}() { return ${name}; } `);
  // Below comments for the compiler, and above the documentation of the first name.
  if (before.length > 0) {
    edits.push({ at: file.statements[0].getStart(file, true), remove: 0, text: before.join("") });
  }
  edits.sort((a, b) => a.at - b.at);
  return { code: apply(code, edits), column: (line, column) => original(file, edits, line, column) };
}

/** Whether this is a `var` in a block, a loop or another statement, and so a variable of the whole cell. */
function isOfBlock(ts: typeof TypeScript, list: TypeScript.VariableDeclarationList): boolean {
  const isStatement = ts.isVariableStatement(list.parent) && ts.isSourceFile(list.parent.parent);
  return (list.flags & ts.NodeFlags.BlockScoped) === 0 && !isStatement;
}

function namesOf(ts: typeof TypeScript, name: TypeScript.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((one) => (ts.isOmittedExpression(one) ? [] : namesOf(ts, one.name)));
}

function apply(code: string, edits: readonly Edit[]): string {
  let result = "";
  let end = 0;
  for (const { at, remove, text } of edits) {
    result += code.slice(end, at) + text;
    end = at + remove;
  }
  return result + code.slice(end);
}

function original(file: TypeScript.SourceFile, edits: readonly Edit[], line: number, column: number): number {
  let place = column;
  for (const { at, remove, text } of edits) {
    const edited = file.getLineAndCharacterOfPosition(at);
    if (edited.line !== line - 1) continue;
    // A position in inserted text is that of its start.
    if (edited.character + 1 >= place) break;
    place = Math.max(edited.character + 1, place - (text.length - remove));
  }
  return place;
}

// Variables that a cell declares with `var` in a block or a loop: they belong to the whole cell, and so to the
// notebook. The compiler writes no declaration for them and does not export their first value. A function that
// returns the value, inserted into the cell (prepare.ts), has both.
import type * as TypeScript from "@tslab/typescript-for-tslab";

const READER = "valueOfVariable_";

/** Name of the function that returns a variable. */
export function readerOf(name: string): string {
  return `${READER}${name}`;
}

/** Declarations with the variables in place of the functions that return them. */
export function withVariables(ts: typeof TypeScript, declarations: string): string {
  if (!declarations.includes(READER)) return declarations;
  const file = ts.createSourceFile("cells.d.ts", declarations, ts.ScriptTarget.Latest, true);
  const statements = file.statements.map((statement) => {
    if (!ts.isFunctionDeclaration(statement) || !statement.name?.text.startsWith(READER)) {
      return statement.getFullText();
    }
    const name = statement.name.text.slice(READER.length);
    return `\ndeclare var ${name}: ${statement.type?.getText() ?? "any"};`;
  });
  return statements.join("");
}

/**
 * Gives the variables the values that they had at the end of the cell, and removes the functions.
 *
 * @param variables the variables of the cells
 */
export function assignVariables(variables: Record<string, unknown>): void {
  for (const [key, reader] of Object.entries(variables)) {
    if (!key.startsWith(READER)) continue;
    const value = (reader as () => unknown)();
    if (value !== undefined) variables[key.slice(READER.length)] = value;
    delete variables[key];
  }
}

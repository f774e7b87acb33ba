// What remains of a cell that failed while it ran: the names that got their values before the failure, with
// their types. Of a name that did not get its value, the value and the type of an earlier cell remain.
import type * as TypeScript from "@tslab/typescript-for-tslab";

/** A compiled cell that leaves earlier values of its names in place until it sets its own. */
export interface Output {
  /** JavaScript of the cell. */
  code: string;
  /** Names of the values that the cell declares. */
  names: string[];
}

/**
 * TypeScript sets all names of a module to undefined before its first statement. Without that statement the
 * values of earlier cells remain when the cell fails.
 */
export function withoutReset(output: string): Output {
  const names: string[] = [];
  const code = output.replace(/^(exports\.[^\s=;]+ = )+void 0;$/gm, (statement, _, at: number) => {
    // The same text below the first line of code is the user's own.
    if (!isPreamble(output.slice(0, at))) return statement;
    names.push(...Array.from(statement.matchAll(/exports\.([^\s=;]+) =/g), ([, name]) => name));
    return "";
  });
  return { code, names };
}

/** Whether only helpers of the compiler and other resets precede. */
function isPreamble(text: string): boolean {
  return text.trimEnd() === "" || /(__esModule", \{ value: true \}\)| = void 0);$/.test(text.trimEnd());
}

/**
 * Declarations after a failure.
 *
 * @param before declarations of the earlier cells
 * @param after declarations of the earlier cells and of all of this cell
 * @param lost names of the cell that got no value
 */
export function afterFailure(
  ts: typeof TypeScript,
  before: string,
  after: string,
  lost: ReadonlySet<string>,
): string {
  const earlier = select(ts, before, (name) => lost.has(name), false);
  return earlier + select(ts, after, (name) => !lost.has(name), true);
}

/** The declarations of some names, and those without a value (types, interfaces) if `others`. */
function select(
  ts: typeof TypeScript,
  declarations: string,
  keep: (name: string) => boolean,
  others: boolean,
): string {
  const file = ts.createSourceFile("cells.d.ts", declarations, ts.ScriptTarget.Latest, true);
  const selected = file.statements.map((statement) => {
    if (ts.isVariableStatement(statement)) {
      const { declarations: list } = statement.declarationList;
      const head = declarations.slice(statement.getFullStart(), list[0].getStart());
      const kept = list.filter(({ name }) => keep(name.getText())).map((one) => one.getText());
      return kept.length > 0 ? `${head}${kept.join(", ")};` : "";
    }
    if (ts.isImportDeclaration(statement)) return selectImport(ts, statement, keep, others);
    const name = hasValue(ts, statement) ? statement.name?.getText() : undefined;
    return (name === undefined ? others : keep(name)) ? statement.getFullText() : "";
  });
  return selected.map((text) => `${text}\n`).join("");
}

function hasValue(ts: typeof TypeScript, statement: TypeScript.Statement) {
  return (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement)
  );
}

function selectImport(
  ts: typeof TypeScript,
  statement: TypeScript.ImportDeclaration,
  keep: (name: string) => boolean,
  others: boolean,
): string {
  const { importClause: clause, moduleSpecifier: from } = statement;
  if (!clause || clause.isTypeOnly) return others ? statement.getFullText() : "";
  const { name, namedBindings: named } = clause;
  const parts = name && keep(name.text) ? [name.text] : [];
  if (named && ts.isNamespaceImport(named)) {
    if (keep(named.name.text)) parts.push(named.getText());
  } else if (named) {
    const kept = named.elements.filter((one) => keep(one.name.text)).map((one) => one.getText());
    if (kept.length > 0) parts.push(`{ ${kept.join(", ")} }`);
  }
  return parts.length > 0 ? `import ${parts.join(", ")} from ${from.getText()};` : "";
}

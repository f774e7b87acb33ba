// What the library offers: its public functions, classes and methods with the @example blocks of their docstrings.
import { join } from "node:path";
import ts from "typescript";
import { root } from "./markdown.js";

/** A public name that a newcomer meets, and its examples. */
export interface PublicName {
  /** Such as "massAttenuation", "figures.map", "Cube.bin". */
  readonly name: string;
  readonly examples: readonly string[];
}

/** Methods that all results have alike, or that only the library calls. */
const IN_COMMON = ["summary", "columns", "arrays", "curves", "from", "of", "toString", "toJSON"];

/**
 * Functions, objects of functions and classes of lib/index.ts, the methods of `Cube`, and of results those that their class
 * does not show in an example of its own. Names that are exported as types only (results) count as classes.
 */
export function publicNames(): PublicName[] {
  const entry = join(root, "lib/index.ts");
  const program = ts.createProgram([entry], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ["node"],
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const examplesOf = (symbol: ts.Symbol): string[] =>
    symbol
      .getJsDocTags(checker)
      .filter(({ name }) => name === "example")
      .map(({ text }) => ts.displayPartsToString(text));

  const namesOf = (exported: ts.Symbol, prefix: string): PublicName[] => {
    const aliased = (exported.flags & ts.SymbolFlags.Alias) !== 0;
    const symbol = aliased ? checker.getAliasedSymbol(exported) : exported;
    const name = `${prefix}${exported.name}`;
    if (symbol.flags & ts.SymbolFlags.Module) {
      return checker.getExportsOfModule(symbol).flatMap((one) => namesOf(one, `${name}.`));
    }
    const own = { name, examples: examplesOf(symbol) };
    if (symbol.flags & ts.SymbolFlags.Class) return [own, ...methodsOf(symbol, own)];
    if (symbol.flags & ts.SymbolFlags.Function) return [own];
    return symbol.flags & ts.SymbolFlags.Variable && holdsFunctions(symbol) ? [own] : [];
  };

  const holdsFunctions = (symbol: ts.Symbol): boolean =>
    checker
      .getTypeOfSymbol(symbol)
      .getProperties()
      .some((property) => checker.getTypeOfSymbol(property).getCallSignatures().length > 0) &&
    !checker.isArrayLikeType(checker.getTypeOfSymbol(symbol));

  /** Methods, inherited ones included under the class that declares them. */
  const methodsOf = (symbol: ts.Symbol, own: PublicName): PublicName[] => {
    const isCube = own.name === "Cube";
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    const isResult = type.getProperty("provenance") !== undefined;
    if (!isCube && !isResult) return [];
    const statics = isCube ? checker.getPropertiesOfType(checker.getTypeOfSymbol(symbol)) : [];
    return [...type.getProperties(), ...statics].flatMap((method) => {
      const declaration = method.declarations?.[0];
      if (!declaration || !ts.isMethodDeclaration(declaration) || !ts.isIdentifier(declaration.name))
        return [];
      if (
        ts.getCombinedModifierFlags(declaration) &
        (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)
      ) {
        return [];
      }
      const { text } = declaration.name;
      if (!isCube && IN_COMMON.includes(text)) return [];
      const shown = !isCube && own.examples.some((code) => code.includes(`.${text}(`));
      if (shown) return [];
      const owner = (declaration.parent as ts.ClassDeclaration).name?.text;
      return [{ name: `${owner}.${text}`, examples: examplesOf(method) }];
    });
  };

  const library = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile) as ts.Symbol;
  const all = checker.getExportsOfModule(library).flatMap((exported) => namesOf(exported, ""));
  return [...new Map(all.map((one) => [one.name, one])).values()];
}

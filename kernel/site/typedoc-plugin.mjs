// @ts-check
// For the reference (typedoc.json): types that public functions name without being public themselves, such as the options of
// a verb, are documented too, in a place of their own; and each page leads back to the others.
import { Context, Converter, JSX, ReflectionKind } from "typedoc";

/** Where the types stand that have no public name. */
const PLACE = "Options and other shapes";

/** @param {import("typedoc").Application} app */
export function load(app) {
  /** @type {Set<import("typescript").Symbol>} */
  const named = new Set();
  // TypeDoc tells nobody of the types that it meets; this method is there for plugins to listen.
  const create = Context.prototype.createSymbolReference;
  /** @type {typeof create} */
  Context.prototype.createSymbolReference = function (symbol, context, name) {
    named.add(symbol);
    return create.call(this, symbol, context, name);
  };

  /** @type {import("typescript").Program | undefined} */
  let program;
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context) => {
    program ??= context.program;
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    if (!program) return;
    context.setActiveProgram(program);
    const place = context.createDeclarationReflection(ReflectionKind.Namespace, undefined, undefined, PLACE);
    context.finalizeDeclarationReflection(place);
    const inside = context.withScope(place);
    // A type may name others: the set grows while it is gone through.
    for (const imported of named) {
      const symbol = context.resolveAliasedSymbol(imported);
      if (!context.getReflectionFromSymbol(symbol) && isOurs(symbol))
        app.converter.convertSymbol(inside, symbol);
    }
    context.setActiveProgram(undefined);
  });

  app.renderer.hooks.on("content.begin", (context) =>
    JSX.createElement(
      "p",
      null,
      JSX.createElement("a", { href: context.relativeURL("../index.html") ?? "" }, "operandose: all results"),
    ),
  );
}

/**
 * A type of this library, not one of a package, a parameter `T` or a part of another type.
 *
 * @param {import("typescript").Symbol} symbol
 */
function isOurs(symbol) {
  const declaration = symbol.declarations?.[0];
  const file = declaration?.getSourceFile();
  return (
    file !== undefined &&
    !file.fileName.includes("/node_modules/") &&
    declaration?.parent === file &&
    !file.isDeclarationFile
  );
}

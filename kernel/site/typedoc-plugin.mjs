// @ts-check
// For the API reference (typedoc.json): types of public functions that are not public themselves, such as the
// options of a verb, are documented in a separate group, and each page has a link to the site.
import { Context, Converter, JSX, ReflectionKind } from "typedoc";

/** Group of the types without a public name. */
const PLACE = "Options and other shapes";

/** @param {import("typedoc").Application} app */
export function load(app) {
  /** @type {Set<import("typescript").Symbol>} */
  const named = new Set();
  // TypeDoc has no event for referenced types, so this method is wrapped.
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
    // A type may refer to others: the set grows during the iteration.
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
 * Whether it is a type of this library, and not of a package, a type parameter or a part of another type.
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

// @ts-check
// For the API reference (typedoc.json): a front page by topics, the menu of the site on each page, and a separate
// group for types of public functions that are not public themselves, such as the options of a verb.
import { Context, Converter, JSX, ReflectionKind } from "typedoc";
import { menu } from "./menu.mjs";
import { topics } from "./topics.mjs";

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

  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    project.readme = frontPage(project);
  });

  app.renderer.hooks.on("body.begin", (context) => {
    const link = (/** @type {{ href: string, title: string }} */ { href, title }) =>
      JSX.createElement("a", { href: context.relativeURL(`../${href}`) ?? "" }, title);
    return JSX.createElement("nav", { class: "menu-of-site", "aria-label": "Site" }, ...menu.map(link));
  });
}

/**
 * The main names by topic, each with the first sentence of its docstring.
 *
 * @param {import("typedoc").ProjectReflection} project
 * @returns {import("typedoc").CommentDisplayPart[]}
 */
function frontPage(project) {
  /** @type {import("typedoc").CommentDisplayPart[]} */
  const parts = [];
  const text = (/** @type {string} */ words) => parts.push({ kind: "text", text: words });
  text("All names are in the [full list](modules.html) and in the search.\n");
  for (const { title, words, names } of topics) {
    text(`\n## ${title}\n\n${words}\n\n`);
    for (const name of names) {
      const target = project.getChildByName(name);
      const summary = target && firstSentence(target);
      if (!target || !summary) throw new Error(`topics.mjs: ${name} is no public name with a docstring`);
      text("- ");
      parts.push({ kind: "inline-tag", tag: "@link", text: name, target });
      text(`: ${summary}\n`);
    }
  }
  return parts;
}

/**
 * @param {import("typedoc").Reflection} reflection
 * @returns {string | undefined} without the period
 */
function firstSentence(reflection) {
  const signatures = reflection.isDeclaration() ? (reflection.signatures ?? []) : [];
  const comment = [reflection, ...signatures].find((one) => one.comment)?.comment;
  // The first paragraph only: a list may follow.
  const [paragraph] =
    comment?.summary
      .map(({ text }) => text)
      .join("")
      .trim()
      .split(/\n\s*(?:-|\n)/) ?? [];
  const summary = paragraph?.replace(/\s+/g, " ");
  return summary && /^(.+?)(?:\.(?=\s+[A-Z`])|\.$|$)/.exec(summary)?.[1];
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

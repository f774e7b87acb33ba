// @ts-check
// Enforces the layers of the library. An import goes only to the left:
//
//   errors, options, units, drawing-plan  <-  compute  <-  elements  <-  io, xas, dose, chemometrics  <-  cube, beamline  <-  figures, notebook  <-  explore, pages  <-  index  <-  kernel
//
// Folders that share a place may not know each other, and only index knows the beamline: the analysis cannot tell a
// simulated recording from a real one. Since all arrows point to the left, folders cannot form cycles. Within a folder
// files may not form circles either, not even of imports of types: a type that two files need has a file of its own.
//
// node test/import-law.mjs [ROOT]: prints every violation, exit code 1 if there is any.
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const base = ["errors", "options", "units", "drawing-plan"];
const science = ["io", "xas", "dose", "chemometrics"];

/**
 * What each layer may import beside itself. A new folder or file of lib/ gets its line here.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const layers = {
  errors: [],
  options: ["errors"],
  units: ["errors"],
  "drawing-plan": [],
  compute: base,
  elements: base,
  ...Object.fromEntries(science.map((name) => [name, [...base, "compute", "elements"]])),
  cube: [...base, "compute", "elements", ...science],
  beamline: [...base, "compute", "elements", ...science],
  figures: [...base, "compute", ...science, "cube"],
  explore: [...base, "compute", ...science, "cube", "figures"],
  pages: [...base, "compute", ...science, "cube", "figures"],
  notebook: [...base, "compute", ...science, "cube"],
  index: [...base, "compute", "elements", ...science, "cube", "beamline", "figures", "explore", "notebook"],
};

/**
 * All violations of the law below a root that has lib/ and perhaps kernel/.
 *
 * @param {string} root
 * @returns {string[]} one line each: `file:line imports X: layer Y may not know Z`, or `circle of imports: a -> b -> a; ...`
 */
export function violations(root) {
  const files = new Map(
    ["lib", "kernel"].flatMap((top) => sources(join(root, top)).map((file) => [file, imports(file)])),
  );
  const ofLayers = [...files].flatMap(([file, list]) =>
    list.flatMap(({ specifier, line }) => {
      const inLibrary = inside(join(root, "lib"), file);
      const why = inLibrary
        ? libraryViolation(root, file, specifier)
        : kernelViolation(root, file, specifier);
      return why === null ? [] : [`${relative(root, file)}:${line} imports ${specifier}: ${why}`];
    }),
  );
  const ofCircles = circles(files).map((circle) => {
    const path = [...circle, circle[0]].map((file) => relative(root, file)).join(" -> ");
    return `circle of imports: ${path}; move what they share into a file of its own`;
  });
  return [...ofLayers, ...ofCircles];
}

/**
 * Circles of imports: for each file that is in one and not in a circle before, a shortest one.
 *
 * @param {ReadonlyMap<string, ReturnType<typeof imports>>} files
 * @returns {string[][]}
 */
function circles(files) {
  const targets = new Map(
    [...files].map(([file, list]) => [
      file,
      // A worker is a program of its own: it may import from the file that starts it.
      list.flatMap(({ specifier, starts }) => (starts ? [] : targetOf(files, file, specifier))),
    ]),
  );
  /** @type {string[][]} */
  const found = [];
  const known = new Set();
  for (const start of files.keys()) {
    if (known.has(start)) continue;
    const before = new Map([[start, start]]);
    const queue = [start];
    /** @type {string | undefined} */
    let last;
    for (const file of queue) {
      for (const next of targets.get(file) ?? []) {
        if (next === start) last ??= file;
        if (before.has(next)) continue;
        before.set(next, file);
        queue.push(next);
      }
    }
    if (last === undefined) continue;
    const circle = [last];
    while (circle[0] !== start) circle.unshift(before.get(circle[0]) ?? start);
    // Another circle of the same files is printed when this one is open.
    for (const file of circle) known.add(file);
    found.push(circle);
  }
  return found;
}

/**
 * The source that a specifier names, if it is one of the files.
 *
 * @param {ReadonlyMap<string, unknown>} files
 * @param {string} file
 * @param {string} specifier
 * @returns {string[]} none or one
 */
function targetOf(files, file, specifier) {
  if (!specifier.startsWith(".")) return [];
  const path = resolve(dirname(file), specifier);
  return [path, path.replace(/\.([cm]?)js$/, ".$1ts")].filter((one) => files.has(one)).slice(0, 1);
}

/**
 * @param {string} root
 * @param {string} file
 * @param {string} specifier
 * @returns {string | null} what is wrong with the import
 */
function libraryViolation(root, file, specifier) {
  const layer = layerOf(root, file);
  if (!(layer in layers)) return `${layer} is no layer; name it in test/import-law.mjs`;
  if (/^operandose(\/|$)/.test(specifier))
    return `layer ${layer} may not know the library's public names; import the file`;
  if (!specifier.startsWith(".")) return null; // a package
  const target = resolve(dirname(file), specifier);
  if (!inside(join(root, "lib"), target)) {
    // Data files are no code; they are read from the repository's data/ wherever the library lies.
    if (inside(join(root, "data"), target)) return null;
    // A build script is no part of the library; it may use what runs before anything is compiled.
    if (file.endsWith(".mjs") && target.endsWith(".mjs")) return null;
    return `layer ${layer} may not know ${relative(root, target)}, which is outside of lib/`;
  }
  if (target === join(root, "lib", "beamline", "truth.js"))
    return "only tests and benches may know the truth behind a simulated experiment";
  const other = layerOf(root, target);
  if (other === layer || layers[layer].includes(other)) return null;
  return `layer ${layer} may not know ${other}`;
}

/**
 * The kernel is a user of the library: it has no way in but the public names.
 *
 * @param {string} root
 * @param {string} file
 * @param {string} specifier
 * @returns {string | null}
 */
function kernelViolation(root, file, specifier) {
  if (!specifier.startsWith(".")) return null;
  const target = resolve(dirname(file), specifier);
  if (inside(join(root, "lib"), target)) return "kernel may not know lib/; import from operandose";
  // Scripts that run before anything is compiled start what was compiled: they alone name dist/.
  if (inside(join(root, "dist"), target) && !file.endsWith(".mjs"))
    return "kernel may not know dist/; import from operandose";
  return null;
}

/**
 * The folder of lib/ in which a file lies, or the name of a file that lies in lib/ itself.
 *
 * @param {string} root
 * @param {string} file
 */
function layerOf(root, file) {
  return relative(join(root, "lib"), file)
    .split(sep)[0]
    .replace(/\.[cm]?[jt]s$/, "");
}

/**
 * @param {string} folder
 * @param {string} path
 */
function inside(folder, path) {
  return path === folder || path.startsWith(folder + sep);
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function sources(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name));
  return files.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
}

/**
 * Everything that a file names as another module: import and export, types too, import(), require() and the
 * `new URL("./worker.js", import.meta.url)` by which workers are started.
 *
 * @param {string} file
 * @returns {{ specifier: string, line: number, starts: boolean }[]} `starts`: it is started, not imported
 */
function imports(file) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  /** @type {ReturnType<typeof imports>} */
  const found = [];
  /** @param {ts.Node | undefined} node */
  const take = (node, starts = false) => {
    if (!node || !ts.isStringLiteralLike(node)) return;
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push({ specifier: node.text, line: line + 1, starts });
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) take(node.moduleSpecifier);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) take(node.argument.literal);
    if (ts.isExternalModuleReference(node)) take(node.expression);
    if (ts.isCallExpression(node)) {
      const called = node.expression;
      if (called.kind === ts.SyntaxKind.ImportKeyword || called.getText() === "require")
        take(node.arguments[0]);
    }
    if (ts.isNewExpression(node) && node.expression.getText() === "URL") {
      if (node.arguments?.[1]?.getText() === "import.meta.url" && isModule(node.arguments[0]))
        take(node.arguments[0], true);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** @param {ts.Node} node */
function isModule(node) {
  return ts.isStringLiteralLike(node) && /^\..*\.[cm]?[jt]s$/.test(node.text);
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const found = violations(resolve(process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url))));
  for (const violation of found) console.log(violation);
  if (found.length > 0) process.exitCode = 1;
}

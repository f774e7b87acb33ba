// @ts-check
// Builds the pages of lib/pages into dist/, each one file with the functions of the library that it uses. The sources
// are bundled as they are. Only what Node gives them is replaced here: files, the DOM of linkedom and identifiers
// of figures.
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Each page with its folder in lib/pages, its file in dist/, and the tables that it reads. Chantler's tables, which
 * only a comparison needs, are four times as large as Elam's.
 */
export const pages = [
  {
    folder: "calculator",
    file: "dose-calculator.html",
    tables: ["attenuation.json", "attenuation-fluorescence.json", "materials.json", "thresholds.json"],
  },
  { folder: "ambiguity", file: "ambiguity.html", tables: [] },
];

/**
 * What stands for modules of Node and for linkedom in a browser.
 *
 * @param {readonly string[]} tables
 * @returns {Record<string, string>}
 */
const inBrowser = (tables) => ({
  "node:fs": `const files = ${JSON.stringify(textsOf(tables))};
export const existsSync = () => false;
export function readFileSync(url) {
  const name = String(url).split("/").pop();
  if (Object.hasOwn(files, name)) return files[name];
  throw new Error(name + " is not in this page");
}`,
  "node:util": 'export const inspect = { custom: Symbol.for("nodejs.util.inspect.custom") };',
  "node:url": "export const fileURLToPath = String;",
  "node:module":
    'export const createRequire = () => (name) => { throw new Error(name + " is not in this page"); };',
  // Only identifiers of elements are made from these digests: they need to differ, and no more.
  "node:crypto": `export function createHash() {
  let [a, b] = [0x9e3779b9, 0x85ebca6b];
  return {
    update(text) {
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        a = Math.imul(a ^ code, 0x01000193);
        b = Math.imul(b + code, 0xcc9e2d51) ^ (b >>> 15);
      }
      return this;
    },
    digest: () => [a, b].map((n) => (n >>> 0).toString(16).padStart(8, "0")).join(""),
  };
}`,
  linkedom: "export const parseHTML = () => ({ document });",
  save: 'export const saveFigure = () => { throw new Error("the browser saves the figures of this page"); };',
});

/**
 * The program of a page.
 *
 * @param {string} folder of the page
 * @returns {Promise<string>}
 */
export async function bundlePage(folder) {
  const known = pages.find((page) => page.folder === folder);
  if (!known) throw new Error(`bundlePage: expected a folder of lib/pages, got ${folder}`);
  const sources = inBrowser(known.tables);
  const bundle = await rolldown({
    input: join(root, "lib", "pages", folder, "page", "main.ts"),
    platform: "browser",
    resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
    transform: {
      define: {
        // Paths of data files are relative to the module; only their last part is used.
        "import.meta.url": '"file:///lib/dose/module.js"',
        // Without the compiled kernels their plain references run.
        "process.env.OPERANDOSE_KERNELS": '"plain"',
      },
    },
    plugins: [
      {
        name: "in-browser",
        resolveId(id, importer) {
          if (Object.hasOwn(sources, id)) return MARK + id;
          if (id === "./save.js" && importer?.endsWith(join("figures", "parts", "figure.ts")))
            return `${MARK}save`;
          if (id.startsWith("node:"))
            throw new Error(`${importer} uses ${id}, which a browser does not have`);
          return null;
        },
        load: (id) => (id.startsWith(MARK) ? sources[id.slice(MARK.length)] : null),
      },
    ],
    onLog: (level, log) => {
      if (level === "warn") throw new Error(log.message);
    },
  });
  const { output } = await bundle.generate({ format: "iife", minify: true });
  await bundle.close();
  const { code } = output[0];
  const node = /\bprocess\.\w+/.exec(code)?.[0];
  if (node) throw new Error(`bundlePage: ${folder} uses ${node}, which a browser does not have`);
  return code;
}

const MARK = "\0in-browser:";

/**
 * Texts of tables by their names, without line breaks.
 *
 * @param {readonly string[]} tables
 * @returns {Record<string, string>}
 */
function textsOf(tables) {
  const compact = (/** @type {string} */ name) =>
    JSON.stringify(JSON.parse(readFileSync(join(root, "data", name), "utf8")));
  return Object.fromEntries(tables.map((name) => [name, compact(name)]));
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const { folder, file } of pages) {
    // By its path, as it is compiled before this runs.
    const compiled = pathToFileURL(join(root, "dist", "pages", folder, "document.js"));
    const { page } = await import(compiled.href);
    writeFileSync(join(root, "dist", file), page(await bundlePage(folder)));
  }
}

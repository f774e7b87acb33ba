// @ts-check
// Builds dist/dose-calculator.html: one file with the dose functions of the library, their tables and the page.
// The sources are bundled as they are. Only what Node gives them is replaced here: files, the DOM of linkedom
// and identifiers of figures.
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Tables of the page. Chantler's, which only a comparison of tables needs, are four times as large. */
const TABLES = ["attenuation.json", "attenuation-fluorescence.json", "materials.json", "thresholds.json"];

/** What stands for modules of Node and for linkedom in a browser. */
const IN_BROWSER = {
  "node:fs": `const files = ${JSON.stringify(tables())};
export function readFileSync(url) {
  const name = String(url).split("/").pop();
  if (Object.hasOwn(files, name)) return files[name];
  throw new Error(name + " is not in this page");
}`,
  "node:util": 'export const inspect = { custom: Symbol.for("nodejs.util.inspect.custom") };',
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
};

/** Figures are saved by the browser. */
const SAVE =
  'export const saveFigure = () => { throw new Error("figures of this page are saved by the browser"); };';

/**
 * The program of the page.
 *
 * @returns {Promise<string>}
 */
export async function bundleCalculator() {
  const bundle = await rolldown({
    input: join(root, "lib", "calculator", "page", "main.ts"),
    platform: "browser",
    resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
    // Paths of data files are relative to the module; only their last part is used.
    transform: { define: { "import.meta.url": '"file:///lib/dose/module.js"' } },
    plugins: [{ name: "in-browser", resolveId: resolve, load }],
    onLog: (level, log) => {
      if (level === "warn") throw new Error(log.message);
    },
  });
  const { output } = await bundle.generate({ format: "iife", minify: true });
  await bundle.close();
  return output[0].code;
}

const MARK = "\0in-browser:";

/**
 * @param {string} id
 * @param {string | undefined} importer
 * @returns {string | null}
 */
function resolve(id, importer) {
  if (Object.hasOwn(IN_BROWSER, id)) return MARK + id;
  if (id === "./save.js" && importer?.endsWith(join("figures", "parts", "figure.ts"))) return `${MARK}save`;
  if (id.startsWith("node:")) throw new Error(`${importer} uses ${id}, which a browser does not have`);
  return null;
}

/**
 * @param {string} id
 * @returns {string | null}
 */
function load(id) {
  if (!id.startsWith(MARK)) return null;
  const name = id.slice(MARK.length);
  return name === "save" ? SAVE : IN_BROWSER[/** @type {keyof typeof IN_BROWSER} */ (name)];
}

/** @returns {Record<string, string>} texts of the tables by their names, without line breaks */
function tables() {
  const compact = (/** @type {string} */ name) =>
    JSON.stringify(JSON.parse(readFileSync(join(root, "data", name), "utf8")));
  return Object.fromEntries(TABLES.map((name) => [name, compact(name)]));
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  // By its path, as it is compiled before this runs.
  const compiled = pathToFileURL(join(root, "dist", "calculator", "document.js"));
  const { calculatorPage } = await import(compiled.href);
  writeFileSync(join(root, "dist", "dose-calculator.html"), calculatorPage(await bundleCalculator()));
}

// @ts-check
// Writes dist/: danfojs-node (the devDependency danfojs-original) with all packages that it needs in one file,
// its types, and the licences of what is in the file. Why: docs/decisions/0047-bundled-tables.md.
// console.log of a table prints it as the notebooks do; danfojs leaves this to Node, which prints its fields on
// hundreds of lines.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const here = fileURLToPath(new URL("./", import.meta.url));
const out = join(here, "dist");
const original = dirname(createRequire(import.meta.url).resolve("danfojs-original/package.json"));

rmSync(out, { recursive: true, force: true });
const entry = join(original, "dist/danfojs-node/src/index.js");
const bundle = await rolldown({
  input: entry,
  platform: "node",
  resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
  plugins: [
    { name: "tensorflow", resolveId: tensorflow },
    { name: "printed tables", transform: (code, id) => (id === entry ? code + printedTables() : null) },
  ],
  // Plots of danfojs are for browsers only.
  external: ["plotly.js-dist-min"],
  onLog: (_, { message }) => {
    throw new Error(`danfojs-node: ${message}`);
  },
});
const { output } = await bundle.write({
  file: join(out, "index.cjs"),
  format: "cjs",
  exports: "named",
  // Names stay, for the traces of errors.
});
writeFileSync(join(out, "LICENSES.txt"), licences(output[0].moduleIds));
writeTypes();

/**
 * The ES modules of TensorFlow, as in the file that adds the methods of tensors (vendor/tfjs-node): its CommonJS
 * modules would be a second copy.
 *
 * @param {string} id
 */
function tensorflow(id) {
  if (!/^@tensorflow\/tfjs-(core|data|backend-cpu)$/.test(id)) return null;
  return join(dirname(createRequire(import.meta.url).resolve(`${id}/package.json`)), "dist/index.js");
}

/** Code below that of danfojs: how Node prints its tables. */
function printedTables() {
  const text = fileURLToPath(new URL("../../kernel/jupyter/display/frame.ts", import.meta.url));
  return `
const { frameText } = require(${JSON.stringify(text)});
for (const { prototype } of [exports.DataFrame, exports.Series]) {
  prototype[Symbol.for("nodejs.util.inspect.custom")] = function () {
    return frameText(this) ?? this;
  };
}
`;
}

/**
 * Name, version and licence of every package that is in the bundle.
 *
 * @param {readonly string[]} modules
 */
function licences(modules) {
  const packages = new Set(modules.flatMap((path) => packageOf(path) ?? []));
  const texts = [...packages].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file));
    const text = files.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n");
    return `${name} ${version}, ${license ?? "see below"}\n\n${text || "The package contains no text."}\n`;
  });
  return texts.sort().join(`\n${"-".repeat(80)}\n\n`);
}

/**
 * Folder of the package of a module.
 *
 * @param {string} path
 */
function packageOf(path) {
  if (!path.startsWith(sep)) return null; // a module of the bundler
  let folder = dirname(path);
  while (!hasName(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

/** @param {string} path package.json of a folder; those that only say which kind of modules it has have no name */
function hasName(path) {
  return existsSync(path) && JSON.parse(readFileSync(path, "utf8")).version !== undefined;
}

/** The declarations, which import from no other package. */
function writeTypes() {
  const types = join(out, "types");
  cpSync(join(original, "dist"), types, { recursive: true, filter: (path) => !/\.js$/.test(path) });
  cpSync(join(here, "external.d.ts"), join(types, "external.d.ts"));
  for (const entry of readdirSync(types, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === "external.d.ts") continue;
    const path = join(entry.parentPath, entry.name);
    const external = relative(entry.parentPath, join(types, "external")).split(sep).join("/");
    const text = readFileSync(path, "utf8").replace(
      /^(import .* from )["'](table|plotly\.js-dist-min|papaparse|xlsx|node-fetch|request)["']/gm,
      `$1"${external}"`,
    );
    writeFileSync(path, text);
  }
}

// @ts-check
// Hash of the sources of the compiled files, to decide whether to compile or run notebooks again.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * Sources of the library and the kernel by content: a checkout that changes only times compiles nothing.
 *
 * @param {string} root the repository
 * @returns {{ hash: string, files: string[] }} files relative to the root, sorted
 */
export function sourcesStamp(root) {
  const sources = ["lib", "kernel"].flatMap((folder) => filesBelow(join(root, folder), /\.c?ts$/));
  const settings = [
    "tsconfig.json",
    "kernel/tsconfig.json",
    "lib/compute/wasm/build.mjs",
    "kernel/site/build-pages.mjs",
    "kernel/site/menu.mjs",
    "data/attenuation.json",
    "data/attenuation-fluorescence.json",
    "data/materials.json",
    "data/thresholds.json",
    "package.json",
    "package-lock.json",
  ];
  const files = [...sources, ...settings.map((file) => join(root, file))].filter((file) => existsSync(file));
  return { hash: hashOf(files, root), files: files.map((file) => relative(root, file)) };
}

/**
 * @param {string[]} files
 * @param {string} root names are relative to it, so that the hash does not depend on the path of the
 *   repository
 * @returns {string} SHA-256 of names and contents
 */
export function hashOf(files, root) {
  const hash = createHash("sha256");
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/**
 * @param {string} folder
 * @param {RegExp} name
 * @returns {string[]} paths of all files below, sorted; empty if the folder does not exist
 */
export function filesBelow(folder, name) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

// Paths of the package. Compiled files are in dist/kernel/, two folders below its root; tests use the sources.
import { sep } from "node:path";
import { fileURLToPath } from "node:url";

const up = import.meta.url.endsWith(".ts") ? "../" : "../../";

/** Root of the clone or of the installed package. */
export const root = fileURLToPath(new URL(up, import.meta.url));

/** A path below the root. */
export function place(path: string): string {
  return fileURLToPath(new URL(`${up}${path}`, import.meta.url));
}

/** Whether this is an installed package, and not a clone of the repository. */
export const installed = root.split(sep).includes("node_modules");

/** Folder that the commands write into: the clone, or for an installed package the current folder. */
export const home = installed ? process.cwd() : root;

/** Arguments of Node for a kernel; the kernel spec in kernels/tslab/kernel.json has the same. */
export const nodeFlags = [
  // Packages with ES module and CommonJS versions are loaded once for both cells and library.
  "--conditions=import",
  // Stack traces have the lines of the sources.
  "--enable-source-maps",
  // A cell loads the library with require(), for which Node 20 prints a warning.
  "--disable-warning=ExperimentalWarning",
];

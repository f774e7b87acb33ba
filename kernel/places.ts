// Paths of the repository. Compiled files are in dist/kernel/, so its root is two folders up.
import { fileURLToPath } from "node:url";

/** Root of the repository. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** A path below the root. */
export function place(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** Arguments of Node for a kernel; the kernel spec in kernels/tslab/kernel.json has the same. */
export const nodeFlags = [
  // Packages with ES module and CommonJS versions are loaded once for both cells and library.
  "--conditions=import",
  // Stack traces have the lines of the sources.
  "--enable-source-maps",
  // A cell loads the library with require(), for which Node 20 prints a warning.
  "--disable-warning=ExperimentalWarning",
];

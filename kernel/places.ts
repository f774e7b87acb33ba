// Where things lie. Compiled files are in dist/kernel/, so the repository's root is two folders up.
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** A path below the root. */
export function place(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** How Node is started for a kernel; the kernel spec in kernels/tslab/kernel.json says the same to Jupyter. */
export const nodeFlags = [
  // Packages that come as ES module and as CommonJS are then loaded once, whether a cell or the library asks for them.
  "--conditions=import",
  // Stack traces name the lines of the sources.
  "--enable-source-maps",
  // A cell loads the library with require(), which Node 20 calls experimental on every first use.
  "--disable-warning=ExperimentalWarning",
];

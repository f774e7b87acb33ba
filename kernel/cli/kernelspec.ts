// The kernel in the folders of the user's own Jupyter.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve, sep } from "node:path";
import { place, root } from "../places.js";

/** Name of the kernel, which the notebooks of this package state. */
export const KERNEL = "tslab";

interface KernelSpec {
  argv: string[];
  metadata?: { operandose?: string };
}

/** The kernel of this package with absolute paths; kernel.json for `lab` has the same with relative ones. */
function kernelSpec(): KernelSpec {
  const spec = JSON.parse(
    readFileSync(place(`kernel/jupyter/kernels/${KERNEL}/kernel.json`), "utf8"),
  ) as KernelSpec;
  const launcher = place("dist/kernel/jupyter/launch.js");
  const [, ...args] = spec.argv.map((word) => (word.startsWith("{resource_dir}") ? launcher : word));
  return { ...spec, argv: [process.execPath, ...args], metadata: { operandose: root } };
}

/** Folder of a kernel in the data of Jupyter: of a prefix such as a Python environment, or of the user. */
export function kernelFolder(name: string, prefix?: string): string {
  const data = prefix === undefined ? userData() : join(resolve(prefix), "share", "jupyter");
  return join(data, "kernels", name);
}

/** Jupyter's folder of the user's data, as `jupyter --data-dir` prints it. */
function userData(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") return join(APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "jupyter");
}

/** What lies in the folder of a kernel: nothing, a kernel of operandose, or another one. */
export function installedKernel(folder: string): { owner: "none" | "operandose" | "other"; root?: string } {
  const path = join(folder, "kernel.json");
  if (!existsSync(path)) return { owner: "none" };
  try {
    const { metadata } = JSON.parse(readFileSync(path, "utf8")) as KernelSpec;
    const of = metadata?.operandose;
    return of === undefined ? { owner: "other" } : { owner: "operandose", root: of };
  } catch {
    return { owner: "other" };
  }
}

/** Writes the kernel. */
export function writeKernel(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(kernelSpec(), null, 2)}\n`);
}

/** Removes the kernel with its folder. */
export function removeKernel(folder: string): void {
  rmSync(folder, { recursive: true });
}

/** Whether this copy was fetched by npx for one call: npm removes it at any time. */
export const isTemporary = root.split(sep).includes("_npx");

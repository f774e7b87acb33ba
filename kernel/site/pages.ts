// The pages that are built with the library into dist/.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PageEntry } from "./page-entry.js";

const all: readonly PageEntry[] = [
  {
    href: "dose-calculator.html",
    title: "Dose calculator",
    summary: "the dose of a cell in a beam, in one file that needs no installation",
  },
  {
    href: "ambiguity.html",
    title: "Rotational ambiguity",
    summary: "move the components of two or three species, and see which spectra fit as well",
  },
];

/** Those that were built. */
export function builtPages(root: string): readonly PageEntry[] {
  return all.filter(({ href }) => existsSync(join(root, "dist", href)));
}

// The pages that are built with the library, in the site: with a way back to its first page.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PageEntry } from "./index-page.js";

/** The pages in the list of the first page. */
export const builtPages: readonly PageEntry[] = [
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

/** Copies the pages from `dist/`, as far as they were built. */
export function copyPages(site: string, root: string): void {
  const home = '<nav aria-label="Site"><a href="index.html">All pages</a></nav>';
  for (const { href } of builtPages) {
    const built = join(root, "dist", href);
    if (!existsSync(built)) continue;
    writeFileSync(join(site, href), readFileSync(built, "utf8").replace("<!-- home -->", home));
  }
}

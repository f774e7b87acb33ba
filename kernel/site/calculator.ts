// The dose calculator in the site: the page that is built with the library, with a way back to the first page.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PageEntry } from "./index-page.js";

/** The page in the list of the first page. */
export const calculatorEntry: PageEntry = {
  href: "dose-calculator.html",
  title: "Dose calculator",
  summary: "the dose of a cell in a beam, in one file that needs no installation",
};

/** Copies the page from `dist/`, if it was built. */
export function copyCalculator(site: string, root: string): void {
  const built = join(root, "dist", calculatorEntry.href);
  if (!existsSync(built)) return;
  const home = '<nav aria-label="Site"><a href="index.html">All pages</a></nav>';
  const page = readFileSync(built, "utf8").replace("<!-- home -->", home);
  writeFileSync(join(site, calculatorEntry.href), page);
}

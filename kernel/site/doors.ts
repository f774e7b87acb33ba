// Where a reader goes from the first page.
import { escapeHtml } from "../escape.js";
import { cellLink } from "./cell-link.js";
import type { NotebookEntry } from "./notebooks-page.js";
import type { PageEntry } from "./page-entry.js";

/** The doors that lead somewhere. */
export function doors(
  notebooks: readonly NotebookEntry[],
  explorers: readonly PageEntry[],
  pages: ReadonlySet<string>,
): string {
  const to = (pattern: RegExp) => {
    const found = notebooks.find(({ name }) => pattern.test(name));
    return found && cellLink(found.name);
  };
  const all = [
    ["Start here", "the analysis in one notebook", to(/^start-here$/)],
    ["Explore", "spectra and dose of any pixel", explorers[0]?.href],
    ["Bring your own data", "the same analysis for your own recordings", to(/^bring-your-own-data$/)],
    [
      "Dose calculator",
      "no installation",
      pages.has("dose-calculator.html") ? "dose-calculator.html" : undefined,
    ],
    ["Course", "six lessons with exercises", to(/^course-/) && "notebooks.html#course"],
  ] as const;
  const links = all.flatMap(([title, words, href]) =>
    href ? [`<li><a href="${escapeHtml(href)}"><b>${title}</b> <span>${words}</span></a></li>`] : [],
  );
  return links.length > 0
    ? `<nav class="doors" aria-label="Where to go"><ul>${links.join("")}</ul></nav>`
    : "";
}

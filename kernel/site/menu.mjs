// @ts-check
// The menu of all pages; the API reference (typedoc-plugin.mjs) has the same.

/** Pages of the menu, relative to the first page. */
export const menu = [
  { href: "index.html", title: "Results" },
  { href: "index.html#figures", title: "Figures" },
  { href: "claims.html", title: "Claims" },
  { href: "notebooks.html", title: "Notebooks" },
  { href: "notebooks.html#course", title: "Course" },
  { href: "dose-calculator.html", title: "Dose calculator" },
  { href: "api/index.html", title: "API reference" },
  { href: "glossary.html", title: "Glossary" },
];

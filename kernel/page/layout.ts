// What all pages have in common: one file, no requests, readable on a screen, a phone and paper.
import { escapeHtml } from "../display/escape.js";
import { stylesheet } from "./stylesheet.js";

/** Nothing is loaded and nothing runs, whatever a cell may have printed. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export interface PageParts {
  title: string;
  /** HTML of the header, below the title. */
  lead?: string;
  /** HTML between header and main text. */
  navigation?: string;
  main: string;
  footer: string;
}

/** A whole HTML page. The title is text, the other parts are HTML that is already safe. */
export function htmlPage({ title, lead = "", navigation = "", main, footer }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(title)}</title>
<style>${stylesheet}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><h1>${escapeHtml(title)}</h1>${lead}</header>
${navigation ? `<nav aria-label="Contents">${navigation}</nav>` : ""}
<main id="main">
${main}
</main>
<footer>${footer}</footer>
</body>
</html>
`;
}

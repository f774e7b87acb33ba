// What all pages have in common: no requests to anywhere, readable on a screen, a phone and paper.
import { createHash } from "node:crypto";
import { escapeHtml } from "../escape.js";
import { stylesheet } from "./stylesheet.js";

export interface PageParts {
  title: string;
  /** HTML of the header, below the title. */
  lead?: string;
  /** HTML between header and main text. */
  navigation?: string;
  main: string;
  footer: string;
  /** A script of our own; no other one runs. */
  script?: string;
  /** What kind of page it is, for the stylesheet. */
  kind?: "notebook";
}

/** A whole HTML page. The title is text, the other parts are HTML that is already safe. */
export function htmlPage({
  title,
  lead = "",
  navigation = "",
  main,
  footer,
  script,
  kind,
}: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(title)}</title>
<style>${stylesheet}</style>
</head>
<body${kind ? ` class="${kind}"` : ""}>
<a class="skip" href="#main">Skip to the content</a>
<header><h1>${escapeHtml(title)}</h1>${lead}</header>
${navigation ? `<nav aria-label="Contents">${navigation}</nav>` : ""}
<main id="main">
${main}
</main>
<footer>${footer}</footer>
${script === undefined ? "" : `<script>${script}</script>\n`}</body>
</html>
`;
}

/** Pictures beside the page are loaded, nothing else is, and nothing but our script runs, whatever a cell may have printed. */
function policy(script: string | undefined): string {
  const hash = script === undefined ? "" : createHash("sha256").update(script).digest("base64");
  const scripts = hash ? ` script-src 'sha256-${hash}';` : "";
  return `default-src 'none';${scripts} style-src 'unsafe-inline'; img-src 'self' file: data:; base-uri 'none'; form-action 'none'`;
}

// Common layout of all pages: no requests to other hosts, legible on a screen, a phone and paper.
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
  /** The only script of the page. */
  script?: string;
  /** Kind of page, for the stylesheet. */
  kind?: "notebook";
}

/** A whole HTML page. The title is text, the other parts are safe HTML. */
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

/** The page loads only pictures beside it and runs only its own script, whatever the cells printed. */
function policy(script: string | undefined): string {
  const hash = script === undefined ? "" : createHash("sha256").update(script).digest("base64");
  const scripts = hash ? ` script-src 'sha256-${hash}';` : "";
  return `default-src 'none';${scripts} style-src 'unsafe-inline'; img-src 'self' file: data:; base-uri 'none'; form-action 'none'`;
}

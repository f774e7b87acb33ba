// Common layout of all pages: one menu, no requests to other hosts, legible on a screen, a phone and paper.
import { createHash } from "node:crypto";
import { escapeHtml } from "../escape.js";
import { menu } from "./menu.mjs";
import { stylesheet } from "./stylesheet.js";

/** Where a page is in the site. */
export interface Place {
  /** Path below the site, such as `notebooks/fig-06.html`. */
  path: string;
  /** Paths of the menu that exist. */
  pages: ReadonlySet<string>;
}

export interface PageParts {
  title: string;
  place: Place;
  /** HTML of the header, below the title. */
  lead?: string;
  /** HTML between header and main text. */
  navigation?: string;
  main: string;
  footer: string;
  /** The only script of the page. */
  script?: string;
  /** Kind of page, for the stylesheet. */
  kind?: "notebook" | "first" | "figure";
}

/** A whole HTML page. The title is text, the other parts are safe HTML. */
export function htmlPage({
  title,
  place,
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
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(kind === "first" ? title : `${title} · operandose`)}</title>
<style>${stylesheet}</style>
</head>
<body${kind ? ` class="${kind}"` : ""}>
<a class="skip" href="#main">Skip to the content</a>
${menuHtml(place)}
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

/** Path from a page to the folder of the site: empty or `../`. */
function homeOf({ path }: Pick<Place, "path">): string {
  return "../".repeat(path.split("/").length - 1);
}

/** The menu, with a mark at the page itself. */
export function menuHtml(place: Place): string {
  const links = menu
    .filter(({ href }) => place.pages.has(href.replace(/#.*/, "")))
    .map(({ href, title }) => {
      const here = href === place.path ? ' aria-current="page"' : "";
      return `<li><a href="${homeOf(place)}${href}"${here}>${title}</a></li>`;
    });
  return `<nav class="menu" aria-label="Site"><ul>${links.join("")}</ul></nav>`;
}

/** The page loads only pictures beside it and runs only its own script, whatever the cells printed. */
function policy(script: string | undefined): string {
  const hash = script === undefined ? "" : createHash("sha256").update(script).digest("base64");
  const scripts = hash ? ` script-src 'sha256-${hash}';` : "";
  return `default-src 'none';${scripts} style-src 'unsafe-inline'; img-src 'self' file: data:; base-uri 'none'; form-action 'none'`;
}

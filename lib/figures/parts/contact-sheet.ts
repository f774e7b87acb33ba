// All figures on one page in small size.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeText } from "../../compute/escape.js";
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { textsOf } from "./caption.js";
import type { Figure } from "./figure.js";
import { theme } from "./theme.js";

/** One picture of a contact sheet: a figure, or a published one. */
export type SheetEntry =
  | { readonly name: string; readonly figure: Pick<Figure, "svg" | "title" | "width"> }
  | PublishedFigure;

/** A figure that `publish` wrote. */
export interface PublishedFigure {
  /** Such as `fig-05b`. */
  readonly name: string;
  /** Short title: with a caption, its first sentence. */
  readonly title: string;
  /** The whole caption that the notebook gave; empty without one. */
  readonly caption: string;
  /** Axes with units and ranges. */
  readonly description: string;
  /** px of 1/96 inch. */
  readonly width: number;
  /** Its files relative to the site, by extension: `{ svg: "figures/fig-05b.svg", ... }`. */
  readonly files: Readonly<Record<string, string>>;
}

/** Options of `contactSheet`. */
export interface ContactSheetOptions {
  /** Default: `Contact sheet`. */
  readonly title?: string;
}

const CONTACT_SHEET: OptionNames<ContactSheetOptions> = {
  title: true,
};

/**
 * A page with all figures: six per row on a wide screen, two on a phone, four on paper, and those of two
 * columns twice as wide. Each has its name, its title and, if it was published, its files.
 *
 * @returns HTML; figures are embedded, published pictures are linked (the page is in the folder of the site)
 * @throws ArgumentError without entries
 * @example
 * const figure = figures.curves({
 *   x: [0, 1],
 *   y: [[3.6, 4.3]],
 *   xLabel: "Time (h)",
 *   yLabel: "Voltage (V)",
 * });
 * figures.contactSheet([{ name: "voltage", figure }], { title: "All figures" }); // HTML
 */
export function contactSheet(entries: readonly SheetEntry[], options: ContactSheetOptions = {}): string {
  checkOptions("figures.contactSheet", options, CONTACT_SHEET);
  const isEntry = (one: unknown): boolean => typeof one === "object" && one !== null && "name" in one;
  if (!Array.isArray(entries) || entries.length === 0 || !entries.every(isEntry)) {
    throw new ArgumentError(
      `figures.contactSheet: expected figures as [{ name, figure }], got ${quote(entries)}`,
    );
  }
  const title = escapeText(options.title ?? "Contact sheet");
  const cards = entries.map((entry, i) => {
    const { src, title: said, alt: words, links, wide } = shown(entry, i);
    const name = escapeText(entry.name);
    const alt = escapeText(words);
    return `<figure${wide ? ' class="wide"' : ""} id="${escapeText(entry.name.replace(/[^\w-]+/g, "-"))}">
<a href="${src}"><img src="${src}" alt="${name}: ${alt}" loading="lazy"></a>
<figcaption><b>${name}</b> ${escapeText(said)}${links}</figcaption>
</figure>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${entries.length} figures.</p>
<div class="sheet">
${cards.join("\n")}
</div>
</main>
</body>
</html>
`;
}

/**
 * Published figures of a site, by name.
 *
 * @param site folder of the site, as in `OPERANDOSE_SITE`
 * @returns entries for `contactSheet`, sorted by name
 * @example
 * figures.publishedFigures("site").map(({ name, title }) => `${name}: ${title}`);
 */
export function publishedFigures(site: string): PublishedFigure[] {
  if (typeof site !== "string" || site === "") {
    throw new ArgumentError(
      `figures.publishedFigures: expected the path of a site's folder, got ${quote(site)}`,
      { path: site },
    );
  }
  const folder = join(site, "figures");
  if (!existsSync(folder)) return [];
  const all = readdirSync(folder).sort();
  const names = all.filter((file) => file.endsWith(".svg")).map((file) => file.slice(0, -4));
  return names.map((name) => {
    const svg = readFileSync(join(folder, `${name}.svg`), "utf8");
    const files = ["svg", "png", "pdf", "csv"]
      .filter((ending) => all.includes(`${name}.${ending}`))
      .map((ending) => [ending, `figures/${name}.${ending}`]);
    return {
      name,
      ...textsOf(inside(svg, "title"), inside(svg, "desc")),
      width: Number(/<svg[^>]* width="([\d.]+)"/.exec(svg)?.[1] ?? 0),
      files: Object.fromEntries(files),
    };
  });
}

const STYLE = `
body { font: 14px/1.4 "DejaVu Sans", Helvetica, Arial, sans-serif; color: #1a1a1a; background: #fff; margin: 1rem; }
h1 { font-size: 1.3rem; margin: 0 0 0.3rem; }
.sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 45%), 1fr)); gap: 1rem; }
.wide { grid-column: span 2; }
figure { margin: 0; border: 1px solid #d4d4d4; padding: 0.5rem; break-inside: avoid; min-width: 0; }
img { width: 100%; height: 11rem; object-fit: contain; background: #fff; }
figcaption { font-size: 0.8rem; overflow-wrap: anywhere; }
a { color: #00527f; }
a:focus-visible { outline: 3px solid #0072b2; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  body { color: #e6e6e6; background: #16181b; }
  :root { --accent: #7cc4f0; --ink: #e6e6e6; --line: #3a3f45; }
  figure { border-color: #3a3f45; }
  img { padding: 0.3rem; box-sizing: border-box; border-radius: 3px; }
  a { color: #7cc4f0; }
  a:focus-visible { outline-color: #7cc4f0; }
}
@media print { body { margin: 0; } .sheet { grid-template-columns: repeat(4, 1fr); gap: 0.4rem; } img { height: 7rem; } }
`;

function shown(
  entry: SheetEntry,
  index: number,
): { src: string; title: string; alt: string; links: string; wide: boolean } {
  if ("files" in entry) {
    const links = Object.entries(entry.files).map(
      ([ending, path]) =>
        `<a href="${escapeText(path)}" aria-label="${escapeText(entry.name)} as ${ending.toUpperCase()}">${escapeText(ending)}</a>`,
    );
    return {
      src: escapeText(entry.files.svg),
      title: entry.title,
      alt: entry.caption || entry.title,
      links: `<br>${links.join(" ")}`,
      wide: isWide(entry.width),
    };
  }
  const figure = entry?.figure;
  if (typeof figure?.svg !== "string") {
    throw new ArgumentError(
      `figures.contactSheet: expected a figure in entries[${index}], got ${quote(figure)}`,
      { index },
    );
  }
  const src = `data:image/svg+xml;base64,${Buffer.from(figure.svg).toString("base64")}`;
  return { src, title: figure.title, alt: figure.title, links: "", wide: isWide(figure.width) };
}

function isWide(width: number): boolean {
  return width > 1.2 * theme.width.column;
}

// Text of the document's own title or description.
function inside(svg: string, element: "title" | "desc"): string {
  const text = new RegExp(`<${element}\\b[^>]*>([^<]*)</${element}>`).exec(svg)?.[1] ?? "";
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name]);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

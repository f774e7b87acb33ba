// Published figures on the first page, in the order of the paper.
import { escapeHtml } from "../escape.js";
import { cellLink } from "./cell-link.js";

/** A figure in site/figures/. */
export interface PublishedFigure {
  /** Name such as `fig-05b`; its files are `figures/fig-05b.svg` and so on. */
  name: string;
  /** Available formats, such as `svg`. */
  endings: readonly string[];
  /** Notebook and cell of the figure. */
  notebook: string;
  cell: number;
  /** Short title. */
  title: string;
  /** Description for readers who do not see the figure. */
  description: string;
  /** Heading above the figure in the notebook. */
  heading?: string;
  /** Width in print, px. */
  width: number;
}

/** The figures of one notebook. */
export interface FigureGroup {
  notebook: string;
  title: string;
  /** Question of the notebook. */
  question?: string;
  figures: readonly PublishedFigure[];
}

/** Formats in the order of the links. */
const formats = ["svg", "png", "pdf", "csv"];

/** Wider figures have the whole width of the gallery, px in print. */
const BROAD = 450;

/**
 * All figures with their captions; empty when there are none.
 *
 * As images: neither styles nor names nor scripts of an SVG leave an image.
 */
export function gallery(groups: readonly FigureGroup[]): string {
  const shown = groups.filter(({ figures }) => figures.length > 0);
  if (shown.length === 0) return "";
  return `<section class="wide" id="figures" aria-labelledby="figures-title">
<h2 id="figures-title">Figures</h2>
${shown.map(groupSection).join("\n")}
</section>`;
}

function groupSection({ notebook, title, question, figures }: FigureGroup): string {
  return `<section class="group" id="${escapeHtml(`of-${notebook}`)}">
<h3><a href="${escapeHtml(cellLink(notebook))}">${escapeHtml(title)}</a></h3>
${question ? `<p class="question">${escapeHtml(question)}</p>\n` : ""}<div class="gallery">
${figures.map(figureHtml).join("\n")}
</div>
</section>`;
}

function figureHtml(figure: PublishedFigure): string {
  const { name, notebook, cell, title, description, heading, width, endings } = figure;
  const path = `figures/${encodeURIComponent(name)}`;
  const label = figureLabel(name);
  // The titles of composed panels are lists, which only the text alternative needs.
  const words = heading ?? (title.includes("; ") ? "" : title);
  const caption = [`<b>${escapeHtml(label || name)}</b>`, escapeHtml(words)].filter(Boolean).join(" ");
  return `<figure id="${escapeHtml(name)}"${width > BROAD ? ' class="broad"' : ""}>
<a href="${path}.svg"><img src="${path}.svg" alt="${escapeHtml(`${title}. ${description}`)}"${width > 0 ? ` width="${Math.round(1.4 * width)}"` : ""}></a>
<figcaption>${caption}
<span class="links">${fileLinks(path, endings, label || name)} <a href="${escapeHtml(cellLink(notebook, cell))}">${escapeHtml(notebook)}, cell ${cell}</a></span></figcaption>
</figure>`;
}

/**
 * Links to the files of a figure.
 *
 * @param path path without extension, relative to the page
 * @param of name of the figure, for screen readers
 */
export function fileLinks(path: string, endings: readonly string[], of: string): string {
  const known = formats.filter((ending) => endings.includes(ending));
  return known
    .map((ending) => {
      const format = ending.toUpperCase();
      return `<a href="${path}.${ending}" aria-label="${escapeHtml(`${of} as ${format}`)}">${format}</a>`;
    })
    .join(" ");
}

/** The paper's name of a figure; empty if there is none. */
export function figureLabel(name: string): string {
  const [, supporting, number, panel] = /^fig-(s?)(\d+)([a-z]?)(?:-|$)/.exec(name) ?? [];
  return number ? `Fig. ${supporting.toUpperCase()}${Number(number)}${panel}` : "";
}

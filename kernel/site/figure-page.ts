// A figure on a page of its own: figure, caption, files, notebook, neighbors.
import { escapeHtml } from "../escape.js";
import { cellLink } from "./cell-link.js";
import {
  altText,
  type FigureGroup,
  figureLabel,
  fileLinks,
  type PublishedFigure,
  shortTitle,
} from "./figure.js";
import { htmlPage, type Place } from "./layout.js";
import { neighborLinks } from "./neighbors.js";

export interface FigurePageOptions {
  place: Place;
  /** The notebook of the figure. */
  group: Pick<FigureGroup, "title" | "question">;
  footer: string;
  before?: PublishedFigure;
  after?: PublishedFigure;
}

/** The page. The figure is an image: neither styles nor names nor scripts of an SVG leave an image. */
export function figurePage(figure: PublishedFigure, options: FigurePageOptions): string {
  const { place, group, footer, before, after } = options;
  const { name, notebook, cell, caption, description, width, height, endings } = figure;
  const label = figureLabel(name);
  const file = encodeURIComponent(name);
  const size =
    width > 0 && height > 0 ? ` width="${Math.round(1.8 * width)}" height="${Math.round(1.8 * height)}"` : "";
  const words = caption || `${shortTitle(figure)}.`;
  const question = group.question ? `: <q>${escapeHtml(group.question)}</q>` : "";
  const main = `<figure class="single">
<a href="${file}.svg"><img src="${file}.svg" alt="${escapeHtml(altText(figure))}"${size}></a>
<figcaption>${label ? `<b>${label}.</b> ` : ""}${panels(words)}</figcaption>
</figure>
<dl class="about">
<dt>Axes and ranges</dt><dd>${escapeHtml(description)}</dd>
<dt>Files</dt><dd class="links">${fileLinks(file, endings, label || name)}</dd>
<dt>Made by</dt><dd><a href="../${escapeHtml(cellLink(notebook, cell))}">${escapeHtml(group.title)}, cell ${cell}</a>${question}</dd>
</dl>
${neighborLinks(link(before), link(after), "Figures")}`;
  return htmlPage({ title: headline(figure), place, main, footer, kind: "figure" });
}

function headline(figure: PublishedFigure): string {
  return [figureLabel(figure.name), shortTitle(figure)].filter(Boolean).join(": ");
}

function link(figure: PublishedFigure | undefined): { href: string; title: string } | undefined {
  return figure && { href: `${encodeURIComponent(figure.name)}.html`, title: headline(figure) };
}

/** A caption with the letters of its panels in bold. */
function panels(caption: string): string {
  return escapeHtml(caption).replace(/(^|\s)((?:[a-i], )*[a-i]\))(?=\s)/g, "$1<b>$2</b>");
}

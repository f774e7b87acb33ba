// All figures in small size, in the order of the paper; each leads to its page.
import { escapeHtml } from "../escape.js";
import { type FigureGroup, figureLabel, figurePath, type PublishedFigure, shortTitle } from "./figure.js";

/** Headings, and the notebooks below them. */
const parts: readonly (readonly [heading: string, notebooks: RegExp])[] = [
  ["Figures of the paper", /^fig-\d/],
  ["Supporting Information", /^fig-s\d/],
  ["Course", /^course-/],
  ["Other notebooks", /^(?!fig-s?\d|course-)/],
];

/** The section of the first page; empty when there are no figures. */
export function thumbnails(groups: readonly FigureGroup[]): string {
  const lists = parts.map(([heading, pattern]) => {
    const figures = groups.filter(({ notebook }) => pattern.test(notebook)).flatMap((group) => group.figures);
    if (figures.length === 0) return "";
    return `<h3>${heading}</h3>\n<ul class="thumbnails">\n${figures.map(thumbnail).join("\n")}\n</ul>`;
  });
  const shown = lists.filter((html) => html !== "").join("\n");
  return (
    shown &&
    `<section id="figures" aria-labelledby="figures-title">
<h2 id="figures-title">All figures</h2>
${shown}
</section>`
  );
}

// The link has the title as its text: the image is decoration beside it.
function thumbnail(figure: PublishedFigure): string {
  const { name } = figure;
  const label = figureLabel(name);
  return `<li id="${escapeHtml(name)}"><a href="${escapeHtml(figurePath(name))}"><img src="figures/${encodeURIComponent(name)}.svg" alt="" loading="lazy">
${label ? `<b>${label}</b> ` : ""}${escapeHtml(shortTitle(figure))}</a></li>`;
}

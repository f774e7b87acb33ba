// First page: what was found, its two main figures, where to go, and all figures in small size.
import { escapeHtml } from "../escape.js";
import { cellLink } from "./cell-link.js";
import { doors } from "./doors.js";
import {
  altText,
  type FigureGroup,
  figureLabel,
  figurePath,
  type PublishedFigure,
  shortTitle,
} from "./figure.js";
import { htmlPage, type Place } from "./layout.js";
import type { NotebookEntry } from "./notebooks-page.js";
import type { PageEntry } from "./page-entry.js";
import { type Provenance, provenanceList } from "./provenance.js";
import { thumbnails } from "./thumbnails.js";

/** A sentence of a notebook with its cell. */
export interface Finding {
  sentence: string;
  notebook: string;
  cell: number;
}

export interface IndexParts {
  place: Place;
  findings: readonly Finding[];
  figures: readonly FigureGroup[];
  notebooks: readonly NotebookEntry[];
  /** Interactive pictures. */
  explorers: readonly PageEntry[];
  /** Number of notebooks that have not run yet. */
  left: number;
  provenance: Provenance;
}

/** Figures of the first screen. */
const MAIN = ["fig-07", "fig-08"];

const lead = `<p class="lead">Did the X-ray beam change the battery that it measured? Where, and above which dose? The recordings of this site
are simulated.</p>`;

const about = `<section id="about" aria-labelledby="about-title">
<h2 id="about-title">What this is</h2>
<p>A full-field X-ray movie of a battery during its charge contains an absorption spectrum for every point of the electrode, and every
point has received its own dose. <strong>operandose</strong> computes that dose, resolves the chemistry point by point, and relates
the two. The recordings behind this page were made by a simulated beamline, as files like those of a real one; the analysis reads
nothing else. The simulation was calibrated to measurements of LiNiO₂ at the ROCK beamline (F. La Porta et al.,
arXiv:2604.02974, "the paper" on these pages), also its damage and its highest dose:
the findings show what the analysis recovers from the files. The paper reads off its figure that the reaction is complete up to
35 MGy, the first loss that is visible; the comparable number here is the dose of a 1 % loss (Figure 8). The <a href="claims.html">claims</a> compare each number with the paper's,
and mark it as a result, as calibrated, or as an input.</p>
<p>To analyze recordings of your own, install the packed library with Node.js in a folder of yours:
<code>npm install ./operandose-*.tgz</code>, then <code>npx operandose new my-experiment</code>.</p>
</section>`;

/** The whole page. */
export function indexPage(parts: IndexParts): string {
  const { place, findings, figures, notebooks, explorers, left, provenance } = parts;
  const all = figures.flatMap((group) => group.figures);
  const main = MAIN.flatMap((name) => all.filter((figure) => figure.name === name));
  const html = [
    left > 0
      ? `<p role="status">${left} notebooks have not run yet. Reload this page later for their figures.</p>`
      : "",
    findingList(findings),
    main.length > 0 ? `<div class="pair">\n${main.map(mainFigure).join("\n")}\n</div>` : "",
    doors(notebooks, explorers, place.pages),
    about,
    thumbnails(figures),
  ];
  return htmlPage({
    title: "operandose",
    place,
    lead,
    main: html.filter((part) => part !== "").join("\n"),
    footer: provenanceList(provenance),
    kind: "first",
  });
}

function findingList(findings: readonly Finding[]): string {
  const items = findings.map(
    ({ sentence, notebook, cell }) =>
      `<li>${escapeHtml(sentence)} <a href="${escapeHtml(cellLink(notebook, cell))}">${escapeHtml(figureLabel(notebook).replace(" ", "\u00a0") || notebook)}</a></li>`,
  );
  return items.length > 0
    ? `<ul class="findings" aria-label="What was found">\n${items.join("\n")}\n</ul>`
    : "";
}

// Flexible widths in proportion to those in print give both figures the same scale.
function mainFigure(figure: PublishedFigure): string {
  const { name, width, height } = figure;
  const size = width > 0 && height > 0 ? ` width="${width}" height="${height}"` : "";
  return `<figure style="flex-grow:${(width / height || 1).toFixed(2)}"><a href="${escapeHtml(figurePath(name))}"><img src="figures/${encodeURIComponent(name)}.svg" alt="${escapeHtml(altText(figure))}"${size}></a>
<figcaption><b>${figureLabel(name)}</b> ${escapeHtml(shortTitle(figure))}</figcaption></figure>`;
}

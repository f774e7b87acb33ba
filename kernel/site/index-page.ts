// First page of npm start: the purpose, the results, and their reliability.
import type { ClaimRow } from "operandose";
import { escapeHtml } from "../escape.js";
import { cellLink } from "./cell-link.js";
import { claimsFilter } from "./claims-filter.js";
import { claimsSection } from "./claims-section.js";
import { type FigureGroup, gallery } from "./gallery.js";
import { htmlPage } from "./layout.js";
import { type Provenance, provenanceList } from "./provenance.js";

/** A notebook in the list. */
export interface NotebookEntry {
  name: string;
  title: string;
  ok: boolean;
}

/** A page beside those of the notebooks. */
export interface PageEntry {
  /** Relative to the first page. */
  href: string;
  title: string;
  /** Short summary. */
  summary: string;
}

export interface IndexParts {
  figures: readonly FigureGroup[];
  rows: readonly ClaimRow[];
  notebooks: readonly NotebookEntry[];
  /** Interactive pictures. */
  explorers: readonly PageEntry[];
  /** API reference, contact sheet, glossary. */
  more: readonly PageEntry[];
  provenance: Provenance;
}

const lead = `<p class="lead">Did the X-ray beam change the battery that it measured: where, and from which dose on?</p>`;

const introduction = `<p>A full-field X-ray movie of a battery that charges holds an absorption spectrum for every point of the
electrode, and every point has taken its own dose. <strong>operandose</strong> computes that dose, resolves the chemistry point by
point, and puts the two together. The recordings behind this page were made by a simulated beamline, as files like those of a real
one; the analysis reads nothing else.</p>`;

/** The whole page. */
export function indexPage({ figures, rows, notebooks, explorers, more, provenance }: IndexParts): string {
  const course = notebooks.filter(({ name }) => name.startsWith("course-"));
  const others = notebooks.filter(({ name }) => !name.startsWith("course-"));
  const sections = [
    ["figures", "Figures", gallery(figures)],
    ["claims", "Numbers", rows.length > 0 ? claimsSection(rows, new Set(notebooks.map((n) => n.name))) : ""],
    ["explore", "Explore", pageList("explore", "Pictures to explore", explorers)],
    [
      "course",
      "Course",
      notebookList(
        "course",
        "A short course, in order",
        "Each has exercises that check your answers",
        course,
      ),
    ],
    [
      "notebooks",
      "Notebooks",
      notebookList("notebooks", "The notebooks, as they ran", "To change them and run them again", others),
    ],
    ["more", "Reference", pageList("more", "To look things up", more)],
  ].filter(([, , html]) => html !== "");
  return htmlPage({
    title: "operandose",
    lead,
    navigation: `<ul>${sections.map(([id, name]) => `<li><a href="#${id}">${name}</a></li>`).join("")}</ul>`,
    main: [`<div class="prose">${introduction}</div>`, ...sections.map(([, , html]) => html)].join("\n"),
    footer: provenanceList(provenance),
    script: rows.length > 0 ? claimsFilter : undefined,
  });
}

function notebookList(
  id: string,
  heading: string,
  words: string,
  notebooks: readonly NotebookEntry[],
): string {
  const items = notebooks.map(({ name, title, ok }) => {
    const failed = ok ? "" : ` <span class="differs">✗ did not run to its end</span>`;
    return `<li><a href="${escapeHtml(cellLink(name))}">${escapeHtml(title)}</a> <code>${escapeHtml(name)}</code>${failed}</li>`;
  });
  const tag = id === "course" ? "ol" : "ul";
  return items.length === 0
    ? ""
    : section(
        id,
        heading,
        `<p>${words}: <code>npm run lab</code>.</p>\n<${tag} class="list">\n${items.join("\n")}\n</${tag}>`,
      );
}

function pageList(id: string, heading: string, pages: readonly PageEntry[]): string {
  const items = pages.map(
    ({ href, title, summary }) =>
      `<li><a href="${escapeHtml(href)}">${escapeHtml(title)}</a>${summary ? `: ${escapeHtml(summary)}` : ""}</li>`,
  );
  return items.length === 0 ? "" : section(id, heading, `<ul class="list">\n${items.join("\n")}\n</ul>`);
}

function section(id: string, heading: string, html: string): string {
  return `<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${heading}</h2>
${html}
</section>`;
}

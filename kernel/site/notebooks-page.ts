// The list of notebooks, explorers and other pages.
import { escapeHtml } from "../escape.js";
import { cellLink } from "./cell-link.js";
import { htmlPage, type Place } from "./layout.js";
import type { PageEntry } from "./page-entry.js";

/** A notebook in the list. */
export interface NotebookEntry {
  name: string;
  title: string;
  question?: string;
  ok: boolean;
}

export interface NotebooksPageParts {
  place: Place;
  notebooks: readonly NotebookEntry[];
  /** Interactive pictures. */
  explorers: readonly PageEntry[];
  /** Contact sheet, glossary and others. */
  more: readonly PageEntry[];
  footer: string;
}

const FIGURE = /^fig-\d/;
const SUPPORTING = /^fig-s\d/;
const COURSE = /^course-/;

/** The page. */
export function notebooksPage({ place, notebooks, explorers, more, footer }: NotebooksPageParts): string {
  const among = (pattern: RegExp) => notebooks.filter(({ name }) => pattern.test(name));
  const others = notebooks.filter(({ name }) => ![FIGURE, SUPPORTING, COURSE].some((one) => one.test(name)));
  const main = [
    notebookList("guides", "Begin, apply, plan", others),
    notebookList("course", "A short course, in order", among(COURSE)),
    notebookList("paper", "Figures of the paper", among(FIGURE)),
    notebookList("supporting", "Supporting Information", among(SUPPORTING)),
    pageList("explore", "Pictures to explore", explorers),
    pageList("more", "Reference", more),
  ];
  return htmlPage({
    title: "Notebooks",
    place,
    lead: `<p class="lead">Each notebook answers one question. These pages show the notebooks with their results; <code>npm run lab</code>
opens them in Jupyter, to change and run them.</p>`,
    main: main.filter((html) => html !== "").join("\n"),
    footer,
  });
}

function notebookList(id: string, heading: string, notebooks: readonly NotebookEntry[]): string {
  const items = notebooks.map(({ name, title, question, ok }) => {
    const failed = ok ? "" : ` <span class="differs">✗ did not run to its end</span>`;
    const words = question ? `<br><span class="question">${escapeHtml(question)}</span>` : "";
    return `<li><a href="${escapeHtml(cellLink(name))}">${escapeHtml(title)}</a>${failed}${words}</li>`;
  });
  const tag = id === "course" ? "ol" : "ul";
  return items.length === 0
    ? ""
    : section(id, heading, `<${tag} class="list">\n${items.join("\n")}\n</${tag}>`);
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

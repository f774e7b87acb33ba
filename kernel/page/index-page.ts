// The page that npm start leaves: what this is, what it found, and how far to trust it.
import type { ClaimRow } from "../claims/claims.js";
import { escapeHtml } from "../display/escape.js";
import { claimsSection } from "./claims-section.js";
import { gallery, type Picture } from "./gallery.js";
import { htmlPage } from "./layout.js";
import { type Provenance, provenanceList } from "./provenance.js";

/** A notebook as it is listed. */
export interface NotebookEntry {
  name: string;
  title: string;
  ok: boolean;
}

export interface IndexParts {
  pictures: readonly Picture[];
  rows: readonly ClaimRow[];
  notebooks: readonly NotebookEntry[];
  provenance: Provenance;
}

const lead = `<p class="lead">Did the X-ray beam change the battery that it measured: where, and from which dose on?</p>`;

const introduction = `<p>A full-field X-ray movie of a battery that charges holds an absorption spectrum for every point of the
electrode, and every point has taken its own dose. <strong>operandose</strong> computes that dose, resolves the chemistry point by
point, and puts the two together. The recordings behind this page were made by a simulated beamline, as files like those of a real
one; the analysis reads nothing else.</p>`;

/** The whole page. */
export function indexPage({ pictures, rows, notebooks, provenance }: IndexParts): string {
  const sections = [
    ["pictures", "Pictures", pictures.length > 0],
    ["claims", "Numbers", rows.length > 0],
    ["notebooks", "Notebooks", notebooks.length > 0],
  ] as const;
  const shown = sections.filter(([, , there]) => there);
  return htmlPage({
    title: "operandose",
    lead,
    navigation: `<ul>${shown.map(([id, name]) => `<li><a href="#${id}">${name}</a></li>`).join("")}</ul>`,
    main: [
      `<div>${introduction}</div>`,
      gallery(pictures),
      rows.length > 0 ? claimsSection(rows, new Set(notebooks.map(({ name }) => name))) : "",
      notebooks.length > 0 ? notebookList(notebooks) : "",
    ].join("\n"),
    footer: provenanceList(provenance),
  });
}

function notebookList(notebooks: readonly NotebookEntry[]): string {
  const items = notebooks.map(({ name, title, ok }) => {
    const failed = ok ? "" : ` <span class="verdict differs">did not run to its end</span>`;
    return `<li><a href="notebooks/${encodeURIComponent(name)}.html">${escapeHtml(title)}</a> <code>${escapeHtml(name)}.ipynb</code>${failed}</li>`;
  });
  return `<section id="notebooks" aria-labelledby="notebooks-title">
<h2 id="notebooks-title">The notebooks, as they ran</h2>
<p>To change them and run them again: <code>npm run lab</code>.</p>
<ul>
${items.join("\n")}
</ul>
</section>`;
}

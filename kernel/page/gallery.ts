// The key pictures of the page, taken from the notebooks as they ran: what is shown is what was computed.
import { parseHTML } from "linkedom";
import { escapeHtml } from "../display/escape.js";
import { joined, type Multiline, type Notebook } from "../notebook/format.js";

/** A figure that a notebook has shown. */
export interface Picture {
  /** The notebook. */
  name: string;
  /** What the figure says of itself, to those who do not see it. */
  title: string;
  description: string;
  /** Width in print, px; 0 when it does not say. */
  width: number;
  svg: string;
}

interface KeyPicture {
  /** Found by what it says of itself. */
  match: RegExp;
  /** Where it is taken from; without it, from the last notebook that has one: the first ones only sketch. */
  notebook: string;
  caption: string;
}

const keyPictures: readonly KeyPicture[] = [
  {
    match: /^maps?: dose rate\b/i,
    notebook: "start-here",
    caption:
      "Dose rate over the electrode: from the flat field, the flux and the layers of the cell. Every pixel has a dose of its own.",
  },
  {
    match: /^\d+ absorption spectra\. .*\bCp1, Cp2, Cp3\b/is,
    notebook: "fig-06",
    caption: "The spectra of three nickel species, resolved from the movie alone by MCR-ALS.",
  },
  {
    match: /^maps: relative concentration\b/i,
    notebook: "fig-07",
    caption:
      "Where the species are: at open circuit and at 4.3 V, on fresh spots and where the beam had been.",
  },
  {
    match: /^relative concentrations during the charge\b/i,
    notebook: "fig-06",
    caption: "What the species do during the charge, with the voltage.",
  },
  {
    match: /^relative concentrations against dose\b/i,
    notebook: "fig-08",
    caption:
      "The same concentrations against the dose, with the threshold from which on the beam makes a difference.",
  },
];

/** Wider figures take the whole width of the gallery, px in print. */
const BROAD = 450;

/** The figures among the outputs of a notebook: SVG with a title. */
export function picturesOf(name: string, { cells }: Notebook): Picture[] {
  const outputs = cells.flatMap((cell) =>
    cell.cell_type === "code" && "outputs" in cell ? cell.outputs : [],
  );
  return outputs.flatMap((output) => {
    if (output.output_type !== "display_data" && output.output_type !== "execute_result") return [];
    const svg = joined(output.data["text/html"] as Multiline | undefined).trim();
    if (!svg.startsWith("<svg") || !svg.endsWith("</svg>")) return [];
    const { document } = parseHTML(`<!doctype html><html><body>${svg}</body></html>`);
    const text = (tag: string) => document.querySelector(`svg > ${tag}`)?.textContent?.trim() ?? "";
    const width = Number(document.querySelector("svg")?.getAttribute("width")) || 0;
    return text("title") ? [{ name, title: text("title"), description: text("desc"), width, svg }] : [];
  });
}

/**
 * The key pictures with their captions; empty when there are none.
 *
 * As images: neither styles nor names nor scripts of an SVG leave an image.
 *
 * @param pictures in the order of the notebooks
 */
export function gallery(pictures: readonly Picture[]): string {
  const figures = keyPictures.flatMap(({ match, notebook, caption }) => {
    const found = pictures.filter(({ title, description }) => match.test(`${title}. ${description}`));
    const last = found.at(-1)?.name;
    const picture = found.find(({ name }) => name === notebook) ?? found.find(({ name }) => name === last);
    return picture ? [figure(picture, caption)] : [];
  });
  if (figures.length === 0) return "";
  return `<section class="wide" id="pictures" aria-labelledby="pictures-title">
<h2 id="pictures-title">What the analysis finds</h2>
<div class="gallery">
${figures.join("\n")}
</div>
</section>`;
}

function figure({ name, title, description, width, svg }: Picture, caption: string): string {
  const data = Buffer.from(svg).toString("base64");
  const alt = escapeHtml(`${title}. ${description}`);
  const source = `<a href="notebooks/${encodeURIComponent(name)}.html">${escapeHtml(name)}</a>`;
  return (
    `<figure${width > BROAD ? ' class="broad"' : ""}><img src="data:image/svg+xml;base64,${data}" alt="${alt}">` +
    `<figcaption>${escapeHtml(caption)} ${source}</figcaption></figure>`
  );
}

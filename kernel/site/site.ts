// Writes the pages of the site: one per notebook, the index, the contact sheet and the glossary.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { type Claim, type ClaimRow, claimRows, readMeasurements } from "operandose";
import type { Recordings } from "../cli/recordings.js";
import { bytes } from "../cli/say.js";
import { readNotebook } from "../runner/format.js";
import type { NotebookRun } from "../runner/notebooks.js";
import { indexPage, type PageEntry } from "./index-page.js";
import { htmlPage } from "./layout.js";
import { renderMarkdown } from "./markdown.js";
import { notebookPage, notebookTitle } from "./notebook-page.js";
import { builtPages, copyPages } from "./pages.js";
import { type Provenance, provenanceList } from "./provenance.js";
import { contactSheet, explorers, figureGroups, publishedFiles, publishedTwice } from "./published.js";

export interface SiteParts {
  /** Folder of the site, with the outputs of the notebooks. */
  site: string;
  /** Root of the repository. */
  root: string;
  claims: readonly Claim[];
  recordings: Recordings & { seed: number };
  runs: readonly NotebookRun[];
  /** Duration of the whole run, s. */
  seconds: number;
}

export interface Site {
  /** Path of the first page. */
  page: string;
  rows: ClaimRow[];
  /** Names that two notebooks publish. */
  twice: string[];
}

/** Writes index.html, contact-sheet.html, glossary.html and notebooks/*.html. */
export function writeSite({ site, root, claims, recordings, runs, seconds }: SiteParts): Site {
  const rows = claimRows(claims, readMeasurements(join(site, "claims")));
  const common = commonProvenance(root);
  const sources = runs.map((run) => {
    const notebook = readNotebook(run.out);
    return { ...run, notebook, title: notebookTitle(notebook, run.name) };
  });
  for (const [i, { name, notebook, seconds: took, problem, files }] of sources.entries()) {
    const html = notebookPage(notebook, {
      name,
      footer: provenanceList([...common, ["Run time", `${took.toFixed(1)} s`]]),
      problem,
      published: publishedFiles(files),
      before: sources[i - 1],
      after: sources[i + 1],
    });
    writeFileSync(join(site, "notebooks", `${name}.html`), html);
  }
  const provenance: Provenance = [
    ...common,
    [
      "Recordings",
      `${recordings.folders.length} simulated experiments, seed ${recordings.seed}, ${bytes(recordings.bytes)}`,
    ],
    ["Notebooks", runs.map(({ name, seconds: took }) => `${name} ${took.toFixed(0)} s`).join(", ")],
    ["This run", `${seconds.toFixed(0)} s on ${cpus().length} cores`],
  ];
  const page = join(site, "index.html");
  const figures = figureGroups(site, sources);
  const sheet = contactSheet(site, figures);
  if (sheet !== null) writeFileSync(join(site, "contact-sheet.html"), sheet);
  else rmSync(join(site, "contact-sheet.html"), { force: true });
  const [title, glossary] = readFileSync(join(root, "docs/glossary.md"), "utf8").split(/\n(.*)/s);
  const glossaryPage = {
    title: title.replace(/^# /, ""),
    main: `<div class="prose">${renderMarkdown(glossary)}</div>`,
    footer: '<a href="index.html">All pages</a>',
  };
  writeFileSync(join(site, "glossary.html"), htmlPage(glossaryPage));
  copyPages(site, root);
  const parts = {
    figures,
    rows,
    notebooks: sources,
    explorers: explorers(site, sources),
    more: references.filter(({ href }) => existsSync(join(site, href))),
    provenance,
  };
  writeFileSync(page, indexPage(parts));
  return { page, rows, twice: publishedTwice(sources) };
}

const references: readonly PageEntry[] = [
  ...builtPages,
  {
    href: "contact-sheet.html",
    title: "Contact sheet",
    summary: "all figures at a glance, for print",
  },
  { href: "glossary.html", title: "Glossary", summary: "the terms, with symbols and units" },
  {
    href: "api/index.html",
    title: "API reference",
    summary: "every public name, with shapes, units and errors",
  },
];

function commonProvenance(root: string): Provenance {
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    name: string;
    version: string;
  };
  return [
    ["Made by", `${name} ${version}, Node ${process.versions.node}`],
    ["On", new Date().toISOString().replace("T", " ").replace(/\..*/, " UTC")],
  ];
}

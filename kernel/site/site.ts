// Writes the pages of the site.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { type Claim, type ClaimRow, claimRows, readMeasurements } from "operandose";
import type { Recordings } from "../cli/recordings.js";
import { bytes } from "../cli/say.js";
import { readNotebook } from "../runner/format.js";
import type { NotebookRun } from "../runner/notebooks.js";
import { claimsPage } from "./claims-page.js";
import { type FigureGroup, figurePath } from "./figure.js";
import { figurePage } from "./figure-page.js";
import { questionOf } from "./headings.js";
import { indexPage } from "./index-page.js";
import { htmlPage, type Place } from "./layout.js";
import { renderMarkdown } from "./markdown.js";
import { notebookPage, notebookTitle } from "./notebook-page.js";
import { notebooksPage } from "./notebooks-page.js";
import type { PageEntry } from "./page-entry.js";
import { builtPages } from "./pages.js";
import { type Provenance, provenanceList } from "./provenance.js";
import {
  contactSheet,
  explorers,
  figureGroups,
  findingsOf,
  publishedFiles,
  publishedTwice,
} from "./published.js";
import { withMenu } from "./with-menu.js";

export interface SiteParts {
  /** Folder of the site, with the outputs of the notebooks. */
  site: string;
  /** Root of the repository. */
  root: string;
  claims: readonly Claim[];
  recordings: Recordings & { seed: number };
  runs: readonly NotebookRun[];
  /** Number of notebooks that have not run yet. */
  left: number;
  /** Duration of the whole run, s. */
  seconds: number;
}

export interface Site {
  /** Path of the first page. */
  page: string;
  rows: ClaimRow[];
  /** Names that two notebooks publish. */
  twice: string[];
  /** What notebooks found, one sentence each. */
  findings: string[];
}

/** Writes all pages except the API reference; takes seconds, as no notebook runs. */
export function writeSite({ site, root, claims, recordings, runs, left, seconds }: SiteParts): Site {
  const built = builtPages(root);
  const pages = existingPages(site, built);
  const write = (path: string, page: (place: Place) => string) => {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, path), page({ path: decodeURIComponent(path), pages }));
  };
  const rows = claimRows(claims, readMeasurements(join(site, "claims")));
  const common = commonProvenance(root);
  const footer = provenanceList(common);
  const sources = runs.map((run) => {
    const notebook = readNotebook(run.out);
    return {
      ...run,
      notebook,
      title: notebookTitle(notebook, run.name),
      question: questionOf(notebook),
    };
  });
  const notebooks = new Set(sources.map(({ name }) => name));
  for (const [i, { name, notebook, seconds: took, problem, files }] of sources.entries()) {
    write(`notebooks/${name}.html`, (place) =>
      notebookPage(notebook, {
        name,
        place,
        footer: provenanceList([...common, ["Run time", `${took.toFixed(1)} s`]]),
        notebooks,
        problem,
        published: publishedFiles(files).filter(({ path }) => !path.startsWith("findings/")),
        before: sources[i - 1],
        after: sources[i + 1],
      }),
    );
  }
  const figures = figureGroups(site, sources);
  writeFigurePages(figures, footer, write);
  const sheet = contactSheet(site, figures);
  if (sheet !== null) write("contact-sheet.html", (place) => withMenu(sheet, place));
  else rmSync(join(site, "contact-sheet.html"), { force: true });
  for (const { href } of built) {
    const page = readFileSync(join(root, "dist", href), "utf8");
    write(href, (place) => withMenu(page, place));
  }
  const interactive = explorers(site, sources);
  for (const { href } of interactive) {
    const page = readFileSync(join(site, href), "utf8");
    write(href, (place) => withMenu(page, place));
  }
  const [title, glossary] = readFileSync(join(root, "docs/glossary.md"), "utf8").split(/\n(.*)/s);
  write("glossary.html", (place) =>
    htmlPage({
      title: title.replace(/^# /, ""),
      place,
      main: `<div class="prose">${renderMarkdown(glossary)}</div>`,
      footer,
    }),
  );
  write("claims.html", (place) => claimsPage({ place, rows, notebooks, footer }));
  write("notebooks.html", (place) =>
    notebooksPage({
      place,
      notebooks: sources,
      explorers: interactive,
      more: [...built, ...references.filter(({ href }) => existsSync(join(site, href)))],
      footer,
    }),
  );
  const findings = findingsOf(site, sources);
  const provenance: Provenance = [
    ...common,
    [
      "Recordings",
      `${recordings.folders.length} simulated experiments, seed ${recordings.seed}, ${bytes(recordings.bytes)}`,
    ],
    ["This run", `${runs.length} notebooks, ${seconds.toFixed(0)} s on ${cpus().length} cores`],
  ];
  write("index.html", (place) =>
    indexPage({
      place,
      findings,
      figures,
      notebooks: sources,
      explorers: interactive,
      left,
      provenance,
    }),
  );
  return {
    page: join(site, "index.html"),
    rows,
    twice: publishedTwice(sources),
    findings: findings.map(({ sentence }) => sentence),
  };
}

function writeFigurePages(
  groups: readonly FigureGroup[],
  footer: string,
  write: (path: string, page: (place: Place) => string) => void,
): void {
  const all = groups.flatMap((group) => group.figures.map((figure) => ({ figure, group })));
  for (const [i, { figure, group }] of all.entries()) {
    write(figurePath(figure.name), (place) =>
      figurePage(figure, {
        place,
        group,
        footer,
        before: all[i - 1]?.figure,
        after: all[i + 1]?.figure,
      }),
    );
  }
}

/** Pages of the menu: an installed package has no API reference. */
function existingPages(site: string, built: readonly PageEntry[]): Set<string> {
  const known = ["index.html", "claims.html", "notebooks.html", "glossary.html"];
  const reference = existsSync(join(site, "api/index.html")) ? ["api/index.html"] : [];
  return new Set([...known, ...built.map(({ href }) => href), ...reference]);
}

const references: readonly PageEntry[] = [
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

// Writes the pages: one for each notebook, and the one that leads to them.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { type ClaimRow, claimRows, readClaims, readMeasurements } from "../claims/claims.js";
import { readNotebook } from "../notebook/format.js";
import { type Picture, picturesOf } from "../page/gallery.js";
import { indexPage } from "../page/index-page.js";
import { notebookPage, notebookTitle } from "../page/notebook-page.js";
import { type Provenance, provenanceList } from "../page/provenance.js";
import { place } from "../places.js";
import type { NotebookRun } from "./notebooks.js";
import { type Recordings, seed } from "./record.js";
import { bytes } from "./say.js";

export interface SiteParts {
  recordings: Recordings;
  runs: readonly NotebookRun[];
  /** What all took together, s. */
  seconds: number;
}

/** Writes site/index.html and site/notebooks/*.html. */
export function writeSite({ recordings, runs, seconds }: SiteParts): { page: string; rows: ClaimRow[] } {
  const site = place("site");
  const rows = claimRows(readClaims(place("data/claims.json")), readMeasurements(join(site, "claims")));
  const common = commonProvenance();
  const pictures: Picture[] = [];
  const notebooks = runs.map(({ name, ok, seconds: took, out, problem }) => {
    const notebook = readNotebook(out);
    pictures.push(...picturesOf(name, notebook));
    const footer = provenanceList([...common, ["Run time", `${took.toFixed(1)} s`]]);
    writeFileSync(join(site, "notebooks", `${name}.html`), notebookPage(notebook, { name, footer, problem }));
    return { name, title: notebookTitle(notebook, name), ok };
  });
  const page = join(site, "index.html");
  const provenance: Provenance = [
    ...common,
    [
      "Recordings",
      `${recordings.folders.length} simulated experiments, seed ${seed}, ${bytes(recordings.bytes)}`,
    ],
    ["Notebooks", runs.map(({ name, seconds: took }) => `${name} ${took.toFixed(0)} s`).join(", ")],
    ["This run", `${seconds.toFixed(0)} s on ${cpus().length} cores`],
  ];
  writeFileSync(page, indexPage({ pictures, rows, notebooks, provenance }));
  return { page, rows };
}

function commonProvenance(): Provenance {
  const { name, version } = JSON.parse(readFileSync(place("package.json"), "utf8")) as {
    name: string;
    version: string;
  };
  return [
    ["Made by", `${name} ${version}, Node ${process.versions.node}`],
    ["On", new Date().toISOString().replace("T", " ").replace(/\..*/, " UTC")],
  ];
}

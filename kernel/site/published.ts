// Published results of notebooks for the pages.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { figures } from "operandose";
import type { Notebook } from "../runner/format.js";
import type { FigureGroup, PublishedFigure } from "./figure.js";
import { headingOfCell, questionOf } from "./headings.js";
import type { Finding } from "./index-page.js";
import type { PublishedFiles } from "./notebook-page.js";
import type { PageEntry } from "./page-entry.js";

/** A notebook that ran, with its results in the site. */
export interface Source {
  name: string;
  title: string;
  notebook: Notebook;
  /** Files below the site, with the cell of each. */
  files: Record<string, number>;
}

/** Files without their extensions: `figures/fig-05b` as svg, png. */
export function publishedFiles(files: Record<string, number>): PublishedFiles[] {
  const all = new Map<string, { cell: number; endings: string[] }>();
  for (const [file, cell] of Object.entries(files)) {
    const [, path, ending] = /^(.+)\.([a-z0-9]+)$/.exec(file.replaceAll("\\", "/")) ?? [];
    if (!path) continue;
    const known = all.get(path);
    all.set(path, { cell, endings: [...(known?.endings ?? []), ending] });
  }
  return [...all].map(([path, { cell, endings }]) => ({ path, cell, endings }));
}

/** Figures of each notebook, by name. */
export function figureGroups(site: string, sources: readonly Source[]): FigureGroup[] {
  const known = new Map(figures.publishedFigures(site).map((figure) => [figure.name, figure]));
  return sources.map(({ name, title, notebook, files }) => ({
    notebook: name,
    title,
    question: questionOf(notebook),
    figures: publishedFiles(files)
      .filter(({ path }) => path.startsWith("figures/"))
      .sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }))
      .flatMap(({ path, cell, endings }): PublishedFigure[] => {
        const found = known.get(path.slice("figures/".length));
        if (!found) return [];
        const heading = headingOfCell(notebook, cell);
        const size = sizeOf(join(site, found.files.svg));
        return [{ ...found, notebook: name, cell, endings, heading, ...size }];
      }),
  }));
}

/** Figures on one page, in the order of the paper; null if there are none. */
export function contactSheet(site: string, groups: readonly FigureGroup[]): string | null {
  const known = new Map(figures.publishedFigures(site).map((figure) => [figure.name, figure]));
  const entries = groups.flatMap((group) => group.figures.flatMap(({ name }) => known.get(name) ?? []));
  return entries.length > 0 ? figures.contactSheet(entries, { title: "All figures" }) : null;
}

/** Sentences that notebooks found, in reading order. */
export function findingsOf(site: string, sources: readonly Source[]): Finding[] {
  return sources.flatMap(({ name, files }) =>
    Object.entries(files)
      .filter(([file]) => /^findings[\\/].*\.txt$/.test(file))
      .map(([file, cell]) => ({
        sentence: readFileSync(join(site, file), "utf8").trim(),
        notebook: name,
        cell,
      }))
      .sort((a, b) => a.cell - b.cell),
  );
}

/** Interactive pages. */
export function explorers(site: string, sources: readonly Source[]): PageEntry[] {
  return sources.flatMap(({ name, title, files }) =>
    Object.entries(files)
      .filter(([file]) => /^explore[\\/].*\.html$/.test(file))
      .map(([file, cell]) => ({
        href: file.replaceAll("\\", "/"),
        title: titleOf(join(site, file)) || file,
        summary: `from ${title} (${name}, cell ${cell})`,
      })),
  );
}

/** Names that several notebooks publish, so that one overwrites the other. */
export function publishedTwice(sources: readonly Source[]): string[] {
  const owners = new Map<string, string[]>();
  for (const { name, files } of sources) {
    for (const { path } of publishedFiles(files)) owners.set(path, [...(owners.get(path) ?? []), name]);
  }
  return [...owners].filter(([, by]) => by.length > 1).map(([path, by]) => `${path} by ${by.join(" and ")}`);
}

/** Size of a picture in print, px; 0 if it is unknown. */
function sizeOf(svg: string): { width: number; height: number } {
  const root = /<svg\b[^>]*>/.exec(readFileSync(svg, "utf8").slice(0, 2000))?.[0] ?? "";
  const side = (name: string) => Number(new RegExp(`\\s${name}="([\\d.]+)(?:px)?"`).exec(root)?.[1]) || 0;
  return { width: side("width"), height: side("height") };
}

/** Title of a page. */
function titleOf(path: string): string {
  const title = /<title>([^<]*)<\/title>/.exec(readFileSync(path, "utf8").slice(0, 5000))?.[1] ?? "";
  return parseHTML(`<p>${title}</p>`).document.querySelector("p")?.textContent?.trim() ?? "";
}

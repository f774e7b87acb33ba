// The texts of this repository that people read, and what is in them: links, headings, code.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { headingMarks, headingsOf } from "../../kernel/site/headings.js";

export const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Text {
  /** Below the root. */
  path: string;
  markdown: string;
}

/** A fenced block of code. */
export interface Block {
  /** Below the root, with the line on which the block begins. */
  place: string;
  language: string;
  /** What stands behind the language. */
  info: string;
  code: string;
}

/** README, CONTRIBUTING, CHANGELOG and docs/. */
export function documents(): Text[] {
  const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
  const paths = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    ...docs.filter((file) => file.endsWith(".md")).map((f) => `docs/${f}`),
  ];
  return paths.map((path) => ({ path, markdown: readFileSync(join(root, path), "utf8") }));
}

/** The prose of the notebooks, each as one text. */
export function notebooks(): Text[] {
  const files = readdirSync(join(root, "notebooks")).filter((file) => file.endsWith(".ipynb"));
  return files.map((file) => {
    const { cells } = JSON.parse(readFileSync(join(root, "notebooks", file), "utf8")) as {
      cells: { cell_type: string; source: string | string[] }[];
    };
    const prose = cells.filter(({ cell_type }) => cell_type === "markdown");
    return { path: `notebooks/${file}`, markdown: prose.map((c) => [c.source].flat().join("")).join("\n\n") };
  });
}

/** Targets of links and pictures, outside of code. */
export function linksOf(markdown: string): string[] {
  const prose = markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, "").replace(/`[^`\n]*`/g, "");
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map((match) => match[1]);
  const named = [...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)].map((match) => match[1]);
  return [...inline, ...named];
}

/** Marks to which a link may lead: those of the headings. */
function marksOf(markdown: string): Set<string> {
  const mark = headingMarks();
  return new Set(headingsOf(markdown).map(({ text }) => mark(text)));
}

/**
 * Why a link leads nowhere; null when it leads to a file or a heading that is there. Addresses of other hosts are not looked up:
 * a test must not depend on them.
 */
export function brokenLink({ path, markdown }: Text, link: string): string | null {
  if (/^(https?|mailto):/.test(link)) return null;
  const [file, mark] = link.split("#");
  const target = file === "" ? join(root, path) : join(root, path, "..", decodeURIComponent(file));
  if (relative(root, target).startsWith("..")) return "leads out of the repository";
  if (file !== "" && !existsSync(target)) return "no such file";
  if (mark === undefined) return null;
  if (file === "") return marksOf(markdown).has(decodeURIComponent(mark)) ? null : "no such heading";
  if (!/\.md$/.test(target)) return null;
  return marksOf(readFileSync(target, "utf8")).has(decodeURIComponent(mark)) ? null : "no such heading";
}

/** Fenced blocks of code. */
export function blocksOf({ path, markdown }: Text): Block[] {
  return [...markdown.matchAll(/^```([a-z]*)[ \t]*(.*)\n([\s\S]*?)^```[ \t]*$/gm)].map((match) => ({
    place: `${path}:${markdown.slice(0, match.index).split("\n").length}`,
    language: match[1],
    info: match[2],
    code: match[3],
  }));
}

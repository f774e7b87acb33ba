// The notebooks are all written in one way.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { captionOf } from "../../lib/figures/parts/caption.js";
import { documents, root } from "./markdown.js";

interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly id: string;
  readonly source: readonly string[];
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
}

const names = readdirSync(join(root, "notebooks")).filter((file) => file.endsWith(".ipynb"));

describe.each(names)("%s", (name) => {
  const { cells } = JSON.parse(readFileSync(join(root, "notebooks", name), "utf8")) as { cells: Cell[] };
  const texts = cells.map(({ source }) => source.join(""));
  const code = texts.filter((_, i) => cells[i].cell_type === "code");
  const lines = texts.flatMap((text) => text.split("\n"));

  test("begins with its title; the second cell holds all imports and nothing else", () => {
    expect(cells.slice(0, 2).map(({ cell_type }) => cell_type)).toEqual(["markdown", "code"]);
    expect(texts[0]).toMatch(/^# \S/);
    expect(statements(texts[1]).every(ts.isImportDeclaration)).toBe(true);
    const others = code.slice(1).filter((text) => statements(text).some(ts.isImportDeclaration));
    expect(others).toEqual([]);
  });

  test("imports what it uses", () => {
    const used = code.slice(1).join("\n");
    const imported = statements(texts[1]).flatMap((one) => {
      const { importClause } = one as ts.ImportDeclaration;
      const named = importClause?.namedBindings as ts.NamedImports | undefined;
      return [importClause?.name, ...(named?.elements ?? []).map((element) => element.name)];
    });
    const unused = imported.filter((one) => one && !new RegExp(`\\b${one.text}\\b`).test(used));
    expect(unused.map((one) => one?.text)).toEqual([]);
  });

  test("has lines of at most 110 columns (rows of tables apart) and cells of at most 25 lines of code", () => {
    expect(lines.filter((line) => line.length > 110 && !line.startsWith("|"))).toEqual([]);
    expect(code.filter((text) => text.split("\n").length > 25)).toEqual([]);
  });

  test("asserts with node:assert/strict, which throws, and only so", () => {
    const other = /console\.assert|assert\.ok\(|throw new Error|from "(node:)?assert"/;
    expect(code.filter((text) => other.test(text))).toEqual([]);
  });

  test("loads a part of the demonstration as Cube.load({ part })", () => {
    const other = /Cube\.load\((undefined|demonstrationFolder\((?:"farther")?\)), /;
    expect(code.filter((text) => other.test(text))).toEqual([]);
  });

  test("checks each answer of an exercise in the cell that follows", () => {
    const asked = code.flatMap((text, i) => (text.includes("// your answer:") ? [i + 1] : []));
    expect(code.filter((text, i) => asked.includes(i) && !text.includes("check("))).toEqual([]);
  });

  test("has a caption for each figure, as a journal would want it", () => {
    const published = publishedFigures(code.join("\n"));
    expect(published.filter(({ caption }) => caption === undefined)).toEqual([]);
    for (const { caption = "" } of published) {
      // The first sentence is the title.
      const { title, description } = captionOf(caption, "axes");
      expect(title.length, title).toBeLessThan(110);
      // What is shown, where the data come from, what to see.
      expect(`${title}. ${description}`.split(/\. |\.\n/).length, caption).toBeGreaterThanOrEqual(3);
      expect(caption).toMatch(/simulated|calculated|computed|measured/i);
    }
    // A figure of the paper also says what each of its panels is.
    if (/^fig-s?\d/.test(name)) expect(published.length).toBe(1);
    for (const { caption = "" } of /^fig-s?\d/.test(name) ? published : []) {
      expect(caption.split(/\.\s/).length).toBeGreaterThanOrEqual(4);
      expect(caption).toMatch(/simulated/i);
    }
  });

  test("links other notebooks and guides in its prose", () => {
    const known = names.map((file) => file.replace(".ipynb", ""));
    const prose = texts.filter((_, i) => cells[i].cell_type === "markdown").join("\n");
    const plain = [...prose.matchAll(/(?<!\[)`([a-z0-9-]+)`/g)].map(([, word]) => word);
    expect(plain.filter((word) => known.includes(word))).toEqual([]);
    const linked = [...prose.matchAll(/\]\(([\w.-]+)\.ipynb\)/g)].map(([, word]) => word);
    expect(linked.filter((word) => !known.includes(word))).toEqual([]);
    const guides = [...prose.matchAll(/\]\(\.\.\/(docs\/[\w-]+\.md)/g)].map(([, path]) => path);
    expect(guides.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test("is stored without outputs, its cells numbered", () => {
    const stem = name.replace(".ipynb", "");
    expect(cells.map(({ id }) => id)).toEqual(cells.map((_, i) => `${stem}-${String(i).padStart(2, "0")}`));
    const stored = cells.filter(({ cell_type }) => cell_type === "code");
    expect(stored.every((cell) => cell.outputs?.length === 0 && cell.execution_count === null)).toBe(true);
  });
});

test("every notebook is named in the documentation by task, the course or the README", () => {
  const text = documents()
    .filter(({ path }) => /^(README|docs\/(README|course))\.md$/.test(path))
    .map(({ markdown }) => markdown)
    .join("\n");
  const missing = names.map((name) => name.replace(".ipynb", "")).filter((name) => !text.includes(name));
  // The figures of the paper are named by their first and their last one.
  expect(missing.filter((name) => !/^fig-s?\d\d$/.test(name))).toEqual([]);
});

interface Published {
  readonly name: string;
  /** Text of the caption, with its expressions as `…`; undefined without one. */
  readonly caption?: string;
}

/** Figures that a notebook publishes, with their captions. Explorers are no figures. */
function publishedFigures(code: string): Published[] {
  const file = ts.createSourceFile("notebook.ts", code, ts.ScriptTarget.ES2022, true);
  const values = new Map<string, ts.Expression>();
  const found: Published[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer) values.set(node.name.getText(), node.initializer);
    if (ts.isCallExpression(node) && node.expression.getText() === "publish") {
      const [figure, name, options] = node.arguments;
      const made = values.get(figure.getText()) ?? figure;
      if (!/\.explore\(/.test(made.getText())) {
        found.push({ name: name.getText(), caption: captionText(options, values) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function captionText(
  options: ts.Expression | undefined,
  values: ReadonlyMap<string, ts.Expression>,
): string | undefined {
  if (!options || !ts.isObjectLiteralExpression(options)) return undefined;
  const given = options.properties.find((one) => one.name?.getText() === "caption");
  const text = given && ts.isPropertyAssignment(given) ? given.initializer : values.get("caption");
  if (!given || !text) return undefined;
  return text
    .getText()
    .slice(1, -1)
    .replace(/\$\{[^}]*\}/g, "…");
}

function statements(code: string): ts.Statement[] {
  return [...ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022, true).statements];
}

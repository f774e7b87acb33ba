import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ArgumentError, FileError } from "../../lib/errors.js";
import { type Figure, panel, scree } from "../../lib/figures/index.js";
import { parse, texts } from "./picture.js";
import { plainNames, samples } from "./samples.js";

const figure = scree({ singularValues: [10, 1, 0.1], rank: 2, title: "Rank <2>" });

describe("Figure", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "figures-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("shows itself in a notebook as inline SVG in text/html", () => {
    const show = (figure as unknown as Record<symbol, () => Record<string, string>>)[
      Symbol.for("Jupyter.display")
    ];
    const bundle = show.call(figure);
    expect(Object.keys(bundle)).toEqual(["text/html", "text/plain"]);
    expect(bundle["text/html"]).toMatch(/^<svg /);
    expect(bundle["text/plain"]).toBe(`Figure: Rank <2> (${figure.width} x ${figure.height} px)`);
  });

  test("shows itself in a terminal as one line", () => {
    expect(inspect(figure)).toBe(`Figure: Rank <2> (${figure.width} x ${figure.height} px)`);
  });

  test("is its SVG as a string", () => {
    expect(`${figure}`).toBe(figure.svg);
  });

  test("names its parts by its content: other data, other names", () => {
    const id = (svg: string): string => /aria-labelledby="([\w-]+)-title/.exec(svg)![1];
    expect(id(figure.svg)).not.toBe(
      id(scree({ singularValues: [10, 1, 0.2], rank: 2, title: "Rank <2>" }).svg),
    );
    expect(id(figure.svg)).toBe(id(scree({ singularValues: [10, 1, 0.1], rank: 2, title: "Rank <2>" }).svg));
  });

  test("saves SVG and HTML", async () => {
    await figure.save(join(folder, "a.svg"));
    await figure.save(join(folder, "a.html"));
    const svg = await readFile(join(folder, "a.svg"), "utf8");
    const html = await readFile(join(folder, "a.html"), "utf8");
    expect(svg).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n${figure.svg}\n`);
    expect(html).toContain("<title>Rank &lt;2&gt;</title>");
    expect(html).toContain(figure.html);
  });

  test("refuses other endings and places that are not there", async () => {
    await expect(figure.save("a.jpg")).rejects.toThrow(ArgumentError);
    await expect(figure.save("a.jpg")).rejects.toThrow(
      'figure.save: expected a path that ends in .svg, .png, .pdf, .html, .csv, got "a.jpg"; rename it',
    );
    const path = join(folder, "none", "a.svg");
    await expect(figure.save(path)).rejects.toThrow(FileError);
    await expect(figure.save(path)).rejects.toMatchObject({ fields: { path } });
  });
});

describe("figures.panel", () => {
  const parts = ["map", "profiles", "scree"].map((kind) => samples[kind](plainNames));

  test("keeps every part as it is and letters them", () => {
    const whole = panel(parts, { columns: 2 });
    for (const part of parts) expect(whole.svg).toContain(part.drawing.body);
    expect(texts(whole.svg).filter((t) => /^[a-z]\)$/.test(t))).toEqual(["a)", "b)", "c)"]);
    expect(whole.width).toBeGreaterThanOrEqual(parts[0].width + parts[1].width);
    expect(whole.height).toBeGreaterThanOrEqual(Math.max(parts[0].height, parts[1].height) + parts[2].height);
  });

  test("takes one's own letters, or none", () => {
    expect(texts(panel(parts, { letters: ["(i)", "(ii)", "(iii)"] }).svg)).toContain("(ii)");
    const bare = panel(parts, { letters: false, columns: 3 });
    expect(texts(bare.svg)).not.toContain("a)");
    expect(bare.height).toBe(Math.max(...parts.map((part) => part.height)));
  });

  test("has unique ids even with the same part twice", () => {
    const twice = parse(panel([parts[0], parts[0]]).svg);
    const ids = Array.from(twice.querySelectorAll("[id]"), (node) => node.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("refuses what is no figure", () => {
    expect(() => panel([])).toThrow(
      "figures.panel: expected figures, got []; await functions that return promises",
    );
    expect(() => panel([parts[0], Promise.resolve(parts[1]) as unknown as Figure])).toThrow(
      "figures.panel: expected figures, got {}; await functions that return promises",
    );
    expect(() => panel(parts, { letters: ["a"] })).toThrow(
      'figures.panel: expected letters as true, false or 3 strings, got ["a"]',
    );
  });
});

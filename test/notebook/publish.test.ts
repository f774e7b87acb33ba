import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ArgumentError, FileError } from "../../lib/errors.js";
import { contactSheet, publishedFigures, scree } from "../../lib/figures/index.js";
import { publish } from "../../lib/notebook/publish.js";
import { parse } from "../figures/picture.js";

const figure = scree({ singularValues: [10, 1, 0.1], rank: 2, title: "Rank <2> & more" });
const explorer = {
  kind: "explorer",
  publishAs: { folder: "explore", endings: ["html"] },
  save: async (path: string): Promise<void> => writeFileSync(path, "<html>"),
};

describe("publish", () => {
  let site = "";
  beforeEach(() => {
    site = mkdtempSync(join(tmpdir(), "site-"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(site, { recursive: true });
  });

  test("gives back what it was given, and writes nothing outside npm start", async () => {
    vi.stubEnv("OPERANDOSE_SITE", "");
    expect(await publish(figure, "fig-05b")).toBe(figure);
    expect(readdirSync(site)).toEqual([]);
  });

  test("writes a figure in all formats with its numbers, and an explorer as a page", async () => {
    vi.stubEnv("OPERANDOSE_SITE", site);
    expect(await publish(figure, "fig-05b")).toBe(figure);
    expect(await publish(explorer, "farther")).toBe(explorer);
    expect(readdirSync(join(site, "figures")).sort()).toEqual(
      ["csv", "pdf", "png", "svg"].map((ending) => `fig-05b.${ending}`),
    );
    expect(readFileSync(join(site, "figures", "fig-05b.csv"), "utf8")).toContain(
      "Component,Singular value\n1,10\n",
    );
    expect(readdirSync(join(site, "explore"))).toEqual(["farther.html"]);
  });

  test("a caption is in the cell, in all files, on the contact sheet and in the list of figures", async () => {
    vi.stubEnv("OPERANDOSE_SITE", site);
    const caption = "Rank of the series at 4.3 V, see Fig. 6 <b>. a) Singular values.\n  b) Noise.";
    const whole = "Rank of the series at 4.3 V, see Fig. 6 <b>. a) Singular values. b) Noise.";
    const shown = await publish(figure, "fig-05b", { caption });
    expect(shown.title).toBe("Rank of the series at 4.3 V, see Fig. 6 <b>");
    expect(shown.description).toBe(`a) Singular values. b) Noise.\n${figure.description}`);
    expect(parse(shown.html).querySelector("desc")!.textContent).toBe(shown.description);
    expect(shown.data).toEqual(figure.data);
    const [found] = publishedFigures(site);
    expect(found).toMatchObject({ title: shown.title, caption: whole, description: figure.description });
    expect(
      parse(contactSheet([found]))
        .querySelector("img")!
        .getAttribute("alt"),
    ).toContain(whole);
    const csv = readFileSync(join(site, "figures", "fig-05b.csv"), "utf8");
    expect(csv.split("\n").slice(0, 2)).toEqual([
      `# ${shown.title}`,
      `# ${shown.description.replace("\n", " ")}`,
    ]);
    // A second caption replaces the first.
    const again = shown.captioned("Another one.");
    expect([again.title, again.description]).toEqual(["Another one", `\n${figure.description}`]);
  });

  test("refuses a caption without a sentence, of an explorer, and unknown options", async () => {
    for (const caption of ["", "no full stop", 3 as unknown as string]) {
      await expect(publish(figure, "fig-05b", { caption })).rejects.toThrow(
        /caption: expected sentences that end with a full stop, got/,
      );
    }
    await expect(publish(explorer, "farther", { caption: "Explorer of spot C." })).rejects.toThrow(
      /publish: expected a figure for the caption, got .* an explorer has none/,
    );
    await expect(publish(figure, "fig-05b", { title: "x" } as never)).rejects.toThrow(ArgumentError);
  });

  test.each(["Fig-5", "fig_5", "../fig", "fig-", "", "fig.svg", "a b", undefined])(
    "refuses the name %o, everywhere",
    async (name) => {
      const call = publish(figure, name as string);
      await expect(call).rejects.toThrow(ArgumentError);
      await expect(call).rejects.toThrow(/publish: expected a name of lower-case words .* "fig-05b", got/);
    },
  );

  test("refuses what cannot be published", async () => {
    await expect(publish(Promise.resolve(figure) as never, "fig-05b")).rejects.toThrow(
      "publish: expected a figure or an explorer, got {}; await functions that return promises, and use show() of results",
    );
    const elsewhere = { ...explorer, publishAs: { folder: "../..", endings: ["html"] } };
    await expect(publish(elsewhere, "farther")).rejects.toThrow(ArgumentError);
  });

  test("says when the site is no folder", async () => {
    const file = join(site, "file");
    writeFileSync(file, "");
    vi.stubEnv("OPERANDOSE_SITE", file);
    await expect(publish(figure, "fig-05b")).rejects.toThrow(FileError);
  });

  test("finds again what was published, for the contact sheet", async () => {
    vi.stubEnv("OPERANDOSE_SITE", site);
    expect(publishedFigures(site)).toEqual([]);
    await publish(figure, "fig-05b");
    const [found] = publishedFigures(site);
    expect(found).toMatchObject({ name: "fig-05b", title: figure.title, description: figure.description });
    expect(found.files.pdf).toBe("figures/fig-05b.pdf");
    const page = parse(contactSheet([found]));
    expect(page.querySelector("img")!.getAttribute("src")).toBe("figures/fig-05b.svg");
    expect(page.querySelector("img")!.getAttribute("alt")).toBe("fig-05b: Rank <2> & more");
  });
});

describe("contactSheet", () => {
  test("holds every figure, named and described, and no markup of theirs", () => {
    const page = contactSheet(
      [
        { name: '<b>"x"</b>', figure },
        { name: "two", figure },
      ],
      { title: "<All>" },
    );
    const body = parse(page);
    expect(body.querySelectorAll("figure")).toHaveLength(2);
    for (const image of Array.from(body.querySelectorAll("img"))) {
      expect(image.getAttribute("alt")).toContain(figure.title);
      const svg = Buffer.from(image.getAttribute("src")!.split(",")[1], "base64").toString();
      expect(svg).toBe(figure.svg);
    }
    expect(page).toContain("<title>&lt;All&gt;</title>");
    // In the dark scheme the page is dark and the figures stay on white.
    expect(page).toMatch(
      /@media \(prefers-color-scheme: dark\) \{\s+body \{ color: #e6e6e6; background: #16181b; \}/,
    );
    expect(page).toMatch(/img \{[^}]*background: #fff/);
    expect(page).not.toContain('<b>"x"');
  });

  test("refuses nothing and strangers", () => {
    expect(() => contactSheet([])).toThrow(
      "figures.contactSheet: expected figures as [{ name, figure }], got []",
    );
    expect(() => contactSheet([{ name: "a", figure: {} as never }])).toThrow(
      /expected a figure in entries\[0\], got \{\}/,
    );
  });
});

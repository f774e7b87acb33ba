// Figures as files of print: the right size, the right fonts, the same bytes, the same picture.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { Resvg } from "@resvg/resvg-js";
import { decode } from "fast-png";
import { afterAll, describe, expect, test } from "vitest";
import { FileError } from "../../lib/errors.js";
import { fonts } from "../../lib/figures/parts/fonts.js";
import { halosFirst } from "../../lib/figures/parts/pdf.js";
import { textWidth, wrapText } from "../../lib/figures/parts/text-width.js";
import { plainNames, samples } from "./samples.js";

const folder = mkdtempSync(join(tmpdir(), "figures-"));
afterAll(() => rmSync(folder, { recursive: true }));

const map = samples.map(plainNames);
const profiles = samples.profiles(plainNames);

describe("figure.save as PNG", () => {
  test("has 300 pixels an inch of its size in print, and says so", async () => {
    const path = join(folder, "map.png");
    await map.save(path);
    const bytes = readFileSync(path);
    const png = decode(bytes);
    for (const [side, px] of [
      [png.width, map.width],
      [png.height, map.height],
    ]) {
      expect(Math.abs(side - px * (300 / 96))).toBeLessThanOrEqual(1);
    }
    expect(png.resolution).toEqual({ x: 11811, y: 11811, unit: 1 });
    // A column of a journal: 9 cm.
    expect((map.width / 96) * 2.54).toBeCloseTo(9, 1);
  });

  test("keeps the pixels of a map sharp", async () => {
    const path = join(folder, "map.png");
    await map.save(path);
    const png = decode(readFileSync(path));
    // Along a row through the middle of the map there are as many colors as pixels can have, and no mixtures of them.
    const colors = new Set<string>();
    const y = Math.round(png.height * 0.6);
    for (let x = Math.round(png.width * 0.2); x < png.width * 0.9; x++) {
      const at = (y * png.width + x) * png.channels;
      colors.add(Array.from(png.data.slice(at, at + 3)).join());
    }
    expect(colors.size).toBeLessThanOrEqual(64);
  });

  test("gives the same bytes again", async () => {
    const [a, b] = [join(folder, "a.png"), join(folder, "b.png")];
    await profiles.save(a);
    await profiles.save(b);
    expect(readFileSync(a).equals(readFileSync(b))).toBe(true);
  });

  // The renderer is the one that draws: what it says of a text's width is what will be seen.
  test.each([
    "Relative concentration (%)",
    "Voltage (V vs Li⁺/Li)",
    "1.041·10¹² ph/s",
    "0.7–1.0 kGy/s, 33 µm² ± 5 %",
    "#50 × Cp2",
    "10⁻⁶ × LiNiO₂ → α",
    "WAVE Tj ll iii",
  ])("writes %s as wide as was reckoned", (text) => {
    for (const bold of [false, true]) {
      const weight = bold ? ' font-weight="bold"' : "";
      const body = `<text x="10" y="30" font-size="20" font-family="DejaVu Sans"${weight}>H${text}H</text>`;
      const image = new Resvg(
        `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="60">${body}</svg>`,
        {
          font: {
            fontFiles: [fonts.regular, fonts.bold],
            loadSystemFonts: false,
            defaultFontFamily: "DejaVu Sans",
          },
        },
      );
      // Bold is reckoned as so much wider than regular, whatever the letter. Ink of both H begins and ends a little inside of the advance.
      const drawn = image.innerBBox()!.width + 0.2 * 20;
      expect(Math.abs(drawn / textWidth(`H${text}H`, 20, bold) - 1)).toBeLessThan(bold ? 0.05 : 0.035);
    }
  });
});

describe("figure.save as PDF", () => {
  test("is one page of the figure's size with its fonts in it, and no date of today", async () => {
    const path = join(folder, "map.pdf");
    await map.save(path);
    const pdf = readFileSync(path, "latin1");
    expect(pdf).toMatch(/^%PDF-1\./);
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
    const [, w, h] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!;
    expect([Number(w), Number(h)]).toEqual([map.width * 0.75, map.height * 0.75]);
    expect(pdf).toMatch(/\/FontName \/[A-Z]+\+DejaVuSans\b/);
    expect(pdf).toContain("/FontFile2");
    expect(pdf).not.toContain(`D:${new Date().getFullYear()}`);
    expect(pdf).toContain("D:1970");
  });

  test("gives the same bytes again", async () => {
    const [a, b] = [join(folder, "a.pdf"), join(folder, "b.pdf")];
    await map.save(a);
    await map.save(b);
    expect(readFileSync(a).equals(readFileSync(b))).toBe(true);
  });

  test("holds the map as the pixels that it has", async () => {
    const path = join(folder, "map.pdf");
    await map.save(path);
    const pdf = readFileSync(path, "latin1");
    expect(pdf).toMatch(/\/Width 64\s+\/Height 24\b/);
    expect(pdf).not.toContain("/Interpolate true");
  });

  test("draws curves as vectors", async () => {
    const path = join(folder, "profiles.pdf");
    await profiles.save(path);
    expect(readFileSync(path, "latin1")).not.toContain("/Subtype /Image");
    const drawn = streams(readFileSync(path)).join("\n");
    expect(drawn.match(/ l$/gm)!.length).toBeGreaterThan(90);
    expect(drawn).toMatch(/ T[jJ]$/m);
  });

  test("paints halos before the text that they surround", () => {
    const text =
      '<text x="1" stroke="#fff" stroke-width="2" paint-order="stroke" fill="#000">a &lt; b</text>';
    expect(halosFirst(`<g>${text}</g>`)).toBe(
      '<g><text x="1" stroke="#fff" stroke-width="2" fill="#000">a &lt; b</text><text x="1" fill="#000">a &lt; b</text></g>',
    );
    const bar = '<rect width="2" stroke="#000" paint-order="stroke"/>';
    expect(halosFirst(bar)).toBe('<rect width="2" stroke="#000"/><rect width="2"/>');
    expect(halosFirst("<rect/>")).toBe("<rect/>");
  });
});

test.each(Object.entries(samples))("every kind becomes PNG and PDF: %s", async (_, make) => {
  const figure = make({ ...plainNames, title: "Some title" });
  for (const ending of ["png", "pdf"]) {
    const path = join(folder, `kind.${ending}`);
    await figure.save(path);
    expect(statSync(path).size).toBeGreaterThan(2000);
  }
});

test("puts the numbers beside the picture, where asked", async () => {
  await map.save(join(folder, "with.svg"), { data: true });
  expect(readFileSync(join(folder, "with.csv"), "utf8")).toContain("x (mm),y (mm),Dose rate (kGy/s)");
  await map.save(join(folder, "without.svg"));
  expect(readdirSync(folder)).not.toContain("without.csv");
});

test("leaves nothing half written", async () => {
  const none = join(folder, "none", "a.pdf");
  await expect(map.save(none)).rejects.toThrow(FileError);
  expect(readdirSync(folder).filter((file) => file.endsWith(".part"))).toEqual([]);
});

test("breaks a text between words, and cuts a word that is too wide", () => {
  const room = textWidth("three four", 10) + 0.1;
  expect(wrapText("one two  three\nfour", room, 10)).toEqual(["one two", "three four"]);
  for (const line of wrapText("incomprehensibilities of it", 40, 10))
    expect(textWidth(line, 10)).toBeLessThanOrEqual(40);
});

// The content streams of a PDF.
function streams(pdf: Buffer): string[] {
  const text = pdf.toString("latin1");
  return Array.from(text.matchAll(/stream\n/g), (m) => {
    const start = m.index + m[0].length;
    const bytes = pdf.subarray(start, pdf.indexOf("endstream", start));
    try {
      return inflateSync(bytes).toString("latin1");
    } catch {
      return "";
    }
  });
}

// Every kind of figure as it looked when somebody last looked at it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { digest, same } from "./digest.js";
import { plainNames, samples } from "./samples.js";
import { silently } from "./silently.js";

const folder = join(import.meta.dirname, "snapshots");
const fileOf = (kind: string): string => `${kind.replace(/[^\w]+/g, "-")}.txt`;
const ADVICE =
  "The picture has changed. Look at it (figure.save, or the contact sheet that npm start builds); if it is as it should be, take it over with: npx vitest run test/figures/snapshots.test.ts -u";

describe("snapshots", () => {
  silently();

  test.each(Object.keys(samples))("%s looks as before", async (kind) => {
    const path = join(folder, fileOf(kind));
    const now = digest(samples[kind]({ ...plainNames, title: "Some title" }).svg);
    const before = existsSync(path) ? readFileSync(path, "utf8") : null;
    // Within tolerance the file stays as it is.
    await expect(before !== null && same(before, now) ? before : now, ADVICE).toMatchFileSnapshot(path);
  });

  test("has no snapshot of a kind that is gone", () => {
    const files = Object.keys(samples).map(fileOf);
    const gone = existsSync(folder) ? readdirSync(folder).filter((file) => !files.includes(file)) : [];
    expect(gone, "remove these files").toEqual([]);
  });
});

describe("digest", () => {
  const svg = (x: number, fill = "#000000"): string =>
    `<svg><rect x="${x}" y="2" fill="${fill}"/><path d="M0,0L${x},5"/><text x="1">a 3</text></svg>`;

  test("takes a tenth of a pixel for the same, not half a pixel", () => {
    expect(same(digest(svg(10)), digest(svg(10.1)))).toBe(true);
    expect(same(digest(svg(10)), digest(svg(10.5)))).toBe(false);
  });

  test("tells other colors, words and elements", () => {
    expect(same(digest(svg(10)), digest(svg(10, "#000001")))).toBe(false);
    expect(same(digest(svg(10)), digest(svg(10).replace("a 3", "a 4")))).toBe(false);
    expect(same(digest(svg(10)), digest(svg(10).replace("<text", "<g/><text")))).toBe(false);
  });

  test("sees a change of an image, and what is left out of long runs", () => {
    const map = samples.map(plainNames).svg;
    const other = samples
      .map({ ...plainNames })
      .svg.replace(/iVBOR[^"]*/, samples.spectraImage(plainNames).svg.match(/iVBOR[^"]*/)![0]);
    expect(same(digest(map), digest(other))).toBe(false);
    const dots = (n: number): string => `<svg>${'<circle cx="1"/>'.repeat(n)}</svg>`;
    expect(same(digest(dots(200)), digest(dots(201)))).toBe(false);
  });
});

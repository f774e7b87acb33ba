// Reads pictures back: elements, where texts stand, which pixels an image has.
import { decode } from "fast-png";
import { parseHTML } from "linkedom";
import { textWidth } from "../../lib/figures/parts/text-width.js";

export interface TextBox {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The picture as a browser would hold it. */
export function parse(html: string): Element {
  const { document } = parseHTML(`<!doctype html><html><body>${html}</body></html>`);
  return document.body as unknown as Element;
}

/** All texts of a picture. */
export function texts(svg: string): string[] {
  return Array.from(parse(svg).querySelectorAll("text"), (node) => node.textContent ?? "");
}

/** Where the texts of a picture stand, px; sizes estimated from the font's widths. */
export function textBoxes(svg: string): TextBox[] {
  const out: TextBox[] = [];
  const walk = (node: Element, dx: number, dy: number, size: number, bold: boolean): void => {
    const transform = node.getAttribute("transform") ?? "";
    const [, tx = "0", ty = "0"] = /translate\(([-\d.]+),([-\d.]+)\)/.exec(transform) ?? [];
    const [x0, y0] = [dx + Number(tx), dy + Number(ty)];
    const fontSize = Number(node.getAttribute("font-size") ?? size);
    const isBold = bold || node.getAttribute("font-weight") === "bold";
    if (node.localName === "text") {
      const text = node.textContent ?? "";
      const width = textWidth(text, fontSize, isBold);
      const anchor = node.getAttribute("text-anchor");
      const shift = anchor === "end" ? -width : anchor === "middle" ? -width / 2 : 0;
      const em = /^([-\d.]+)em$/.exec(node.getAttribute("dy") ?? "");
      const rise = Number(node.getAttribute("y") ?? 0) + (em ? Number(em[1]) * fontSize : 0);
      const along = Number(node.getAttribute("x") ?? 0) + shift;
      const upright = transform.includes("rotate(-90)");
      // Digits and capitals reach 0.73 of the size above the baseline.
      const height = 0.73 * fontSize;
      out.push(
        upright
          ? { text, x: x0 + rise - height, y: y0 - along - width, width: height, height: width }
          : { text, x: x0 + along, y: y0 + rise - height, width, height },
      );
    }
    for (const child of Array.from(node.children)) walk(child, x0, y0, fontSize, isBold);
  };
  walk(parse(svg).querySelector("svg")!, 0, 0, 10, false);
  return out;
}

/** Attributes of the images of a picture, color bars left out or in as they come. */
export function images(svg: string): { href: string; width: number; height: number }[] {
  return Array.from(parse(svg).querySelectorAll("image"), (node) => ({
    href: node.getAttribute("href") ?? "",
    width: Number(node.getAttribute("width")),
    height: Number(node.getAttribute("height")),
  }));
}

/** The image of a data URI: its size and the color of each pixel as [r, g, b]. */
export function pixels(href: string): {
  width: number;
  height: number;
  at: (x: number, y: number) => number[];
} {
  const png = decode(Buffer.from(href.replace("data:image/png;base64,", ""), "base64"));
  const palette = png.palette ?? [];
  return {
    width: png.width,
    height: png.height,
    at: (x, y) => [...palette[png.data[y * png.width + x]]],
  };
}

/** The points of a path made of M and L. */
export function pathPoints(d: string): [number, number][] {
  return [...d.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map((m) => [Number(m[1]), Number(m[2])]);
}

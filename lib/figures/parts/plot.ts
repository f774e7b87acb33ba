// Observable Plot without a browser: marks in, markup out. Frames, axes and labels around it are chart.ts's.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** Position of the marks' frame in a picture, px. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Scale of one direction: the data at both ends of the frame. */
export interface PlotScale {
  readonly domain: readonly [number, number];
  readonly log?: boolean;
}

/**
 * Marks drawn by Observable Plot, as SVG markup.
 *
 * @param marks in data units; the y scale grows upwards
 * @param box where the frame is; both scales fill it
 */
export function plotMarks(marks: readonly Plot.Markish[], box: Box, x: PlotScale, y: PlotScale): string {
  const svg = Plot.plot({
    document: browserless,
    width: box.left + box.width,
    height: box.top + box.height,
    marginLeft: box.left,
    marginTop: box.top,
    marginRight: 0,
    marginBottom: 0,
    x: { type: x.log ? "log" : "linear", domain: [...x.domain], axis: null },
    y: { type: y.log ? "log" : "linear", domain: [...y.domain], axis: null },
    marks: [...marks],
  });
  // Plot's own root and style sheet stay behind: the root belongs to Figure, and the style would reach nested pictures.
  return Array.from(svg.children)
    .filter((child) => child.localName !== "style")
    .map((child) => child.outerHTML)
    .join("");
}

const browserless = parseHTML("<!doctype html><html><body></body></html>").document as unknown as Document;

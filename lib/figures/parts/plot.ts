// Observable Plot without a browser, from marks to markup. chart.ts draws frames, axes and labels.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** Position of the marks' frame in a picture, px. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Scale of one direction: the data values at both ends of the frame. */
export interface PlotScale {
  readonly domain: readonly [number, number];
  readonly log?: boolean;
}

/**
 * Marks drawn by Observable Plot, as SVG markup.
 *
 * @param marks in data units; the y scale grows upwards
 * @param box rectangle of the frame; both scales fill it
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
  // Plot's root element and style sheet are removed: the root belongs to Figure, and the style would apply to
  // nested pictures.
  return Array.from(svg.children)
    .filter((child) => child.localName !== "style")
    .map((child) => child.outerHTML)
    .join("");
}

const browserless = parseHTML("<!doctype html><html><body></body></html>").document as unknown as Document;

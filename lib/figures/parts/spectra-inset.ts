// Insets of spectra in their free corner: a map of the pixels, or an enlarged part of the curves.

import { checkOptions } from "../../options.js";
import type { Frame } from "./chart.js";
import { extentOf, interval } from "./check.js";
import { type ImageOptions, imageBlock, imageNames, imageOf } from "./image-block.js";
import { cut, type Line, lineMarks, padded } from "./lines.js";
import type { Rect } from "./place.js";
import { plotMarks } from "./plot.js";
import { at, el, textEl } from "./svg.js";
import { theme } from "./theme.js";
import { ticksThatFit } from "./ticks.js";

/** A small map, or the part of the energy axis to enlarge, eV. */
export type SpectraInset = ImageOptions | { readonly range: readonly [number, number] };

type Draw = (frame: Frame) => { body: string; rect: Rect };

/** Function that draws an inset into a frame. */
export function spectraInset(call: string, inset: SpectraInset, lines: readonly Line[]): Draw {
  if (typeof inset === "object" && "range" in inset) {
    checkOptions(`${call}, inset`, inset, { range: true });
    const range = interval(call, "inset.range", inset.range);
    return (frame) => enlarged(frame, lines, range);
  }
  checkOptions(`${call}, inset`, inset, imageNames);
  const image = imageOf(`${call} (inset)`, { scaleBar: false, ...inset }, "magma");
  return (frame) => {
    const width = frame.width * 0.4;
    const block = imageBlock(image, width);
    const rect = lowerRight(frame, width, block.height, 8);
    return { body: at(rect.x, rect.y, block.body), rect };
  };
}

// Absorption spectra leave the lower right corner free.
function lowerRight(frame: Frame, width: number, height: number, margin: number): Rect {
  const x = frame.left + frame.width - width - margin;
  const y = frame.top + frame.height - height - margin;
  return { x, y, width, height };
}

function enlarged(
  frame: Frame,
  lines: readonly Line[],
  range: readonly [number, number],
): { body: string; rect: Rect } {
  const parts = lines.map((line) => ({
    ...line,
    ...cut(Float64Array.from(line.x), Float64Array.from(line.y), range),
  }));
  const yDomain = padded(extentOf(...parts.map((part) => part.y)) ?? [0, 1]);
  const rect = lowerRight(frame, frame.width * 0.42, frame.height * 0.42, 14);
  const size = theme.text.small;
  const box = { left: rect.x, top: rect.y, width: rect.width, height: rect.height - size - 6 };
  const bottom = box.top + box.height;
  const sides = { x: box.left, y: box.top, width: box.width, height: box.height };
  const x = (value: number): number => box.left + (box.width * (value - range[0])) / (range[1] - range[0]);
  const ticks = ticksThatFit(range, box.width, true);
  const body = [
    el("rect", { ...sides, fill: "#fff" }),
    plotMarks(lineMarks(parts), box, { domain: range }, { domain: yDomain }),
    el("rect", { ...sides, fill: "none", stroke: theme.muted, "stroke-width": 0.7 }),
    ...ticks.values.flatMap((value, i) => [
      el("path", {
        d: `M${x(value).toFixed(2)},${bottom.toFixed(2)}v3`,
        stroke: theme.muted,
        "stroke-width": 0.7,
      }),
      textEl(ticks.labels[i], {
        x: x(value),
        y: bottom + size + 4,
        "font-size": size,
        "text-anchor": "middle",
      }),
    ]),
  ];
  return { body: body.join(""), rect };
}

// A frame with two axes in an SVG element that is as wide as its place: what all charts of the page have in
// common.
import { svg } from "./dom.js";
import { multiples, roundStep, withStep } from "./format.js";

/** Where a chart's frame lies in its picture, px, and its axes. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  x(value: number): number;
  y(value: number): number;
  /** The value under a place. */
  toX(px: number): number;
}

/** What a frame is made of. */
export interface FrameOptions {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly xLabel: string;
  readonly yLabel: string;
  /** Height over width of the picture. */
  readonly aspect: number;
}

/** Empties the picture and draws the axes; curves are appended by the caller. */
export function drawFrame(picture: SVGSVGElement, options: FrameOptions): Frame {
  const width = Math.max(240, picture.clientWidth || picture.getBoundingClientRect().width);
  const height = Math.round(Math.min(420, Math.max(206, options.aspect * width)));
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const yTicks = ticksOf(options.y, (height - 60) / 38);
  const widest = Math.max(...yTicks.labels.map((label) => label.length));
  const [left, right, top, bottom] = [14 + 7 * widest, width - 12, 24, height - 44];
  const [[x0, x1], [y0, y1]] = [options.x, options.y];
  const frame: Frame = {
    left,
    right,
    top,
    bottom,
    x: (value) => left + ((value - x0) / (x1 - x0)) * (right - left),
    y: (value) => bottom - ((value - y0) / (y1 - y0)) * (bottom - top),
    toX: (px) => x0 + ((px - left) / (right - left)) * (x1 - x0),
  };
  const xTicks = ticksOf(options.x, (right - left) / 70);
  picture.replaceChildren(
    svg("rect", { x: left, y: top, width: right - left, height: bottom - top, class: "frame" }),
    ...xTicks.values.flatMap((value, i) => [
      svg("line", { x1: frame.x(value), x2: frame.x(value), y1: bottom, y2: bottom + 5, class: "tick" }),
      svg("text", { x: frame.x(value), y: bottom + 18, "text-anchor": "middle" }, xTicks.labels[i]),
    ]),
    ...yTicks.values.flatMap((value, i) => [
      svg("line", { x1: left - 5, x2: left, y1: frame.y(value), y2: frame.y(value), class: "tick" }),
      svg("text", { x: left - 8, y: frame.y(value) + 4, "text-anchor": "end" }, yTicks.labels[i]),
    ]),
    svg(
      "text",
      { x: (left + right) / 2, y: height - 6, "text-anchor": "middle", class: "label" },
      options.xLabel,
    ),
    // Above the frame, because along a low frame there is no place for long names of signals.
    svg("text", { x: 0, y: 12, class: "label" }, options.yLabel),
  );
  return frame;
}

/** Round ticks, about as many as wanted, and their texts. */
export function ticksOf(
  [low, high]: readonly [number, number],
  wanted: number,
): { values: number[]; labels: string[] } {
  const step = roundStep((1.8 * (high - low)) / Math.max(2, Math.min(8, wanted)));
  const values = multiples(low, high, step);
  return { values, labels: values.map((v) => withStep(v, step)) };
}

/** A curve within the frame; gaps where there is no value. */
export function drawCurve(
  frame: Frame,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  attributes: Readonly<Record<string, string | number>>,
): SVGElement {
  let path = "";
  let pen = "M";
  for (let i = 0; i < x.length; i++) {
    const px = frame.x(x[i]);
    if (!Number.isFinite(y[i]) || px < frame.left - 0.5 || px > frame.right + 0.5) {
      pen = "M";
      continue;
    }
    // A curve that leaves the frame is cut at its border.
    const py = Math.max(frame.top, Math.min(frame.bottom, frame.y(y[i])));
    path += `${pen}${px.toFixed(1)} ${py.toFixed(1)}`;
    pen = "L";
  }
  return svg("path", { d: path, fill: "none", ...attributes });
}

/** Smallest and largest finite value, with some air; [0, 1] where there is none. */
export function extent(...lists: readonly ArrayLike<number>[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      if (!Number.isFinite(list[i])) continue;
      low = Math.min(low, list[i]);
      high = Math.max(high, list[i]);
    }
  }
  if (low > high) return [0, 1];
  const air = 0.05 * (high - low) || 0.5 * Math.abs(high) || 0.5;
  return [low - air, high + air];
}

// Frame of all charts: axes with ticks and units, heading, legend, a second axis, a color bar, an inset. The
// margins are computed so that nothing is cut off or overlaps.
import type { Markish } from "@observablehq/plot";
import { type LegendEntry, legendColumn, legendRows } from "./legend.js";
import { noteText } from "./note.js";
import { densePoints, freeCorner, type Rect } from "./place.js";
import { type Box, plotMarks } from "./plot.js";
import { at, type Drawing, el, px, textEl, verticalText } from "./svg.js";
import { fitLabel, fitText, textWidth } from "./text-width.js";
import { theme } from "./theme.js";
import { logTicks, type Ticks, ticksThatFit, widest } from "./ticks.js";

/** One axis. */
export interface Axis {
  /** Quantity with unit. */
  readonly label: string;
  readonly domain: readonly [number, number];
  readonly log?: boolean;
  /** Ticks instead of round ones. */
  readonly ticks?: Ticks;
}

/** A frame in px with its scales. */
export interface Frame extends Box {
  x(value: number): number;
  y(value: number): number;
}

/** A curve that the legend must not cover, in data units. */
export interface Curve {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** Content of a frame and its surroundings. */
export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly heading?: string;
  readonly x: Axis;
  readonly y: Axis;
  /** A second y axis on the right; its marks are scaled to `y` by `rescale`. */
  readonly right?: Axis;
  readonly marks: readonly Markish[];
  /** Clips the marks at the frame, for domains that do not contain all of them. */
  readonly clip?: boolean;
  readonly legend?: readonly LegendEntry[];
  /** `above` the frame in rows, or `inside` in a free corner, if there is one. */
  readonly legendAt?: "above" | "inside";
  readonly curves?: readonly Curve[];
  /** Vertical lines with a text beside them, where it covers no curve. */
  readonly notes?: readonly { readonly x: number; readonly text: string }[];
  /** Smallest left margin, px, for charts below each other. */
  readonly left?: number;
  /** A color bar to the right of the frame, with its height. */
  readonly bar?: (length: number) => Drawing;
  /** An inset in the frame: its markup in px of the picture, and its rectangle. */
  readonly inset?: (frame: Frame) => { readonly body: string; readonly rect: Rect } | null;
}

/** Draws the chart. */
export function chart(spec: Chart): Drawing {
  const inside = spec.legendAt !== "above" ? insideLegend(spec) : null;
  const body = inside ?? layout(spec, spec.legend ?? []).body;
  return { body, width: spec.width, height: spec.height };
}

/** A value of the right axis in the units of the left one. */
export function rescale(
  value: number,
  from: readonly [number, number],
  to: readonly [number, number],
): number {
  return to[0] + ((value - from[0]) / (from[1] - from[0])) * (to[1] - to[0]);
}

const EDGE = 4;
const LABEL = theme.text.label + 5;

function insideLegend(spec: Chart): string | null {
  const { body, frame, insetRect } = layout(spec, []);
  if (!spec.legend || spec.legend.length === 0) return body;
  const legend = legendColumn(spec.legend, frame.width * 0.6);
  const points = pointsOf(spec.curves ?? [], frame);
  const rect = { x: frame.left, y: frame.top, width: frame.width, height: frame.height };
  const place = freeCorner(rect, legend, points, insetRect ? [insetRect] : []);
  return place ? body + at(place.x, place.y, legend.body) : null;
}

function layout(
  spec: Chart,
  rows: readonly LegendEntry[],
): { body: string; frame: Frame; insetRect: Rect | null } {
  const { width, height, right } = spec;
  const outside = theme.tick.size + theme.tick.padding;
  const bottom = outside + theme.text.tick + (spec.x.label ? 3 + LABEL : 2);
  const heading = spec.heading ? theme.text.heading + 8 : 0;

  // The widths of numbers determine the margins, and the frame determines the ticks: two iterations are
  // sufficient.
  let xTicks: Ticks = { values: [], labels: [] };
  let yTicks = xTicks;
  let rightTicks = xTicks;
  let bar: Drawing | null = null;
  let box: Box = { left: 50, top: 20, width: width - 80, height: height - 60 };
  let legend: Drawing | null = null;
  for (let round = 0; round < 2; round++) {
    xTicks = ticksOf(spec.x, box.width, true);
    yTicks = ticksOf(spec.y, box.height, false);
    if (right) rightTicks = ticksOf(right, box.height, false);
    bar = spec.bar?.(box.height) ?? null;
    const left = Math.max(spec.left ?? 0, outside + widest(yTicks.labels) + LABEL);
    const lastX = textWidth(xTicks.labels.at(-1) ?? "", theme.text.tick) / 2;
    let rightMargin = Math.max(lastX, EDGE) + 2;
    if (right) rightMargin = outside + widest(rightTicks.labels) + LABEL;
    if (bar) rightMargin = bar.width + 10 + EDGE;
    const frameWidth = width - left - rightMargin;
    legend = rows.length > 0 ? legendRows(rows, frameWidth) : null;
    const top = EDGE + 4 + heading + (legend ? legend.height + 4 : 0);
    box = { left, top, width: frameWidth, height: height - top - bottom };
  }
  const frame = frameOf(box, spec.x, spec.y);
  const inset = spec.inset?.(frame) ?? null;

  const marks = plotMarks(spec.marks, box, spec.x, spec.y);
  const parts = [
    spec.clip ? clipped(box, marks) : marks,
    el("rect", { x: box.left, y: box.top, width: box.width, height: box.height, ...line, fill: "none" }),
    ...xTicks.values.map((v, i) => tickX(frame.x(v), box.top + box.height, xTicks.labels[i])),
    ...yTicks.values.map((v, i) => tickY(box.left, frame.y(v), yTicks.labels[i], -1)),
    axisLabel(spec.x.label, box.left + box.width / 2, height - EDGE - 2, box.width + 2 * EDGE),
    verticalText(
      fitLabel(spec.y.label, height - EDGE * 2, theme.text.label),
      theme.text.label * 0.9 + 1,
      labelY(spec.y.label, box, height),
    ),
  ];
  if (right) {
    const y = (v: number): number => frame.y(rescale(v, right.domain, spec.y.domain));
    parts.push(
      ...rightTicks.values.map((v, i) => tickY(box.left + box.width, y(v), rightTicks.labels[i], 1)),
    );
    const label = fitLabel(right.label, height - EDGE * 2, theme.text.label);
    parts.push(verticalText(label, width - EDGE, labelY(label, box, height)));
  }
  if (bar) parts.push(at(box.left + box.width + 10, box.top, bar.body));
  if (legend) parts.push(at(box.left, box.top - legend.height - 4, legend.body));
  if (spec.heading) parts.push(headingText(spec.heading, box.left + box.width / 2, width));
  if (inset) parts.push(inset.body);
  const points = spec.notes ? pointsOf(spec.curves ?? [], frame) : [];
  for (const note of spec.notes ?? []) parts.push(noteText(note.text, frame.x(note.x), box, points));
  return { body: parts.join(""), frame, insetRect: inset?.rect ?? null };
}

/** Heading of a picture, centered at x, in its first line. */
export function headingText(heading: string, x: number, width: number): string {
  const room = 2 * Math.min(x, width - x) - 2 * EDGE;
  return textEl(fitText(heading, room, theme.text.heading, true), {
    x,
    y: EDGE + theme.text.heading,
    "font-size": theme.text.heading,
    "font-weight": "bold",
    "text-anchor": "middle",
  });
}

/** Label of an axis, centered at (x, y). */
export function axisLabel(label: string, x: number, y: number, width: number): string {
  return textEl(fitLabel(label, width, theme.text.label), {
    x,
    y,
    "font-size": theme.text.label,
    "text-anchor": "middle",
  });
}

/** A tick below a frame with its number. */
export function tickX(x: number, y: number, label: string): string {
  const { size, padding } = theme.tick;
  return (
    el("path", { d: `M${x.toFixed(2)},${y.toFixed(2)}v${size}`, ...line }) +
    textEl(label, { x, y: y + size + padding, dy: "0.75em", "text-anchor": "middle" })
  );
}

/** A tick beside a frame with its number or its lines of text: side -1 is left, 1 is right. */
export function tickY(x: number, y: number, label: string, side: -1 | 1): string {
  const { size, padding } = theme.tick;
  const lines = label.split("\n");
  return (
    el("path", { d: `M${x.toFixed(2)},${y.toFixed(2)}h${side * size}`, ...line }) +
    lines
      .map((line, i) =>
        textEl(line, {
          x: x + side * (size + padding),
          y: y + (i - (lines.length - 1) / 2) * (theme.text.tick + 1),
          dy: "0.35em",
          "text-anchor": side < 0 ? "end" : "start",
        }),
      )
      .join("")
  );
}

// A nested svg element clips its content and, unlike a clip path, needs no identifier.
function clipped({ left: x, top: y, width, height }: Box, marks: string): string {
  return el("svg", { x, y, width, height, viewBox: [x, y, width, height].map(px).join(" ") }, marks);
}

function pointsOf(curves: readonly Curve[], frame: Frame): number[] {
  return curves.flatMap(({ x, y }) =>
    densePoints(
      Array.from(x, (v) => frame.x(v)),
      Array.from(y, (v) => frame.y(v)),
    ),
  );
}

const line = { stroke: theme.frame, "stroke-width": theme.stroke.frame };

// A label longer than its frame is centered on the picture, so that it is not cut off.
function labelY(label: string, box: Box, height: number): number {
  const half = textWidth(label, theme.text.label) / 2;
  return Math.min(
    Math.max(box.top + box.height / 2, half + EDGE),
    Math.max(height - half - EDGE, height / 2),
  );
}

function ticksOf(axis: Axis, length: number, horizontal: boolean): Ticks {
  if (axis.ticks) return axis.ticks;
  return axis.log ? logTicks(axis.domain) : ticksThatFit(axis.domain, length, horizontal);
}

function frameOf(box: Box, x: Axis, y: Axis): Frame {
  return {
    ...box,
    x: (value) => box.left + box.width * position(value, x),
    y: (value) => box.top + box.height * (1 - position(value, y)),
  };
}

function position(value: number, { domain, log }: Axis): number {
  if (log) return Math.log(value / domain[0]) / Math.log(domain[1] / domain[0]);
  return (value - domain[0]) / (domain[1] - domain[0]);
}

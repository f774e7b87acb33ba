// Color bars: the scale of a map or of a series of curves, with ticks, quantity and unit. In all figures they
// are to the right of what they explain.
import { rasterPng } from "./raster.js";
import { type Ramp, rampColors, rgbOf } from "./schemes.js";
import { type Drawing, el, px, textEl, verticalText } from "./svg.js";
import { fitText, textWidth, wrapText } from "./text-width.js";
import { theme } from "./theme.js";
import { ticksThatFit, widest } from "./ticks.js";

/** Content of a color bar. */
export interface ColorBarOptions {
  readonly colors: Ramp;
  readonly domain: readonly [number, number];
  /** Quantity with unit; empty where it is elsewhere. */
  readonly label: string;
  /** Length of the bar, px. */
  readonly length: number;
  /** Whether to explain the color of pixels without a value. */
  readonly noData?: boolean;
  /** Whether there are values below and above the scale: these ends of the bar are pointed. */
  readonly beyond?: { readonly below: boolean; readonly above: boolean };
}

/**
 * A vertical bar with ticks and label on its right; a label longer than the bar has several lines. The height
 * of the drawing is `length`; the numbers at its ends extend beyond it by some px.
 */
export function verticalColorBar(options: ColorBarOptions): Drawing {
  const { colors, domain, length } = options;
  const bar = options.noData ? length - SWATCH - 8 : length;
  const ticks = ticksThatFit(domain, bar, false);
  const y = (value: number): number => bar * (1 - (value - domain[0]) / (domain[1] - domain[0]));
  const textX = THICKNESS + theme.tick.size + theme.tick.padding - 1;
  const parts = [barImage(colors, THICKNESS, bar)];
  if (options.beyond?.above) parts.push(point(0, -1, colors(1)));
  if (options.beyond?.below) parts.push(point(bar, 1, colors(0)));
  ticks.values.forEach((value, i) => {
    parts.push(tickMark(THICKNESS, y(value), theme.tick.size, 0));
    parts.push(textEl(ticks.labels[i], { x: textX, y: y(value), dy: "0.35em", "text-anchor": "start" }));
  });
  const size = theme.text.label;
  let labelX = textX + widest(ticks.labels) + (options.label === "" ? 0 : 4 + size * 0.8);
  for (const [i, line] of labelLines(options.label, bar + 12).entries()) {
    if (i > 0) labelX += size + 2;
    parts.push(verticalText(line, labelX, bar / 2));
  }
  let width = labelX + 4;
  if (options.noData) {
    parts.push(noDataSwatch(0, length - SWATCH));
    width = Math.max(width, SWATCH + 4 + textWidth(NO_DATA, theme.text.legend));
  }
  return { body: parts.join(""), width, height: length };
}

const THICKNESS = 10;
const SWATCH = 10;
const NO_DATA = "no data";

// The unit stays in one piece: "Relative" and "concentration (%)", not "(10⁶" and "ph/s)".
function labelLines(label: string, room: number): string[] {
  const size = theme.text.label;
  if (label === "") return [];
  if (textWidth(label, size) <= room) return [label];
  const unit = /\([^()]*\)$/.exec(label)?.[0] ?? "";
  const lines = wrapText(label.slice(0, label.length - unit.length), room, size);
  if (unit === "") return lines;
  const last = `${lines.at(-1) ?? ""} ${unit}`.trim();
  if (textWidth(last, size) <= room) return [...lines.slice(0, -1), last];
  return [...lines, fitText(unit, room, size)];
}

function barImage(colors: Ramp, width: number, height: number): string {
  const n = 250;
  const values = Float64Array.from({ length: n }, (_, i) => n - i - 0.5);
  const href = rasterPng(values, 1, n, [0, n], rampColors(colors, n), [0, 0, 0]);
  return (
    el("image", { href, width, height, preserveAspectRatio: "none" }) +
    el("rect", { width, height, fill: "none", stroke: theme.frame, "stroke-width": theme.stroke.frame })
  );
}

// A triangle at the end of the bar: values beyond it have this color.
function point(y: number, direction: 1 | -1, fill: string): string {
  const d = `M0,${px(y)}h${THICKNESS}l${-THICKNESS / 2},${direction * 6}Z`;
  return el("path", { d, fill, stroke: theme.frame, "stroke-width": theme.stroke.frame });
}

function tickMark(x: number, y: number, dx: number, dy: number): string {
  return el("path", {
    d: `M${x.toFixed(2)},${y.toFixed(2)}l${dx},${dy}`,
    stroke: theme.frame,
    "stroke-width": theme.stroke.frame,
  });
}

function noDataSwatch(x: number, y: number): string {
  return (
    el("rect", {
      x,
      y,
      width: SWATCH,
      height: SWATCH,
      fill: theme.noData,
      stroke: theme.muted,
      "stroke-width": 0.5,
    }) +
    textEl(NO_DATA, {
      x: x + SWATCH + 4,
      y: y + SWATCH / 2,
      dy: "0.35em",
      "font-size": theme.text.legend,
      "text-anchor": "start",
    })
  );
}

/** Color of pixels without a value, as [r, g, b]. */
export const noDataRgb = rgbOf(theme.noData);

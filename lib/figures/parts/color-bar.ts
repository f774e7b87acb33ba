// Color bars: the scale of a map or of a series of curves, with ticks, quantity and unit.
import { rasterPng } from "./raster.js";
import { type Ramp, rampColors, rgbOf } from "./schemes.js";
import { type Drawing, el, textEl, verticalText } from "./svg.js";
import { fitLabel, textWidth } from "./text-width.js";
import { theme } from "./theme.js";
import { ticksThatFit, widest } from "./ticks.js";

/** Content of a color bar. */
export interface ColorBarOptions {
  readonly colors: Ramp;
  readonly domain: readonly [number, number];
  /** Quantity with unit. */
  readonly label: string;
  /** Length of the bar, px. */
  readonly length: number;
  /** Whether to explain the color of pixels without a value. */
  readonly noData?: boolean;
}

/**
 * A vertical bar with ticks and label on its right. The height of the drawing is `length`; the numbers at its
 * ends extend beyond it by some px.
 */
export function verticalColorBar(options: ColorBarOptions): Drawing {
  const { colors, domain, length } = options;
  const bar = options.noData ? length - SWATCH - 8 : length;
  const ticks = ticksThatFit(domain, bar, false);
  const y = (value: number): number => bar * (1 - (value - domain[0]) / (domain[1] - domain[0]));
  const textX = THICKNESS + theme.tick.size + theme.tick.padding - 1;
  const parts = [barImage(colors, THICKNESS, bar, true)];
  ticks.values.forEach((value, i) => {
    parts.push(tickMark(THICKNESS, y(value), theme.tick.size, 0));
    parts.push(textEl(ticks.labels[i], { x: textX, y: y(value), dy: "0.35em", "text-anchor": "start" }));
  });
  const labelX = textX + widest(ticks.labels) + 4 + theme.text.label * 0.8;
  parts.push(verticalText(fitLabel(options.label, length + 12, theme.text.label), labelX, bar / 2));
  let width = labelX + 4;
  if (options.noData) {
    parts.push(noDataSwatch(0, length - SWATCH));
    width = Math.max(width, SWATCH + 4 + textWidth(NO_DATA, theme.text.legend));
  }
  return { body: parts.join(""), width, height: length };
}

/** A horizontal bar with label and ticks above it. The width of the drawing is `length`. */
export function horizontalColorBar(options: ColorBarOptions): Drawing {
  const { colors, domain, length } = options;
  const ticks = ticksThatFit(domain, length, true);
  const x = (value: number): number => (length * (value - domain[0])) / (domain[1] - domain[0]);
  const note = options.noData ? SWATCH + 4 + textWidth(NO_DATA, theme.text.legend) : 0;
  // A label that would be cut beside the swatch gets its own line below it.
  const alone = note > 0 && textWidth(options.label, theme.text.label) > length - note - 8;
  const labelTop = alone ? SWATCH + 5 : 0;
  const top = labelTop + theme.text.label + 4 + theme.text.tick + theme.tick.padding + theme.tick.size;
  const parts = [
    el("g", { transform: `translate(0,${top})` }, barImage(colors, length, THICKNESS - 1, false)),
  ];
  ticks.values.forEach((value, i) => {
    parts.push(tickMark(x(value), top, 0, -theme.tick.size));
    parts.push(
      textEl(ticks.labels[i], {
        x: x(value),
        y: top - theme.tick.size - theme.tick.padding,
        "text-anchor": "middle",
      }),
    );
  });
  const room = length - (note > 0 && !alone ? note + 8 : 0);
  parts.push(
    textEl(fitLabel(options.label, Math.max(room, 30), theme.text.label), {
      x: note > 0 ? 0 : length / 2,
      y: labelTop + theme.text.label * 0.85,
      "font-size": theme.text.label,
      "text-anchor": note > 0 ? "start" : "middle",
    }),
  );
  if (options.noData) parts.push(noDataSwatch(length - note, 0));
  return { body: parts.join(""), width: length, height: top + THICKNESS - 1 };
}

const THICKNESS = 10;
const SWATCH = 10;
const NO_DATA = "no data";

function barImage(colors: Ramp, width: number, height: number, upright: boolean): string {
  const n = 250;
  const values = Float64Array.from({ length: n }, (_, i) => (upright ? n - i - 0.5 : i + 0.5));
  const href = rasterPng(values, upright ? 1 : n, upright ? n : 1, [0, n], rampColors(colors, n), [0, 0, 0]);
  return (
    el("image", { href, width, height, preserveAspectRatio: "none" }) +
    el("rect", { width, height, fill: "none", stroke: theme.frame, "stroke-width": theme.stroke.frame })
  );
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

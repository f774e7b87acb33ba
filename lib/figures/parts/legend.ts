// Legends: samples of line, symbol or area with their names, in rows above a frame or in a free corner
// inside.
import { type SymbolType, symbol, symbolsFill } from "d3";
import { at, type Drawing, el, textEl } from "./svg.js";
import { fitText, textWidth } from "./text-width.js";
import { theme } from "./theme.js";

/** Name of a symbol. */
export type SymbolName = "circle" | "square" | "triangle" | "diamond" | "star" | "wye" | "cross";

/** One line of a legend. */
export interface LegendEntry {
  readonly label: string;
  readonly color: string;
  readonly line?: "solid" | "dashed";
  readonly symbol?: SymbolName;
  /** The symbol is an outline. */
  readonly open?: boolean;
  /** A swatch filled with the color; a number is its opacity. */
  readonly area?: boolean | number;
  /** A thin outline of the swatch, as of a band with edges. */
  readonly edge?: boolean;
  /** A vertical line through the sample, as for a threshold, with these dashes. */
  readonly rule?: boolean | string;
}

/** Entries side by side, in as many rows as needed. */
export function legendRows(entries: readonly LegendEntry[], width: number): Drawing {
  let x = 0;
  let y = 0;
  const parts: string[] = [];
  for (const entry of entries) {
    const w = entryWidth(entry, width);
    if (x > 0 && x + w > width) {
      x = 0;
      y += ROW;
    }
    parts.push(at(x, y, drawEntry(entry, width)));
    x += w + GAP;
  }
  return { body: parts.join(""), width, height: entries.length > 0 ? y + ROW : 0 };
}

/** Entries below each other. */
export function legendColumn(entries: readonly LegendEntry[], maxWidth: number): Drawing {
  const width = entries.reduce((w, entry) => Math.max(w, entryWidth(entry, maxWidth)), 0);
  const body = entries.map((entry, i) => at(0, i * ROW, drawEntry(entry, maxWidth))).join("");
  return { body, width, height: entries.length * ROW };
}

/** Outline of a symbol around the origin, as a path; its area is that of a circle with radius `r`. */
function symbolPath(name: SymbolName, r: number): string {
  return symbol(SYMBOLS[name], Math.PI * r * r).digits(2)() ?? "";
}

const ROW = 14;
const SAMPLE = 20;
const GAP = 12;

// d3 lists its filled symbols in this order.
const [circle, cross, diamond, square, star, triangle, wye] = symbolsFill;
const SYMBOLS: Readonly<Record<SymbolName, SymbolType>> = {
  circle,
  cross,
  diamond,
  square,
  star,
  triangle,
  wye,
};

function entryWidth(entry: LegendEntry, maxWidth: number): number {
  return Math.min(maxWidth, SAMPLE + 4 + textWidth(entry.label, theme.text.legend));
}

function drawEntry(entry: LegendEntry, maxWidth: number): string {
  const y = ROW / 2;
  const { color } = entry;
  const parts: string[] = [];
  if (entry.area) {
    const opacity = typeof entry.area === "number" ? entry.area : undefined;
    parts.push(
      el("rect", {
        x: 3,
        y: y - 5.5,
        width: SAMPLE - 6,
        height: 11,
        fill: color,
        "fill-opacity": opacity,
        ...(entry.edge ? { stroke: color, "stroke-width": 0.7 } : {}),
      }),
    );
  }
  if (entry.line) {
    parts.push(
      el("path", {
        d: `M0,${y}H${SAMPLE}`,
        stroke: color,
        "stroke-width": theme.stroke.line,
        "stroke-dasharray": entry.line === "dashed" ? "4 3" : undefined,
        fill: "none",
      }),
    );
  }
  if (entry.rule) {
    const dashes = typeof entry.rule === "string" && entry.rule !== "none" ? entry.rule : undefined;
    const line = { stroke: theme.ink, "stroke-width": 1, "stroke-dasharray": dashes };
    parts.push(el("path", { d: `M${SAMPLE / 2},${y - 5.5}v11`, ...line }));
  }
  if (entry.symbol) {
    parts.push(
      el("path", {
        d: symbolPath(entry.symbol, 3),
        transform: `translate(${SAMPLE / 2},${y})`,
        ...(entry.open ? { fill: "none", stroke: color, "stroke-width": 1.5 } : { fill: color }),
      }),
    );
  }
  const label = fitText(entry.label, maxWidth - SAMPLE - 4, theme.text.legend);
  parts.push(
    textEl(label, { x: SAMPLE + 4, y, dy: "0.35em", "font-size": theme.text.legend, "text-anchor": "start" }),
  );
  return parts.join("");
}

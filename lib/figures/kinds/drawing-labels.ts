// Letters of a drawing: in a row above and a row below it with a line to their part, or inside their part.
import type { DrawingPart, DrawingShape, Point } from "../../drawing-plan.js";
import { luma, rgbOf } from "../parts/schemes.js";
import { el, px, textEl } from "../parts/svg.js";
import { textWidth } from "../parts/text-width.js";
import { theme } from "../parts/theme.js";
import { bounds, covers, TONES, type View } from "./drawing-shapes.js";

/** A part with a letter, and its index in the order of drawing. */
export interface Labeled {
  readonly part: DrawingPart;
  readonly index: number;
}

/** Space for the letters, px: the two baselines and the ends of the rows. */
export interface LabelRoom {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

const SIZE = theme.text.letter;

/** Letters in two rows, with their leader lines. Letters never touch, and lines do not cross within a row. */
export function labelRows(
  labeled: readonly Labeled[],
  parts: readonly DrawingPart[],
  view: View,
  room: LabelRoom,
): string {
  const places = labeled.map((one) => ({ letter: one.part.letter ?? "", spots: visible(one, parts, view) }));
  const rows = { top: [] as Place[], bottom: [] as Place[] };
  for (const { letter, spots } of places) {
    const inner = Math.floor((spots.length - 1) / 4);
    const [high, low] = [spots[inner], spots[spots.length - 1 - inner]];
    const up = high[1] - room.top <= room.bottom - low[1];
    const place = { letter, to: up ? high : low, other: up ? low : high };
    // Letters that do not fit into one row go to the other.
    const here = up ? "top" : "bottom";
    if (fits([...rows[here], place], room)) rows[here].push(place);
    else rows[up ? "bottom" : "top"].push({ letter, to: place.other, other: place.to });
  }
  return (["top", "bottom"] as const)
    .map((side) => {
      const sorted = rows[side].sort((a, b) => a.to[0] - b.to[0]);
      const xs = spread(sorted, room);
      return sorted.map((place, i) => leader(place, xs[i], side, room)).join("");
    })
    .join("");
}

/** Letters inside parts, or beside those that are too small; names of dimensions and arrows. */
export function partLabels(parts: readonly DrawingPart[], view: View): string {
  const out: string[] = [];
  const beside: { letter: string; x: number; y: number }[] = [];
  for (const part of parts) {
    if (part.shape === "dimension" || part.shape === "arrow") {
      if (part.shape === "dimension" || !part.letter) out.push(alongside(part, view));
      continue;
    }
    if (!part.letter || part.label !== "inside") continue;
    const box = bounds(letterArea(part));
    const [left, right] = [view.x(box.x[0]), view.x(box.x[1])];
    const y = (view.y(box.y[0]) + view.y(box.y[1])) / 2;
    const roomy =
      textWidth(part.letter, SIZE, true) <= right - left - 2 &&
      SIZE * 0.75 <= Math.abs(view.y(box.y[1]) - view.y(box.y[0]));
    if (!roomy) {
      beside.push({ letter: part.letter, x: right, y });
      continue;
    }
    const fill = TONES[part.tone ?? "outline"];
    const light = fill === null || luma(rgbOf(fill)) > 120;
    const place = { x: (left + right) / 2, y, "text-anchor": "middle", fill: light ? theme.ink : "#fff" };
    out.push(textEl(part.letter, { ...place, ...LETTER }));
  }
  beside.sort((a, b) => a.y - b.y);
  const ys = apart(
    beside.map((one) => one.y),
    SIZE + 1,
  );
  const x = Math.max(0, ...beside.map((one) => one.x)) + 14;
  beside.forEach((one, i) => {
    const line = { d: `M${px(one.x)},${px(one.y)}L${px(x - 2)},${px(ys[i])}`, fill: "none" };
    out.push(
      el("path", { ...line, stroke: "#fff", "stroke-width": 2, "stroke-opacity": 0.7 }),
      el("path", { ...line, stroke: theme.ink, "stroke-width": 0.7 }),
      textEl(one.letter, { x, y: ys[i], "text-anchor": "start", ...LETTER, ...HALO }),
    );
  });
  return out.join("");
}

// The letter of a ring is on its upper left part, because the center of a ring is not its own.
function letterArea(part: DrawingPart): DrawingShape {
  if (part.shape !== "ring") return part;
  const offset = (part.inner + part.outer) / 2 / Math.SQRT2;
  const radius = (part.outer - part.inner) / 2;
  return { shape: "circle", x: part.x - offset, y: part.y + offset, radius };
}

// Above an arrow, or beside a vertical one.
function alongside(part: DrawingPart & { shape: "arrow" | "dimension" }, view: View): string {
  const [x1, y1] = [view.x(part.from[0]), view.y(part.from[1])];
  const [x2, y2] = [view.x(part.to[0]), view.y(part.to[1])];
  const upright = Math.abs(y2 - y1) > Math.abs(x2 - x1);
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const place = upright
    ? { x: x + 6, y, dy: "0.35em", "text-anchor": "start" }
    : { x, y: y - 6, "text-anchor": "middle" };
  return textEl(part.name, { ...place, ...HALO });
}

// Ascending positions, moved as little as possible to be a step apart; groups that touch keep their center.
function apart(places: readonly number[], step: number): number[] {
  const groups: { sum: number; n: number }[] = [];
  const start = (g: { sum: number; n: number }): number => g.sum / g.n - ((g.n - 1) * step) / 2;
  for (const place of places) {
    let group = { sum: place, n: 1 };
    for (let last = groups.at(-1); last && start(last) + last.n * step > start(group); last = groups.at(-1)) {
      groups.pop();
      group = { sum: last.sum + group.sum, n: last.n + group.n };
    }
    groups.push(group);
  }
  return groups.flatMap((g) => Array.from({ length: g.n }, (_, i) => start(g) + i * step));
}

const LETTER = { dy: "0.36em", "font-size": SIZE, "font-weight": "bold" } as const;

const HALO = {
  stroke: "#fff",
  "stroke-width": 2.5,
  "stroke-linejoin": "round",
  "paint-order": "stroke",
} as const;

interface Place {
  readonly letter: string;
  /** End of the line, px. */
  readonly to: Point;
  /** End of the line from the other row. */
  readonly other: Point;
}

function fits(places: readonly Place[], room: LabelRoom): boolean {
  return places.reduce((sum, p) => sum + textWidth(p.letter, SIZE, true) + 8, 0) <= room.right - room.left;
}

// Points of a part that no later part hides, px, the highest first; among equal ones the center of the row.
function visible({ part, index }: Labeled, parts: readonly DrawingPart[], view: View): Point[] {
  if (part.shape === "arrow" || part.shape === "dimension") {
    return [[view.x((part.from[0] + part.to[0]) / 2), view.y((part.from[1] + part.to[1]) / 2)]];
  }
  const { x, y } = bounds(part);
  const n = 24;
  const found: Point[] = [];
  for (let j = 0; j < n; j++) {
    const line: Point[] = [];
    for (let i = 0; i < n; i++) {
      const point: Point = [x[0] + ((i + 0.5) / n) * (x[1] - x[0]), y[1] - ((j + 0.5) / n) * (y[1] - y[0])];
      if (!covers(part, point)) continue;
      if (parts.slice(index + 1).some((later) => covers(later, point))) continue;
      line.push([view.x(point[0]), view.y(point[1])]);
    }
    if (line.length > 0) found.push(line[Math.floor(line.length / 2)]);
  }
  if (found.length > 0) return found;
  return [[view.x((x[0] + x[1]) / 2), view.y((y[0] + y[1]) / 2)]];
}

// Centers of letters in a row: as close to their parts as possible without touching.
function spread(places: readonly Place[], room: LabelRoom): number[] {
  const half = places.map((p) => textWidth(p.letter, SIZE, true) / 2 + 4);
  const xs = places.map((p, i) => Math.min(Math.max(p.to[0], room.left + half[i]), room.right - half[i]));
  for (let round = 0; round < 60; round++) {
    for (let i = 1; i < xs.length; i++) {
      const overlap = xs[i - 1] + half[i - 1] + half[i] - xs[i];
      if (overlap <= 0) continue;
      xs[i - 1] -= overlap / 2;
      xs[i] += overlap / 2;
    }
    // At the ends of the row, letters are moved back.
    for (let i = 0; i < xs.length; i++) {
      xs[i] = Math.max(xs[i], i === 0 ? room.left + half[0] : xs[i - 1] + half[i - 1] + half[i]);
    }
    for (let i = xs.length - 1; i >= 0; i--) {
      const end = i === xs.length - 1 ? room.right - half[i] : xs[i + 1] - half[i + 1] - half[i];
      xs[i] = Math.min(xs[i], end);
    }
  }
  return xs;
}

function leader({ letter, to }: Place, x: number, side: "top" | "bottom", room: LabelRoom): string {
  const y = side === "top" ? room.top : room.bottom;
  const baseline = side === "top" ? y - 3 : y + SIZE - 1;
  const [tx, ty] = to;
  const d = `M${px(x)},${px(y)}L${px(tx)},${px(ty)}`;
  return (
    el("path", { d, stroke: "#fff", "stroke-width": 2, "stroke-opacity": 0.7, fill: "none" }) +
    el("path", { d, stroke: theme.ink, "stroke-width": 0.7, fill: "none" }) +
    el("circle", { cx: tx, cy: ty, r: 1.4, fill: theme.ink, stroke: "#fff", "stroke-width": 0.5 }) +
    textEl(letter, {
      x,
      y: baseline,
      "font-size": SIZE,
      "font-weight": "bold",
      "text-anchor": "middle",
    })
  );
}

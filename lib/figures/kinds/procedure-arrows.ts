// Arrows of a procedure: straight to a neighbor in the same row, otherwise through the gap between rows, each
// at a different height.

import { el, px, textEl } from "../parts/svg.js";
import { textWidth } from "../parts/text-width.js";
import { theme } from "../parts/theme.js";
import { arrowBody } from "./drawing-shapes.js";

/** Position of a step, px. */
export interface Cell {
  readonly row: number;
  readonly column: number;
  readonly left: number;
  readonly right: number;
  readonly center: number;
  readonly top: number;
  /** Half the height of the pictures of its row. */
  readonly middle: number;
  /** Lower end of its text. */
  readonly bottom: number;
  /** Lower end of all texts of its row. */
  readonly rowBottom: number;
}

/** An arrow between two positions. */
export interface Arrow {
  readonly from: Cell;
  readonly to: Cell;
  readonly label: string;
}

/** Draws the arrows; `gap` is the distance of rows, px. */
export function arrowsBody(arrows: readonly Arrow[], gap: number): string {
  const through = arrows.filter((arrow) => !neighbors(arrow));
  return arrows
    .map((arrow) => {
      if (neighbors(arrow)) return straight(arrow);
      const same = through.filter((other) => track(other) === track(arrow));
      const [x1, x2] = [foot(arrow, arrow.from, through), foot(arrow, arrow.to, through)];
      return around(arrow, [x1, x2], gap, (same.indexOf(arrow) + 1) / (same.length + 1));
    })
    .join("");
}

const COLOR = theme.muted;
const WIDTH = 1.4;

function neighbors({ from, to }: Arrow): boolean {
  return from.row === to.row;
}

/**
 * Whether a path exists that crosses no other step: to a neighbor in the row, or to the row above or below.
 */
export function canReach(from: Pick<Cell, "row" | "column">, to: Pick<Cell, "row" | "column">): boolean {
  const rows = Math.abs(from.row - to.row);
  return rows === 1 || (rows === 0 && Math.abs(from.column - to.column) === 1);
}

// The arrow runs through the gap below this row.
function track({ from, to }: Arrow): number {
  return Math.min(from.row, to.row);
}

function straight({ from, to, label }: Arrow): string {
  const right = to.column > from.column;
  const [x1, x2] = right ? [from.right + 4, to.left - 4] : [from.left - 4, to.right + 4];
  const y = from.middle;
  return (
    arrowBody([x1, y, x2, y], COLOR, WIDTH, [7, false]) + (label ? words(label, (x1 + x2) / 2, y - 6) : "")
  );
}

// Position where an arrow touches a step: its center, or beside other arrows on the same side.
function foot(arrow: Arrow, cell: Cell, through: readonly Arrow[]): number {
  const there = through.filter((o) => (o.from === cell || o.to === cell) && track(o) === track(arrow));
  return cell.center + (there.indexOf(arrow) - (there.length - 1) / 2) * 16;
}

// From a step into the gap between the rows, along it, and to the other row.
function around(arrow: Arrow, [x1, x2]: readonly [number, number], gap: number, share: number): string {
  const { from, to, label } = arrow;
  const down = to.row > from.row;
  const [start, end] = down ? [from.bottom, to.top - 3] : [from.top - 3, to.bottom];
  const y = (down ? from : to).rowBottom + gap * (0.25 + 0.35 * share);
  const line = x1 === x2 ? "" : `M${px(x1)},${px(start)}V${px(y)}H${px(x2)}V${px(y)}`;
  const parts = [
    line
      ? el("path", {
          d: line,
          stroke: COLOR,
          "stroke-width": WIDTH,
          fill: "none",
          "stroke-linejoin": "round",
        })
      : "",
    arrowBody([x2, line ? y : start, x2, end], COLOR, WIDTH, [7, false]),
  ];
  if (label) {
    const x = x1 === x2 ? x1 + textWidth(label, theme.text.tick) / 2 + 6 : (x1 + x2) / 2;
    parts.push(words(label, x, x1 === x2 ? (start + end) / 2 + 3 : y - 5));
  }
  return parts.join("");
}

function words(label: string, x: number, y: number): string {
  return textEl(label, {
    x,
    y,
    "font-size": theme.text.tick,
    "text-anchor": "middle",
    stroke: "#fff",
    "stroke-width": 2.5,
    "stroke-linejoin": "round",
    "paint-order": "stroke",
  });
}

// A procedure as a flow diagram: pictures with captions in rows, and arrows with the numbers of the
// equations.

import { ArgumentError, quote } from "../../errors.js";
import { checkOptions, type OptionNames, requireOptions } from "../../options.js";
import { headingText } from "../parts/chart.js";
import { count, entriesOf, type Size, widthOf } from "../parts/check.js";
import { table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import { imageTable } from "../parts/image-block.js";
import { at, el, textEl } from "../parts/svg.js";
import { fitText, textWidth, wrapText } from "../parts/text-width.js";
import { theme } from "../parts/theme.js";
import { arrowsBody, type Cell, canReach } from "./procedure-arrows.js";
import { type NodePicture, pictureOf } from "./procedure-picture.js";

/** A step of a procedure. */
export interface ProcedureNode {
  /** Identifier for arrows. */
  readonly id: string;
  /** A figure in its own size, a small image, or undefined for the caption in a box. */
  readonly picture?: NodePicture;
  /** Short title in bold. */
  readonly title: string;
  /** One sentence on what is done. */
  readonly caption?: string;
}

/** Transition from one step to another. */
export interface ProcedureArrow {
  readonly from: string;
  readonly to: string;
  /** Such as `Eq. 1`. */
  readonly label?: string;
}

/** Options of `procedure`. */
export interface ProcedureOptions {
  /** Steps in rows, from left to right and from top to bottom; null leaves a position empty. */
  readonly nodes: readonly (ProcedureNode | null)[];
  /** Steps per row; default: as many as there are, at most three. */
  readonly columns?: number;
  /** Default: from each step to the next. */
  readonly arrows?: readonly ProcedureArrow[];
  readonly title?: string;
  /** Default: page. */
  readonly size?: Size;
}

const NODE: OptionNames<ProcedureNode> = { id: true, picture: true, title: true, caption: true };
const ARROW: OptionNames<ProcedureArrow> = { from: true, to: true, label: true };

const PROCEDURE: OptionNames<ProcedureOptions> = {
  nodes: true,
  columns: true,
  arrows: true,
  title: true,
  size: true,
};

/**
 * A flow diagram, as in Fig. 4. Images fill their column. Figures keep their size, so that their text stays
 * legible: `(width) => figure` makes one as wide as its column.
 *
 * @throws ArgumentError for steps without name, arrows to unknown steps, or a figure wider than its column
 * @example
 * const picture = { values: [1, 2, 3, 4], width: 2, height: 2, label: "Counts" };
 * const nodes = [{ id: "flat", title: "Flat field", picture }, { id: "dose", title: "Dose rate" }];
 * figures.procedure({ nodes, columns: 2, arrows: [{ from: "flat", to: "dose", label: "Eqs. 1-3" }] });
 */
export function procedure(options: ProcedureOptions): Figure {
  const call = "figures.procedure";
  requireOptions(call, options, PROCEDURE);
  const { nodes, arrows } = checked(call, options);
  const width = widthOf(call, options.size ?? "page");
  const nColumns = Math.min(
    nodes.length,
    options.columns === undefined ? 3 : count(call, "columns", options.columns),
  );
  const nRows = Math.ceil(nodes.length / nColumns);
  const placeOf = (id: string) => {
    const i = nodes.findIndex((node) => node?.id === id);
    return { row: Math.floor(i / nColumns), column: i % nColumns };
  };
  const far = arrows.find(({ from, to }) => !canReach(placeOf(from), placeOf(to)));
  if (far) {
    throw new ArgumentError(
      `${call}: expected arrows between neighbors of a row or of rows below each other, got ${quote(far)}; move a step, or use arrows to the steps between`,
      { option: "arrows" },
    );
  }
  const labels = arrows.map((arrow) => fitText(arrow.label ?? "", 0.13 * width, theme.text.tick));
  const labelWidth = Math.max(0, ...labels.map((label) => textWidth(label, theme.text.tick)));
  const gap = Math.max(30, labelWidth + 16);
  const column = (width - 2 * EDGE - gap * (nColumns - 1)) / nColumns;
  const drawn = nodes.map((node, i) => node && pictureOf(call, `nodes[${i}].picture`, node.picture, column));
  const words = nodes.map((node): Words => {
    if (!node) return [];
    const room = node.picture === undefined ? column - 2 * AIR : column;
    return [
      ...wrapText(node.title, room, theme.text.label, true).map((text) => ({ text, bold: true })),
      ...wrapText(node.caption ?? "", room, theme.text.tick).map((text) => ({ text, bold: false })),
    ];
  });
  // Steps without a picture are boxes with their text at the height of the pictures.
  const boxed = (i: number): boolean => drawn[i]?.drawing.height === 0;
  const bandOf = (i: number): number =>
    boxed(i) ? heightOf(words[i]) + 2 * AIR : (drawn[i]?.drawing.height ?? 0);

  // The height of a row is that of its highest picture and longest text; the gaps contain the arrows between
  // rows.
  const cells: (Cell | null)[] = [];
  const parts: string[] = [];
  let y = options.title ? theme.text.heading + 14 : EDGE;
  for (let r = 0; r < nRows; r++) {
    const indices = Array.from({ length: nColumns }, (_, c) => r * nColumns + c).filter(
      (i) => i < nodes.length,
    );
    const band = Math.max(...indices.map(bandOf));
    const text = Math.max(...indices.map((i) => (boxed(i) ? 0 : heightOf(words[i]))));
    const bottom = y + band + (text > 0 ? 6 + text : 0);
    for (const i of indices) {
      const picture = drawn[i];
      const x = EDGE + (i % nColumns) * (column + gap);
      if (!picture) {
        cells.push(null);
        continue;
      }
      const { drawing } = picture;
      const box = boxed(i) ? bandOf(i) : 0;
      const first = box > 0 ? y + (band - box) / 2 + AIR : y + band + 6;
      if (box > 0) {
        const side = { x, y: y + (band - box) / 2, width: column, height: box, rx: 4 };
        parts.push(el("rect", { ...side, fill: "#f3f5f7", stroke: theme.frame, "stroke-width": 0.8 }));
      } else {
        parts.push(at(x + (column - drawing.width) / 2, y + (band - drawing.height) / 2, drawing.body));
      }
      parts.push(wordsBody(words[i], x + column / 2, first));
      const inner = box > 0 ? column : drawing.width;
      cells.push({
        row: r,
        column: i % nColumns,
        left: x + (column - inner) / 2,
        right: x + (column + inner) / 2,
        center: x + column / 2,
        top: y,
        middle: y + band / 2,
        bottom: first + heightOf(words[i]) + 3 + (box > 0 ? AIR - 3 : 0),
        rowBottom: bottom,
      });
    }
    y = bottom + (r < nRows - 1 ? ROW_GAP : EDGE);
  }
  const place = (id: string): Cell => cells[nodes.findIndex((node) => node?.id === id)] as Cell;
  parts.push(
    arrowsBody(
      arrows.map(({ from, to }, i) => ({ from: place(from), to: place(to), label: labels[i] })),
      ROW_GAP,
    ),
  );
  if (options.title) parts.push(headingText(options.title, width / 2, width));
  const titleOf = (id: string): string => nodes.find((node) => node?.id === id)?.title ?? id;
  const said = arrows.map(
    ({ from, to, label }) => `${titleOf(from)} to ${titleOf(to)}${label ? ` (${label})` : ""}`,
  );
  return new Figure(
    { body: parts.join(""), width, height: y },
    {
      title: options.title ?? "Procedure",
      description: `Flow diagram of ${nodes.filter((node) => node !== null).length} steps: ${said.join("; ")}.`,
    },
    () => [
      table("steps", [
        ["from", arrows.map((arrow) => titleOf(arrow.from))],
        ["to", arrows.map((arrow) => titleOf(arrow.to))],
        ["by", arrows.map((arrow) => arrow.label ?? "")],
      ]),
      ...nodes.flatMap((node, i) => {
        const picture = drawn[i];
        if (!node || !picture) return [];
        if (picture.figure) {
          return picture.figure.data.map((one) => ({ ...one, name: `${node.title}: ${one.name}` }));
        }
        return picture.image ? [imageTable(node.title, picture.image, picture.label)] : [];
      }),
    ],
  );
}

const EDGE = 8;
/** Distance between text and the frame of its box. */
const AIR = 8;
const BOLD = 14;
const LINE = 13;
const ROW_GAP = 40;

type Words = readonly { readonly text: string; readonly bold: boolean }[];

function heightOf(words: Words): number {
  return words.reduce((sum, line) => sum + (line.bold ? BOLD : LINE), 0);
}

function wordsBody(words: Words, x: number, top: number): string {
  let y = top;
  return words
    .map(({ text, bold }) => {
      y += bold ? BOLD : LINE;
      return textEl(text, {
        x,
        y: y - 4,
        "text-anchor": "middle",
        "font-size": bold ? theme.text.label : theme.text.tick,
        "font-weight": bold ? "bold" : undefined,
      });
    })
    .join("");
}

function checked(call: string, options: ProcedureOptions) {
  const nodes = options.nodes;
  const wrong = Array.isArray(nodes)
    ? nodes.findIndex(
        (n) => n !== null && !(typeof n?.id === "string" && n.id && typeof n.title === "string"),
      )
    : 0;
  if (wrong >= 0 || nodes.length === 0 || nodes.every((node) => node === null)) {
    throw new ArgumentError(
      `${call}: expected nodes as [{ id, title, picture }], got ${quote(nodes?.[wrong] ?? nodes)}`,
      { option: "nodes" },
    );
  }
  const present = nodes.filter((node): node is ProcedureNode => node !== null);
  for (const node of present) checkOptions(`${call}, nodes`, node, NODE);
  for (const arrow of entriesOf(call, "arrows", options.arrows))
    requireOptions(`${call}, arrows`, arrow, ARROW);
  const ids = present.map((node) => node.id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) {
    throw new ArgumentError(`${call}: expected one node of each id, got ${quote(twice)} twice`, {
      id: twice,
    });
  }
  const arrows: readonly ProcedureArrow[] =
    options.arrows ?? ids.slice(1).map((to, i) => ({ from: ids[i], to, label: undefined }));
  for (const arrow of arrows) {
    if (ids.includes(arrow.from) && ids.includes(arrow.to) && arrow.from !== arrow.to) continue;
    throw new ArgumentError(
      `${call}: expected arrows between two of ${ids.map((id) => quote(id)).join(", ")}, got ${quote(arrow)}`,
      { option: "arrows" },
    );
  }
  return { nodes, arrows };
}

// Schematic drawings to scale: a cell in cross-section, a holder from the front, with letters at leader lines
// and a key.

import type { DrawingPart, DrawingPlan } from "../../drawing-plan.js";
import { ArgumentError, quote } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { headingText } from "../parts/chart.js";
import { type Size, widthOf } from "../parts/check.js";
import { table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import { formatLength, roundLength } from "../parts/image-block.js";
import { at, el, textEl } from "../parts/svg.js";
import { textWidth } from "../parts/text-width.js";
import { theme } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";
import { checkPlan } from "./drawing-check.js";
import { keyBody } from "./drawing-key.js";
import { type Labeled, labelRows, partLabels } from "./drawing-labels.js";
import { bounds, LEAST, shapeBody, type View } from "./drawing-shapes.js";

/** Options of `drawing`. */
export interface DrawingOptions {
  readonly plan: DrawingPlan;
  /** Length of the scale bar, mm; default: a round length of about a quarter of the width. */
  readonly scaleBar?: number;
  readonly title?: string;
  readonly size?: Size;
}

const DRAWING: OptionNames<DrawingOptions> = {
  plan: true,
  scaleBar: true,
  title: true,
  size: true,
};

/**
 * Draws a plan to scale, as in Figs. 1 and 3: parts with their letters, arrows, dimensions, a scale bar and a
 * key.
 *
 * @throws ArgumentError for an invalid plan, with the invalid part
 * @example
 * await figures.drawing({ plan: cellGeometry() }).save("cell.svg");
 */
export function drawing(options: DrawingOptions): Figure {
  const call = "figures.drawing";
  requireOptions(call, options, DRAWING);
  const plan = checkPlan(call, options.plan);
  const width = widthOf(call, options.size ?? "column");
  const boxes = plan.parts.map(bounds);
  const [left, right] = [Math.min(...boxes.map((b) => b.x[0])), Math.max(...boxes.map((b) => b.x[1]))];
  const [low, high] = [Math.min(...boxes.map((b) => b.y[0])), Math.max(...boxes.map((b) => b.y[1]))];
  // Not higher than it is wide: tall plans are drawn smaller.
  const scale = Math.min((width - 2 * EDGE) / (right - left), (1.15 * width) / (high - low));
  const drawn = { width: (right - left) * scale, height: (high - low) * scale };
  const start = (width - drawn.width) / 2;
  const labeled: Labeled[] = plan.parts.flatMap((part, index) =>
    part.letter && part.label !== "inside" && part.shape !== "dimension" ? [{ part, index }] : [],
  );
  const top = (options.title ? theme.text.heading + 12 : EDGE) + (labeled.length > 0 ? ROW : 0);
  const view: View = {
    scale,
    x: (mm) => start + (mm - left) * scale,
    y: (mm) => top + (high - mm) * scale,
  };
  const rows = labelRows(labeled, plan.parts, view, {
    top: top - 8,
    bottom: top + drawn.height + 8,
    left: EDGE,
    right: width - EDGE,
  });
  const below = top + drawn.height + (labeled.length > 0 ? ROW : 4);
  const bar = scaleBar(call, options.scaleBar, right - left, scale, plan.exploded ?? false);
  const thin = boxes.some((b, i) => isThin(plan.parts[i], b, scale));
  const notes = [
    ...(plan.exploded ? ["Along the beam not to scale."] : []),
    ...(thin ? ["Thin layers are drawn thicker than they are."] : []),
  ];
  const key = keyBody(plan.parts, notes, width - 2 * EDGE - bar.width - 14);
  const footer = Math.max(key.height, bar.height);
  const body = [
    options.title ? headingText(options.title, width / 2, width) : "",
    ...plan.parts.map((part) => shapeBody(part, part.tone ?? "outline", view)),
    rows,
    partLabels(plan.parts, view),
    at(EDGE, below + 4, key.body),
    at(width - EDGE - bar.width, below + 4, bar.body),
  ].join("");
  const size = `${formatNumber(right - left, 3)} x ${formatNumber(high - low, 3)} mm`;
  const lettered = new Set(plan.parts.filter((p) => p.letter).map((p) => p.name));
  const said = [
    ...new Set(
      plan.parts.flatMap((p) =>
        p.letter ? [`${p.letter} ${p.name}`] : lettered.has(p.name) ? [] : [p.name],
      ),
    ),
  ];
  return new Figure(
    { body, width, height: below + 4 + footer + EDGE },
    {
      title: options.title ?? "Drawing",
      description: `Schematic drawing, ${size}: ${said.join("; ")}.${notes.map((note) => ` ${note}`).join("")}`,
    },
    () => [
      table("parts (mm)", [
        ["letter", plan.parts.map((p) => p.letter ?? "")],
        ["name", plan.parts.map((p) => p.name)],
        ["shape", plan.parts.map((p) => p.shape)],
        ["x from (mm)", boxes.map((b) => b.x[0])],
        ["x to (mm)", boxes.map((b) => b.x[1])],
        ["y from (mm)", boxes.map((b) => b.y[0])],
        ["y to (mm)", boxes.map((b) => b.y[1])],
      ]),
    ],
  );
}

const EDGE = 8;
const ROW = 24;

function isThin(part: DrawingPart, box: ReturnType<typeof bounds>, scale: number): boolean {
  if (part.shape === "arrow" || part.shape === "dimension") return false;
  return Math.min(box.x[1] - box.x[0], box.y[1] - box.y[0]) * scale < LEAST;
}

// Horizontal, or vertical beside its length where x is stretched.
function scaleBar(call: string, option: number | undefined, width: number, scale: number, upright: boolean) {
  if (option !== undefined && !(option > 0 && option * scale <= 200)) {
    throw new ArgumentError(
      `${call}: expected scaleBar in mm, above 0 and at most ${formatNumber(200 / scale, 2)}, got ${quote(option)}`,
      { option: "scaleBar", value: option },
    );
  }
  const length = option ?? roundLength((width / 4) * 1000) / 1000;
  const side = length * scale;
  const label = formatLength(length * 1000);
  const text = textWidth(label, theme.text.tick);
  if (upright) {
    const body =
      el("rect", { x: text + 4, y: 0, width: 2.5, height: side }) +
      textEl(label, { x: 0, y: side / 2, dy: "0.35em" });
    return { body, width: text + 7, height: side + 4 };
  }
  const w = Math.max(side, text);
  const body =
    el("rect", { x: (w - side) / 2, y: theme.text.tick + 4, width: side, height: 2.5 }) +
    textEl(label, { x: w / 2, y: theme.text.tick, "text-anchor": "middle" });
  return { body, width: w, height: theme.text.tick + 8 };
}

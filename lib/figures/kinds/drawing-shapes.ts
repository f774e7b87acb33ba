// Geometry of schematic drawings, in mm with y upwards: extent, area and appearance of shapes.
import type { DrawingShape, DrawingTone, Point } from "../../drawing-plan.js";
import { el, px } from "../parts/svg.js";
import { palette, theme } from "../parts/theme.js";

/** Fills of the tones; null is an outline only. */
export const TONES = {
  metal: "#c3cad3",
  darkMetal: "#7d8896",
  diamond: "#cfe8f3",
  electrode: "#3b3b46",
  aluminium: "#dfe3e8",
  lithium: "#b9b2c9",
  separator: "#f4efe0",
  polymer: "#eadfc8",
  rubber: "#4a4038",
  spring: null,
  foil: "#a9c3a0",
  beam: palette[6],
  spot: "#ffd92f",
  stage: "#efefef",
  hole: "#ffffff",
  outline: null,
} as const satisfies Readonly<Record<DrawingTone, string | null>>;

/** Position of the drawing in the picture. */
export interface View {
  /** px per mm. */
  readonly scale: number;
  x(mm: number): number;
  y(mm: number): number;
}

/** Lowest and highest x and y of a shape. */
export function bounds(shape: DrawingShape): { x: [number, number]; y: [number, number] } {
  const around = (x: number, y: number, halfX: number, halfY: number) => ({
    x: [x - halfX, x + halfX] as [number, number],
    y: [y - halfY, y + halfY] as [number, number],
  });
  switch (shape.shape) {
    case "rectangle":
    case "wave":
      return around(shape.x, shape.y, shape.width / 2, shape.height / 2);
    case "circle":
      return around(shape.x, shape.y, shape.radius, shape.radius);
    case "ring":
      return around(shape.x, shape.y, shape.outer, shape.outer);
    default: {
      const points = shape.shape === "polygon" ? shape.points : [shape.from, shape.to];
      const ends = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];
      return { x: ends(points.map((p) => p[0])), y: ends(points.map((p) => p[1])) };
    }
  }
}

/** Whether a point is in a shape; arrows and dimensions have no area. */
export function covers(shape: DrawingShape, [x, y]: Point): boolean {
  switch (shape.shape) {
    case "rectangle":
    case "wave":
      return Math.abs(x - shape.x) <= shape.width / 2 && Math.abs(y - shape.y) <= shape.height / 2;
    case "circle":
      return Math.hypot(x - shape.x, y - shape.y) <= shape.radius;
    case "ring": {
      const r = Math.hypot(x - shape.x, y - shape.y);
      return r >= shape.inner && r <= shape.outer;
    }
    case "polygon":
      return crossings(shape.points, x, y) % 2 === 1;
    default:
      return false;
  }
}

/** The shape as markup. Shapes thinner than `LEAST` px get this thickness. */
export function shapeBody(shape: DrawingShape, tone: DrawingTone, view: View): string {
  const fill = TONES[tone] ?? "none";
  const look = { fill, stroke: theme.frame, "stroke-width": 0.6 };
  switch (shape.shape) {
    case "rectangle": {
      const [width, height] = [shape.width, shape.height].map((mm) => Math.max(LEAST, mm * view.scale));
      const corner = shape.corner ? Math.min(shape.corner * view.scale, width / 2, height / 2) : undefined;
      // A frame would hide a thin layer.
      const thin = Math.min(width, height) < 3;
      return el("rect", {
        x: view.x(shape.x) - width / 2,
        y: view.y(shape.y) - height / 2,
        width,
        height,
        rx: corner,
        ...look,
        ...(thin && fill !== "none" ? { stroke: "none" } : {}),
      });
    }
    case "circle":
      return el("path", { d: circlePath(shape.x, shape.y, shape.radius, view), ...look });
    case "ring": {
      const d =
        circlePath(shape.x, shape.y, shape.outer, view) + circlePath(shape.x, shape.y, shape.inner, view);
      return el("path", { d, ...look, "fill-rule": "evenodd" });
    }
    case "polygon":
      return el("path", {
        d: `M${shape.points.map(([x, y]) => `${px(view.x(x))},${px(view.y(y))}`).join("L")}Z`,
        ...look,
      });
    case "wave":
      return el("path", { d: wavePath(shape, view), ...look, fill: "none", "stroke-width": 1.2 });
    case "arrow":
      return arrowBody(ends(shape, view), TONES[tone] ?? theme.ink, 1.8, [6, false]);
    case "dimension":
      return (
        arrowBody(ends(shape, view), "#ffffff", 2.6, [5, true]) +
        arrowBody(ends(shape, view), theme.ink, 0.8, [4, true])
      );
  }
}

/** Smallest thickness of a part in the picture, px. */
export const LEAST = 1.5;

type Ends = readonly [x1: number, y1: number, x2: number, y2: number];

/** A straight arrow between two points in px, with heads of the given length. */
export function arrowBody(
  [x1, y1, x2, y2]: Ends,
  stroke: string,
  width: number,
  [size, both]: readonly [size: number, both: boolean],
): string {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const head = (x: number, y: number, sign: number): string => {
    const [bx, by] = [x - sign * ux * size, y - sign * uy * size];
    const [nx, ny] = [(-uy * size) / 2, (ux * size) / 2];
    return el("path", {
      d: `M${px(x)},${px(y)}L${px(bx + nx)},${px(by + ny)}L${px(bx - nx)},${px(by - ny)}Z`,
      fill: stroke,
    });
  };
  const back = size * 0.8;
  const from = both ? [x1 + ux * back, y1 + uy * back] : [x1, y1];
  const d = `M${px(from[0])},${px(from[1])}L${px(x2 - ux * back)},${px(y2 - uy * back)}`;
  return (
    el("path", { d, stroke, "stroke-width": width, fill: "none" }) +
    head(x2, y2, 1) +
    (both ? head(x1, y1, -1) : "")
  );
}

function ends({ from, to }: { from: Point; to: Point }, view: View): Ends {
  return [view.x(from[0]), view.y(from[1]), view.x(to[0]), view.y(to[1])];
}

function circlePath(x: number, y: number, radius: number, view: View): string {
  const r = Math.max(LEAST / 2, radius * view.scale);
  return `M${px(view.x(x) - r)},${px(view.y(y))}a${px(r)},${px(r)} 0 1 0 ${px(2 * r)},0a${px(r)},${px(r)} 0 1 0 ${px(-2 * r)},0Z`;
}

function wavePath(shape: DrawingShape & { shape: "wave" }, view: View): string {
  const n = 2 * shape.turns;
  const points = Array.from({ length: n + 1 }, (_, i) => {
    const x = shape.x - shape.width / 2 + (i / n) * shape.width;
    const y = shape.y + (i % 2 === 0 ? -1 : 1) * (shape.height / 2);
    return `${px(view.x(x))},${px(view.y(y))}`;
  });
  return `M${points.join("L")}`;
}

// Number of edges of a polygon that a ray to the right crosses.
function crossings(points: readonly Point[], x: number, y: number): number {
  let n = 0;
  points.forEach(([x1, y1], i) => {
    const [x2, y2] = points[(i + 1) % points.length];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) n++;
  });
  return n;
}

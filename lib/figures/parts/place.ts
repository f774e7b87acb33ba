// Free positions for legends and insets.

/** A rectangle in px. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Points in px; x and y alternate. */
export type Points = readonly number[];

/**
 * The first free corner of a frame for a box of the given size, or null if there is none.
 *
 * @param points points that must stay visible; curves as dense points
 * @param taken occupied rectangles
 */
export function freeCorner(
  frame: Rect,
  size: { readonly width: number; readonly height: number },
  points: Points,
  taken: readonly Rect[] = [],
  margin = 8,
): Rect | null {
  const left = frame.x + margin;
  const right = frame.x + frame.width - margin - size.width;
  const top = frame.y + margin;
  const bottom = frame.y + frame.height - margin - size.height;
  if (right < left || bottom < top) return null;
  const corners: [number, number][] = [
    [right, bottom],
    [left, top],
    [right, top],
    [left, bottom],
  ];
  for (const [x, y] of corners) {
    const rect = { x, y, ...size };
    if (!taken.some((other) => overlap(rect, other)) && hidden(rect, points) === 0) return rect;
  }
  return null;
}

/** A curve as points at most `step` px apart; gaps (NaN) stay gaps. */
export function densePoints(x: ArrayLike<number>, y: ArrayLike<number>, step = 3): number[] {
  const out: number[] = [];
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    out.push(x[i], y[i]);
    if (i === 0 || !Number.isFinite(x[i - 1]) || !Number.isFinite(y[i - 1])) continue;
    const parts = Math.ceil(Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1]) / step);
    for (let k = 1; k < parts; k++) {
      out.push(x[i - 1] + ((x[i] - x[i - 1]) * k) / parts, y[i - 1] + ((y[i] - y[i - 1]) * k) / parts);
    }
  }
  return out;
}

const CLEARANCE = 3;

/** Number of points inside a rectangle, or close to it. */
export function hidden(rect: Rect, points: Points): number {
  let n = 0;
  for (let i = 0; i < points.length; i += 2) {
    const inX = points[i] > rect.x - CLEARANCE && points[i] < rect.x + rect.width + CLEARANCE;
    const y = points[i + 1];
    if (inX && y > rect.y - CLEARANCE && y < rect.y + rect.height + CLEARANCE) n++;
  }
  return n;
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

// The straight line through points.
import type { Points } from "./points.js";

/** A straight line by weighted least squares. */
export interface Straight {
  readonly intercept: number;
  readonly slope: number;
  readonly rss: number;
  /** Weighted mean response. */
  readonly mean: number;
  /** How far each point decides its own fit: 0 to 1. */
  leverage(i: number): number;
}

/** The straight line with the least weighted residual. */
export function straight({ x, y, w }: Points): Straight {
  let [sw, sx, sy, sxx, sxy, rss] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    sw += w[i];
    sx += w[i] * x[i];
    sy += w[i] * y[i];
  }
  const [x0, y0] = [sx / sw, sy / sw];
  for (let i = 0; i < x.length; i++) {
    sxx += w[i] * (x[i] - x0) ** 2;
    sxy += w[i] * (x[i] - x0) * (y[i] - y0);
  }
  const slope = sxy / sxx;
  for (let i = 0; i < x.length; i++) rss += w[i] * (y[i] - y0 - slope * (x[i] - x0)) ** 2;
  const leverage = (i: number): number => w[i] * (1 / sw + (x[i] - x0) ** 2 / sxx);
  return { intercept: y0 - slope * x0, slope, rss, mean: y0, leverage };
}

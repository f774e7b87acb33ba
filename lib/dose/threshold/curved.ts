// Smooth courses, fitted by least squares: a shape with one or two parameters is searched, level and size follow exactly.
import { condense } from "./condense.js";
import type { Points } from "./points.js";

/** An exponential course and its residual. */
export interface Curve {
  readonly parameters: { readonly intercept: number; readonly slope: number; readonly rate: number };
  readonly rss: number;
}

/** A smooth step and its residual. */
export interface Sigmoid {
  readonly parameters: {
    readonly level: number;
    readonly change: number;
    readonly middle: number;
    readonly width: number;
  };
  readonly rss: number;
}

/** Bends tighter than this times the range of doses are steps, not curves. */
const STEEPEST = 30;

/** y = intercept + slope (exp(rate (x - x0)) - 1) / rate with the least residual; x0 is the lowest dose. */
export function curve(all: Points): Curve {
  const { points, within } = condense(all);
  const { x } = points;
  const x0 = x[0];
  const range = x[x.length - 1] - x0;
  // Rates relative to the range; a straight line is the limit of rate 0.
  const shape = (bend: number) => (v: number) => {
    const u = (v - x0) / range;
    return Math.abs(bend) < 1e-6 ? u * (1 + (bend * u) / 2) : Math.expm1(bend * u) / bend;
  };
  const rssAt = (bend: number): number => linear(points, shape(bend)).rss;
  let best = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let k = -20; k <= 20; k++) {
    const bend = bendOf(k / 20);
    const rss = rssAt(bend);
    if (rss < lowest) [best, lowest] = [k / 20, rss];
  }
  const bend = bendOf(golden((t) => rssAt(bendOf(t)), Math.max(-1, best - 0.05), Math.min(1, best + 0.05)));
  const fit = linear(points, shape(bend));
  return {
    parameters: { intercept: fit.level, slope: fit.size / range, rate: bend / range },
    rss: within + Math.min(fit.rss, lowest),
  };
}

function bendOf(t: number): number {
  return STEEPEST * t * Math.abs(t);
}

/** y = level + change / (1 + exp(-(x - middle) / width)) with the least residual; its middle lies among the doses. */
export function sigmoid(all: Points): Sigmoid {
  const { points, within } = condense(all);
  const { x } = points;
  const x0 = x[0];
  const range = x[x.length - 1] - x0;
  const shape = (middle: number, width: number) => (v: number) =>
    1 / (1 + Math.exp(-((v - x0) / range - middle) / width));
  const rssAt = (middle: number, logWidth: number): number =>
    linear(points, shape(middle, Math.exp(logWidth))).rss;
  let [middle, logWidth, lowest] = [0.5, -2, Number.POSITIVE_INFINITY];
  for (let i = 1; i < 13; i++) {
    for (let j = 0; j <= 5; j++) {
      const at = [i / 13, NARROWEST + (j / 5) * (WIDEST - NARROWEST)] as const;
      const rss = rssAt(...at);
      if (rss < lowest) [middle, logWidth, lowest] = [...at, rss];
    }
  }
  let [dm, dw] = [1 / 13, (WIDEST - NARROWEST) / 5];
  for (let round = 0; round < 5; round++, dm /= 2, dw /= 2) {
    middle = golden((m) => rssAt(m, logWidth), Math.max(0, middle - dm), Math.min(1, middle + dm), 10);
    logWidth = golden((s) => rssAt(middle, s), Math.max(NARROWEST, logWidth - dw), Math.min(WIDEST, logWidth + dw), 10); // biome-ignore format: one line
  }
  const width = Math.exp(logWidth);
  const fit = linear(points, shape(middle, width));
  return {
    parameters: { level: fit.level, change: fit.size, middle: x0 + middle * range, width: width * range },
    rss: within + fit.rss,
  };
}

/** Logarithms of the narrowest and the widest step, relative to the range of doses. */
const NARROWEST = Math.log(0.01);
const WIDEST = Math.log(0.5);

/** Level and size of a course of known shape. */
function linear({ x, y, w }: Points, shape: (dose: number) => number) {
  let [sw, sf, sy, sff, sfy] = [0, 0, 0, 0, 0];
  const f = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    f[i] = shape(x[i]);
    sw += w[i];
    sf += w[i] * f[i];
    sy += w[i] * y[i];
  }
  const [f0, y0] = [sf / sw, sy / sw];
  for (let i = 0; i < x.length; i++) {
    sff += w[i] * (f[i] - f0) ** 2;
    sfy += w[i] * (f[i] - f0) * (y[i] - y0);
  }
  const size = sff > 0 ? sfy / sff : 0;
  const level = y0 - size * f0;
  let rss = 0;
  for (let i = 0; i < x.length; i++) rss += w[i] * (y[i] - level - size * f[i]) ** 2;
  return { level, size, rss };
}

/** Place of the minimum between two limits, by golden section. */
function golden(f: (t: number) => number, from: number, to: number, steps = 30): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [from, to];
  let [c, d] = [b - ratio * (b - a), a + ratio * (b - a)];
  let [fc, fd] = [f(c), f(d)];
  for (let i = 0; i < steps; i++) {
    if (fc < fd) {
      [b, d, fd] = [d, c, fc];
      c = b - ratio * (b - a);
      fc = f(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + ratio * (b - a);
      fd = f(d);
    }
  }
  return fc < fd ? c : d;
}

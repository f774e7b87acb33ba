// Color scales. The sequential ones are perceptually uniform, and ordered also in gray and with color
// blindness; purple-green has white in its middle, for differences of either sign.
import {
  interpolateCividis,
  interpolateGreys,
  interpolateInferno,
  interpolateMagma,
  interpolatePlasma,
  interpolatePRGn,
  interpolateViridis,
  rgb,
} from "d3";
import { oneOf } from "../../options.js";

/** Name of a color scale. */
export type Scheme = "viridis" | "cividis" | "magma" | "inferno" | "plasma" | "greys" | "purple-green";

/** The scale of a quantity: one for dose and dose rate in all figures, another for everything else. */
export function schemeOf(unit: string | undefined): Scheme {
  return /Gy/.test(unit ?? "") ? "magma" : "viridis";
}

/** A color scale: from a position between 0 and 1 to a color `rgb(r, g, b)` or `#rrggbb`. */
export type Ramp = (t: number) => string;

/**
 * A color scale by name.
 *
 * @param upTo end of the used part of the scale; curves on white omit its palest colors
 * @throws ArgumentError for an unknown name
 */
export function ramp(call: string, scheme: Scheme, upTo = 1): Ramp {
  const interpolate = SCHEMES[oneOf(call, "scheme", scheme, Object.keys(SCHEMES) as Scheme[])];
  return (t) => interpolate(Math.min(1, Math.max(0, t)) * upTo);
}

/** `n` colors of a scale, evenly spaced, as [r, g, b] of 0..255. */
export function rampColors(scale: Ramp, n: number): [number, number, number][] {
  return Array.from({ length: n }, (_, i) => rgbOf(scale(n > 1 ? i / (n - 1) : 0)));
}

/** A CSS color as [r, g, b] of 0..255. */
export function rgbOf(css: string): [number, number, number] {
  const { r, g, b } = rgb(css);
  return [Math.round(r), Math.round(g), Math.round(b)];
}

/** Luminance of a color [r, g, b], 0..255. */
export function luma([r, g, b]: readonly [number, number, number]): number {
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

// The grey scale ends before white, so that the map differs from the page.
const SCHEMES: Readonly<Record<Scheme, Ramp>> = {
  viridis: interpolateViridis,
  cividis: interpolateCividis,
  magma: interpolateMagma,
  inferno: interpolateInferno,
  plasma: interpolatePlasma,
  greys: (t) => interpolateGreys(0.08 + 0.87 * t),
  "purple-green": interpolatePRGn,
};

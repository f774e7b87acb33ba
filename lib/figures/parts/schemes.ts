// Sequential colour scales: perceptually uniform, ordered also in grey and for colour-blind readers.
import {
  interpolateCividis,
  interpolateGreys,
  interpolateInferno,
  interpolateMagma,
  interpolatePlasma,
  interpolateViridis,
  rgb,
} from "d3";
import { oneOf } from "../../options.js";

/** Name of a sequential colour scale. */
export type Scheme = "viridis" | "cividis" | "magma" | "inferno" | "plasma" | "greys";

/** A colour scale: a position from 0 to 1 to a colour `rgb(r, g, b)` or `#rrggbb`. */
export type Ramp = (t: number) => string;

/**
 * A colour scale by name.
 *
 * @param upTo the part of the scale that is used: curves on white stop before its palest colours
 * @throws ArgumentError when there is no scale of that name
 */
export function ramp(call: string, scheme: Scheme, upTo = 1): Ramp {
  const interpolate = SCHEMES[oneOf(call, "scheme", scheme, Object.keys(SCHEMES) as Scheme[])];
  return (t) => interpolate(Math.min(1, Math.max(0, t)) * upTo);
}

/** `n` colours of a scale, evenly spaced, as [r, g, b] of 0..255. */
export function rampColors(scale: Ramp, n: number): [number, number, number][] {
  return Array.from({ length: n }, (_, i) => rgbOf(scale(n > 1 ? i / (n - 1) : 0)));
}

/** A CSS colour as [r, g, b] of 0..255. */
export function rgbOf(css: string): [number, number, number] {
  const { r, g, b } = rgb(css);
  return [Math.round(r), Math.round(g), Math.round(b)];
}

/** How bright a colour [r, g, b] looks, 0..255. */
export function luma([r, g, b]: readonly [number, number, number]): number {
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

// Greys leave white to the page, as a map must end where it ends.
const SCHEMES: Readonly<Record<Scheme, Ramp>> = {
  viridis: interpolateViridis,
  cividis: interpolateCividis,
  magma: interpolateMagma,
  inferno: interpolateInferno,
  plasma: interpolatePlasma,
  greys: (t) => interpolateGreys(0.08 + 0.87 * t),
};

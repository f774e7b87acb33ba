// The beam at the electrode: core from slits and mirrors, stripes from figure errors of the mirrors, a halo
// of scattered light, and the shadow at the top. The dose rate is this shape, scaled to the calibrated
// integral over the field.
import { erf } from "../erf.js";
import {
  type BeamParameters,
  DOSE_RATE_INTEGRAL,
  FIGURE_ERROR,
  type SpotBeam,
  type Stripe,
} from "../parameters.js";
import { type Grid, onGrid } from "../recording/grid.js";

/** Pixel of the paper's binned images, um: the grid on which the dose-rate integral is defined. */
export const REFERENCE_PIXEL = 6.5;

/** Relative intensity of the beam at a point, mm from the center (x to the right, y down). */
export function beamShape(beam: SpotBeam, x: number, y: number): number {
  if (!("parts" in beam)) return calibratedShape(beam, x, y);
  let sum = 0;
  for (const { beam: part, scale, stretch, share } of beam.parts)
    sum += (share * scale * calibratedShape(part, x / stretch, y)) / stretch;
  return sum;
}

/**
 * Dose rate of the electrode (density convention porous) on a grid with nothing before the cell, averaged
 * over each pixel if pixels are larger than 6.5 um.
 *
 * @param field field of view of the configuration in pixels of 6.5 um: [rows, columns]
 * @returns kGy/s, shape [rows, columns]; its integral over the field is the calibrated one on any grid that
 *   covers the field
 */
export function doseRateOnGrid(beam: SpotBeam, field: readonly [number, number], grid: Grid): Float64Array {
  const scale = DOSE_RATE_INTEGRAL / shapeIntegral(beam, field);
  const samples = Math.ceil(grid.pixelSize / REFERENCE_PIXEL);
  return onGrid(grid, (x, y) => scale * beamShape(beam, x, y), samples);
}

/** Integral of the shape over the field of view, mm2. */
export function shapeIntegral(beam: SpotBeam, [rows, columns]: readonly [number, number]): number {
  const shape = onGrid({ rows, columns, pixelSize: REFERENCE_PIXEL }, (x, y) => beamShape(beam, x, y));
  let sum = 0;
  for (const value of shape) sum += value;
  return sum * (REFERENCE_PIXEL * 1e-3) ** 2;
}

/** Full width at half maximum of the intensity summed along the other direction, mm. */
export function widthOf(beam: SpotBeam, along: "x" | "y"): number {
  const n = 640;
  const at = (i: number) => ((i - (n - 1) / 2) * 4) / n;
  const profile = Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j += 8)
      sum += along === "x" ? beamShape(beam, at(i), at(j) / 4) : beamShape(beam, at(j), at(i));
    return sum;
  });
  const half = profile.reduce((most, p) => Math.max(most, p), 0) / 2;
  const first = profile.findIndex((p) => p >= half);
  return at(profile.findLastIndex((p) => p >= half)) - at(first);
}

function calibratedShape(beam: BeamParameters, x: number, y: number): number {
  const halo = Math.exp(-0.5 * ((x / beam.halo.width[0]) ** 2 + (y / beam.halo.width[1]) ** 2));
  const light = core(beam, x, y) * stripes(beam, x, y) + beam.halo.height * halo + beam.floor;
  return light * shadow(beam, x, y);
}

function core({ core }: BeamParameters, x: number, y: number): number {
  const u = x - core.center[0];
  const v = y - core.center[1];
  if (core.kind === "slits") {
    return slit(u, core.halfWidth[0], core.penumbra[0]) * slit(v, core.halfWidth[1], core.penumbra[1]);
  }
  const across = Math.abs(u / core.width[0]) ** core.exponent;
  return Math.exp(-0.5 * (across + Math.abs(v / core.width[1]) ** core.exponent));
}

function slit(u: number, halfWidth: number, penumbra: number): number {
  return (erf((u + halfWidth) / penumbra) - erf((u - halfWidth) / penumbra)) / 2;
}

function stripes({ stripeScale }: BeamParameters, x: number, y: number): number {
  return (
    1 +
    pattern(FIGURE_ERROR.vertical, y / stripeScale[1]) +
    pattern(FIGURE_ERROR.horizontal, x / stripeScale[0])
  );
}

function pattern(list: readonly Stripe[], u: number): number {
  let sum = 0;
  for (const { amplitude, period, phase } of list)
    sum += amplitude * Math.sin((2 * Math.PI * u) / period + phase);
  return sum;
}

function shadow({ shadow }: BeamParameters, x: number, y: number): number {
  if (!shadow) return 1;
  const r = Math.hypot(
    (shadow.corner[0] - Math.abs(x)) / shadow.radius[0],
    (y - shadow.corner[1]) / shadow.radius[1],
  );
  return shadow.floor + (1 - shadow.floor) / (1 + Math.exp(-(r - 1) / shadow.softness));
}

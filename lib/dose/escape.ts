// Fraction of the power absorbed in a layer that leaves it as fluorescence or scattered photons.
import { inRange } from "./attenuation.js";
import type { Material } from "./material.js";
import { gaussLegendre } from "./quadrature.js";
import type { SecondaryPhotons } from "./secondary.js";

/** Part of a `Layer` that its escape needs. */
interface EscapeLayer {
  readonly name: string;
  readonly solid: Material;
  readonly liquid?: Material;
  readonly porosity: number;
  opticalDepth(energy: number): number;
  solidAttenuation(energy: number): number;
  liquidAttenuation(energy: number): number;
}

/** Fractions of the power that the beam loses in a layer, 0..1. */
export interface Escape {
  /** Leaves through the face where the beam enters the layer. */
  readonly front: number;
  /** Leaves through the face where the beam exits the layer. */
  readonly back: number;
  /** Leaves as fluorescence, through either face. */
  readonly fluorescence: number;
  /** Leaves as scattered photons, through either face. */
  readonly scattered: number;
  /** front + back = fluorescence + scattered. */
  readonly total: number;
}

/**
 * Escape from a plane layer that the beam crosses at a right angle.
 *
 * Photons start where the beam was absorbed (density mu e^(-mu z)) with isotropic directions, and are
 * attenuated in the layer on their way to either face. The integral over depth is analytical, that over the
 * cosine m numerical:
 *
 *     front = 1/2 int_0^1 dm int_0^t dz mu e^(-mu z) e^(-mu' z / m)          = 1/2 int_0^t mu e^(-mu z) E2(mu' z) dz
 *     back  = 1/2 int_0^1 dm int_0^t dz mu e^(-mu z) e^(-mu' (t - z) / m)
 *
 * A photon that is absorbed or scattered on its way deposits its energy there. A photon that has left does
 * not return from a neighboring layer and deposits nothing in it. Coherent scattering, which prefers the
 * forward direction, is treated as isotropic. Solid and liquid are mixed finely compared with the range of
 * the photons.
 *
 * @param energy eV, 1 to 100 keV
 * @throws ArgumentError for an energy outside the tables
 */
export function layerEscape(layer: EscapeLayer, energy: number): Escape {
  const depth = layer.opticalDepth(inRange(`Layer ${layer.name}: escape`, energy));
  const mu = layer.solidAttenuation(energy) + layer.liquidAttenuation(energy); // 1/cm
  const absorbed = -Math.expm1(-depth);
  const sum = { front: 0, back: 0, fluorescence: 0, scattered: 0 };
  for (const { origin, energy: line, rate } of photonsOf(layer, energy)) {
    const ownDepth = layer.opticalDepth(line);
    const share = ((rate / mu) * (line / energy)) / absorbed;
    const front = share * throughFront(depth, ownDepth);
    const back = share * throughBack(depth, ownDepth);
    sum.front += front;
    sum.back += back;
    sum[origin === "fluorescence" ? "fluorescence" : "scattered"] += front + back;
  }
  return { ...sum, total: sum.front + sum.back };
}

/**
 * Photons that leave through the front per photon of the beam that produces one in the layer.
 *
 * @param depth mu t of the beam, @param ownDepth mu' t of the photons
 */
export function throughFront(depth: number, ownDepth: number): number {
  return overAngles((path) => depth * decay(depth + path), ownDepth);
}

/** The same for the face at the back. */
export function throughBack(depth: number, ownDepth: number): number {
  return overAngles((path) => {
    return depth * Math.exp(-Math.min(depth, path)) * decay(Math.abs(path - depth));
  }, ownDepth);
}

// Half the integral over the cosine m of f(mu' t / m). Paths through a thin layer are longest at m = 0. The
// substitution m = v^3 puts most nodes there, and 48 nodes leave an error below 1e-7.
function overAngles(f: (path: number) => number, ownDepth: number): number {
  let sum = 0;
  for (let i = 0; i < ANGLES.x.length; i++) {
    const v = ANGLES.x[i];
    sum += ANGLES.w[i] * 3 * v * v * f(ownDepth / (v * v * v));
  }
  return sum / 2;
}

const ANGLES = gaussLegendre(48);

/** (1 - e^-x) / x, the mean of e^-s over 0 <= s <= x. */
function decay(x: number): number {
  return x < 1e-12 ? 1 : -Math.expm1(-x) / x;
}

function photonsOf({ solid, liquid, porosity }: EscapeLayer, energy: number): SecondaryPhotons[] {
  const scaled = (photons: SecondaryPhotons[], share: number) =>
    photons.map((one) => ({ ...one, rate: share * one.rate }));
  const ofSolid = scaled(solid.secondaryPhotons(energy), 1 - porosity);
  return liquid && porosity > 0
    ? [...ofSolid, ...scaled(liquid.secondaryPhotons(energy), porosity)]
    : ofSolid;
}

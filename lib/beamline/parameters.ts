// Calibrated numbers of the simulated experiment, read from data/simulation-*.json, which states their units
// and calibration.
import { readFileSync } from "node:fs";

/** Parameters of the redox kinetics and the beam damage, by their letters; units in the data file. */
export interface KineticParameters {
  readonly x1: number;
  readonly K1cap: number;
  readonly b2: number;
  readonly g2: number;
  readonly x3: number;
  readonly K2cap: number;
  readonly U1: number;
  readonly w1: number;
  readonly e1: number;
  readonly p1: number;
  readonly U2: number;
  readonly w2: number;
  readonly e2: number;
  readonly m2: number;
  readonly kp: number;
  readonly pon: number;
  readonly np: number;
  readonly DRon: number;
  readonly D: number;
  readonly kq: number;
  readonly Qs1: number;
  readonly Qs2: number;
  readonly kq_d: number;
  readonly hf: number;
  readonly ps: number;
  readonly ns: number;
  readonly phi: number;
  readonly nQ1: number;
  readonly f2m: number;
  readonly lm: number;
  readonly f1m: number;
  readonly Qd: number;
}

/** Times of the experiment, s (finalLithium and chargeCubes are pure numbers). */
export interface Protocol {
  readonly chargeTime: number;
  readonly finalLithium: number;
  readonly holdTime: number;
  readonly ocvTime: number;
  readonly cubePeriod: number;
  readonly chargeCubes: number;
  readonly holdCubesTime: number;
  readonly holdCubesBefore: number;
  readonly step: number;
}

/** One stripe pattern of a mirror: amplitude sin(2 pi u / period + phase), mm. */
export interface Stripe {
  readonly amplitude: number;
  readonly period: number;
  readonly phase: number;
}

type Pair = readonly [number, number];

/** The beam at one position of the cell along the optical axis; mm, x to the right, y down. */
export interface BeamParameters {
  readonly core:
    | { readonly kind: "slits"; readonly center: Pair; readonly halfWidth: Pair; readonly penumbra: Pair }
    | { readonly kind: "focus"; readonly center: Pair; readonly width: Pair; readonly exponent: number };
  readonly stripeScale: Pair;
  readonly halo: { readonly height: number; readonly width: Pair };
  readonly floor: number;
  readonly shadow?: {
    readonly corner: Pair;
    readonly radius: Pair;
    readonly softness: number;
    readonly floor: number;
  };
}

/**
 * A beam between or beyond the two calibrated ones: each stretched along x, scaled to the same power, and
 * mixed in fractions with the sum 1.
 */
export interface BeamMixture {
  readonly parts: readonly {
    readonly beam: BeamParameters;
    /** Normalization to a power of 1, 1/mm2. */
    readonly scale: number;
    readonly stretch: number;
    readonly share: number;
  }[];
}

/** The beam at the cell. */
export type SpotBeam = BeamParameters | BeamMixture;

/** A normalized spectrum: arctangent edge, Gaussians and single-scattering shells. */
export interface SpectrumParameters {
  readonly e0: number;
  readonly width: number;
  readonly gaussians: readonly {
    readonly amplitude: number;
    readonly center: number;
    readonly sigma: number;
  }[];
  readonly shells: readonly {
    readonly number: number;
    readonly distance: number;
    readonly sigma2: number;
    readonly amplitude: number;
    readonly phase: number;
  }[];
}

/** A number of the data files with its documentation. */
export interface Documented {
  readonly value: number;
  readonly unit: string;
  readonly meaning: string;
  /** the claim that it was calibrated to, or its source */
  readonly calibratedTo?: string;
  readonly source?: string;
}

const kinetics = read<{
  parameters: Record<keyof KineticParameters, Documented>;
  protocol: Record<keyof Protocol, Documented>;
  openCircuit: { lithium: number[]; voltage: number[] };
}>("kinetics");

const beam = read<{
  integral: Documented;
  figureError: { vertical: Stripe[]; horizontal: Stripe[] };
  farther: BeamParameters;
  closer: BeamParameters;
}>("beam");

/** Redox kinetics and damage, calibrated to the paper's claims. */
export const KINETICS: KineticParameters = values(kinetics.parameters);

/** {@link KINETICS} and {@link PROTOCOL} as in the data file, with units and sources. */
export const DOCUMENTED: {
  readonly kinetics: Readonly<Record<string, Documented>>;
  readonly protocol: Readonly<Record<string, Documented>>;
  readonly doseRateIntegral: Documented;
} = { kinetics: kinetics.parameters, protocol: kinetics.protocol, doseRateIntegral: beam.integral };

/** Times of the experiment. */
export const PROTOCOL: Protocol = values(kinetics.protocol);

/** Points of U(x): Li removed from LiNiO2, and V against Li. */
export const OPEN_CIRCUIT: { readonly lithium: readonly number[]; readonly voltage: readonly number[] } =
  kinetics.openCircuit;

/** Dose rate of the electrode integrated over the field of view, kGy/s mm2. */
export const DOSE_RATE_INTEGRAL: number = beam.integral.value;

/** Stripes of the mirrors along y (vertical) and along x (horizontal). */
export const FIGURE_ERROR: { readonly vertical: readonly Stripe[]; readonly horizontal: readonly Stripe[] } =
  beam.figureError;

/** Beam shapes of the two configurations. */
export const BEAMS: { readonly farther: BeamParameters; readonly closer: BeamParameters } = beam;

/** Normalized spectra of the three species and of the Ni foil. */
export const SPECTRA: Readonly<Record<"Cp1" | "Cp2" | "Cp3" | "foil", SpectrumParameters>> = read<{
  spectra: Record<"Cp1" | "Cp2" | "Cp3" | "foil", SpectrumParameters>;
}>("spectra").spectra;

function read<T>(name: string): T {
  // The relative path is the same from lib/beamline and from dist/beamline.
  return JSON.parse(
    readFileSync(new URL(`../../data/simulation-${name}.json`, import.meta.url), "utf8"),
  ) as T;
}

function values<K extends string>(documented: Record<K, Documented>): Record<K, number> {
  const entries = Object.entries<Documented>(documented);
  return Object.fromEntries(entries.map(([key, { value }]) => [key, value])) as Record<K, number>;
}

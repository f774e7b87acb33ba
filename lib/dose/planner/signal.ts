// What is left to be seen: the noise of an absorbance from the photons that are counted, and the edge above it.
import { ArgumentError, quote } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { inUnit } from "../../units.js";
import { Beam, type BeamOptions } from "../beam.js";
import { positive, whole } from "../check.js";
import { ATTENUATION_RANGE } from "../elements.js";
import { Stack, type StackJson } from "../stack.js";

/** How photons become counts. */
export interface Detector {
  /** Edge of a pixel at the sample, um: of the binned pixel, where pixels are binned. */
  readonly pixelSize: number;
  /** Quanta (such as electrons) that are counted for each photon that meets the pixel without the cell; default 1. */
  readonly efficiency?: number;
  /** Share of the light behind the cell that reaches the detector compared with no cell: windows, air; default 1. */
  readonly behind?: number;
  /** Variance beyond that of independent quanta: 0.4 for a variance of 1.4 N; default 0. */
  readonly excess?: number;
  /** Quanta rms of each raw pixel and frame; default 0. */
  readonly readNoise?: number;
  /** Raw pixels in a pixel, for the read noise; default 1. */
  readonly binned?: number;
}

/** How often and how long is counted. */
export interface Counting {
  /** Seconds that one pixel counts at one energy, in one cube. */
  readonly exposure: number;
  /** Cubes averaged into one spectrum; default 1. */
  readonly average?: number;
  /** Flat-field (I0) cubes averaged; default as many as `average`. */
  readonly flats?: number;
  /** eV: energy of the edge. */
  readonly edge: number;
}

/** What one pixel's spectrum is worth. */
export interface Signal {
  /** Quanta in one pixel, energy and cube, without the cell and behind it, just above the edge. */
  readonly quanta: { readonly i0: number; readonly i: number };
  /** Standard deviation of the absorbance ln(I0/I) in one pixel just above the edge, of the averaged cubes. */
  readonly absorbanceNoise: number;
  /** Step of the absorber's absorbance at the edge, from the tables 20 eV below and above it. */
  readonly edgeStep: number;
  /** edgeStep / absorbanceNoise */
  readonly edgeToNoise: number;
}

/** Distance from the edge at which the tables are read, eV: outside of what they cannot know of near-edge structure. */
const EDGE_DISTANCE = 20;

/**
 * Shot noise and read noise of an absorbance through the stack, and the edge step against it.
 *
 * var(A) = var(I0) / (I0^2 flats) + var(I) / (I^2 average), var(N) = (1 + excess) N + binned readNoise^2: the first order of
 * the logarithm, good to a percent from some 50 quanta on; below 10 it is refused.
 *
 * @param beam flux and cross section as they meet the stack; a scan counts with its mean flux
 * @throws ArgumentError for invalid numbers, an absorber without an edge there, or too few quanta for a logarithm
 * @example
 * const beam = { energy: 8390, flux: 2e11, width: 1500, height: 800 };
 * const counting = { exposure: 1 / 200, average: 10, flats: 100, edge: 8333 };
 * signalToNoise(rockCell(), beam, { pixelSize: 6.5, efficiency: 0.4 }, counting).edgeToNoise; // 123
 */
export function signalToNoise(
  stack: Stack | StackJson,
  beam: Beam | BeamOptions,
  detector: Detector,
  counting: Counting,
): Signal {
  const signal = new SignalModel(CALL, Stack.from(stack), Beam.from(beam), detector, counting).at(1);
  if (signal.quanta.i >= FEWEST) return signal;
  throw new ArgumentError(
    `${CALL}: expected at least ${FEWEST} quanta behind the cell in a pixel, energy and cube, got ${signal.quanta.i.toPrecision(3)}; take larger pixels, a longer exposure, or more flux`,
    { quanta: signal.quanta.i },
  );
}

/** Quanta below which a first-order noise of the logarithm means nothing. */
export const FEWEST = 10;

/** The signal as a function of the fluence; everything is checked once. */
export class SignalModel {
  private readonly i0: number;
  private readonly i: number;
  private readonly edgeStep: number;
  private readonly detector: Required<Detector>;
  private readonly counting: Required<Counting>;

  /** Edge of a pixel at the sample, um. */
  get pixelSize(): number {
    return this.detector.pixelSize;
  }

  constructor(call: string, stack: Stack, beam: Beam, detector: Detector, counting: Counting) {
    this.detector = checkDetector(call, detector);
    this.counting = checkCounting(call, counting);
    const { edge, exposure } = this.counting;
    const { absorber } = stack;
    const above = edge + EDGE_DISTANCE;
    this.edgeStep =
      absorber.opticalDepth(above, stack.tables) - absorber.opticalDepth(edge - EDGE_DISTANCE, stack.tables);
    if (!(this.edgeStep > 0)) {
      throw new ArgumentError(
        `${call}: expected an absorption edge of ${absorber.name} at ${edge} eV, got a step of ${this.edgeStep.toPrecision(3)}; give the energy of an edge of one of its elements`,
        { edge },
      );
    }
    const photons = ((beam.meanFlux * (this.detector.pixelSize * 1e-6) ** 2) / beam.area) * exposure;
    this.i0 = photons * this.detector.efficiency;
    this.i = this.i0 * this.detector.behind * stack.transmission(above);
  }

  /**
   * The signal for this many times the fluence in a frame.
   *
   * @param fluence factor on the photons per area and frame
   * @param cubes that there are; no more are averaged
   */
  at(fluence: number, cubes = Number.POSITIVE_INFINITY): Signal {
    const { i0, i, edgeStep } = this;
    const { shot, read } = this.variances(cubes);
    const absorbanceNoise = Math.sqrt(shot / fluence + read / fluence ** 2);
    return {
      quanta: { i0: i0 * fluence, i: i * fluence },
      absorbanceNoise,
      edgeStep,
      edgeToNoise: edgeStep / absorbanceNoise,
    };
  }

  /** Cubes that are averaged. */
  get average(): number {
    return this.counting.average;
  }

  /** The least fluence at which edge step to noise is that much and an absorbance is to be had at all. */
  fluenceFor(edgeToNoise: number): number {
    const { shot, read } = this.variances();
    const variance = (this.edgeStep / edgeToNoise) ** 2; // = shot / f + read / f^2
    const fluence = (shot + Math.sqrt(shot ** 2 + 4 * variance * read)) / (2 * variance);
    return Math.max(fluence, FEWEST / this.i);
  }

  // Variance of the absorbance at the fluence given: what falls with the fluence, and what falls with its square.
  private variances(cubes = Number.POSITIVE_INFINITY): { readonly shot: number; readonly read: number } {
    const { i0, i } = this;
    const { excess, readNoise, binned } = this.detector;
    const { flats } = this.counting;
    const average = Math.min(this.counting.average, cubes);
    return {
      shot: (1 + excess) * (1 / (i0 * flats) + 1 / (i * average)),
      read: binned * readNoise ** 2 * (1 / (i0 ** 2 * flats) + 1 / (i ** 2 * average)),
    };
  }
}

const CALL = "signalToNoise";
const DETECTOR: OptionNames<Detector> = {
  pixelSize: true,
  efficiency: true,
  behind: true,
  excess: true,
  readNoise: true,
  binned: true,
};

function checkDetector(call: string, detector: Detector): Required<Detector> {
  const given = requireOptions(`${call}, detector`, detector, DETECTOR);
  const { pixelSize, efficiency = 1, behind = 1, excess = 0, readNoise = 0, binned = 1 } = given;
  inUnit(call, "detector.pixelSize", "pixelSize", positive(call, "detector.pixelSize", pixelSize, "um"));
  positive(call, "detector.efficiency", efficiency, "quanta per photon");
  if (!(typeof behind === "number" && behind > 0 && behind <= 1)) {
    throw new ArgumentError(
      `${call}: expected 0 < detector.behind <= 1 (a share, not percent), got ${quote(behind)}`,
      { behind },
    );
  }
  positive(call, "detector.binned", binned, "raw pixels");
  for (const [name, value] of Object.entries({ excess, readNoise })) {
    if (Number.isFinite(value) && value >= 0) continue;
    throw new ArgumentError(`${call}: expected detector.${name} >= 0, got ${quote(value)}`, {
      [name]: value,
    });
  }
  return { pixelSize, efficiency, behind, excess, readNoise, binned };
}

// Of a whole protocol only the counting matters here.
const COUNTING: OptionNames<Counting> & { readonly cubes: true; readonly duration: true } = {
  exposure: true,
  edge: true,
  average: true,
  flats: true,
  cubes: true,
  duration: true,
};

function checkCounting(call: string, counting: Counting): Required<Counting> {
  const {
    exposure,
    edge,
    average = 1,
    flats = average,
  } = requireOptions(`${call}, counting`, counting, COUNTING);
  inUnit(call, "exposure", "time", positive(call, "exposure", exposure, "s"));
  whole(call, "average", average, "cubes");
  whole(call, "flats", flats, "cubes");
  if (edge > 0 && Number.isFinite(edge)) inUnit(call, "edge", "energy", edge);
  const [low, high] = [ATTENUATION_RANGE[0] + EDGE_DISTANCE, ATTENUATION_RANGE[1] - EDGE_DISTANCE];
  if (!(typeof edge === "number" && edge >= low && edge <= high)) {
    throw new ArgumentError(`${call}: expected edge from ${low} to ${high} eV, got ${quote(edge)}`, { edge });
  }
  return { exposure, edge, average, flats };
}

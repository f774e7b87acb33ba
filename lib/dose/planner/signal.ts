// Noise of an absorbance from the number of counted photons, and the edge step relative to it.

import { ATTENUATION_RANGE } from "../../elements/elements.js";
import { ArgumentError, quote } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { inUnit } from "../../units.js";
import { Beam, type BeamOptions } from "../beam.js";
import { positive, whole } from "../check.js";
import { Stack, type StackJson } from "../stack.js";

/** Detector: from photons to counts. */
export interface Detector {
  /** Size of a pixel at the sample, um; after binning, of the binned pixel. */
  readonly pixelSize: number;
  /** Quanta (such as electrons) that are counted per photon in the pixel, without the cell; default 1. */
  readonly efficiency?: number;
  /** Additional transmission with the cell in the beam, by windows and air; default 1. */
  readonly behind?: number;
  /** Excess variance relative to independent quanta: 0.4 for a variance of 1.4 N; default 0. */
  readonly excess?: number;
  /** Read noise of each raw pixel and frame, quanta rms; default 0. */
  readonly readNoise?: number;
  /** Number of raw pixels per pixel, for the read noise; default 1. */
  readonly binned?: number;
}

/** Exposure and number of repetitions. */
export interface Counting {
  /** Exposure of one pixel at one energy in one cube, s. */
  readonly exposure: number;
  /** Cubes averaged into one spectrum; default 1. */
  readonly average?: number;
  /** Flat-field (I0) cubes averaged; default `average`. */
  readonly flats?: number;
  /** Energy of the edge, eV. */
  readonly edge: number;
}

/** Signal and noise of the spectrum of one pixel. */
export interface Signal {
  /** Quanta per pixel, energy and cube just above the edge, without the cell and with it. */
  readonly quanta: { readonly i0: number; readonly i: number };
  /**
   * Standard deviation of the absorbance ln(I0/I) in one pixel just above the edge, of the averaged cubes.
   */
  readonly absorbanceNoise: number;
  /** Step of the absorbance of the absorber at the edge, from the tables 20 eV below and above it. */
  readonly edgeStep: number;
  /** edgeStep / absorbanceNoise */
  readonly edgeToNoise: number;
}

/** Distance from the edge at which the tables are read, eV. Tables have no near-edge structure. */
const EDGE_DISTANCE = 20;

/**
 * Shot noise and read noise of an absorbance through the stack, and the edge step relative to the noise.
 *
 * var(A) = var(I0) / (I0^2 flats) + var(I) / (I^2 average), var(N) = (1 + excess) N + binned readNoise^2.
 * This first order of the logarithm has an error of about 1 % at 50 quanta. Below 10 quanta it is refused.
 *
 * @param beam flux and cross section on the stack; the mean flux of a scan
 * @throws ArgumentError for invalid numbers, an absorber without an edge at this energy, or too few quanta
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

/** With fewer quanta the first-order noise of the logarithm is not valid. */
export const FEWEST = 10;

/** The signal as a function of the fluence, after all checks. */
export class SignalModel {
  private readonly i0: number;
  private readonly i: number;
  private readonly edgeStep: number;
  private readonly detector: Required<Detector>;
  private readonly counting: Required<Counting>;

  /** Size of a pixel at the sample, um. */
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
        `${call}: expected an absorption edge of ${absorber.name} at ${edge} eV, got a step of ${this.edgeStep.toPrecision(3)}; give the edge energy of one of its elements`,
        { edge },
      );
    }
    const photons = ((beam.meanFlux * (this.detector.pixelSize * 1e-6) ** 2) / beam.area) * exposure;
    this.i0 = photons * this.detector.efficiency;
    this.i = this.i0 * this.detector.behind * stack.transmission(above);
  }

  /**
   * The signal at a multiple of the fluence per frame.
   *
   * @param fluence factor of the photons per area and frame
   * @param cubes number of available cubes; at most this many are averaged
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

  /** Number of cubes that are averaged. */
  get average(): number {
    return this.counting.average;
  }

  /** The smallest fluence factor that gives this ratio of edge step to noise and enough quanta. */
  fluenceFor(edgeToNoise: number): number {
    const { shot, read } = this.variances();
    // The variance is shot / f + read / f^2.
    const variance = (this.edgeStep / edgeToNoise) ** 2;
    const fluence = (shot + Math.sqrt(shot ** 2 + 4 * variance * read)) / (2 * variance);
    return Math.max(fluence, FEWEST / this.i);
  }

  // Variance of the absorbance at the given fluence, as parts that fall with the fluence and with its square.
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
  inUnit(
    call,
    "detector.pixelSize",
    "detectorElement",
    positive(call, "detector.pixelSize", pixelSize, "um"),
  );
  positive(call, "detector.efficiency", efficiency, "quanta per photon");
  if (!(typeof behind === "number" && behind > 0 && behind <= 1)) {
    throw new ArgumentError(
      `${call}: expected 0 < detector.behind <= 1 (a fraction, not percent), got ${quote(behind)}`,
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

// The exposure and averages of a protocol.
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

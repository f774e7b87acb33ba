// Rotational ambiguity: other spectra and concentrations that fit the data equally well under the same
// constraints.
import type { Matrix } from "ml-matrix";
import { random } from "../../compute/random.js";
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions, type OptionNames, refuseNull } from "../../options.js";
import { wholeNumber } from "../checks.js";
import { type FeasibleArea, feasibleArea } from "./area.js";
import { Completion, type FeasibleSolution } from "./complete.js";
import { Envelope } from "./envelope.js";
import { entryOf, logShare, type Objective } from "./objectives.js";
import { type Reading, type Resolved, readResult } from "./read-result.js";
import { type End, farApart, ROUGH, Search } from "./search.js";
import { judge, sentence, type Verdict } from "./verdict.js";

export type { FeasibleArea } from "./area.js";
export type { FeasibleSolution } from "./complete.js";
export type { Resolved } from "./read-result.js";
export type { Verdict } from "./verdict.js";

/** Options of `feasibleBands`. */
export interface FeasibleBandsOptions {
  /**
   * Number of standard errors by which an entry may violate its limit, because noise makes true zeros
   * negative. Default: the number that noise exceeds at any entry in one of twenty data sets, about 4. 0 for
   * a result without noise.
   */
  readonly tolerance?: number;
  /** Standard deviation of the noise in D. Default: from the lack of fit. */
  readonly noise?: number;
  /**
   * Additional quantities whose range is computed, by name: continuous functions of C and S of the order of
   * one. The maximum of a profile, for example: `{ top: (C) => Math.max(...C.getColumn(1)) }`.
   */
  readonly quantities?: Readonly<Record<string, Quantity>>;
  /** Whether the area of feasible solutions is computed, for two and three components. Default true. */
  readonly area?: boolean;
  /** Number of random starts beside those from earlier solutions. Default 6. */
  readonly starts?: number;
  /** Seed of the random starts. Default 1. */
  readonly seed?: number;
}

/** Names of all options. */
export const feasibleBandsNames: OptionNames<FeasibleBandsOptions> = {
  tolerance: true,
  noise: true,
  quantities: true,
  area: true,
  starts: true,
  seed: true,
};

/** A number as a function of C, shape [nSpectra, nComponents], and S, shape [nComponents, nEnergies]. */
export type Quantity = (C: Matrix, S: Matrix) => number;

/**
 * How sure an end is: the number of searches that began at different solutions, and how many of them ended
 * there. An end that only one or two of them found may not be the outermost one.
 */
export interface Certainty {
  readonly searches: number;
  readonly agreeing: number;
}

/** A solution at one end of the range of a component. */
export interface Extreme extends FeasibleSolution, Certainty {
  /** Fraction of the component in the signal, ||c s|| / ||C S||. */
  readonly share: number;
}

/** A lower and an upper limit for each point. */
export interface BandLimits {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** The bands of one component. */
export interface ComponentBand {
  readonly index: number;
  /**
   * Fraction of the component in the signal of the result, ||c s|| / ||C S||, 0..1; the fractions need not
   * add up to 1.
   */
  readonly share: number;
  /** Solution with the smallest fraction. */
  readonly minimum: Extreme;
  /** Solution with the largest fraction. */
  readonly maximum: Extreme;
  /** Range of its concentrations over all solutions, length nSpectra. */
  readonly C: BandLimits;
  /** Range of its spectrum over all solutions, length nEnergies. */
  readonly S: BandLimits;
  /**
   * Largest width of the band of its concentrations and of its spectrum, relative to the largest value in the
   * result.
   */
  readonly width: { readonly C: number; readonly S: number };
  readonly verdict: Verdict;
}

/** Range of an additional quantity, with the solutions at its ends. */
export interface QuantityRange {
  /** Value of the result itself. */
  readonly value: number;
  readonly minimum: FeasibleSolution & Certainty & { readonly value: number };
  readonly maximum: FeasibleSolution & Certainty & { readonly value: number };
}

/** What `feasibleBands` returns. */
export interface FeasibleBands {
  /** One per component, in the order of the result. */
  readonly components: readonly ComponentBand[];
  /** For two and three components; null otherwise, and where it is not requested. */
  readonly area: FeasibleArea | null;
  readonly quantities: Readonly<Record<string, QuantityRange>>;
  /** Criterion for an equally good fit. */
  readonly tolerance: {
    /** Number of standard errors by which an entry may violate a limit. */
    readonly standardErrors: number;
    /** Standard deviation of the noise in D. */
    readonly noise: number;
    /** Largest violation in the result itself, in the units of C and S. */
    readonly C: number;
    readonly S: number;
  };
  /** Largest lack of fit of the given solutions, %, for comparison with that of the result. */
  readonly lackOfFit: number;
  /** Number of solutions in the bands. */
  readonly nSolutions: number;
  /** False where the constraints do not bound the ambiguity: the search ended at its limit. */
  readonly bounded: boolean;
  /** The verdict, one line per component. */
  readonly verdict: string;
}

/**
 * Extreme solutions with the same fit as a result of `mcrAls`.
 *
 * C S = (C T^-1)(T S): every T that satisfies all constraints gives other spectra and concentrations with the
 * same fit. The search finds, for each component, the T with its smallest and largest fraction of the signal,
 * and with the lowest and highest values at selected entries of its spectrum and profile. The band is the
 * range of all these solutions. All constraints of the result are used. A local optimizer starts from many
 * solutions (earlier and random ones, and for each end from those farthest from each other). There is no
 * proof that it found every extreme; `agreeing` says from how many of the far solutions it came to the same.
 *
 * Solutions that differ only in the order of their components count once, in the order whose spectra are most
 * similar to those of the result.
 *
 * Bands contain the ambiguity under the constraints, enlarged by the noise. They contain neither the noise of
 * a unique solution nor errors of the model.
 *
 * @param result result of `mcrAls`, with its `constraints`
 * @throws ArgumentError for another object, invalid options, and quantities that are not numbers; DataError
 *   where the spectra of the result are linearly dependent
 * @see R. Tauler, Journal of Chemometrics 15 (2001) 627; J. Jaumot, R. Tauler, Chemometrics and Intelligent
 *   Laboratory Systems 103 (2010) 96 (MCR-BANDS); W. H. Lawton, E. A. Sylvestre, Technometrics 13 (1971) 617;
 *   O. S. Borgen, B. R. Kowalski, Analytica Chimica Acta 174 (1985) 1
 * @example
 * const D = (await Cube.load().calibrate().absorb().normalize().spectra()).toRows();
 * const found = mcrAls(D, { components: 2 });
 * const bands = feasibleBands(found, { quantities: { last: (C) => C.get(C.rows - 1, 1) } });
 * bands.components[1].C; // { low, high } of the second component in each row
 * bands.quantities.last.maximum.value; // the highest concentration in the last row that fits as well
 */
export function feasibleBands(result: Resolved, options: FeasibleBandsOptions = {}): FeasibleBands {
  checkValues(refuseNull("feasibleBands", checkOptions("feasibleBands", options, feasibleBandsNames)));
  const { starts = 6, seed = 1 } = options;
  const reading = readResult(result, options.tolerance, options.noise);
  const { space, limits, present } = reading;
  const search = new Search(space, limits);
  const completion = new Completion(result, reading);
  if (space.n > 1) {
    exploreEntries(search, seed, starts);
    present.forEach((_, k) => {
      for (const sign of [1, -1] as const) search.minimum(logShare(space, k, sign), [], 2);
    });
  }
  const area = options.area !== false && (space.n === 2 || space.n === 3) ? feasibleArea(search) : null;
  const quantities = rangesOf(options.quantities ?? {}, search, completion);
  const extremes = present.map((_, k) =>
    ([1, -1] as const).map((sign) => search.end(logShare(space, k, sign), 4, SAME)),
  );
  return assemble(result, reading, search, completion, extremes, area, quantities);
}

/** Ends are the same where they differ by less: logarithms of fractions of the signal, or a quantity. */
const SAME = 0.01;

/** Number of energies and rows whose entries are minimized and maximized, per component. */
const PROBES = 2;

/** Minimizes and maximizes entries of S and C: the envelope, and starts for all other searches. */
function exploreEntries(search: Search, seed: number, starts: number): void {
  const { space } = search;
  const { n, rows, columns } = space;
  const spectra = new Float64Array(columns * n);
  for (let k = 0; k < columns; k++) for (let j = 0; j < n; j++) spectra[k * n + j] = space.S[j * columns + k];
  const count = n === 2 ? 2 : PROBES * n;
  for (const [side, points, total] of [
    ["S", spectra, columns],
    ["C", space.C, rows],
  ] as const) {
    const cloud = Array.from({ length: total }, (_, i) => points.slice(i * n, (i + 1) * n));
    for (const i of farApart(cloud, count, 0)) {
      const point = cloud[i];
      const unit = 1 / Math.max(...point.map(Math.abs), Number.MIN_VALUE);
      for (let k = 0; k < n; k++) {
        for (const sign of [unit, -unit]) search.minimum(entryOf(side, k, point, sign), [], 1, ROUGH);
      }
    }
  }
  const draw = random(seed);
  for (let s = 0; s < starts; s++) {
    const direction = Float64Array.from({ length: n }, () => draw.normal());
    const goal = entryOf(s % 2 === 0 ? "S" : "C", s % n, direction, 1);
    search.minimum(
      goal,
      [Float64Array.from({ length: space.unknowns }, () => 0.3 * draw.normal())],
      1,
      ROUGH,
    );
  }
}

function rangesOf(
  quantities: Readonly<Record<string, Quantity>>,
  search: Search,
  completion: Completion,
): Record<string, QuantityRange> {
  const entries = Object.entries(quantities).map(([name, quantity]): [string, QuantityRange] => {
    const measure = (C: Matrix, S: Matrix): number => {
      const value = quantity(C, S);
      if (typeof value === "number" && Number.isFinite(value)) return value;
      throw new ArgumentError(
        `feasibleBands: expected quantities.${name} to return a finite number for every C and S, got ${quote(value)}`,
        { name, value },
      );
    };
    const end = (sign: 1 | -1): FeasibleSolution & Certainty & { value: number } => {
      const objective: Objective = {
        value: (rotation) => {
          const { C, S } = completion.matrices(rotation);
          return sign * measure(C, S);
        },
      };
      const found = search.end(objective, 3, SAME);
      const solution = completion.solution(search.rotation(found.x));
      return { ...solution, value: measure(solution.C, solution.S), ...certaintyOf(found) };
    };
    const { C, S } = completion.result;
    const value = measure(C, S);
    const [minimum, maximum] = [end(1), end(-1)];
    const own = { C, S, lackOfFit: completion.result.lackOfFit.experimental, value };
    return [
      name,
      {
        value,
        minimum: minimum.value <= value ? minimum : { ...minimum, ...own },
        maximum: maximum.value >= value ? maximum : { ...maximum, ...own },
      },
    ];
  });
  return Object.fromEntries(entries);
}

function assemble(
  result: Resolved,
  reading: Reading,
  search: Search,
  completion: Completion,
  extremes: readonly (readonly End[])[],
  area: FeasibleArea | null,
  quantities: Record<string, QuantityRange>,
): FeasibleBands {
  const { limits, present, space } = reading;
  const own: FeasibleSolution = { C: result.C, S: result.S, lackOfFit: result.lackOfFit.experimental };
  const withShare = (solution: FeasibleSolution, j: number, certainty: Certainty): Extreme => ({
    ...solution,
    share: shareIn(solution, j),
    ...certainty,
  });
  const envelope = new Envelope(result);
  for (const x of search.solutions) envelope.include(completion.matrices(search.rotation(x)));
  const ends = Array.from({ length: result.C.columns }, (_, j): readonly [Extreme, Extreme] => {
    const itself = withShare(own, j, { searches: 0, agreeing: 0 });
    const k = present.indexOf(j);
    if (k < 0 || space.n === 1) return [itself, itself];
    const [least, most] = extremes[k].map((end) =>
      withShare(completion.solution(search.rotation(end.x)), j, certaintyOf(end)),
    );
    envelope.include(least);
    envelope.include(most);
    return [
      least.share < itself.share ? least : { ...itself, ...certaintyOf(least) },
      most.share > itself.share ? most : { ...itself, ...certaintyOf(most) },
    ];
  });
  const components = ends.map(([minimum, maximum], j): ComponentBand => {
    const { C, S } = envelope.of(j);
    const width = { C: widest(C, result.C.getColumn(j)), S: widest(S, result.S.getRow(j)) };
    return { index: j, share: shareIn(own, j), minimum, maximum, C, S, width, verdict: judge(width) };
  });
  const given = [...ends.flat(), ...Object.values(quantities).flatMap((q) => [q.minimum, q.maximum])];
  const rotation = search.rotation(search.solutions[0]);
  const largest = (side: "C" | "S"): number =>
    Math.max(
      ...present.map((_, k) => {
        const scale = side === "C" ? 1 / reading.scales[k] : reading.scales[k];
        return limits.tolerance(side, k, rotation) * scale;
      }),
    );
  return {
    components,
    area,
    quantities,
    tolerance: {
      standardErrors: limits.allowance,
      noise: limits.noise,
      C: largest("C"),
      S: largest("S"),
    },
    lackOfFit: Math.max(own.lackOfFit, ...given.map((solution) => solution.lackOfFit)),
    nSolutions: search.solutions.length,
    bounded: !search.unbounded,
    verdict: components.map((band) => sentence(band, !search.unbounded)).join("\n"),
  };
}

function certaintyOf({ searches, agreeing }: Certainty): Certainty {
  return { searches, agreeing };
}

/** Fraction of one component in the signal, ||c s|| / ||C S||. */
function shareIn({ C, S }: FeasibleSolution, j: number): number {
  const gramC = C.transpose().mmul(C);
  const gramS = S.mmul(S.transpose());
  let product = 0;
  for (let a = 0; a < C.columns; a++)
    for (let b = 0; b < C.columns; b++) product += gramC.get(a, b) * gramS.get(a, b);
  return product > 0 ? Math.sqrt((gramC.get(j, j) * gramS.get(j, j)) / product) : 0;
}

function widest({ low, high }: BandLimits, own: ArrayLike<number>): number {
  let most = 0;
  let size = 0;
  for (let i = 0; i < low.length; i++) {
    most = Math.max(most, high[i] - low[i]);
    size = Math.max(size, Math.abs(own[i]));
  }
  return size > 0 ? most / size : 0;
}

function checkValues(options: FeasibleBandsOptions): void {
  for (const name of ["tolerance", "noise"] as const) {
    const value = options[name];
    if (value === undefined || (Number.isFinite(value) && value >= 0)) continue;
    throw new ArgumentError(
      `feasibleBands: expected ${name} to be a number, 0 or more, got ${quote(value)}`,
      {
        option: name,
        value,
      },
    );
  }
  if (options.starts !== undefined && options.starts !== 0) {
    wholeNumber(options.starts, 1e4, "feasibleBands", "starts", "6 is the default, 0 for none");
  }
  if (options.seed !== undefined && !Number.isInteger(options.seed)) {
    throw new ArgumentError(`feasibleBands: expected seed to be a whole number, got ${quote(options.seed)}`, {
      option: "seed",
      value: options.seed,
    });
  }
  for (const [name, quantity] of Object.entries(options.quantities ?? {})) {
    if (typeof quantity === "function") continue;
    throw new ArgumentError(
      `feasibleBands: expected quantities.${name} to be a function of C and S, got ${quote(quantity)}`,
      { option: "quantities", value: quantity },
    );
  }
}

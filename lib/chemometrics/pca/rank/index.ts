// Number of components of a data matrix: estimates with different errors, each with its meaning.
import { brokenStick } from "./broken-stick.js";
import { hardThreshold } from "./hard-threshold.js";
import { malinowski, significant, smallest } from "./malinowski.js";
import { minkaEvidence } from "./minka.js";
import type { SingularSpectrum } from "./spectrum.js";

export type { SingularSpectrum } from "./spectrum.js";

/** Meaning of an estimate, and its known errors. */
export interface RankMeaning {
  /** Label in tables. */
  readonly label: string;
  /** Short label for figures. */
  readonly short: string;
  /** Meaning in plain language. */
  readonly meaning: string;
  /** Known errors. */
  readonly bias: string;
}

/** Every estimate, in the order of figures and tables. */
export const rankEstimators = {
  indicator: {
    label: "IND (Malinowski)",
    short: "IND",
    meaning:
      "the number of components at which the error that is left, less what more components cost, is smallest",
    bias:
      "finds the truth in series with white noise; over-counts in real ones, where drifts, glitches and energy jitter are " +
      "components, too; has no foundation beyond experience",
  },
  imbedded: {
    label: "IE minimum (Malinowski)",
    short: "IE",
    meaning: "the number of components that takes in the least noise while leaving out no signal",
    bias:
      "the minimum is flat: misses weak components of short series, whose gain is less than the noise they take in; " +
      "over-counts where noise is not the same everywhere",
  },
  fTest: {
    label: "F test (Malinowski, 5 %)",
    short: "F test",
    meaning:
      "the last component that explains more than noise of equal size everywhere would, at 5 % significance",
    bias: "conservative with few spectra, where the test has little power; over-counts where noise is correlated between energies",
  },
  hardThreshold: {
    label: "Hard threshold (Gavish, Donoho)",
    short: "hard threshold",
    meaning: "singular values large enough that keeping their component brings the data nearer to the truth",
    bias: "supposes white noise in more than half of the directions; over-counts as IND does",
  },
  minka: {
    label: "Bayes (Minka)",
    short: "Minka",
    meaning: "the number of directions about the mean that the data make most probable, plus one",
    bias: "supposes white noise and many more samples than variables; over-counts with correlated noise, the more data the worse",
  },
  crossValidation: {
    label: "Cross-validation",
    short: "cross-validation",
    meaning: "the number of components that best predicts blocks of numbers that were left out",
    bias:
      "misses weak components, because it works with part of the data; tries twelve at most; over-counts where glitches or drifts go through many " +
      "rows, which predict one another",
  },
  parallel: {
    label: "Parallel analysis (Horn)",
    short: "parallel",
    meaning:
      "centered components larger than those of the same numbers shuffled within each energy, plus one",
    bias: "under-counts in absorption edges: shuffled data keep all the variance of a dominating first component",
  },
  brokenStick: {
    label: "Broken stick",
    short: "broken stick",
    meaning: "centered components that explain more than the pieces of a stick broken at random, plus one",
    bias: "under-counts: the first component takes nearly all variance, and a species between two others is missed",
  },
} as const satisfies Record<string, RankMeaning>;

/** Name of an estimate. */
export type RankName = keyof typeof rankEstimators;

/** One estimate beside the others. */
export interface RankEstimate extends RankMeaning {
  readonly name: RankName;
  /** Number of components. */
  readonly n: number;
}

/**
 * Estimates of the number of components n in D = C S + E, as in `mcrAls`. All of them include the mean as a
 * direction, with or without centering: they come from D itself, or are one more than the number of
 * directions about the mean. None is correct for all data. If they disagree, compare the loadings and the
 * variance explained by each component. `estimates` has the meaning and the known errors of each.
 */
export interface RankIndicators {
  /** Singular values of D itself (scaled if PCA scales it, but not centered), whose number is estimated. */
  readonly singularValues: Float64Array;
  /** Minimum of Malinowski's IND. */
  readonly indicator: number;
  /**
   * IND = RE / (c - n)^2 for n = 1, 2, ...; length min(rows, columns) - 1, or less if not all components are
   * computed.
   */
  readonly indicatorFunction: Float64Array;
  /** Minimum of IE. */
  readonly imbedded: number;
  /**
   * RE, the standard deviation of one value of the residual after n = 1, 2, ... components: the noise, for
   * sufficient n.
   */
  readonly realError: Float64Array;
  /** IE = RE sqrt(n / c): the noise in n = 1, 2, ... components. */
  readonly imbeddedError: Float64Array;
  /** First n whose RE is at most the given noise (option `noise`); null without it. */
  readonly knownNoise: number | null;
  /** Last component that is significant at 5 % in Malinowski's F test. */
  readonly fTest: number;
  /** p-value of component n = 1, 2, ... */
  readonly fProbability: Float64Array;
  /**
   * Number of singular values above the optimal hard threshold, 2.858 (square) to 1.5 (very tall) times the
   * median one.
   */
  readonly hardThreshold: number;
  /** 1 plus the number of directions about the mean with the largest Bayesian evidence (Minka). */
  readonly minka: number;
  /** Logarithm of this evidence for n = 1, 2, ...; only differences have a meaning. */
  readonly minkaEvidence: Float64Array;
  /** 1 plus the number of centered components above the broken stick. */
  readonly brokenStick: number;
  /**
   * 1 plus the number of centered components in Horn's parallel analysis; null unless `parallel` replicates
   * are requested.
   */
  readonly parallel: number | null;
  /**
   * Number of components with the smallest cross-validation error; null unless `crossValidation` folds are
   * requested.
   */
  readonly crossValidation: number | null;
  /** Root mean square error of prediction for n = 0, 1, 2, ... components; null without cross-validation. */
  readonly crossValidationError: Float64Array | null;
  /** Number of singular values above rounding errors (1e-7 of the largest): the numerical rank of D. */
  readonly numerical: number;
  /** All available estimates with their meaning. */
  readonly estimates: readonly RankEstimate[];
}

/** Estimates that do not come from singular values. */
export interface RankExtras {
  /** Number of centered components in parallel analysis. */
  readonly parallel: number | null;
  readonly crossValidationError: Float64Array | null;
  /** Standard deviation of the noise of one value, if it is known. */
  readonly noise: number | undefined;
}

/** All estimates for one data matrix. */
export function rankIndicators(spectrum: SingularSpectrum, extras: RankExtras): RankIndicators {
  const { raw } = spectrum;
  const errors = malinowski(spectrum);
  const firstZero = raw.findIndex((v) => !(v > 0));
  const numerical = firstZero < 0 ? raw.length : firstZero;
  // No estimate exceeds the numerical rank of D.
  const within = (n: number): number => Math.min(n, numerical);
  const cv = extras.crossValidationError;
  const single = errors.indicator.length === 0;
  // A single row or column has no estimate.
  const indicator = within(single ? 1 : smallest(errors.indicator));
  const residualNoise = errors.realError[indicator - 1] ?? 0;
  const evidence = minkaEvidence(spectrum, residualNoise);
  const { noise } = extras;
  const knownNoise = noise === undefined ? -1 : errors.realError.findIndex((re) => re <= noise);
  const numbers: Record<RankName, number | null> = {
    indicator,
    imbedded: within(single ? 1 : smallest(errors.imbeddedError)),
    fTest: within(single ? 1 : significant(errors.fProbability)),
    hardThreshold: within(hardThreshold(spectrum, residualNoise)),
    minka: within(smallest(evidence.map((v) => -v))),
    crossValidation: cv && within(smallest(cv) - 1),
    parallel: extras.parallel === null ? null : within(1 + extras.parallel),
    brokenStick: within(1 + brokenStick(spectrum)),
  };
  const names = Object.keys(rankEstimators) as RankName[];
  return {
    ...(numbers as Record<RankName, number>),
    parallel: numbers.parallel,
    crossValidation: numbers.crossValidation,
    singularValues: raw.map(Math.sqrt),
    indicatorFunction: errors.indicator,
    realError: errors.realError,
    imbeddedError: errors.imbeddedError,
    fProbability: errors.fProbability,
    knownNoise: noise === undefined ? null : knownNoise < 0 ? numerical : knownNoise + 1,
    minkaEvidence: evidence,
    crossValidationError: cv,
    numerical,
    estimates: names.flatMap((name) => {
      const n = numbers[name];
      return n === null ? [] : [{ name, n, ...rankEstimators[name] }];
    }),
  };
}

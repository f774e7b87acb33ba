// Malinowski's error functions and F test, which compare the residual after n components with noise.
import { fExceedance } from "../../../compute/distributions.js";
import { type SingularSpectrum, tails } from "./spectrum.js";

/** Malinowski's functions of the number of components n = 1, 2, ...; entry 0 belongs to one component. */
export interface Malinowski {
  /**
   * RE, the standard deviation of the residual after n components: an estimate of the noise for sufficient n.
   */
  readonly realError: Float64Array;
  /** IE = RE sqrt(n / c), the part of the noise in n components. */
  readonly imbeddedError: Float64Array;
  /** IND = RE / (c - n)^2. */
  readonly indicator: Float64Array;
  /** p-value of component n in the F test. */
  readonly fProbability: Float64Array;
}

/**
 * @see E. R. Malinowski, Analytical Chemistry 49 (1977) 606 and 612 (RE, IE, IND); Journal of Chemometrics 3
 *   (1989) 49 (reduced eigenvalues, F test)
 */
export function malinowski({ raw, rawTotal, rows, columns }: SingularSpectrum): Malinowski {
  const c = Math.min(rows, columns);
  const larger = Math.max(rows, columns);
  const rest = tails(raw, rawTotal, raw.length === c);
  const count = Math.min(raw.length, c - 1);
  const realError = new Float64Array(count);
  const imbeddedError = new Float64Array(count);
  const indicator = new Float64Array(count);
  const fProbability = new Float64Array(count);
  for (let n = 1; n <= count; n++) {
    const re = Math.sqrt(rest[n] / (larger * (c - n)));
    realError[n - 1] = re;
    imbeddedError[n - 1] = re * Math.sqrt(n / c);
    indicator[n - 1] = re / (c - n) ** 2;
    fProbability[n - 1] = probability(n, raw[n - 1], rest[n], c, larger);
  }
  return { realError, imbeddedError, indicator, fProbability };
}

/** The n with the smallest value. */
export function smallest(values: Float64Array): number {
  let best = 0;
  for (let n = 1; n < values.length; n++) if (values[n] < values[best]) best = n;
  return values.length === 0 ? 0 : best + 1;
}

/** Last n that is significant at 5 % in the F test; 0 where there is none. */
export function significant(fProbability: Float64Array): number {
  for (let n = fProbability.length; n >= 1; n--) if (fProbability[n - 1] < 0.05) return n;
  return 0;
}

/**
 * Ratio of the reduced eigenvalue of component n to the mean of those after it, with 1 and c - n degrees of
 * freedom.
 */
function probability(n: number, eigenvalue: number, rest: number, c: number, larger: number): number {
  if (!(eigenvalue > 0)) return 1;
  if (!(rest > 0)) return 0;
  // Noise of rank j has (r - j + 1)(c - j + 1) degrees of freedom; their sum over all ranks after n.
  const m = c - n;
  const d = larger - c;
  const pool = (m * (m + 1) * (2 * m + 1)) / 6 + (d * m * (m + 1)) / 2;
  const own = (larger - n + 1) * (c - n + 1);
  return fExceedance(((pool / own) * eigenvalue) / rest, 1, m);
}

// What a result's numbers lack: samples without a value, a bias by few counts, edge steps that cannot be
// used.

/** Pixels of a result whose edge step is unusual. In a series the worst time step of a pixel counts. */
export interface EdgeStepCount {
  /** No edge step above zero: the pixel has no normalized spectrum. */
  readonly nonPositive: number;
  /** Below a third of the median over the pixels, or above three times it. */
  readonly scattered: number;
  /** Pixels with counts at all energies, the two above among them. */
  readonly total: number;
  readonly median: number;
}

/**
 * How far the mean of logarithms over a bin is off because counts are few, as estimated from the counts
 * themselves.
 */
export interface FewCounts {
  /** Side of a bin. */
  readonly factor: number;
  /**
   * By how much absorbance is too large, below and above the edge (at low and at high energies where it is
   * not known).
   */
  readonly absorbance: readonly [number, number];
  /** Relative excess of the edge step. */
  readonly edgeStep: number;
}

/** Energies at which the beam or the sample was away, which the fits of a normalization leave out. */
export interface DisturbedCount {
  readonly timeSteps: number;
  /** eV, ranges [low, high]. Values there stay as they were recorded. */
  readonly energies: readonly (readonly [number, number])[];
}

/** Recorded samples without a value: at or above saturation, or not above the dark. */
export interface InvalidCount {
  readonly saturated: number;
  readonly nonPositive: number;
  readonly total: number;
  /** Samples that deglitch() has found; present where there are some. */
  readonly glitches?: number;
  /** Present where absorb().bin(n) is biased by few counts. */
  readonly fewCounts?: FewCounts;
  /** Present where normalized spectra have edge steps that cannot be used. */
  readonly edgeSteps?: EdgeStepCount;
  /** Present where the fits of a normalization leave energies out. */
  readonly disturbed?: DisturbedCount;
  /**
   * Relative uncertainty of the edge steps because of the limited range of the scan; present where spectra are
   * normalized with windows by default.
   */
  readonly edgeStepUncertainty?: number;
  /** The edge that lies within the given post-edge window of a normalization. */
  readonly edgeInWindow?: string;
  /** Pixels of a map without a value, by the reason; present where there are any. */
  readonly withoutValue?: Readonly<Record<string, number>>;
}

/** What was left out and what is biased, as the end of a summary; empty for complete data without bias. */
export function invalidText(invalid: InvalidCount): string {
  const { saturated, nonPositive, total, fewCounts, edgeSteps, disturbed } = invalid;
  const { edgeStepUncertainty = 0, edgeInWindow, glitches = 0, withoutValue } = invalid;
  const parts: string[] = [];
  if (saturated > 0) parts.push(`${saturated} saturated`);
  if (nonPositive > 0) parts.push(`${nonPositive} not above the dark`);
  const left = parts.length === 0 ? "" : `left out ${parts.join(" and ")} of ${total} samples`;
  const sentences = [
    left,
    glitches > 0 && `deglitch: ${glitches} sample${glitches === 1 ? "" : "s"} replaced`,
    edgeSteps && edgeStepsText(edgeSteps),
    edgeStepUncertainty > LONG_SCAN &&
      `a short scan: its edge steps are known to about ${Math.round(100 * edgeStepUncertainty)} %`,
    edgeInWindow && `WARNING: the post-edge window runs across the ${edgeInWindow} edge`,
    disturbed && disturbedText(disturbed),
    withoutValue && withoutValueText(withoutValue),
    fewCounts && fewCountsText(fewCounts),
  ];
  return sentences.map((sentence) => (sentence ? `; ${sentence}` : "")).join("");
}

function withoutValueText(reasons: Readonly<Record<string, number>>): string {
  const list = Object.entries(reasons).map(([reason, n]) => `${n} (${reason})`);
  return `pixels without a value: ${list.join(", ")}`;
}

/** Uncertainties up to this one are those of scans of full length. */
const LONG_SCAN = 0.02;

function disturbedText({ timeSteps, energies }: DisturbedCount): string {
  const ranges = energies.map(([low, high]) =>
    low === high ? low.toFixed(1) : `${low.toFixed(1)} to ${high.toFixed(1)}`,
  );
  return `glitches or no beam in ${timeSteps} time step${timeSteps === 1 ? "" : "s"} at ${ranges.join(", ")} eV: the fits of the normalization leave these energies out, values there are as recorded`;
}

function edgeStepsText({ nonPositive, scattered, total, median }: EdgeStepCount): string {
  const share = (n: number): string =>
    `${n} of ${total} pixels (${Number(((100 * n) / total).toPrecision(2))} %)`;
  const found = [
    nonPositive > 0 ? `${share(nonPositive)} have no edge step above zero and no value` : "",
    scattered > 0 ? `${share(scattered)} have one below a third or above three times the median` : "",
  ].filter(Boolean);
  const middle = Number.isNaN(median) ? "" : ` (median ${Number(median.toPrecision(3))})`;
  const keep = Number.isNaN(median)
    ? "[low, high]"
    : `[${[median / 3, 3 * median].map((v) => Number(v.toPrecision(2))).join(", ")}]`;
  return `edge steps${middle}: ${found.join(", ")}; leave them out with .mask((await cube.map("edgeStep")).mask(${keep})), or bin more`;
}

function fewCountsText({ factor, absorbance, edgeStep }: FewCounts): string {
  const [below, above] = absorbance.map((v) => v.toPrecision(2));
  const share = `${edgeStep > 0 ? "+" : ""}${(100 * edgeStep).toPrecision(2)} %`;
  return `few counts: .absorb().bin(${factor}) makes absorbance too large by about ${below} at low and ${above} at high energies (edge step ${share}); call .bin(${factor}).absorb(), or average more cubes first`;
}

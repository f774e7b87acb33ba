// Verdict on the ambiguity of a component.

/**
 * Width of the band of profile or spectrum relative to the largest value: at most 5 %, at most 20 %, or more.
 */
export type Verdict = "unique" | "narrow" | "wide";

/** Largest widths of unique and of narrow bands. */
const UNIQUE = 0.05;
const NARROW = 0.2;

/** The larger width determines the verdict. */
export function judge(width: { readonly C: number; readonly S: number }): Verdict {
  const wider = Math.max(width.C, width.S);
  if (wider <= UNIQUE) return "unique";
  return wider <= NARROW ? "narrow" : "wide";
}

/** Larger widths depend on the limit of the search, not on the data. */
const MOST = 100;

const MEANING: Readonly<Record<Verdict, string>> = {
  unique: "determined by the data and the constraints",
  narrow: "its shape is determined, its values are approximate",
  wide: "the result is one of many equivalent solutions",
};

/** An end of the range, and how many of the searches for it came to it. */
interface End {
  readonly share: number;
  readonly searches: number;
  readonly agreeing: number;
}

/** Fewer searches that agree make an end uncertain. */
const FEW = 3;

/** What the sentence about a component states; a `ComponentBand` has it. */
interface Judged {
  readonly index: number;
  readonly verdict: Verdict;
  readonly share: number;
  readonly minimum: End;
  readonly maximum: End;
  readonly width: { readonly C: number; readonly S: number };
}

/** One line about a component. */
export function sentence(band: Judged, bounded: boolean): string {
  const { index, verdict, minimum, maximum, width, share } = band;
  const percent = (v: number): string =>
    v > MOST ? "any amount" : `${(100 * v).toFixed(v < 0.1 ? 1 : 0)} %`;
  if (share === 0) return `component ${index}: absent`;
  const open = bounded || verdict === "unique" ? "" : "; the constraints do not bound it";
  return (
    `component ${index}: ${verdict}, ${MEANING[verdict]}; fraction of the signal ${percent(minimum.share)} to ` +
    `${percent(maximum.share)}, concentrations vary by up to ${percent(width.C)} and its spectrum by up to ` +
    `${percent(width.S)} of the largest value${open}${doubt(minimum, "smallest")}${doubt(maximum, "largest")}`
  );
}

function doubt({ searches, agreeing }: End, which: string): string {
  if (searches < FEW || agreeing >= FEW) return "";
  return `; ${agreeing} of ${searches} searches agree on its ${which} fraction, which may lie farther out`;
}

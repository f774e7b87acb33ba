// The finding in words.

/** How much is left open: the band's widest place, of profile or spectrum, is at most 5 % or 20 % of the largest value. */
export type Verdict = "unique" | "narrow" | "wide";

/** Widths up to which a component counts as unique and as narrow. */
const UNIQUE = 0.05;
const NARROW = 0.2;

/** The wider of the two decides. */
export function judge(width: { readonly C: number; readonly S: number }): Verdict {
  const wider = Math.max(width.C, width.S);
  if (wider <= UNIQUE) return "unique";
  return wider <= NARROW ? "narrow" : "wide";
}

/** Larger widths are the limit of the search, not a property of the data. */
const MOST = 100;

const MEANING: Readonly<Record<Verdict, string>> = {
  unique: "the data and the constraints determine it",
  narrow: "its shape is determined, its numbers are not to the last digit",
  wide: "what is drawn of it is one choice among many",
};

/** What the sentence about a component states; a `ComponentBand` has it. */
interface Judged {
  readonly index: number;
  readonly verdict: Verdict;
  readonly share: number;
  readonly minimum: { readonly share: number };
  readonly maximum: { readonly share: number };
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
    `component ${index}: ${verdict}, ${MEANING[verdict]}; share of the signal ${percent(minimum.share)} to ` +
    `${percent(maximum.share)}, concentrations open by up to ${percent(width.C)} and its spectrum by up to ` +
    `${percent(width.S)} of the largest value${open}`
  );
}

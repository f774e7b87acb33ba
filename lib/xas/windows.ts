// The windows of a normalization and the degrees of its polynomials: as given, or from the range of the scan.

import { type NextEdge, nextEdge } from "../elements/edges.js";
import { ArgumentError, DataError, quote } from "../errors.js";
import { checkOptions } from "../options.js";
import { ascendingAxis, rangeText, requireElectronvolts } from "./axis.js";

/** Options of `normalize` and `Normalizer`. */
export interface NormalizeOptions {
  /** Edge energy, eV; default: `findE0` of the spectrum. */
  readonly e0?: number;
  /**
   * Pre-edge window relative to e0, eV, both ends included; default [-60, -20]. If the scan starts less than
   * 60 eV below e0, the window starts with the scan. If it starts less than 40 eV below e0, the window ends
   * halfway between this start and e0.
   */
  readonly pre?: readonly [number, number];
  /**
   * Post-edge window relative to e0, eV, both ends included; default [50, 540], within the scan and 20 eV below
   * the next edge: L2 after L3, and after a K edge that of the next element. If this end is less than 83 eV
   * above e0, the window starts at 0.6 of that distance.
   */
  readonly post?: readonly [number, number];
  /**
   * Degree of the pre-edge polynomial, 0 or 1; default 1, or 0 where the scan starts less than 35 eV below e0
   * or a given window is shorter than 10 eV, which a line needs. A constant needs 4 eV.
   */
  readonly preDegree?: number;
  /**
   * Degree of the post-edge polynomial above the pre-edge line, 0..4. Default 2 for a post-edge window of at
   * least 350 eV, 1 for one of at least 100 eV, and otherwise 0: a constant above the pre-edge line. A given
   * degree of 1, 2, 3 or 4 needs a window of at least 50, 175, 300 or 400 eV, a degree of 0 one of 10 eV.
   */
  readonly degree?: number;
}

/** Windows and degrees of a normalization as they are used. */
export interface Windows {
  /** eV relative to e0, both ends included. */
  readonly pre: readonly [number, number];
  readonly post: readonly [number, number];
  readonly preDegree: number;
  readonly degree: number;
  /** Those of them that were not given and follow from the range of the scan. */
  readonly byRule: readonly ("pre" | "post" | "preDegree" | "degree")[];
  /** The next edge, where it ends the default post-edge window or lies within a given one. */
  readonly nextEdge?: NextEdge;
}

/** A smaller edge step, relative to the absorption below and above the edge, is a rounding error. */
export const TINY_STEP = 1e-10;

/** The paper's windows, which suit its range of 8266 to 8878 eV. */
const FULL = { pre: [-60, -20], post: [50, 540] } as const;

// The rule for shorter scans is derived in docs/decisions/0038-windows-of-short-scans.md.
/** Default windows need a scan that reaches this far from e0, eV. */
const LEAST = { pre: 20, post: 40 } as const;
/** The end of the pre-edge window is at least this fraction of its start. */
const PRE_END = 0.5;
/** The start of the post-edge window is at most this fraction of its end. */
const POST_START = 0.6;
/** Shortest windows, eV, for a line below the edge, and for a line and a parabola above it. */
const LINE_BELOW = 35;
const LINE_ABOVE = 100;
const PARABOLA_ABOVE = 350;
/** Shortest windows, eV, for a degree that was given, by degree. */
const SHORTEST = { pre: [4, 10], post: [10, 50, 175, 300, 400] } as const;
/** The default post-edge window ends this far below the next edge, eV: pre-edge peaks begin there. */
const BELOW_NEXT = 20;
/**
 * Relative root-mean-square error of the edge step with default windows, for scans that end less than this
 * far above e0, eV, over the reference spectra of the decision record.
 */
const UNCERTAINTY = [
  [50, 0.11],
  [70, 0.09],
  [150, 0.06],
  [200, 0.04],
  [Number.POSITIVE_INFINITY, 0.02],
] as const;

const NAMES = { e0: true, pre: true, post: true, preDegree: true, degree: true } as const;

/**
 * The options of a normalization, after checks of their names and values.
 *
 * @throws ArgumentError for an unknown or null option, an invalid window or an invalid degree
 */
export function checkNormalizeOptions<Options extends NormalizeOptions>(
  call: string,
  options: Options | undefined,
): Options {
  const given = checkOptions<NormalizeOptions>(call, options, NAMES) as Options;
  for (const name of ["pre", "post"] as const) {
    const value = given[name];
    if (value === undefined) continue;
    if (
      value?.length !== 2 ||
      !Number.isFinite(value[0]) ||
      !Number.isFinite(value[1]) ||
      value[0] >= value[1]
    ) {
      throw new ArgumentError(
        `${call}: expected ${name} as [low, high] in eV relative to e0, got ${quote(value)}; for example ${name}: ${quote(FULL[name])}`,
        { option: name, value },
      );
    }
  }
  const { e0, degree, preDegree } = given;
  if (e0 !== undefined && !Number.isFinite(e0)) {
    throw new ArgumentError(`${call}: expected e0 in eV, got ${quote(e0)}; findE0(energy, mu) finds one`, {
      option: "e0",
      value: e0,
    });
  }
  if (degree !== undefined && !(Number.isInteger(degree) && degree >= 0 && degree <= 4)) {
    throw new ArgumentError(
      `${call}: expected degree as an integer from 0 to 4, got ${quote(degree)}; leave it out for the default`,
      { option: "degree", value: degree },
    );
  }
  if (preDegree !== undefined && preDegree !== 0 && preDegree !== 1) {
    throw new ArgumentError(
      `${call}: expected preDegree as 0 (a constant) or 1 (a line), got ${quote(preDegree)}; leave it out for the default`,
      { option: "preDegree", value: preDegree },
    );
  }
  return given;
}

/**
 * Windows and degrees for an axis: those that are given and covered by the axis, and defaults for the others.
 * `normalize`, `Normalizer` and the cube's verb share this rule.
 *
 * The axis covers half a step beyond either end.
 *
 * @param energy eV, strictly monotonic
 * @param e0 eV
 * @param given options as `checkNormalizeOptions` returns them
 * @throws ArgumentError when a given window lies on the wrong side of e0 or is not covered by the axis, or is too
 *   short for the given degree
 * @throws DataError when e0 is not inside the axis, or the axis ends too close to it for default windows
 */
export function windowsFor(
  energy: ArrayLike<number>,
  e0: number,
  given: NormalizeOptions,
  call: string,
): Windows {
  const { axis } = ascendingAxis(energy, call, 2);
  requireElectronvolts(axis, call);
  const last = axis.length - 1;
  const [low, high] = [axis[0] - e0, axis[last] - e0];
  if (!(low < 0 && high > 0)) {
    throw new DataError(
      `${call}: expected e0 inside the scan of ${rangeText(axis)}, got ${e0.toFixed(2)} eV; give the e0 of this scan's edge, in eV`,
      { e0 },
    );
  }
  const covered = [low - (axis[1] - axis[0]) / 2, high + (axis[last] - axis[last - 1]) / 2] as const;
  const pre = given.pre ?? preByRule(low, axis, e0, call);
  const next = nextEdge(e0);
  const post = given.post ?? postByRule(high, next, axis, e0, call);
  for (const [name, window] of Object.entries({ pre, post }) as ["pre" | "post", typeof pre][]) {
    if (given[name] !== undefined) refuseWindow(name, window, covered, axis, e0, call);
  }
  const [below, span] = [pre, post].map(([from, to]) => to - from);
  const line = given.pre !== undefined ? below >= SHORTEST.pre[1] : -pre[0] >= LINE_BELOW;
  const preDegree = given.preDegree ?? (line ? 1 : 0);
  const degree = given.degree ?? (span >= PARABOLA_ABOVE ? 2 : span >= LINE_ABOVE ? 1 : 0);
  refuseDegree("pre", preDegree, pre, e0, call);
  refuseDegree("post", degree, post, e0, call);
  const isReached = next && next.distance < (given.post ? post[1] : high + BELOW_NEXT);
  return {
    pre,
    post,
    preDegree,
    degree,
    byRule: (["pre", "post", "preDegree", "degree"] as const).filter((name) => given[name] === undefined),
    ...(isReached && (given.post || next.distance - BELOW_NEXT < FULL.post[1]) && { nextEdge: next }),
  };
}

function preByRule(low: number, axis: Float64Array, e0: number, call: string): [number, number] {
  if (-low < LEAST.pre) {
    throw new DataError(
      `${call}: expected a scan that starts at least ${LEAST.pre} eV below e0 = ${e0.toFixed(2)} eV, got one of ${rangeText(axis)}, which starts ${(-low).toFixed(1)} eV below it: there is no pre-edge to subtract; record further down, or give pre: [low, high] relative to e0`,
      { window: "pre", e0, reach: -low },
    );
  }
  const start = Math.max(low, FULL.pre[0]);
  return [start, Math.max(PRE_END * start, FULL.pre[1])];
}

function postByRule(
  high: number,
  next: NextEdge | undefined,
  axis: Float64Array,
  e0: number,
  call: string,
): [number, number] {
  const free = (next?.distance ?? Number.POSITIVE_INFINITY) - BELOW_NEXT;
  if (next && free < LEAST.post && high >= LEAST.post) {
    throw new DataError(
      `${call}: expected at least ${LEAST.post} eV of post-edge above e0 = ${e0.toFixed(2)} eV, got ${free} eV up to the ${next.name} edge, ${next.distance} eV above e0; give post: [low, high] relative to e0`,
      { window: "post", e0, reach: free },
    );
  }
  if (high < LEAST.post) {
    throw new DataError(
      `${call}: expected a scan that reaches at least ${LEAST.post} eV above e0 = ${e0.toFixed(2)} eV, got one of ${rangeText(axis)}, which ends ${high.toFixed(1)} eV above it: there is no post-edge to tell the edge step from; record further up, or give post: [low, high] relative to e0 and degree: 0`,
      { window: "post", e0, reach: high },
    );
  }
  const end = Math.min(high, FULL.post[1], free);
  return [Math.min(FULL.post[0], POST_START * end), end];
}

/**
 * A polynomial that bends within a short window extrapolates noise and fine structure, not the edge step, to
 * e0.
 */
function refuseDegree(
  name: "pre" | "post",
  degree: number,
  window: readonly [number, number],
  e0: number,
  call: string,
): void {
  const shortest: readonly number[] = SHORTEST[name];
  // The ends of a default window may fall short by rounding.
  const span = window[1] - window[0] + 1e-6;
  if (span >= shortest[degree]) return;
  const option = name === "pre" ? "preDegree" : "degree";
  const carried = shortest.findLastIndex((least) => span >= least);
  const where = `${name}-edge window of ${windowText(window)} eV relative to e0 = ${e0.toFixed(2)} eV`;
  throw new ArgumentError(
    carried < 0
      ? `${call}: expected ${name} of at least ${shortest[0]} eV, got a ${where}; widen it, or leave ${name} out to have it follow from the range`
      : `${call}: expected ${option} 0${carried > 0 ? ` to ${carried}` : ""} for a ${where}, got ${degree}, which needs at least ${shortest[degree]} eV; lower ${option}, leave it out, or widen ${name}`,
    { option: carried < 0 ? name : option, value: degree, largest: carried, [name]: window },
  );
}

/** A given window is refused if it cannot be used as it is. It is never cut or moved. */
function refuseWindow(
  name: "pre" | "post",
  window: readonly [number, number],
  covered: readonly [number, number],
  axis: Float64Array,
  e0: number,
  call: string,
): void {
  const [low, high] = window;
  const isCovered = low >= covered[0] && high <= covered[1];
  if (isCovered && (name === "pre" ? high <= 0 : low >= 0)) return;
  const fields = { option: name, value: window, e0, range: [axis[0], axis[axis.length - 1]] };
  const relative = windowText([low - e0, high - e0]);
  if (!isCovered && low - e0 >= covered[0] && high - e0 <= covered[1]) {
    throw new ArgumentError(
      `${call}: expected ${name} in eV relative to e0, got ${quote(window)}, which are energies of the scan; windows are relative to e0 = ${e0.toFixed(2)} eV: ${name}: ${relative}`,
      fields,
    );
  }
  if (name === "pre" ? high > 0 : low < 0) {
    const side = name === "pre" ? "end at or below e0 (high <= 0)" : "start at or above e0 (low >= 0)";
    throw new ArgumentError(
      `${call}: expected ${name} to ${side}, got ${quote(window)}; windows are in eV relative to e0, for example ${name}: ${quote(FULL[name])}`,
      fields,
    );
  }
  const [from, to] = name === "pre" ? [covered[0], 0] : [0, covered[1]];
  const end =
    name === "pre" ? `starts at ${axis[0].toFixed(1)}` : `ends at ${axis[axis.length - 1].toFixed(1)}`;
  throw new ArgumentError(
    `${call}: expected ${name} within ${windowText([from, to])} eV relative to e0 = ${e0.toFixed(2)} eV, got ${quote(window)}; the scan ${end} eV; leave ${name} out to have it follow from the range`,
    fields,
  );
}

/**
 * Relative root-mean-square uncertainty of the edge step over reference spectra because of the end of the
 * scan; null where the post-edge window or its degree was given.
 */
export function edgeStepUncertainty({ post, byRule }: Windows): number | null {
  if (!byRule.includes("post") || !byRule.includes("degree")) return null;
  return (UNCERTAINTY.find(([end]) => post[1] < end) as (typeof UNCERTAINTY)[number])[1];
}

/** Text of the windows and degrees, and whether they were given. */
export function windowsText(windows: Windows): string {
  const { pre, post, preDegree, degree, byRule, nextEdge } = windows;
  const origin = (...names: (typeof byRule)[number][]): string => {
    const ruled = names.filter((name) => byRule.includes(name));
    if (ruled.length === names.length) return "by default";
    return ruled.length === 0 ? "given" : `${ruled[0].replace("preDegree", "degree")} by default`;
  };
  const uncertainty = edgeStepUncertainty(windows);
  const short = uncertainty !== null && post[1] < 200;
  return [
    `pre-edge ${preDegree === 1 ? "line" : "constant"} ${ends(pre)} eV (${origin("pre", "preDegree")})`,
    `post-edge degree ${degree} ${ends(post)} eV (${origin("post", "degree")})`,
    ...(nextEdge ? [nextEdgeText(nextEdge, byRule.includes("post"))] : []),
    ...(short ? [`a short scan: its edge step is known to about ${Math.round(100 * uncertainty)} %`] : []),
  ].join(", ");
}

function nextEdgeText({ name, distance }: NextEdge, isEnd: boolean): string {
  return isEnd
    ? `which ends below the ${name} edge`
    : `WARNING: it runs across the ${name} edge, ${distance} eV above e0`;
}

function ends([low, high]: readonly [number, number]): string {
  return `${tenth(low)} to ${tenth(high)}`;
}

function windowText([low, high]: readonly [number, number]): string {
  return `[${tenth(low)}, ${tenth(high)}]`;
}

function tenth(value: number): number {
  return Number(value.toFixed(1));
}

/**
 * Indices [from, to) of the energies in e0 + window, both ends of the window included.
 *
 * @throws DataError when it has fewer energies than a polynomial of the degree has coefficients and one more,
 *   without which it would follow the noise
 */
export function edgeWindow(
  energy: ArrayLike<number>,
  e0: number,
  window: readonly [number, number],
  degree: number,
  name: "pre" | "post",
  call: string,
): [number, number] {
  const least = degree + 2;
  let from = energy.length;
  let to = 0;
  for (let i = 0; i < energy.length; i++) {
    const x = energy[i] - e0;
    if (x < window[0] || x > window[1]) continue;
    from = Math.min(from, i);
    to = i + 1;
  }
  const count = Math.max(0, to - from);
  if (count < least) {
    const want = `${(e0 + window[0]).toFixed(1)}..${(e0 + window[1]).toFixed(1)} eV`;
    throw new DataError(
      `${call}: expected at least ${least} energies for degree ${degree} in the ${name}-edge window ${want}, got ${count} on an axis of ${rangeText(energy)}; set ${name}: [low, high] relative to e0 = ${e0.toFixed(2)} eV`,
      { window: name, count, least, e0 },
    );
  }
  return [from, to];
}

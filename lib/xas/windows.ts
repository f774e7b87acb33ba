// The two windows of a normalisation: their options, and the energies of an axis that lie in them.
import { ArgumentError, DataError, quote } from "../errors.js";
import { ascendingAxis, rangeText } from "./axis.js";

/** Options of `normalize` and `Normalizer`. */
export interface NormalizeOptions {
  /** Edge energy, eV; default: `findE0` of the spectrum. */
  readonly e0?: number;
  /** Pre-edge window relative to e0, eV, both ends included; default [-60, -20]. */
  readonly pre?: readonly [number, number];
  /** Post-edge window relative to e0, eV, both ends included; default [50, 540]. */
  readonly post?: readonly [number, number];
  /** Degree of the post-edge polynomial, 0..4; default 2. */
  readonly degree?: number;
}

/** An edge step below this share of the absorption on its two sides is rounding, not an edge. */
export const TINY_STEP = 1e-10;

/** The paper's windows, which suit its range of 8266 to 8878 eV. */
const DEFAULTS = { pre: [-60, -20], post: [50, 540], degree: 2 } as const;

/**
 * The windows with their defaults.
 *
 * @throws ArgumentError when options are no object, a window is not [low, high] or lies on the wrong side of e0, or the
 *   degree is not an integer of 0..4
 */
export function windowOptions(
  options: NormalizeOptions | undefined,
  call: string,
): Required<Pick<NormalizeOptions, "pre" | "post" | "degree">> {
  if (options !== undefined && (typeof options !== "object" || options === null)) {
    throw new ArgumentError(
      `${call}: expected options as { e0?, pre?, post?, degree? }, got ${quote(options)}; leave them out for the defaults`,
      { options },
    );
  }
  const { pre = DEFAULTS.pre, post = DEFAULTS.post, degree = DEFAULTS.degree } = options ?? {};
  for (const [option, value] of [
    ["pre", pre],
    ["post", post],
  ] as const) {
    if (
      value?.length !== 2 ||
      !Number.isFinite(value[0]) ||
      !Number.isFinite(value[1]) ||
      value[0] >= value[1]
    ) {
      throw new ArgumentError(
        `${call}: expected ${option} as [low, high] in eV relative to e0, got ${quote(value)}; for example ${option}: ${quote(DEFAULTS[option])}`,
        { option, value },
      );
    }
  }
  refuseSide("pre", pre, pre[1] <= 0, "end at or below e0 (high <= 0)", call);
  refuseSide("post", post, post[0] >= 0, "start at or above e0 (low >= 0)", call);
  if (!(Number.isInteger(degree) && degree >= 0 && degree <= 4)) {
    throw new ArgumentError(
      `${call}: expected degree as an integer from 0 to 4, got ${quote(degree)}; 2 is usual`,
      { option: "degree", value: degree },
    );
  }
  return { pre, post, degree };
}

/** A window beyond the edge would take a line through the wrong side for the baseline. */
function refuseSide(
  option: "pre" | "post",
  value: readonly [number, number],
  isRight: boolean,
  expected: string,
  call: string,
): void {
  if (isRight) return;
  throw new ArgumentError(
    `${call}: expected ${option} to ${expected}, got ${quote(value)}; windows are in eV relative to e0, for example ${option}: ${quote(DEFAULTS[option])}`,
    { option, value },
  );
}

/**
 * The half-open range of indices [from, to) whose energies lie in e0 + window, both ends of the window included.
 *
 * @throws DataError when fewer than `least` energies lie in it
 */
export function edgeWindow(
  energy: ArrayLike<number>,
  e0: number,
  window: readonly [number, number],
  least: number,
  name: "pre" | "post",
  call: string,
): [number, number] {
  ascendingAxis(energy, call, 1);
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
      `${call}: expected at least ${least} energies in the ${name}-edge window ${want}, got ${count} on an axis of ${rangeText(energy)}; set ${name}: [low, high] relative to e0 = ${e0.toFixed(2)} eV`,
      { window: name, count, least, e0 },
    );
  }
  return [from, to];
}

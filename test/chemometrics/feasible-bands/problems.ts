// Random ambiguous problems with a known truth: overlapping bands, no component ever alone.
import { random } from "../../../lib/compute/random.js";

export interface Truth {
  readonly D: number[][];
  readonly C: number[][];
  readonly S: number[][];
}

/**
 * n components in 24 spectra of 30 energies. Spectra are sums of two broad peaks, shares are smooth, positive and sum to one
 * (closed) or vary freely.
 *
 * @param noise standard deviation, as a share of the largest signal
 */
export function ambiguous(seed: number, n: number, closed: boolean, noise: number): Truth {
  const draw = random(seed);
  const peak = (x: number, at: number, width: number): number => Math.exp(-0.5 * ((x - at) / width) ** 2);
  const along = (count: number): number[] => Array.from({ length: count }, (_, i) => i / (count - 1));
  const S = Array.from({ length: n }, (_, j) => {
    const [a, b] = [(j + 0.2 + 0.6 * draw.uniform()) / n, draw.uniform()];
    const [wa, wb] = [0.12 + 0.1 * draw.uniform(), 0.2 + 0.2 * draw.uniform()];
    const [height, floor] = [0.2 + 0.5 * draw.uniform(), 0.1 * draw.uniform()];
    return along(30).map((x) => peak(x, a, wa) + height * peak(x, b, wb) + floor);
  });
  const shapes = Array.from({ length: n }, (_, j) => {
    const [at, width] = [(j + 0.2 + 0.6 * draw.uniform()) / n, 0.15 + 0.2 * draw.uniform()];
    const floor = 0.02 + 0.1 * draw.uniform();
    return along(24).map((t) => peak(t, at, width) + floor);
  });
  const C = along(24).map((_, i) => {
    const row = shapes.map((shape) => shape[i]);
    const sum = closed ? row.reduce((a, v) => a + v, 0) : 1;
    return row.map((v) => v / sum);
  });
  const D = C.map((c) =>
    S[0].map((_, k) => c.reduce((sum, v, j) => sum + v * S[j][k], noise * draw.normal())),
  );
  return { D, C, S };
}

/** ||c_k s_k|| / ||C S||. */
export function shareOf({ C, S }: { C: number[][]; S: number[][] }, k: number): number {
  let [own, all] = [0, 0];
  for (const c of C) {
    for (let e = 0; e < S[0].length; e++) {
      own += (c[k] * S[k][e]) ** 2;
      all += c.reduce((sum, v, j) => sum + v * S[j][e], 0) ** 2;
    }
  }
  return Math.sqrt(own / all);
}

/**
 * n components, each of which has rows and energies to itself: the truth is the only solution.
 *
 * @param noise standard deviation
 */
export function selective(seed: number, n: number, noise: number): Truth {
  const draw = random(seed);
  const hump = (x: number, at: number, width: number): number => Math.max(0, 1 - Math.abs(x - at) / width);
  const at = (j: number): number => (j + 0.5) / n;
  const S = Array.from({ length: n }, (_, j) =>
    Array.from({ length: 30 }, (_, k) => hump((k + 0.5) / 30, at(j), 0.8 / n)),
  );
  const C = Array.from({ length: 24 }, (_, i) => {
    const row = Array.from({ length: n }, (_, j) => hump((i + 0.5) / 24, at(j), 0.8 / n));
    const sum = row.reduce((a, v) => a + v, 0);
    return row.map((v) => v / sum);
  });
  const D = C.map((c) =>
    S[0].map((_, k) => c.reduce((sum, v, j) => sum + v * S[j][k], noise * draw.normal())),
  );
  return { D, C, S };
}

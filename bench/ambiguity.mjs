// @ts-check
// Coverage of feasible bands: how often they contain the truth in random ambiguous problems with overlapping
// spectra and profiles, in which no component is ever alone.
//   npm run build && node bench/ambiguity.mjs [PROBLEMS_OF_EACH_KIND]
import { feasibleBands, matchComponents, mcrAls } from "operandose";

const each = Number(process.argv[2] ?? 50);
const noises = [0, 1e-3, 1e-2];
let [insideAll, allContributions] = [0, 0];
console.log("components, closure: truths inside; mean width; lack of fit at worst; CPU time");
for (const n of [2, 3]) for (const closed of [true, false]) study(n, closed);
console.log(
  `${insideAll} of ${allContributions} true contributions lie inside their bands (${4 * each} problems)`,
);

/**
 * @param {number} n
 * @param {boolean} closed
 */
function study(n, closed) {
  let [inside, contributions, width, worst] = [0, 0, 0, 1];
  const start = process.cpuUsage().user;
  for (let seed = 1; seed <= each; seed++) {
    const noise = noises[seed % noises.length];
    const { D, C, S } = problem(1000 * n + 2 * seed + Number(closed), n, closed, noise);
    const fit = mcrAls(D, { components: n, constraints: { closure: closed } });
    const bands = feasibleBands(fit, { area: false });
    const order = matchComponents(fit.S, S);
    for (let k = 0; k < n; k++) {
      const { minimum, maximum } = bands.components[order[k]];
      const share = shareOf(C, S, k);
      contributions++;
      if (share >= minimum.share - 1e-6 && share <= maximum.share + 1e-6) inside++;
      width += maximum.share - minimum.share;
    }
    // Without noise the residual is a rounding error, and ratios have no meaning.
    if (noise > 0) worst = Math.max(worst, bands.lackOfFit / fit.lackOfFit.experimental);
  }
  const seconds = (process.cpuUsage().user - start) / 1e6 / each;
  insideAll += inside;
  allContributions += contributions;
  console.log(
    `${n}, ${closed ? "closed" : "open"}: ${inside} of ${contributions}; ${(width / contributions).toFixed(2)}; ` +
      `${worst.toFixed(2)} of the result's; ${seconds.toFixed(2)} s per problem`,
  );
}

/**
 * @param {number} seed
 * @param {number} n
 * @param {boolean} closed
 * @param {number} noise standard deviation
 */
function problem(seed, n, closed, noise) {
  const uniform = generator(seed);
  /** @type {(low: number, high: number) => number} */
  const within = (low, high) => low + (high - low) * uniform();
  /** @type {(x: number, at: number, width: number) => number} */
  const peak = (x, at, width) => Math.exp(-0.5 * ((x - at) / width) ** 2);
  /** @type {(count: number) => number[]} */
  const along = (count) => Array.from({ length: count }, (_, i) => i / (count - 1));
  const S = along(n).map((_, j) => {
    const [a, b, wa, wb] = [(j + within(0.2, 0.8)) / n, uniform(), within(0.12, 0.22), within(0.2, 0.4)];
    const [height, floor] = [within(0.2, 0.7), within(0, 0.1)];
    return along(40).map((x) => peak(x, a, wa) + height * peak(x, b, wb) + floor);
  });
  const shapes = along(n).map((_, j) => {
    const [at, width, floor] = [(j + within(0.2, 0.8)) / n, within(0.15, 0.35), within(0.02, 0.12)];
    return along(30).map((t) => peak(t, at, width) + floor);
  });
  const C = along(30).map((_, i) => {
    const row = shapes.map((shape) => shape[i]);
    const sum = closed ? row.reduce((a, v) => a + v, 0) : 1;
    return row.map((v) => v / sum);
  });
  // The sum of twelve uniform numbers is approximately normal.
  const normal = () => Array.from({ length: 12 }, uniform).reduce((a, v) => a + v, -6);
  const D = C.map((c) => S[0].map((_, k) => c.reduce((sum, v, j) => sum + v * S[j][k], noise * normal())));
  return { D, C, S };
}

/**
 * ||c_k s_k|| / ||C S||
 *
 * @param {number[][]} C
 * @param {number[][]} S
 * @param {number} k
 */
function shareOf(C, S, k) {
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
 * Uniform numbers from a seed (mulberry32).
 *
 * @param {number} seed
 */
function generator(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

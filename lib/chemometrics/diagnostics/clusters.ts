// Groups of similar spectra, by their scores.
import { kmeans } from "ml-kmeans";
import { Matrix } from "ml-matrix";
import { random } from "../../compute/random.js";
import { DataError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { finiteMatrix, wholeNumber } from "../checks.js";

/** Options of `clusterRows`. */
export interface ClusterOptions {
  /** Number of groups. */
  readonly clusters: number;
  /** Default 1. */
  readonly seed?: number;
  /** Number of starts, of which the best grouping is kept. Default 5. */
  readonly starts?: number;
}

const NAMES: OptionNames<ClusterOptions> = { clusters: true, seed: true, starts: true };

/** What `clusterRows` returns. */
export interface Clusters {
  /** Group of each row, 0 to clusters - 1, ordered by the first score of their centers. */
  readonly labels: Int32Array;
  /** Center of each group in the space of the scores, shape [clusters, nScores]. */
  readonly centers: Matrix;
  /** Rows in each group. */
  readonly sizes: Int32Array;
  /** Sum of squared distances from the centers, as a fraction of that from the common center. */
  readonly within: number;
}

/** Number of rows used for the starts; then all rows are assigned to the best one. */
const SAMPLE = 4000;

/**
 * k-means on scores, in the units of the scores: a distance is the square root of the sum of squared
 * differences of spectra. The groups are ordered, and the same for a given seed. k-means always returns k
 * groups, so finding them does not prove that groups exist.
 *
 * @param scores shape [nRows, nScores]
 * @throws ArgumentError for an invalid number of groups; DataError where there are fewer different rows than
 *   groups
 */
export function clusterRows(scores: Matrix, options: ClusterOptions): Clusters {
  const call = "clusters";
  const { seed = 1 } = options;
  checkOptions(call, options, NAMES);
  finiteMatrix(scores, call, "scores");
  const k = wholeNumber(
    options.clusters,
    scores.rows,
    call,
    "the number of clusters",
    "no more than there are rows",
  );
  const starts = wholeNumber(options.starts ?? 5, 1000, call, "starts", "5 is the default");
  // The tolerance of the package is absolute, so scores are scaled to a size of one.
  const { rows, columns } = scores;
  const mean = scores.mean("column");
  let power = 0;
  for (let i = 0; i < rows; i++) for (let a = 0; a < columns; a++) power += (scores.get(i, a) - mean[a]) ** 2;
  const size = Math.sqrt(power / rows) || 1;
  const points = scores.to2DArray().map((row) => row.map((v, a) => (v - mean[a]) / size));
  const draw = random(seed, 0xc1);
  const sample =
    rows <= SAMPLE ? points : Array.from({ length: SAMPLE }, () => points[Math.floor(draw.uniform() * rows)]);
  if (new Set(sample.map((p) => p.join())).size < k) {
    throw new DataError(
      `${call}: expected at least ${k} different spectra, got fewer; request fewer clusters`,
      {
        clusters: k,
      },
    );
  }
  let best = Number.POSITIVE_INFINITY;
  let centers: number[][] = [];
  for (let start = 0; start < starts; start++) {
    const found = kmeans(sample, k, { seed: Math.floor(draw.uniform() * 2 ** 31), maxIterations: 200 });
    const spread = scatter(sample, found.clusters, found.centroids);
    if (spread >= best) continue;
    best = spread;
    centers = found.centroids;
  }
  const { clusters, centroids } = kmeans(points, k, { initialization: centers, maxIterations: 500 });
  const order = Array.from(centroids.keys()).sort((a, b) => centroids[a][0] - centroids[b][0]);
  const place = new Int32Array(k);
  order.forEach((from, to) => {
    place[from] = to;
  });
  const labels = Int32Array.from(clusters, (c) => place[c]);
  const sizes = new Int32Array(k);
  for (const label of labels) sizes[label]++;
  if (sizes.includes(0)) {
    throw new DataError(
      `${call}: expected ${k} groups, got one without any spectrum; request fewer clusters`,
      {
        clusters: k,
      },
    );
  }
  return {
    labels,
    centers: new Matrix(order.map((from) => centroids[from].map((v, a) => v * size + mean[a]))),
    sizes,
    within: scatter(points, clusters, centroids) / rows,
  };
}

function scatter(points: number[][], labels: number[], centers: number[][]): number {
  let sum = 0;
  points.forEach((point, i) => {
    const center = centers[labels[i]];
    for (let a = 0; a < point.length; a++) sum += (point[a] - center[a]) ** 2;
  });
  return sum;
}

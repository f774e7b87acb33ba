// How principal components, groups and evolving factors show themselves.
import type { ClusterResult } from "../cube/results/cluster-result.js";
import type { EvolvingFactorsResult } from "../cube/results/evolving-factors-result.js";
import type { PcaResult } from "../cube/results/pca-result.js";
import { clusters } from "./clusters.js";
import { evolvingFactors } from "./evolving-factors.js";
import type { Figure } from "./figure.js";
import { scree } from "./scree.js";

/** Singular values with all estimates of the number of components: not centred, because that is what the estimates count. */
export function pcaView({ rank }: PcaResult): Figure {
  const { singularValues, estimates, indicator } = rank;
  const yLabel = "Singular value, not centred";
  return scree({ singularValues, estimates, yLabel, ...(indicator > 0 ? { rank: indicator } : {}) });
}

/** Where groups are, and their mean spectra. */
export function clustersView(result: ClusterResult, range?: readonly [number, number]): Figure {
  const { rows, energies, sizes } = result;
  const names = result.names.map((name, j) => `${name} (${sizes[j]})`);
  const where = rows.of === "pixel" ? { map: { ...shapeOf(rows), labels: result.map().values } } : {};
  return clusters({ energies, spectra: [...result.spectra], names, ...(range ? { range } : {}), ...where });
}

/** Singular values from both ends against time in hours. */
export function evolvingFactorsView({ factors, time }: EvolvingFactorsResult): Figure {
  const { forward, backward, noiseLevel } = factors;
  return evolvingFactors({ forward, backward, noiseLevel, x: time.map((t) => t / 3600), xLabel: "Time (h)" });
}

function shapeOf({ width, height, pixelSize }: { width: number; height: number; pixelSize: number }): {
  width: number;
  height: number;
  pixelSize: number;
} {
  return { width, height, pixelSize };
}

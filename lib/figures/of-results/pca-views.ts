// Default figures of principal components, groups and evolving factors.
import type { ClusterResult } from "../../cube/results/cluster-result.js";
import type { EvolvingFactorsResult } from "../../cube/results/evolving-factors-result.js";
import type { MapShape } from "../../cube/results/map.js";
import type { PcaResult } from "../../cube/results/pca-result.js";
import { timeAxis } from "../../cube/results/rows.js";
import { clusters } from "../kinds/clusters.js";
import { evolvingFactors } from "../kinds/evolving-factors.js";
import { scree } from "../kinds/scree.js";
import type { Figure } from "../parts/figure.js";
import { withUnit } from "../parts/ticks.js";

/** Singular values without centering, with all estimates of the number of components. */
export function pcaView({ rank }: PcaResult): Figure {
  const { singularValues, estimates, indicator } = rank;
  const yLabel = "Singular value, not centered";
  return scree({ singularValues, estimates, yLabel, ...(indicator > 0 ? { rank: indicator } : {}) });
}

/** Map of the groups, and their mean spectra. */
export function clustersView(result: ClusterResult, range?: readonly [number, number]): Figure {
  const { rows, energies, sizes } = result;
  const names = result.names.map((name, j) => `${name} (${sizes[j]})`);
  const where = rows.of === "pixel" ? { map: { ...shapeOf(rows), labels: result.map().values } } : {};
  return clusters({ energies, spectra: [...result.spectra], names, ...(range ? { range } : {}), ...where });
}

/** Singular values from both ends against time in hours, or against the numbers of the time steps. */
export function evolvingFactorsView({ factors, data }: EvolvingFactorsResult): Figure {
  const { values: x, label, unit } = timeAxis(data.rows);
  const { forward, backward, noiseLevel } = factors;
  return evolvingFactors({ forward, backward, noiseLevel, x, xLabel: withUnit(label, unit) });
}

function shapeOf({ width, height, pixelSize }: MapShape): MapShape {
  return { width, height, pixelSize };
}

// Maps of several cubes fitted with the same species: one row per cube, one column per species.

import type { Concentrations } from "../../cube/results/concentrations.js";
import type { FitResult } from "../../cube/results/fit-result.js";
import type { MapShape } from "../../cube/results/map.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { maps } from "../kinds/maps.js";
import type { Size } from "../parts/check.js";
import type { Figure } from "../parts/figure.js";
import type { ByName } from "../parts/species.js";
import { allGiven } from "./given.js";

/** Options of `speciesMaps` and `rFactorMaps`. */
export interface ResultMapsOptions {
  readonly title?: string;
  readonly size?: Size;
  /** Length of the scale bar, um; default a round length. */
  readonly scaleBar?: number;
}

const RESULT_MAPS: OptionNames<ResultMapsOptions> = {
  title: true,
  size: true,
  scaleBar: true,
};

/**
 * Concentration maps of one or several cubes in %, on one scale from 0 to 100, as in Figs. 7 and 12.
 *
 * @param fits results with one row per pixel, by the name of their row in the figure
 * @throws ArgumentError without a result; SchemaError for a result with one row per time step; ShapeError
 *   when images differ
 * @example
 * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
 * const fit = await resolved.fit(Cube.load({ part: "holdC" }).calibrate().absorb().bin(2));
 * figures.speciesMaps({ "spot C": fit });
 */
export function speciesMaps(fits: ByName<Concentrations>, options: ResultMapsOptions = {}): Figure {
  checkOptions("figures.speciesMaps", options, RESULT_MAPS);
  const [names, all] = allGiven("figures.speciesMaps", "concentrations", fits);
  return maps({
    ...shapeOf(all[0]),
    ...options,
    maps: all.map((fit) => fit.names.map((name) => fit.map(name).values)),
    ...(names.length > 1 ? { rows: names } : { letters: "none" }),
    columns: all[0].names,
    label: "Relative concentration",
    factor: 100,
    unit: "%",
    domain: [0, 100],
  });
}

/**
 * R-factors of one or several fits side by side on one scale, as in Figs. S6 and S9.
 *
 * The scale ends at the 99.5 % quantile, because few pixels with a glitch would make the others black. Pixels
 * beyond it have the last color of the scale, as the figure states.
 *
 * @param fits results with one row per pixel, by the heading of their column
 * @throws ArgumentError without a result; SchemaError for a result with one row per time step; ShapeError
 *   when images differ
 * @example
 * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
 * const fit = await resolved.fit(Cube.load({ part: "holdC" }).calibrate().absorb().bin(2));
 * figures.rFactorMaps({ "spot C": fit });
 */
export function rFactorMaps(fits: ByName<FitResult>, options: ResultMapsOptions = {}): Figure {
  checkOptions("figures.rFactorMaps", options, RESULT_MAPS);
  const [names, all] = allGiven("figures.rFactorMaps", "fit", fits);
  const values = all.map((fit) => fit.rFactorMap().values);
  const sorted = Float64Array.from(values.flatMap((v) => Array.from(v)))
    .filter(Number.isFinite)
    .sort();
  const end = sorted[Math.floor(0.995 * (sorted.length - 1))];
  return maps({
    ...shapeOf(all[0]),
    ...options,
    maps: [values],
    columns: names,
    letters: "maps",
    label: "R-factor",
    scheme: "magma",
    ...(end > 0 ? { domain: [0, end] } : {}),
  });
}

function shapeOf(fit: Concentrations): MapShape {
  const { width, height, pixelSize } = fit.map(fit.names[0]);
  return { width, height, pixelSize };
}

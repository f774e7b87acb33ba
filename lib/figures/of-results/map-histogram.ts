// Histogram of a dose or dose-rate map, with the map as an inset.

import type { MapResult } from "../../cube/results/map.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { displayUnit } from "../../units.js";
import { type HistogramMark, histogram } from "../kinds/histogram.js";
import type { Size } from "../parts/check.js";
import type { Figure } from "../parts/figure.js";
import { given } from "./given.js";

/** Options of `mapHistogram`. */
export interface MapHistogramOptions {
  /** Width of a bar in the drawn unit (kGy/s, MGy); default 0.3, as in the paper. */
  readonly step?: number;
  readonly marks?: readonly HistogramMark[];
  /** Side of other pixels, um, that a second y axis counts the same areas in, such as those of the paper. */
  readonly comparedWith?: number;
  readonly title?: string;
  readonly size?: Size;
}

const MAP_HISTOGRAM: OptionNames<MapHistogramOptions> = {
  step: true,
  marks: true,
  comparedWith: true,
  title: true,
  size: true,
};

/**
 * Number of pixels against dose rate or dose with the map as an inset, as in Figs. 5b and 10a.
 *
 * @example
 * const rate = await Cube.load().doseRate(rockCell()).map("doseRate");
 * figures.mapHistogram(rate, { marks: [{ range: [0.7, 1.0], label: "low" }] }); // kGy/s
 */
export function mapHistogram(map: MapResult, options: MapHistogramOptions = {}): Figure {
  checkOptions("figures.mapHistogram", options, MAP_HISTOGRAM);
  given("figures.mapHistogram", "map", "map", map);
  const { step = 0.3, ...look } = options;
  const { values, width, height, pixelSize, label } = map;
  const { factor, unit } = displayUnit(map.unit);
  const { edges, counts } = map.histogram({ step });
  return histogram({
    ...look,
    ...(pixelSize === undefined ? {} : { pixelSize }),
    edges,
    counts,
    label,
    unit,
    inset: { values, width, height, pixelSize, factor },
  });
}

// Groups of pixels: their map, and their mean spectra in the same colors.

import { interpolateViridis } from "d3";
import { ArgumentError, quote } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { headingText } from "../parts/chart.js";
import { type Size, strings, vector, widthOf } from "../parts/check.js";
import { pixelColumns, table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import { imageBlock, imageOf } from "../parts/image-block.js";
import { legendRows } from "../parts/legend.js";
import { panel } from "../parts/panel.js";
import { at } from "../parts/svg.js";
import { palette, theme } from "../parts/theme.js";
import { type SpectraOptions, spectra } from "./spectra.js";

/** Options of `labelMap`. */
export interface LabelMapOptions {
  /** Group of each pixel, from 1; NaN where there is none. Row-major, row 0 on top. */
  readonly labels: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  /** um */
  readonly pixelSize?: number;
  /** Names of the groups, one for each number. */
  readonly names: readonly string[];
  readonly title?: string;
  readonly size?: Size;
}

const LABEL_MAP: OptionNames<LabelMapOptions> = {
  labels: true,
  width: true,
  height: true,
  pixelSize: true,
  names: true,
  title: true,
  size: true,
};

/** Colors of k groups: the palette of species, or for more groups steps of a uniform scale. */
function groupColors(k: number): string[] {
  return Array.from({ length: k }, (_, j) =>
    k <= palette.length ? palette[j] : interpolateViridis((j + 0.5) / k),
  );
}

/**
 * Map of groups in different colors, with a legend above it.
 *
 * @throws ShapeError when there are not width x height labels; ArgumentError for a label without a name
 * @example
 * figures.labelMap({
 *   labels: [1, 1, 2, 2],
 *   width: 2,
 *   height: 2,
 *   pixelSize: 52,
 *   names: ["center", "rim"],
 * });
 */
export function labelMap(options: LabelMapOptions): Figure {
  const call = "figures.labelMap";
  requireOptions(call, options, LABEL_MAP);
  const names = strings(call, "names", options.names);
  const k = names.length;
  const labels = vector(call, "labels", options.labels);
  const wrong = labels.findIndex((v) => !Number.isNaN(v) && !(Number.isInteger(v) && v >= 1 && v <= k));
  if (wrong >= 0) {
    throw new ArgumentError(
      `${call}: expected labels from 1 to ${k}, one for each name, got ${quote(labels[wrong])} at pixel ${wrong}`,
      { pixel: wrong },
    );
  }
  const colors = groupColors(k);
  const image = {
    ...imageOf(call, { ...options, values: labels }),
    domain: [0.5, k + 0.5] as const,
    colors: (t: number): string => colors[Math.min(k - 1, Math.floor(t * k))],
  };
  const width = widthOf(call, options.size ?? "column");
  const inner = width - 2 * EDGE;
  const legend = legendRows(
    options.names.map((label, j) => ({ label, color: colors[j], area: true })),
    inner,
  );
  const block = imageBlock(image, inner);
  const top = options.title ? theme.text.heading + 12 : EDGE;
  const mapTop = top + legend.height + 6;
  const parts = [
    options.title ? headingText(options.title, width / 2, width) : "",
    at(EDGE, top, legend.body),
    at(EDGE, mapTop, block.body),
  ];
  return new Figure(
    { body: parts.join(""), width, height: mapTop + block.height + EDGE },
    {
      title: options.title ?? "Groups of pixels",
      description: `Map of ${k} groups of pixels (${options.names.join(", ")}) on ${options.width} x ${options.height} pixels${image.nMissing > 0 ? `; pixels without a group: ${image.nMissing}` : ""}.`,
    },
    () => [
      table("groups of pixels", [
        ...pixelColumns(image.width, image.height, image.pixelSize),
        ["group", image.values],
      ]),
      table("names of groups", [
        ["group", options.names.map((_, j) => j + 1)],
        ["name", options.names],
      ]),
    ],
  );
}

/** Options of `clusters`. */
export interface ClustersOptions extends Pick<SpectraOptions, "energies" | "spectra" | "range" | "yLabel"> {
  /** Names of the groups, one for each spectrum. */
  readonly names: readonly string[];
  /** Map of the groups; undefined for groups of time steps. */
  readonly map?: Omit<LabelMapOptions, "names" | "title">;
}

const CLUSTERS: OptionNames<ClustersOptions> = {
  names: true,
  map: true,
  energies: true,
  spectra: true,
  range: true,
  yLabel: true,
};

/**
 * A map of groups with their mean spectra beside it.
 *
 * @example
 * const parts = await Cube.load({ part: "holdC" }).calibrate().absorb().bin(2).normalize().pca();
 * parts.clusters(2).show(); // draws this figure
 * figures.clusters({
 *   energies: [8330, 8340],
 *   spectra: [
 *     [0.1, 0.5],
 *     [0.1, 0.7],
 *   ],
 *   names: ["center", "rim"],
 * });
 */
export function clusters(options: ClustersOptions): Figure {
  requireOptions("figures.clusters", options, CLUSTERS);
  const { map, names: given, ...rest } = options;
  const names = strings("figures.clusters", "names", given);
  const curves = spectra({ ...rest, labels: names, colors: groupColors(names.length) });
  return map
    ? panel([labelMap({ ...map, names }), curves], { columns: map.width > 2 * map.height ? 1 : 2 })
    : curves;
}

const EDGE = 8;

// A series as a color map, and selected spectra of it as the sum of resolved or fitted species.

import type { Concentrations } from "../../cube/results/concentrations.js";
import { timeAxis } from "../../cube/results/rows.js";
import type { SpectraResult } from "../../cube/results/spectra.js";
import { ArgumentError, quote, ShapeError } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { linearCombination } from "../kinds/linear-combination.js";
import { spectraImage } from "../kinds/spectra-image.js";
import type { Size } from "../parts/check.js";
import type { Figure } from "../parts/figure.js";
import { panel } from "../parts/panel.js";
import type { ByName } from "../parts/species.js";
import { edgeRange } from "./edge-range.js";
import { given } from "./given.js";

/** Options of `seriesDecomposition`. */
export interface SeriesDecompositionOptions {
  /** Times of the selected spectra, s of the experiment's clock; a name for a spectrum is optional. */
  readonly at: readonly number[] | ByName<number>;
  /** Part of the energy axis, eV; default from 8 below the edge to 67 above it. */
  readonly range?: readonly [number, number];
  /** Width of the color map; the others are one column wide. Default `page`. */
  readonly size?: Size;
}

const SERIES_DECOMPOSITION: OptionNames<SeriesDecompositionOptions> = {
  at: true,
  range: true,
  size: true,
};

/**
 * Spectra of a series as colors against energy and time, and below single ones with their linear combination,
 * as in Figs. S3, S4 and S8.
 *
 * @param series one spectrum per time step
 * @param found result of MCR-ALS or of a fit of the series
 * @throws ArgumentError for spectra with one row per pixel, or a time without a spectrum; ShapeError when the
 *   two have different rows or energies
 * @example
 * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
 * figures.seriesDecomposition(resolved.data, resolved, { at: [0, 11] }); // s
 */
export function seriesDecomposition(
  series: SpectraResult,
  found: Concentrations,
  options: SeriesDecompositionOptions,
): Figure {
  const call = "figures.seriesDecomposition";
  requireOptions(call, options, SERIES_DECOMPOSITION);
  given(call, "series", "spectra", series);
  given(call, "found", "concentrations", found);
  const { at, range = edgeRange(series.provenance), size = "page" } = options;
  const { rows, energies } = series;
  if (rows.of !== "time") {
    throw new ArgumentError(`${call}: expected one spectrum per time step, got one per pixel`);
  }
  if (found.C.rows !== series.nRows || found.energies.length !== energies.length) {
    throw new ShapeError(
      `${call}: expected concentrations of these spectra, ${series.nRows} rows and ${energies.length} energies, got ${found.C.rows} rows and ${found.energies.length} energies`,
    );
  }
  const image = spectraImage({
    energies,
    spectra: series.toRows(),
    series: timeAxis(rows),
    ...(range ? { range } : {}),
    edge: 0.5,
    size,
  });
  if (typeof at !== "object" || at === null) {
    throw new ArgumentError(
      `${call}: expected at as times in s, [5500] or { name: 5500 }, got ${quote(at)}`,
      {
        option: "at",
      },
    );
  }
  const moments = Array.isArray(at) ? at.map((s) => [undefined, s] as const) : Object.entries(at);
  const single = moments.map(([name, seconds]) => {
    const row = rows.times.findIndex(
      ({ start, end }) => start !== undefined && end !== undefined && seconds >= start && seconds < end,
    );
    if (row < 0) {
      throw new ArgumentError(
        `${call}: expected moments of the series, ${rows.times[0].start} to ${rows.times[rows.times.length - 1].end} s, got ${quote(seconds)}${name === undefined ? "" : ` for ${quote(name)}`}`,
        { name, seconds },
      );
    }
    return linearCombination({
      energies,
      spectrum: series.row(row),
      components: found.S,
      coefficients: found.C.getRow(row),
      labels: found.names,
      label: "measured",
      ...(range ? { range } : {}),
      title: [...(name === undefined ? [] : [name]), `${(seconds / 3600).toFixed(1)} h`].join(", "),
    });
  });
  const letters = single.map((_, i) => `${String.fromCharCode(98 + i)})`);
  return panel([image, panel(single, { letters })], { columns: 1, letters: ["a)", ""] });
}

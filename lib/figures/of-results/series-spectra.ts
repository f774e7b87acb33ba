// Mean spectra of a series against energy, colored by time, with spectra for comparison.

import type { MapResult } from "../../cube/results/map.js";
import { timeAxis } from "../../cube/results/rows.js";
import type { SpectraResult, SpectrumResult } from "../../cube/results/spectra.js";
import { Mask } from "../../dose/mask.js";
import { ArgumentError, quote, ShapeError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { spectra } from "../kinds/spectra.js";
import type { Size } from "../parts/check.js";
import type { Figure } from "../parts/figure.js";
import type { ByName } from "../parts/species.js";
import { edgeRange } from "./edge-range.js";
import { given } from "./given.js";

/** Options of `seriesSpectra`. */
export interface SeriesSpectraOptions {
  /** Spectra drawn dashed, by name. */
  readonly references?: ByName<Pick<SpectrumResult, "energies" | "values">>;
  /**
   * A map with the mask of the averaged pixels, as an inset. The map may have several pixels in each pixel of
   * the mask, so that it is as fine as the camera's while the spectra are from binned pixels.
   */
  readonly from?: { readonly map: MapResult; readonly mask: Mask };
  /** Part of the energy axis, eV; default from 8 below the edge to 67 above it. */
  readonly range?: readonly [number, number];
  readonly title?: string;
  readonly size?: Size;
}

const SERIES_SPECTRA: OptionNames<SeriesSpectraOptions> = {
  references: true,
  from: true,
  range: true,
  title: true,
  size: true,
};

/**
 * Mean spectra of a series, colored by time in hours, as in Figs. 5c, 5d and 10b.
 *
 * @throws ArgumentError for spectra with one row per pixel
 * @example
 * const series = await Cube.load().calibrate().absorb().normalize().spectra();
 * figures.seriesSpectra(series, { range: [8325, 8375] }); // eV
 */
export function seriesSpectra(series: SpectraResult, options: SeriesSpectraOptions = {}): Figure {
  const call = "figures.seriesSpectra";
  checkOptions(call, options, SERIES_SPECTRA);
  given(call, "series", "spectra", series);
  const { references = {}, from, range = edgeRange(series.provenance), ...look } = options;
  if (series.rows.of !== "time") {
    throw new ArgumentError(
      "figures.seriesSpectra: expected one spectrum per time step, got one per pixel; draw chosen pixels with figures.spectra",
    );
  }
  if (from !== undefined) {
    checkOptions(`${call}, from`, from, { map: true, mask: true });
    given(call, "from.map", "map", from.map);
    if (!(from.mask instanceof Mask)) {
      throw new ArgumentError(
        `${call}: expected from.mask as a Mask, got ${quote(from.mask)}; make it with from.map.mask([low, high])`,
        { option: "from.mask" },
      );
    }
  }
  const inset = from && {
    values: from.map.values,
    width: from.map.width,
    height: from.map.height,
    pixelSize: from.map.pixelSize,
    masks: [{ values: refined(call, from.map, from.mask), label: from.mask.label }],
  };
  return spectra({
    ...look,
    energies: series.energies,
    spectra: series.toRows(),
    ...(range ? { range } : {}),
    series: timeAxis(series.rows),
    references: Object.entries(references).map(([label, { energies, values }]) => ({
      label,
      energies,
      values,
    })),
    ...(inset ? { inset } : {}),
  });
}

/**
 * The mask on the pixels of the map: each pixel of the mask is a square of n x n of them. Rows and columns that
 * did not fill a binned pixel are not in the mask.
 */
function refined(call: string, map: MapResult, mask: Mask): Uint8Array {
  const n = Math.max(1, Math.floor(map.width / mask.width));
  if (Math.floor(map.width / n) !== mask.width || Math.floor(map.height / n) !== mask.height) {
    throw new ShapeError(
      `${call}: expected a mask with the pixels of the map, or each of them a square of its pixels, got ` +
        `${mask.width} x ${mask.height} for a map of ${map.width} x ${map.height}; make it with map.mask([low, high])`,
      { option: "from.mask" },
    );
  }
  return Uint8Array.from({ length: map.width * map.height }, (_, p) => {
    const [x, y] = [Math.floor((p % map.width) / n), Math.floor(Math.floor(p / map.width) / n)];
    return x < mask.width && y < mask.height ? mask.values[y * mask.width + x] : 0;
  });
}

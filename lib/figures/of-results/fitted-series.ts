// A series fitted with known species: data and reconstruction, concentrations, the R-factor over the series,
// and all residuals.

import type { FitResult } from "../../cube/results/fit-result.js";
import { rowLabels, timeAxis } from "../../cube/results/rows.js";
import type { SpectraResult } from "../../cube/results/spectra.js";
import { ArgumentError, ShapeError } from "../../errors.js";
import type { Electrochemistry } from "../../io/electrochemistry.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { curves } from "../kinds/curves.js";
import { residuals } from "../kinds/residuals.js";
import { spectraImage } from "../kinds/spectra-image.js";
import type { Figure } from "../parts/figure.js";
import { panel } from "../parts/panel.js";
import { withUnit } from "../parts/ticks.js";
import { edgeRange } from "./edge-range.js";
import { given } from "./given.js";
import { speciesProfiles } from "./species-curves.js";

/** Options of `fittedSeries`. */
export interface FittedSeriesOptions {
  /** Voltage of the cell, drawn dashed beside the concentrations. */
  readonly electrochemistry?: Electrochemistry;
  /** Part of the energy axis, eV; default from 8 below the edge to 67 above it. */
  readonly range?: readonly [number, number];
}

const FITTED_SERIES: OptionNames<FittedSeriesOptions> = {
  electrochemistry: true,
  range: true,
};

/**
 * Four panels on a fit of known species to a series: first, middle and last spectrum with reconstruction and
 * residual; concentrations; R-factor of each spectrum, from zero; residuals of all spectra as color. As in
 * Figs. S2 and S7.
 *
 * @param series one spectrum per time step
 * @param fit fit of this series
 * @throws ArgumentError for spectra with one row per pixel; ShapeError when the two have different rows or
 *   energies
 * @example
 * const charge = Cube.load().calibrate().absorb();
 * const fit = await (await charge.mcrAls(3)).fit(charge);
 * figures.fittedSeries(await charge.normalize().spectra(), fit);
 */
export function fittedSeries(
  series: SpectraResult,
  fit: FitResult,
  options: FittedSeriesOptions = {},
): Figure {
  const call = "figures.fittedSeries";
  checkOptions(call, options, FITTED_SERIES);
  given(call, "series", "spectra", series);
  given(call, "fit", "fit", fit);
  const { electrochemistry, range = edgeRange(series.provenance) } = options;
  const { energies } = series;
  if (series.rows.of !== "time") {
    throw new ArgumentError(`${call}: expected one spectrum per time step, got one per pixel`);
  }
  if (fit.C.rows !== series.nRows || fit.energies.length !== energies.length) {
    throw new ShapeError(
      `${call}: expected a fit of these spectra, ${series.nRows} rows and ${energies.length} energies, got ${fit.C.rows} rows and ${fit.energies.length} energies`,
    );
  }
  const last = series.nRows - 1;
  const { values: x, label, unit } = timeAxis(series.rows);
  const rows = [...new Set([0, Math.floor(last / 2), last])];
  const data = series.toRows();
  const reconstruction = fit.C.mmul(fit.S);
  const rests = data.map((row, i) => Float64Array.from(row, (v, k) => v - reconstruction.get(i, k)));
  // Symmetric limits from the drawn energies: the pale middle of the scale is zero.
  const drawn = Array.from(energies.keys()).filter(
    (k) => range === undefined || (energies[k] >= range[0] && energies[k] <= range[1]),
  );
  const largest = rests.reduce(
    (most, row) => drawn.reduce((m, k) => Math.max(m, Math.abs(row[k]) || 0), most),
    0,
  );
  const highest = fit.rFactor.reduce((most, v) => Math.max(most, v || 0), 0);
  return panel([
    residuals({
      energies,
      data,
      reconstruction,
      rows,
      labels: rowLabels(series.rows, rows),
      ...(range ? { range } : {}),
    }),
    speciesProfiles(fit, electrochemistry ? { electrochemistry } : {}),
    curves({
      x,
      y: [fit.rFactor],
      xLabel: withUnit(label, unit),
      yLabel: "R-factor",
      ...(highest > 0 ? { yDomain: [0, 1.3 * highest] } : {}),
    }),
    spectraImage({
      energies,
      spectra: rests,
      series: { values: x, label, unit },
      ...(range ? { range } : {}),
      label: "Residual",
      scheme: "purple-green",
      ...(largest > 0 ? { domain: [-largest, largest] } : {}),
    }),
  ]);
}

// A series that known species were fitted to: data and reconstruction, shares, and whether the fit gets worse on the way.

import type { FitResult } from "../../cube/results/fit-result.js";
import type { SpectraResult } from "../../cube/results/spectra.js";
import { ArgumentError, ShapeError } from "../../errors.js";
import type { Electrochemistry } from "../../io/electrochemistry.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { curves } from "../curves.js";
import type { Figure } from "../figure.js";
import { panel } from "../panel.js";
import { residuals } from "../residuals.js";
import { speciesProfiles } from "./species-curves.js";

/** Options of `fittedSeries`. */
export interface FittedSeriesOptions {
  /** The cell's voltage is drawn dashed beside the shares. */
  readonly electrochemistry?: Electrochemistry;
  /** Part of the energy axis, eV; default 8325 to 8400, the Ni K edge. */
  readonly range?: readonly [number, number];
}

const FITTED_SERIES: OptionNames<FittedSeriesOptions> = {
  electrochemistry: true,
  range: true,
};

/**
 * Three panels on a fit of known species to a series: first, middle and last spectrum with reconstruction and residual;
 * concentrations; R-factor of each spectrum. As in Figs. S2 and S7.
 *
 * @param series one spectrum a time step
 * @param fit what was fitted to it
 * @throws ArgumentError for spectra with one row a pixel; ShapeError when the two have different rows or energies
 */
export function fittedSeries(
  series: SpectraResult,
  fit: FitResult,
  options: FittedSeriesOptions = {},
): Figure {
  const call = "figures.fittedSeries";
  const { electrochemistry, range = [8325, 8400] } = checkOptions(call, options, FITTED_SERIES);
  const { energies } = series;
  if (series.rows.of !== "time") {
    throw new ArgumentError(`${call}: expected one spectrum a time step, got one a pixel`);
  }
  if (fit.C.rows !== series.nRows || fit.energies.length !== energies.length) {
    throw new ShapeError(
      `${call}: expected a fit of these spectra, ${series.nRows} rows and ${energies.length} energies, got ${fit.C.rows} rows and ${fit.energies.length} energies`,
    );
  }
  const last = series.nRows - 1;
  const hours = series.time.map((t) => t / 3600);
  const rows = [...new Set([0, Math.floor(last / 2), last])];
  return panel([
    residuals({
      energies,
      data: series.toRows(),
      reconstruction: fit.C.mmul(fit.S),
      rows,
      labels: rows.map((row) => `${hours[row].toFixed(1)} h`),
      range,
    }),
    speciesProfiles(fit, electrochemistry ? { electrochemistry } : {}),
    curves({ x: hours, y: [fit.rFactor], xLabel: "Time (h)", yLabel: "R-factor" }),
  ]);
}

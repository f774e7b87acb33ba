// Spectra of the ion chambers, without spatial resolution, normalized like the cubes.

import { ArgumentError, quote, ShapeError } from "../../errors.js";
import type { ChamberSpectrum } from "../../io/chamber-spectra.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { inUnit } from "../../units.js";
import { normalize } from "../../xas/normalize.js";
import { spectra } from "../kinds/spectra.js";
import { positive, type Size } from "../parts/check.js";
import type { Figure } from "../parts/figure.js";
import { palette } from "../parts/theme.js";
import { rangeAt } from "./edge-range.js";

/** Options of `chamberSpectra`. */
export interface ChamberSpectraOptions {
  /** Edge energy of the normalization windows, eV: that of the manifest, as for cubes. */
  readonly edge: number;
  /** Part of the energy axis, eV; default from 8 below the edge to 67 above it. */
  readonly range?: readonly [number, number];
  /** Enlarged part in the free corner, eV; default 3 below the edge to 5 above it, for a pre-edge peak. */
  readonly enlarged?: readonly [number, number];
  /** Names of spectra that are drawn dashed over the others. */
  readonly dashed?: readonly string[];
  readonly title?: string;
  readonly size?: Size;
}

const CHAMBER_SPECTRA: OptionNames<ChamberSpectraOptions> = {
  edge: true,
  range: true,
  enlarged: true,
  dashed: true,
  title: true,
  size: true,
};

/**
 * Normalized ion-chamber spectra by name with an enlarged pre-edge, as in Figs. 5a and 9.
 *
 * @throws ArgumentError without spectra; ShapeError when their energies differ
 * @example
 * const chambers = await loadSpectra(openExperiment(demonstrationFolder()));
 * figures.chamberSpectra(chambers, { edge: 8333, dashed: ["4.3 V, spot B"] }); // eV
 */
export function chamberSpectra(chambers: readonly ChamberSpectrum[], options: ChamberSpectraOptions): Figure {
  const call = "figures.chamberSpectra";
  checkOptions(call, options, CHAMBER_SPECTRA);
  const edge = inUnit(call, "edge", "energy", positive(call, "edge", options?.edge));
  const { range = rangeAt(edge), enlarged = [edge - 3, edge + 5], dashed = [], edge: _, ...look } = options;
  const isSpectrum = (one: unknown): boolean =>
    typeof one === "object" && one !== null && "name" in one && "energy" in one && "mu" in one;
  if (!Array.isArray(chambers) || chambers.length === 0 || !chambers.every(isSpectrum)) {
    throw new ArgumentError(
      `${call}: expected spectra as [{ name, energy, mu }], got ${quote(chambers)}; name them in the manifest's spectra, and read them with loadSpectra(experiment)`,
    );
  }
  const [first, ...others] = chambers;
  const other = others.find(({ energy }) => String(energy) !== String(first.energy));
  if (other) {
    throw new ShapeError(
      `figures.chamberSpectra: expected spectra on one energy axis, got another one for ${quote(other.name)} than for ${quote(first.name)}; draw them with figures.spectra and references`,
      { name: other.name },
    );
  }
  const curves = chambers.map(({ name, energy, mu }, i) => ({
    label: name,
    values: normalize(energy, mu, { e0: edge }).flat,
    color: palette[i % palette.length],
  }));
  return spectra({
    ...look,
    energies: first.energy,
    spectra: curves.map(({ values }) => values),
    labels: curves.map(({ label }) => label),
    colors: curves.map(({ color }) => color),
    dashed,
    range,
    inset: { range: enlarged },
  });
}

// Singular values from evolving factor analysis, which show when components appear and disappear.

import * as Plot from "@observablehq/plot";
import type { MatrixLike } from "../../compute/matrix.js";
import { ArgumentError } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { chart } from "../parts/chart.js";
import { extentOf, rowsOf, type Size, sizeOf, vector } from "../parts/check.js";
import { type NamedColumn, table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import { palette, theme } from "../parts/theme.js";

/** Options of `evolvingFactors`: the result of `evolvingFactorAnalysis`, and an axis. */
export interface EvolvingFactorsOptions {
  /** Singular values from the first spectrum on, shape [nSpectra, nCurves]. */
  readonly forward: MatrixLike;
  /** Singular values from the last spectrum back, same shape. */
  readonly backward: MatrixLike;
  /** Largest singular value of noise in 1, 2, ... spectra; length nSpectra. */
  readonly noiseLevel?: ArrayLike<number>;
  /** One value per spectrum; default: its number. */
  readonly x?: ArrayLike<number>;
  /** Default: "Spectrum". */
  readonly xLabel?: string;
  readonly title?: string;
  readonly size?: Size;
}

const EVOLVING_FACTORS: OptionNames<EvolvingFactorsOptions> = {
  forward: true,
  backward: true,
  noiseLevel: true,
  x: true,
  xLabel: true,
  title: true,
  size: true,
};

/**
 * Forward curves are solid, backward curves dashed, noise is gray. The n-th curves of both directions have
 * one color.
 *
 * @throws ShapeError when lengths disagree; ArgumentError when no singular value is above zero
 * @example
 * const D = (await Cube.load().calibrate().absorb().normalize().spectra()).toRows();
 * const { forward, backward, noiseLevel } = evolvingFactorAnalysis(D, { components: 3 });
 * figures.evolvingFactors({ forward, backward, noiseLevel });
 */
export function evolvingFactors(options: EvolvingFactorsOptions): Figure {
  const call = "figures.evolvingFactors";
  requireOptions(call, options, EVOLVING_FACTORS);
  const nCurves = countOf(options.forward);
  const forward = rowsOf(call, "forward", options.forward, nCurves);
  const backward = rowsOf(call, "backward", options.backward, nCurves);
  const n = forward.length;
  const x = options.x ? vector(call, "x", options.x, n) : Float64Array.from({ length: n }, (_, i) => i + 1);
  const noise = options.noiseLevel ? vector(call, "noiseLevel", options.noiseLevel, n) : null;
  const curves = [forward, backward].map((rows) =>
    Array.from({ length: nCurves }, (_, a) =>
      Float64Array.from(rows, (row) => (row[a] > 0 ? row[a] : Number.NaN)),
    ),
  );
  const highest = extentOf(...curves.flat());
  if (!highest) throw new ArgumentError(`${call}: expected singular values above 0, got none`);
  // Values below a tenth of the noise have no information.
  const floor = noise
    ? Math.max(highest[0], 0.1 * Math.min(...noise))
    : Math.max(highest[0], 1e-6 * highest[1]);
  const [low, high] = [floor / 1.5, highest[1] * 1.6];
  const visible = (y: Float64Array): Float64Array => y.map((v) => (v >= low ? v : Number.NaN));
  const line = (y: Float64Array, stroke: string, dashed: boolean): Plot.Markish =>
    Plot.line(
      { length: n },
      {
        x,
        y: visible(y),
        stroke,
        strokeWidth: theme.stroke.line,
        strokeDasharray: dashed ? "4 3" : undefined,
      },
    );
  const xExtent = extentOf(x) ?? [0, 1];
  const air = 0.02 * (xExtent[1] - xExtent[0]) || 0.5;
  const colors = Array.from({ length: nCurves }, (_, a) => palette[a % palette.length]);
  const noiseLines = noise ? [noise, noise.slice().reverse()] : [];
  const drawing = chart({
    ...sizeOf(call, options.size ?? "column", 0.74),
    heading: options.title,
    x: { label: options.xLabel ?? "Spectrum", domain: [xExtent[0] - air, xExtent[1] + air] },
    y: { label: "Singular value", domain: [low, high], log: true },
    marks: [
      ...noiseLines.map((y, i) =>
        Plot.line(
          { length: n },
          {
            x,
            y: visible(y),
            stroke: theme.muted,
            strokeWidth: theme.stroke.thin,
            strokeDasharray: i === 1 ? "1 2" : undefined,
          },
        ),
      ),
      ...curves[0].map((y, a) => line(y, colors[a], false)),
      ...curves[1].map((y, a) => line(y, colors[a], true)),
    ],
    legendAt: "above",
    legend: [
      { label: "forward", color: theme.ink, line: "solid" },
      { label: "backward", color: theme.ink, line: "dashed" },
      ...(noise ? [{ label: "noise", color: theme.muted, line: "solid" as const }] : []),
    ],
    curves: curves.flat().map((y) => ({ x, y })),
  });
  return new Figure(
    drawing,
    {
      title: options.title ?? "Evolving factors",
      description: `Singular values of the spectra up to (forward) and from (backward) each of ${n} spectra, ${nCurves} curves in each direction${noise ? ", with the level of noise" : ""}.`,
    },
    () => [
      table("singular values", [
        [options.xLabel ?? "Spectrum", x],
        ...["forward", "backward"].flatMap((direction, d) =>
          Array.from(
            { length: nCurves },
            (_, a): NamedColumn => [
              `singular value ${a + 1}, ${direction}`,
              Float64Array.from([forward, backward][d], (row) => row[a]),
            ],
          ),
        ),
        ...(noise ? [["noise, forward", noise] as const] : []),
      ]),
    ],
  );
}

function countOf(matrix: MatrixLike): number {
  const first = Array.isArray(matrix) ? matrix[0]?.length : (matrix as { columns?: number } | null)?.columns;
  return first ?? 0;
}

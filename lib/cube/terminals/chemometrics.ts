import { Matrix } from "ml-matrix";
import { checkComponents, fitComponents } from "../../chemometrics/fit/fit-components.js";
import { type FitOptions, fitNames } from "../../chemometrics/fit/fit-options.js";
import { type McrBlocks, mcrAls as mcrAlsOf } from "../../chemometrics/mcr/mcr-als.js";
import type { McrAlsOptions } from "../../chemometrics/mcr/mcr-options.js";
import { type PcaOptions, pcaNames, pca as pcaOf } from "../../chemometrics/pca/pca.js";
import type { TallMatrix } from "../../chemometrics/tall.js";
import { type MatrixLike, toFlat, toMatrix } from "../../compute/matrix.js";
import { resample } from "../../compute/resample.js";
import { ArgumentError, DataError, quote, ShapeError } from "../../errors.js";
import { checkOptions, refuseNull } from "../../options.js";
import { run } from "../engine/run.js";
import { type RunOptions, runNames } from "../engine/stream.js";
import { Concentrations } from "../results/concentrations.js";
import { FitResult } from "../results/fit-result.js";
import type { FitSeries } from "../results/fit-series.js";
import { McrResult } from "../results/mcr-result.js";
import { PcaResult } from "../results/pca-result.js";
import type { PcaSeries } from "../results/pca-series.js";
import type { Rows } from "../results/rows.js";
import { SpectraResult } from "../results/spectra.js";
import { normalize } from "../verbs/normalize.js";
import { findStep, type Plan } from "../verbs/verb.js";
import { fitEachPixel, pcaEachPixel, type ToOption } from "./each-pixel.js";
import { type CubeMcrOptions, cubeMcrNames, withIndices } from "./mcr-options.js";
import { provenanceOf } from "./provenance.js";
import { rowsOf, spectra } from "./spectra.js";
import { withNormalize } from "./with-normalize.js";

/** Principal components of the rows, or with { to } of every pixel of every time step. */
export async function pca(
  plan: Plan,
  options: PcaOptions & RunOptions & Partial<ToOption> = {},
): Promise<PcaResult | PcaSeries> {
  refuseNull("pca", checkOptions("pca", options, { ...pcaNames, ...runNames, to: true }));
  const { signal: _, workers: __, to, ...own } = options;
  const normalized = withNormalize(plan, "pca");
  if (to !== undefined) return pcaEachPixel(normalized, { ...options, to });
  const { used, dropped } = await validRows(normalized, "pca", options);
  return new PcaResult(provenanceOf(normalized, "pca"), pcaOf(tall(used), own), used, dropped);
}

/** Components of the rows and their concentrations: D = C S + E. */
export async function mcrAls(
  plan: Plan,
  components: number | MatrixLike,
  options: CubeMcrOptions & RunOptions = {},
): Promise<McrResult> {
  refuseNull("mcrAls", checkOptions("mcrAls", options, cubeMcrNames));
  const normalized = withNormalize(plan, "mcrAls");
  if (typeof components === "number" && !(Number.isInteger(components) && components >= 1)) {
    throw new ArgumentError(
      `mcrAls: expected a whole number of components >= 1, or initial spectra, got ${quote(components)}`,
      {
        value: components,
      },
    );
  }
  const { together, signal: _, workers: __, ...rest } = options;
  const others = othersOf(together, normalized);
  const own = await validRows(normalized, "mcrAls", options, true);
  const { used, dropped } = own;
  const start = typeof components === "number" ? { components } : { initial: components };
  const constraints = options.constraints && withIndices(options.constraints, used.energies);
  const settings = { ...rest, ...start, constraints };
  if (others.length > 0) {
    const more: ResolvedRows[] = [];
    for (const plan of others) {
      const rows = await validRows(plan, "mcrAls", options, true);
      more.push({ plan, used: onEnergies(rows.used, used.energies), dropped: rows.dropped });
    }
    return resolveTogether([{ plan: normalized, ...own }, ...more], settings);
  }
  const resolved = mcrAlsOf(tall(used), settings);
  const { energies, rows, nPixels, invalid } = used;
  const init = { C: resolved.C, S: resolved.S, energies, rows, nPixels, invalid };
  return new McrResult(provenanceOf(normalized, "mcrAls"), init, resolved, used, dropped, options);
}

/**
 * Plans of the other cubes, normalized as this one is: the same windows, even where another range would
 * suggest others.
 */
function othersOf(together: CubeMcrOptions["together"], { steps }: Plan): Plan[] {
  if (together === undefined) return [];
  if (!Array.isArray(together) || together.some((cube) => cube?.plan?.schema === undefined)) {
    throw new ArgumentError(
      `mcrAls: expected together to be a list of cubes, got ${quote(together)}; for example { together: [other.absorb().bin(4)] }`,
      { option: "together" },
    );
  }
  const own = findStep(steps, normalize);
  return together.map(({ plan }) => withNormalize(plan, "mcrAls", own));
}

/** The rows of one cube. */
interface ResolvedRows {
  readonly plan: Plan;
  readonly used: SpectraResult;
  readonly dropped: number;
}

/** Several cubes stacked: one fit, a result for each, that of the first with the others beside it. */
function resolveTogether(all: readonly ResolvedRows[], settings: McrAlsOptions): McrResult {
  const whole = mcrAlsOf({ blocks: all.map(({ used }) => [used.toRows()]) }, settings);
  let first = 0;
  const parts = all.map(({ plan, used, dropped }, p) => {
    const C = (whole.blocks as McrBlocks).C[p];
    const { energies, rows, nPixels, invalid } = used;
    const init = { C, S: whole.S, energies, rows, nPixels, invalid };
    const from = first;
    first += C.rows;
    return (together: readonly McrResult[]) =>
      new McrResult(
        provenanceOf(plan, `mcrAls, together with ${all.length - 1} more`),
        init,
        whole,
        used,
        dropped,
        settings,
        { first: from, together },
      );
  });
  return parts[0](parts.slice(1).map((part) => part([])));
}

/** Known components fitted to each row, or with { to } to every pixel of every time step; exact. */
export async function fit(
  plan: Plan,
  components: Concentrations | MatrixLike,
  options: FitOptions & RunOptions & Partial<ToOption> = {},
): Promise<FitResult | FitSeries> {
  refuseNull("fit", checkOptions("fit", options, { ...fitNames, ...runNames, to: true }));
  const normalized = withNormalize(plan, "fit");
  const S = componentsFor(normalized, components);
  const { signal, workers, to, ...fitOptions } = options;
  const { closure } = fitOptions;
  const checked = checkComponents(S, "fit", closure === true || closure === undefined);
  if (to !== undefined) return fitEachPixel(normalized, checked.data, S.rows, { ...options, to });
  const energies = Float64Array.from(normalized.schema.energies);
  if (normalized.schema.times.length > 1) {
    const data = await spectra(normalized, { signal, workers });
    const fitted = fitComponents(tall(data), S, fitOptions);
    const init = { C: fitted.C, S, energies, rows: data.rows, nPixels: data.nPixels, invalid: data.invalid };
    const { rFactor, flags, standardErrors, chiSquare, glitches } = fitted;
    const unbounded =
      fitOptions.nonNegative === false
        ? null
        : fitComponents(tall(data), S, { ...fitOptions, nonNegative: false }).concentrations;
    const details = { standardErrors, chiSquare, glitches, unbounded };
    return new FitResult(provenanceOf(normalized, "fit"), init, rFactor, flags, details);
  }
  const nComponents = S.rows;
  const request = { kind: "fit", S: checked.data, nComponents, options: fitOptions } as const;
  const output = await run(normalized, request, "fit", { signal, workers });
  // The arrays are those that workers wrote to, not copies.
  const { rFactor, flags, standardErrors, chiSquare, glitches, unbounded } = output;
  const C = { data: output.data as Float64Array, rows: output.pixels.length, columns: nComponents };
  const init = { C, S, energies, rows: rowsOf(normalized, output), nPixels: 1, invalid: output.invalid };
  const details = { standardErrors, chiSquare, glitches, unbounded };
  return new FitResult(
    provenanceOf(normalized, "fit"),
    init,
    rFactor as Float64Array,
    flags as Uint8Array,
    details,
  );
}

/** The rows as they lie in memory. */
function tall({ data, nRows, energies }: SpectraResult): TallMatrix {
  return { data, rows: nRows, columns: energies.length };
}

/**
 * The rows, without those that lack a value (dead pixels of a single cube); a series must be whole, or, where
 * gaps are allowed, have a value in each row.
 */
async function validRows(
  plan: Plan,
  call: string,
  options: RunOptions,
  gaps = false,
): Promise<{ used: SpectraResult; dropped: number }> {
  const { signal, workers } = options;
  const all = await spectra(plan, { signal, workers });
  const n = all.energies.length;
  const good: number[] = [];
  for (let i = 0; i < all.nRows; i++) {
    const row = all.row(i);
    let finite = true;
    for (let k = 0; k < n && finite; k++) finite = Number.isFinite(row[k]);
    if (finite) good.push(i);
  }
  if (good.length === all.nRows) return { used: all, dropped: 0 };
  const hasValue = (i: number): boolean => all.row(i).some((v) => !Number.isNaN(v));
  if (gaps && all.rows.of === "time" && Array.from({ length: all.nRows }, (_, i) => i).every(hasValue)) {
    return { used: all, dropped: 0 };
  }
  if (all.rows.of === "time" || good.length < 2) {
    throw new DataError(
      `${call}: expected spectra with a value at every energy, got ${all.nRows - good.length} of ${all.nRows} without; mask a region with signal, or bin more`,
    );
  }
  const data = new Float32Array(good.length * n);
  const pixels = new Int32Array(good.length);
  for (const [to, i] of good.entries()) {
    data.set(all.row(i), to * n);
    pixels[to] = all.rows.pixels[i];
  }
  const rows: Rows = { ...all.rows, pixels };
  const { provenance, energies, quantity, invalid } = all;
  const used = new SpectraResult(provenance, energies, data, quantity, rows, 1, invalid);
  return { used, dropped: all.nRows - good.length };
}

/**
 * The components on this cube's energies: as they are where the axes agree, otherwise interpolated (cubic).
 */
function componentsFor(plan: Plan, components: Concentrations | MatrixLike): Matrix {
  const { energies } = plan.schema;
  if (!(components instanceof Concentrations)) {
    const { data, rows, columns } = toFlat(components, "fit", "the components");
    if (columns !== energies.length) {
      throw new ShapeError(
        `fit: expected components with ${energies.length} energies, got ${columns}; give a result of mcrAls, which knows its energies`,
      );
    }
    return toMatrix(data, rows, columns);
  }
  const own = components.energies;
  if (isSame(own, energies)) return components.S;
  refuseInvention("fit", "components", own, energies);
  return new Matrix(components.S.to2DArray().map((row) => Array.from(resample(own, row, energies))));
}

/**
 * Spectra of another cube on this one's energies: as they are where the axes agree, otherwise interpolated
 * (cubic).
 */
function onEnergies(other: SpectraResult, energies: Float64Array): SpectraResult {
  const { energies: own, provenance, quantity, rows, nPixels, invalid } = other;
  if (isSame(own, energies)) return other;
  refuseInvention("mcrAls", "cubes together", own, energies);
  const data = new Float64Array(other.nRows * energies.length);
  other.toRows().forEach((row, i) => {
    data.set(resample(own, row, energies), i * energies.length);
  });
  return new SpectraResult(provenance, energies, data, quantity, rows, nPixels, invalid);
}

function isSame(own: ArrayLike<number>, energies: ArrayLike<number>): boolean {
  return own.length === energies.length && Array.from(own).every((e, k) => e === energies[k]);
}

/** Half an eV beyond the ends is held, as for the shift of the energy axis; more would be invented. */
function refuseInvention(
  call: string,
  what: string,
  own: ArrayLike<number>,
  energies: ArrayLike<number>,
): void {
  const ends = (axis: ArrayLike<number>): [number, number] => [
    Math.min(...Array.from(axis)),
    Math.max(...Array.from(axis)),
  ];
  const [low, high] = ends(own);
  const [from, to] = ends(energies);
  if (from >= low - 0.5 && to <= high + 0.5) return;
  throw new ShapeError(
    `${call}: expected ${what} that cover ${from.toFixed(1)} to ${to.toFixed(1)} eV, got ${low.toFixed(1)} to ${high.toFixed(1)} eV; .crop({ energy: [${low.toFixed(1)}, ${high.toFixed(1)}] }) first`,
  );
}

// The linked view of results that hold spectra, or components and their concentrations.
import type { MatrixLike } from "../compute/matrix.js";
import { toFlat, toMatrix } from "../compute/matrix.js";
import type { Explorer } from "../cube/explorer.js";
import type { Provenance } from "../cube/provenance.js";
import type { ConcentrationsExploreOptions } from "../cube/results/concentrations.js";
import { Concentrations } from "../cube/results/concentrations.js";
import { FitResult } from "../cube/results/fit-result.js";
import type { MapResult } from "../cube/results/map.js";
import { McrResult } from "../cube/results/mcr-result.js";
import type { Rows } from "../cube/results/rows.js";
import type { SpectraExploreOptions, SpectraResult } from "../cube/results/spectra.js";
import { SchemaError, ShapeError } from "../errors.js";
import { checkOptions, type OptionNames, refuseNull } from "../options.js";
import { ExplorerPage } from "./explorer.js";
import { readCommon, readNames } from "./options.js";
import { count } from "./page/format.js";
import { MOST_VALUES, reductionFor } from "./reduce.js";
import { ascending, speciesOf, type ViewModel, type ViewSpecies, viewMapOf } from "./view-model.js";

const CONCENTRATIONS: OptionNames<ConcentrationsExploreOptions> = {
  by: true,
  names: true,
  title: true,
  maxBytes: true,
};
const SPECTRA: OptionNames<SpectraExploreOptions> = { ...CONCENTRATIONS, components: true };

/** Makes the view of spectra. */
export function exploreSpectra(result: SpectraResult, options: SpectraExploreOptions = {}): Explorer {
  refuseNull("explore", checkOptions("explore", options, SPECTRA));
  const { title, maxBytes } = readCommon(options);
  const { rows, energies, data, quantity, provenance } = result;
  const S = options.components && componentsOn(energies, options.components);
  const named = options.components instanceof Concentrations ? options.components.names : undefined;
  const names = readNames(options.names, S ? S.rows : 0, named);
  if (S && quantity !== "normalized") {
    throw new SchemaError(
      `explore: expected normalized spectra for { components }, got ${quantity}; call .normalize() before .spectra()`,
    );
  }
  const image = imageOf(rows);
  checkSize(rows, energies, provenance);
  const spectra = onImage(data, energies.length, rows);
  const species = S ? speciesOf(spectra, energies.length, S, names) : null;
  const model = viewModelOf({
    title: title ?? `Spectra of ${provenance.source}`,
    rows,
    image,
    by: options.by,
    energies,
    spectra,
    species,
    quantity,
    provenance,
    caution: "",
  });
  return ExplorerPage.of(model, maxBytes);
}

/** Makes the view of resolved or fitted components. */
export function exploreConcentrations(
  result: Concentrations,
  options: ConcentrationsExploreOptions = {},
): Explorer {
  refuseNull("explore", checkOptions("explore", options, CONCENTRATIONS));
  const { title, maxBytes } = readCommon(options);
  const { rows, energies, provenance, C, S } = result;
  const names = readNames(options.names, S.rows, result.names);
  const open = C.to2DArray().find((row) => Math.abs(row.reduce((sum, c) => sum + c, 0) - 1) > 1e-3);
  if (open) {
    throw new SchemaError(
      `explore: expected concentrations that sum to one, got ${open.reduce((sum, c) => sum + c, 0).toPrecision(4)}; resolve or fit with closure`,
    );
  }
  checkSize(rows, energies, provenance);
  const measured = result instanceof McrResult ? result.data.data : null;
  const n = energies.length;
  const spectra = onImage(measured ?? Float64Array.from(C.mmul(S).to1DArray()), n, rows);
  const species: ViewSpecies = {
    names,
    S: Float64Array.from(S.to1DArray()),
    concentrations: onImage(C.to1DArray(), S.rows, rows),
    rFactor: onImage(rFactorOf(result), 1, rows),
  };
  const model = viewModelOf({
    title: title ?? `Components in ${provenance.source}`,
    rows,
    image: imageOf(rows),
    by: options.by,
    energies,
    spectra,
    species,
    quantity: "normalized",
    provenance,
    caution: measured
      ? ""
      : "A fit keeps concentrations, not the spectra that were fitted. What is shown as a spectrum is the fit itself: the components, mixed by their concentrations. For measured spectra take cube.explore({ components }).",
  });
  return ExplorerPage.of(model, maxBytes);
}

/** R-factor of each row. */
function rFactorOf(result: Concentrations): Float64Array {
  if (result instanceof McrResult) return result.rFactor();
  if (result instanceof FitResult) return result.rFactor;
  return new Float64Array(result.C.rows).fill(Number.NaN);
}

interface Parts
  extends Pick<
    ViewModel,
    "title" | "energies" | "spectra" | "species" | "quantity" | "provenance" | "caution"
  > {
  readonly rows: Rows;
  readonly image: { readonly width: number; readonly height: number; readonly pixelSize: number | null };
  readonly by?: MapResult | readonly MapResult[];
}

function viewModelOf({ rows, image, by, ...parts }: Parts): ViewModel {
  const maps = by === undefined ? [] : ([by].flat() as MapResult[]);
  if (maps.length > 0 && rows.of === "time") {
    throw new SchemaError(
      "explore: expected no { by } for a series of mean spectra, got maps; explore the cube itself",
    );
  }
  const { provenance, species } = parts;
  const energies = ascending(parts.energies, parts.spectra, ...(species ? [species.S] : []));
  return {
    ...parts,
    ...image,
    energies,
    edge: provenance.settings.edge?.energy ?? null,
    times: rows.of === "time" && rows.times.length > 1 ? rows.times : [],
    maps: maps.map((map) => viewMapOf(map, image)),
    noMaps:
      'There is no map here by which pixels could be chosen. Give one: explore({ by: await cube.map("doseRate") }).',
    code: null,
    notes: [],
    chain: [...provenance.steps.map((step) => step.verb), provenance.terminal].join(", "),
  };
}

function imageOf(rows: Rows): Parts["image"] {
  if (rows.of === "time") return { width: 1, height: 1, pixelSize: null };
  const { width, height, pixelSize = null } = rows;
  return { width, height, pixelSize };
}

/** Rows, one per time step or per selected pixel, on the image: [nTimes or nPixels, n]; NaN elsewhere. */
function onImage(values: ArrayLike<number>, n: number, rows: Rows): Float32Array {
  if (rows.of === "time") return Float32Array.from(values);
  const out = new Float32Array(rows.width * rows.height * n).fill(Number.NaN);
  for (let i = 0; i < rows.pixels.length; i++) {
    for (let k = 0; k < n; k++) out[rows.pixels[i] * n + k] = values[i * n + k];
  }
  return out;
}

/** Refuses what does not fit on a page: results cannot be binned any more. */
function checkSize(rows: Rows, energies: Float64Array, { settings }: Provenance): void {
  const { width, height } = imageOf(rows);
  const nTimes = rows.of === "time" ? rows.times.length : 1;
  const { bin, group } = reductionFor({
    nTimes,
    width,
    height,
    energies,
    edge: settings.edge?.energy ?? null,
  });
  if (bin === 1 && group === 1) return;
  const remedy = bin > 1 ? `.bin(${bin})` : `.average(${group})`;
  throw new SchemaError(
    `explore: expected at most ${count(MOST_VALUES)} values for a page, got ${nTimes} x ${height} x ${width} x ${energies.length}; reduce the cube with ${remedy} first`,
    { bin, group },
  );
}

/** Components on an energy axis that must be theirs. */
function componentsOn(energies: Float64Array, components: Concentrations | MatrixLike) {
  const given = components instanceof Concentrations ? components.S : components;
  const { data, rows, columns } = toFlat(given, "explore", "components");
  const own = components instanceof Concentrations ? components.energies : energies;
  if (columns !== energies.length || own.some((e, k) => e !== energies[k])) {
    throw new ShapeError(
      `explore: expected components on the ${energies.length} energies of the spectra, got ${columns} others; explore the cube, or fit it, which puts them on its energies`,
      { expected: energies.length, got: columns },
    );
  }
  return toMatrix(data, rows, columns);
}

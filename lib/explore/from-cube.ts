// The linked view of a cube: its chain is run in one pass over the files.

import { checkComponents } from "../chemometrics/fit/fit-components.js";
import { startProgress } from "../compute/progress.js";
import type { Cube, CubeExploreOptions } from "../cube/cube.js";
import { runNames } from "../cube/engine/stream.js";
import type { Explorer } from "../cube/explorer.js";
import { Concentrations } from "../cube/results/concentrations.js";
import type { CubeData } from "../cube/results/cube-data.js";
import type { FitResult } from "../cube/results/fit-result.js";
import type { MapResult } from "../cube/results/map.js";
import { turnsToSpectra } from "../cube/verbs/index.js";
import { SchemaError, ShapeError } from "../errors.js";
import { checkOptions, type OptionNames, refuseNull } from "../options.js";
import { ExplorerPage } from "./explorer.js";
import { readCommon, readNames } from "./options.js";
import { type ChainCode, count } from "./page/format.js";
import { MOST_VALUES, reductionFor } from "./reduce.js";
import { ascending, speciesOf, type ViewModel, type ViewSpecies, viewMapOf } from "./view-model.js";

const NAMES: OptionNames<CubeExploreOptions> = {
  components: true,
  names: true,
  title: true,
  maxBytes: true,
  ...runNames,
};

/** What the one pass brings. */
interface Answers {
  readonly data: CubeData;
  readonly fit?: FitResult;
  readonly doseRate?: MapResult;
  readonly dose?: MapResult;
}

/** Makes the view of a cube. */
export async function exploreCube(cube: Cube, options: CubeExploreOptions = {}): Promise<Explorer> {
  refuseNull("explore", checkOptions("explore", options, NAMES));
  const { title, maxBytes } = readCommon(options);
  const { components, signal, workers } = options;
  const named = components instanceof Concentrations ? components.names : undefined;
  const names = readNames(options.names, countOf(cube, components), named);
  if (components !== undefined && cube.schema.quantity === "counts") {
    throw new SchemaError(
      "explore: expected absorbance or normalized spectra for { components }, got counts; call .absorb() first",
    );
  }
  const notes: string[] = [];
  const { small, before } = reduced(cube, notes);
  const shown =
    components !== undefined && small.schema.quantity === "absorbance" ? small.normalize() : small;
  if (shown !== small)
    notes.push("The spectra are normalized, because concentrations of components are of normalized spectra.");

  const run = { signal, workers };
  const { maps } = cube.schema;
  const answers = (await shown.compute({
    data: (one: Cube) => one.compute(run),
    ...(components !== undefined && { fit: (one: Cube) => one.fit(components, run) }),
    ...(maps.includes("doseRate") && { doseRate: (one: Cube) => one.map("doseRate", run) }),
    ...(maps.includes("dose") && { dose: (one: Cube) => one.map("dose", run) }),
  })) as unknown as Answers;

  const progress = startProgress("explore: page");
  try {
    progress.update(0.1, "explore: spectra");
    const model = viewModelOf(shown, answers, names, notes, title, {
      before,
      after: shown === small ? "" : ".normalize()",
    });
    signal?.throwIfAborted();
    progress.update(0.5, "explore: packing");
    return ExplorerPage.of(model, maxBytes);
  } finally {
    progress.done();
  }
}

/** How many components there are, refused now rather than after the files were read. */
function countOf(cube: Cube, components: CubeExploreOptions["components"]): number {
  if (components === undefined) return 0;
  const known = components instanceof Concentrations;
  const { rows, columns } = checkComponents(known ? components.S : components, "explore");
  const { length } = cube.schema.energies;
  if (known || columns === length) return rows;
  throw new ShapeError(
    `explore: expected components with ${length} energies, got ${columns}; give a result of mcrAls, which knows its energies`,
    { expected: length, got: columns },
  );
}

/** The cube, averaged and binned as far as a page needs it, and the verbs that do this. */
function reduced(cube: Cube, notes: string[]): { small: Cube; before: string } {
  const { times, height, width, energies } = cube.schema;
  const sizes = { nTimes: times.length, height, width, energies, edge: edgeOf(cube) };
  const { bin, group } = reductionFor(sizes);
  if (bin === 1 && group === 1) return { small: cube, before: "" };
  const late = cube.steps.find(turnsToSpectra);
  const before = [group > 1 ? `.average(${group})` : "", bin > 1 ? `.bin(${bin})` : ""].join("");
  if (late) {
    throw new SchemaError(
      `explore: expected at most ${count(MOST_VALUES)} values for a page, got ${times.length} x ${height} x ${width} pixels; call ${before} before .${late.verb}()`,
      { bin, group, after: late.verb },
    );
  }
  if (group > 1) notes.push(`For the page ${group} time steps each are averaged.`);
  if (bin > 1) notes.push(`For the page ${bin} \u00d7 ${bin} pixels each are averaged.`);
  const averaged = group > 1 ? cube.average(group) : cube;
  return { small: bin > 1 ? averaged.bin(bin) : averaged, before };
}

function viewModelOf(
  cube: Cube,
  { data, fit, doseRate, dose }: Answers,
  names: readonly string[],
  notes: readonly string[],
  title: string | undefined,
  code: ChainCode,
): ViewModel {
  const { width, height, pixelSize = null, times, quantity } = cube.schema;
  const spectra = rowsOf(data);
  // In recording order, as the components are.
  const found = fit && speciesOf(spectra, data.energies.length, fit.S, names);
  const species: ViewSpecies | null = found ? { ...found, S: found.S.slice() } : null;
  const energies = ascending(data.energies, spectra, ...(species ? [species.S] : []));
  const maps = [
    ...(doseRate ? [viewMapOf(doseRate, cube.schema, ".mask([LOW, HIGH])")] : []),
    ...(dose ? [viewMapOf(dose, cube.schema, '.mask([LOW, HIGH], { of: "dose" })')] : []),
  ];
  return {
    title:
      title ??
      `${cube.experiment?.manifest.title ?? "Recording"}: ${cube.plan.source.part ?? cube.plan.source.name}`,
    quantity,
    energies,
    edge: edgeOf(cube),
    width,
    height,
    pixelSize,
    times: times.length > 1 ? times : [],
    spectra,
    maps,
    noMaps:
      "There is no dose rate on this cube, by which pixels could be chosen. Call .doseRate(stack), and .dose() for doses, before .explore().",
    species,
    code,
    notes,
    caution: "",
    chain: cube.explain(),
    provenance: data.provenance,
  };
}

function edgeOf({ schema }: Cube): number | null {
  return schema.edge?.energy ?? null;
}

/** Numbers of a cube as spectra, [nTimes, nPixels, nEnergies]. */
function rowsOf({ data, shape: [nTimes, nEnergies, height, width] }: CubeData): Float32Array {
  const area = height * width;
  const rows = new Float32Array(data.length);
  for (let t = 0; t < nTimes; t++) {
    for (let k = 0; k < nEnergies; k++) {
      const from = (t * nEnergies + k) * area;
      const to = t * area * nEnergies + k;
      for (let p = 0; p < area; p++) rows[to + p * nEnergies] = data[from + p];
    }
  }
  return rows;
}

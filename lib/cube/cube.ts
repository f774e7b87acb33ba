// The table of contents of the library: one line per verb. The work is in verbs/ and terminals/.
import { inspect } from "node:util";
import type { FitOptions } from "../chemometrics/fit/fit-components.js";
import type { PcaOptions } from "../chemometrics/pca/pca.js";
import { escapeText } from "../compute/escape.js";
import type { MatrixLike } from "../compute/matrix.js";
import type { Mask } from "../dose/mask.js";
import type { Stack, StackJson } from "../dose/stack.js";
import { ArgumentError, quote } from "../errors.js";
import { INCOMPLETE, type Incomplete } from "../io/incomplete.js";
import { isZarr } from "../io/zarr-store.js";
import { checkOptions, type OptionNames, oneOf, refuseNull } from "../options.js";
import { beginningOf } from "./beginning.js";
import { together } from "./engine/pass.js";
import type { RunOptions } from "./engine/stream.js";
import { explain, schemaLine } from "./explain.js";
import { type ExploreOptions, type Explorer, explorers } from "./explorer.js";
import type { FileOptions, RecipeOptions } from "./file-options.js";
import type { MapName } from "./maps.js";
import type { Schema, Step } from "./plan.js";
import { type PlanOptions, planFrom, savePlan } from "./plan-file.js";
import { recipeOptions } from "./recipe-source.js";
import type { Origin, Source } from "./recorded.js";
import type { Concentrations } from "./results/concentrations.js";
import type { CubeData } from "./results/cube-data.js";
import type { FitResult } from "./results/fit-result.js";
import type { FitSeries } from "./results/fit-series.js";
import type { MapResult } from "./results/map.js";
import type { McrResult } from "./results/mcr-result.js";
import type { PcaResult } from "./results/pca-result.js";
import type { PcaSeries } from "./results/pca-series.js";
import type { ShiftsResult } from "./results/shifts.js";
import type { SpectraResult, SpectrumResult } from "./results/spectra.js";
import { demonstrationSource, experimentSource, filesSource } from "./source.js";
import type { SpectralMapName } from "./spectral-maps.js";
import { storeSource } from "./store/source.js";
import * as chemometrics from "./terminals/chemometrics.js";
import { compute } from "./terminals/compute.js";
import type { ToOption } from "./terminals/each-pixel.js";
import { type ImageOptions, image, type MapOptions, map } from "./terminals/maps.js";
import type { CubeMcrOptions } from "./terminals/mcr-options.js";
import { save } from "./terminals/save.js";
import type { SaveOptions } from "./terminals/save-options.js";
import { shifts } from "./terminals/shifts.js";
import { type SpectrumOptions, spectra, spectrum } from "./terminals/spectra.js";
import { absorb } from "./verbs/absorb.js";
import { align } from "./verbs/align.js";
import type { AlignOptions } from "./verbs/align-step.js";
import { average } from "./verbs/average.js";
import { bin } from "./verbs/bin.js";
import { type CalibrateOptions, calibrate } from "./verbs/calibrate.js";
import { type CropOptions, crop, type PixelRegion } from "./verbs/crop.js";
import { type DeglitchOptions, deglitch } from "./verbs/deglitch.js";
import { type DoseOptions, dose } from "./verbs/dose.js";
import { type DoseRateOptions, doseRate } from "./verbs/dose-rate.js";
import { type AddableVerb, addStep } from "./verbs/index.js";
import { type MaskOptions, mask } from "./verbs/mask.js";
import { type NormalizeOptions, normalize } from "./verbs/normalize.js";
import type { Plan } from "./verbs/verb.js";

/** Options of a cube's linked view. */
export interface CubeExploreOptions extends ExploreOptions, RunOptions {
  /**
   * A result of mcrAls or fit, or spectra on this cube's energies, whose concentrations are shown. At most
   * eight.
   */
  readonly components?: Concentrations | MatrixLike;
}
declare module "./explorer.js" {
  interface ExplorerMakers {
    cube(cube: Cube, options?: CubeExploreOptions): Promise<Explorer>;
  }
}

/** Options of `Cube.load`, beside those of files without a manifest. */
export interface LoadOptions {
  /** Part of an experiment; default "charge". */
  readonly part?: string;
  /**
   * "keep": of a scan that was stopped the images that exist, at the energies that all files have; default
   * "refuse".
   */
  readonly incomplete?: Incomplete;
}

const LOAD_OPTIONS: OptionNames<LoadOptions> = { part: true, incomplete: true };

function readLoadOptions(
  call: string,
  options: LoadOptions | undefined,
): LoadOptions & { incomplete: Incomplete } {
  const { part, incomplete = "refuse" } = refuseNull(call, checkOptions(call, options, LOAD_OPTIONS));
  return { part, incomplete: oneOf(call, "incomplete", incomplete, INCOMPLETE) };
}

/** Whether a value was written as { ... }: a URL, a Map or a promise has no options of its own either. */
function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  // Cells of a notebook may have an Object of their own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * A hyperspectral cube, or a series of them: one X-ray absorption spectrum per pixel.
 *
 * Immutable and lazy. A verb checks its arguments against the schema and returns a new cube with one more step; nothing is
 * read until a terminal verb (spectrum, spectra, image, map, pca, mcrAls, fit, compute) is awaited.
 *
 * @example
 * const charge = Cube.load().calibrate().absorb();
 * const spectra = await charge.normalize().spectra(); // one mean spectrum per time step
 * spectra.nRows === charge.schema.times.length; // true
 */
export class Cube {
  private constructor(
    /** What is read and done; frozen. */
    readonly plan: Plan,
  ) {}

  /**
   * A cube from files. Without an argument: the demonstration experiment, farther focus, the charge at spot C;
   * `Cube.load({ part: "holdC" })` is another part of it.
   *
   * @param from an experiment folder, a cube saved with .save() (a Zarr folder), or recorded files that came without a manifest,
   *   by their names or by a recipe (docs/recipes.md)
   * @param options.part of the experiment in a folder; default "charge"
   * @param options.incomplete "keep": of a scan that was stopped the images that exist; they are refused otherwise
   * @throws FileError when the folder or its manifest cannot be read, ArgumentError for an unknown part or option
   * @example
   * Cube.load(); // the demonstration experiment, its charge at spot C
   * Cube.load({ part: "holdC" }); // another part of it
   * Cube.load(demonstrationFolder("farther"), { part: "flatStatic" }); // a folder with an experiment.json
   * @example
   * // Compiled only: these are your files.
   * Cube.load({ sample: "cubes/*.edf", flat: "i0.edf", foil: "foil.edf", edge: "Ni K", pixelSize: 6.5 });
   * Cube.load({ recipe: "esrf-bliss", path: "collection.h5", values: { scan: "3.1" }, pixelSize: 0.65 });
   * Cube.load("reduced.zarr"); // saved with .save()
   */
  static load(from?: string | FileOptions | RecipeOptions | LoadOptions, options?: LoadOptions): Cube {
    const call = "Cube.load";
    if (from !== undefined && typeof from !== "string" && !isPlain(from)) {
      throw new ArgumentError(
        `${call}: expected a folder, { part } or { sample, flat, ... }, got ${quote(from)}; give a path as text, and await what is a promise`,
      );
    }
    if (typeof from === "object" && "recipe" in from) {
      const { incomplete } = readLoadOptions(call, options);
      return Cube.of(filesSource(recipeOptions({ incomplete, ...from })));
    }
    if (typeof from === "object" && !("sample" in from) && options === undefined) {
      const { part, incomplete } = readLoadOptions(call, from);
      return Cube.of(demonstrationSource(part, incomplete));
    }
    const { part, incomplete } = readLoadOptions(call, options);
    if (from === undefined) return Cube.of(demonstrationSource(part, incomplete));
    if (typeof from !== "string" && part !== undefined) {
      throw new ArgumentError(
        `${call}: expected { part } beside a folder or alone, got ${quote(part)} beside ${quote(from)}`,
        { part },
      );
    }
    if (typeof from === "string" && isZarr(from)) {
      if (part !== undefined) {
        throw new ArgumentError(`${call}: expected no { part } of a saved cube, got ${quote(part)}`);
      }
      return Cube.of(storeSource(from).source);
    }
    if (typeof from === "string") return Cube.of(experimentSource(from, part, incomplete));
    if (!("sample" in from)) {
      throw new ArgumentError(
        `${call}: expected a folder, { part } or { sample, flat, ... }, got ${quote(from)}`,
      );
    }
    return Cube.of(filesSource({ incomplete, ...from }));
  }

  /**
   * The cube of a plan: of the file that `savePlan` wrote, or of `cube.plan` and its JSON. Each step passes the
   * checks of its verb again; files must be those that the plan was made with.
   *
   * @param options.root folder of the files on this machine; default the one that the plan was saved with
   * @throws ArgumentError for something else, FileError for files that are not there or others, SchemaError for
   *   steps that no verb writes
   * @example
   * const cube = Cube.load().absorb().bin(4);
   * Cube.from(JSON.parse(JSON.stringify(cube.plan))).explain() === cube.explain(); // true
   */
  static from(plan: string | Plan, options: PlanOptions = {}): Cube {
    return new Cube(planFrom(plan, options, (origin) => Cube.again(origin).plan));
  }

  private static again(origin: Origin): Cube {
    if ("saved" in origin) return Cube.load(origin.saved);
    if ("files" in origin) return Cube.load(origin.files);
    const { folder, ...options } = origin;
    return Cube.load(folder, options);
  }

  #with<Arguments extends unknown[]>(verb: AddableVerb<Arguments>, ...args: Arguments): Cube {
    return new Cube(addStep(verb, this.plan, ...args));
  }

  private static of(source: Source): Cube {
    return new Cube(beginningOf(source));
  }

  /**
   * Writes the plan as JSON, for another machine or a later day: where the files are, relative to `root`, their
   * sizes and fingerprints, and the steps.
   *
   * @returns the path
   * @throws ArgumentError for a path that does not end in .json, and for files outside of `root`; FileError
   * @example
   * // Compiled only: it writes a file.
   * Cube.load("/data/beamtime/run7").absorb().bin(4).savePlan("plan.json", { root: "/data/beamtime" });
   * Cube.from("plan.json", { root: "/scratch/beamtime" }); // elsewhere
   */
  savePlan(path: string, options: PlanOptions = {}): string {
    return savePlan(this.plan, path, options);
  }

  /** What this cube is: axes, quantity, maps. */
  get schema(): Schema {
    return this.plan.schema;
  }

  /** The steps of the plan, in order. */
  get steps(): readonly Step[] {
    return this.plan.steps;
  }

  /** The experiment that the cube is part of; undefined where files came without a manifest. */
  get experiment(): Source["experiment"] {
    return this.plan.source.experiment;
  }

  // Frame verbs: one image at a time.

  /**
   * Mean of groups of `group` consecutive cubes, weighted by their sweeps; of all cubes without a number.
   *
   * @example
   * await Cube.load().average().absorb().spectrum(); // one mean cube of the whole series
   * Cube.load().average(4); // groups of four consecutive cubes
   */
  average(group?: number): Cube {
    return this.#with(average, group);
  }

  /**
   * Counts to absorbance, ln(I0 / I). The paper absorbs first and bins afterwards; the other order is another plan.
   *
   * @example
   * Cube.load().absorb().schema.quantity; // "absorbance"
   */
  absorb(): Cube {
    return this.#with(absorb);
  }

  /**
   * Undoes the drift of the sample between cubes and within a scan: absorbance images are moved so that each pixel shows
   * the same place of the sample. Dose rate and dose then follow the sample, which moves through a beam that stands still.
   * The shifts are measured when the plan runs; `shifts()` returns them.
   *
   * @throws SchemaError for counts and for a single cube without { pieces }; DataError when the plan runs, where images
   *   have too little structure in common or the drift is larger than { maximum }
   * @example
   * const aligned = Cube.load().absorb().align(); // one shift per cube, to the mean place of the sample
   * aligned.explain(); // step 2 says how
   * Cube.load().absorb().align({ to: "first", pieces: 10 }); // drift within each scan, too
   * const known = Cube.load().schema.times.map((_, t) => [0.1 * t, 0] as const); // pixels
   * Cube.load().absorb().align({ shifts: known });
   */
  align(options?: AlignOptions): Cube {
    return this.#with(align, options);
  }

  /**
   * Mean over `factor` x `factor` pixels, of the valid ones.
   *
   * @example
   * Cube.load().absorb().bin(4); // logarithm first, as in the paper: the mean thickness
   * Cube.load().bin(4).absorb(); // mean counts first: pixels with more light weigh more
   */
  bin(factor: number): Cube {
    return this.#with(bin, factor);
  }

  /**
   * Part of the image (pixels, half-open) or of the energy axis (eV, both ends).
   *
   * @example
   * const part = Cube.load().crop({ x: [10, 30], y: [4, 20], energy: [8300, 8400] });
   * [part.schema.width, part.schema.height]; // [20, 16]
   */
  crop(options: CropOptions): Cube {
    return this.#with(crop, options);
  }

  /**
   * Replaces glitches of single pixels and energies (diamond windows, monochromator) and energies at which the beam was
   * lost. `replace` says by what, and has no default: "missing" leaves pixels with a glitch out of PCA, MCR-ALS and
   * fits, "interpolated" invents its value. `map("glitches")` counts them.
   *
   * @throws SchemaError for counts; ArgumentError without { replace }
   * @example
   * const clean = Cube.load({ part: "holdC" }).absorb().deglitch({ replace: "interpolated" });
   * (await clean.bin(4).map("glitches")).statistics().max; // of a pixel
   * Cube.load().absorb().deglitch({ replace: "missing", longest: 2, size: 4 }); // at most 2 energies and 4 pixels
   */
  deglitch(options: DeglitchOptions): Cube {
    return this.#with(deglitch, options);
  }

  // Spectrum verbs: one spectrum at a time.

  /**
   * Energy axis of each pixel from the foil: its first inflection is the edge's energy. Adds the map shift (eV).
   *
   * @example
   * const shift = await Cube.load().calibrate().map("shift");
   * shift.statistics().mean; // eV that are added to the energy axis, mean over the pixels
   */
  calibrate(options?: CalibrateOptions): Cube {
    return this.#with(calibrate, options);
  }

  /**
   * Pre-edge line and post-edge polynomial; the edge step becomes 1.
   *
   * @example
   * Cube.load().absorb().normalize(); // windows by the rule for this range of energies
   * Cube.load().absorb().normalize({ e0: 8333, pre: [-60, -20], post: [50, 500], degree: 1 }); // eV from e0
   */
  normalize(options?: NormalizeOptions): Cube {
    return this.#with(normalize, options);
  }

  /**
   * Adds the map doseRate (Gy/s), Eqs. 1-3; stack and flux default to the manifest's, the convention to "porous".
   *
   * @example
   * const rate = await Cube.load().doseRate(rockCell(), { convention: "dense" }).map("doseRate");
   * rate.unit; // "Gy/s"
   */
  doseRate(stack?: Stack | StackJson, options?: DoseRateOptions): Cube {
    return this.#with(doseRate, stack, options);
  }

  /**
   * Adds the map dose (Gy): dose rate times beam time from the exposure history, recorded or not.
   *
   * @example
   * const dose = await Cube.load({ part: "holdC" }).doseRate(rockCell()).dose().map("dose");
   * dose.statistics().max / 1e6; // MGy
   */
  dose(options?: DoseOptions): Cube {
    return this.#with(dose, options);
  }

  /**
   * Keeps pixels with a dose rate in [low, high) kGy/s (or in intervals of another map), those of a rectangle,
   * or those of a Mask. A crop leaves pixels out before the calibration is fitted to the image, a mask after.
   *
   * @example
   * const cube = Cube.load().absorb().doseRate(rockCell());
   * cube.mask([0.7, 1.0]); // keeps 0.7 <= dose rate < 1.0 kGy/s
   * cube.dose().mask([0, 35], { of: "dose" }); // MGy
   * cube.mask({ x: [10, 20], y: [5, 15] }); // pixels [from, to)
   * const rate = await cube.map("doseRate");
   * cube.mask(rate.mask([0.7, 1.0]).withoutSpecks(3)); // a Mask
   */
  mask(
    pixels: readonly [number, number] | readonly (readonly [number, number])[] | PixelRegion | Mask,
    options?: MaskOptions,
  ): Cube {
    return this.#with(mask, pixels, options);
  }

  // Terminal verbs: they run the plan.

  /**
   * One spectrum: the mean over selected pixels and time steps, or of one of them.
   *
   * @example
   * const { energies, values } = await Cube.load({ part: "holdB" }).absorb().normalize().spectrum();
   * findE0(energies, values); // eV
   */
  spectrum(options?: SpectrumOptions): Promise<SpectrumResult> {
    return spectrum(this.plan, options);
  }

  /**
   * Spectra as rows: one mean spectrum per time step of a series, one per selected pixel of a single cube.
   *
   * @example
   * const series = await Cube.load().absorb().normalize().spectra();
   * series.row(0).length === series.energies.length; // true
   */
  spectra(options?: RunOptions): Promise<SpectraResult> {
    return spectra(this.plan, options);
  }

  /**
   * The image at one energy.
   *
   * @example
   * const map = await Cube.load({ part: "holdC" }).absorb().image({ energy: 8350 }); // eV
   * map.statistics().mean; // mean absorbance of the field of view
   */
  image(options: ImageOptions): Promise<MapResult> {
    return image(this.plan, options);
  }

  /**
   * Where the sample was in each cube, in pixels and um with standard errors: what align() undoes.
   *
   * @throws SchemaError for a cube without align()
   * @example
   * const still = Cube.load().schema.times.map(() => [0, 0] as const);
   * const { x, y } = await Cube.load().absorb().align({ shifts: still }).shifts(); // pixels, one per cube
   */
  shifts(options?: RunOptions): Promise<ShiftsResult> {
    return shifts(this.plan, options);
  }

  /**
   * A map of the cube, doseRate (Gy/s), dose (Gy) or shift (eV), the number of
   * glitches (`glitches`), or a map of its normalized spectra without a
   * model of species, each with its standard error from the counts:
   *
   * - `e0`: energy of the steepest rise, eV, of a cubic fitted to the points within { reach } (6 eV) of it
   * - `edgeEnergy`: energy at which the spectrum first rises through one half, eV, between two points
   * - `whiteLine`, `whiteLineHeight`: energy (eV) and height of the highest maximum from 5 eV below to 40 eV
   *   above the nominal edge, of such a cubic
   * - `edgeStep`: edge step, which is proportional to the thickness
   * - `centroid`: eV; edge of a unit step with the same integral from 20 eV below to 40 eV above the nominal edge
   *
   * Where the chain has no .normalize(), the default one is applied. Pixels without an edge, or with too few
   * counts for it, are NaN; `invalid.withoutValue` counts them by the reason.
   *
   * @throws ArgumentError for an unknown map or option, SchemaError where the cube lacks what the map needs,
   *   DataError where the energies do not cover the edge
   * @example
   * const rate = await Cube.load().doseRate(rockCell()).map("doseRate");
   * rate.statistics().max / 1e3; // kGy/s
   * @example
   * const spotC = Cube.load({ part: "holdC" }).calibrate().absorb().bin(4).doseRate(rockCell()).dose();
   * const whiteLine = await spotC.map("whiteLine"); // eV
   * whiteLine.errorMap().statistics().mean; // its standard error, eV
   * const curve = whiteLine.against(await spotC.map("dose"), { step: 10 });
   * curve.dose.length; // steps of 10 MGy
   */
  map(name: MapName | SpectralMapName | "glitches", options?: MapOptions): Promise<MapResult> {
    return map(this.plan, name, options);
  }

  /**
   * Principal components of the rows.
   *
   * @example
   * const parts = await Cube.load().calibrate().absorb().normalize().pca();
   * parts.rank.estimates.map(({ label, n }) => `${label}: ${n}`); // estimated numbers of components
   * @example
   * // Compiled only: it writes a folder. Each pixel of each time step is a row; memory holds a part of them.
   * await Cube.load("reduced.zarr").normalize().pca({ to: "pca.zarr" });
   */
  pca(options: PcaOptions & RunOptions & ToOption): Promise<PcaSeries>;
  pca(options?: PcaOptions & RunOptions): Promise<PcaResult>;
  pca(options?: PcaOptions & RunOptions & Partial<ToOption>): Promise<PcaResult | PcaSeries> {
    return chemometrics.pca(this.plan, options);
  }

  /**
   * Components of the rows and their concentrations; a number of components, or initial spectra.
   *
   * @example
   * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
   * resolved.names; // ["Cp1", "Cp2", "Cp3"]
   * resolved.lackOfFit.experimental; // in %
   */
  mcrAls(components: number | MatrixLike, options?: CubeMcrOptions & RunOptions): Promise<McrResult> {
    return chemometrics.mcrAls(this.plan, components, options);
  }

  /**
   * Known components (a result of mcrAls, or spectra on this cube's energies) fitted to each row; exact.
   *
   * @example
   * const resolved = await Cube.load().calibrate().absorb().mcrAls(3);
   * const fit = await Cube.load({ part: "holdC" }).calibrate().absorb().bin(4).fit(resolved);
   * fit.map("Cp3"); // its concentration in each pixel
   * @example
   * // Compiled only: it writes a folder. Each pixel of each time step is fitted; memory holds a part of them.
   * const resolved = await Cube.load("reduced.zarr").mcrAls(3);
   * const series = await Cube.load("reduced.zarr").fit(resolved, { to: "fit.zarr" });
   * (await series.at(0)).map("Cp3"); // of the first time step
   */
  fit(
    components: Concentrations | MatrixLike,
    options: FitOptions & RunOptions & ToOption,
  ): Promise<FitSeries>;
  fit(components: Concentrations | MatrixLike, options?: FitOptions & RunOptions): Promise<FitResult>;
  fit(
    components: Concentrations | MatrixLike,
    options?: FitOptions & RunOptions & Partial<ToOption>,
  ): Promise<FitResult | FitSeries> {
    return chemometrics.fit(this.plan, components, options);
  }

  /**
   * All numbers of the cube in memory.
   *
   * @example
   * const { data, shape } = await Cube.load({ part: "holdB" }).absorb().bin(8).compute();
   * console.log(shape); // cubes, energies, height, width
   * data.length === shape[0] * shape[1] * shape[2] * shape[3]; // true
   */
  compute(options?: RunOptions): Promise<CubeData>;
  /**
   * Several chains on this cube in one pass over the files. Each is written like a chain of its own.
   *
   * @returns their results by name
   * @example
   * const { low, high } = await Cube.load().absorb().doseRate(rockCell()).compute({
   *   low: (cube) => cube.mask([0.7, 1.0]).spectra(), // kGy/s
   *   high: (cube) => cube.mask([5, 8]).spectra(),
   * });
   */
  compute<Chains extends Readonly<Record<string, (cube: Cube) => unknown>>>(
    chains: Chains,
  ): Promise<{ [Name in keyof Chains]: Awaited<ReturnType<Chains[Name]>> }>;
  compute(what: RunOptions | Readonly<Record<string, (cube: Cube) => unknown>> = {}): Promise<unknown> {
    const chains = Object.entries(what ?? {});
    if (!chains.some(([, chain]) => typeof chain === "function")) return compute(this.plan, what);
    const wrong = chains.find(([, chain]) => typeof chain !== "function");
    if (wrong) {
      throw new ArgumentError(
        `compute: expected a function (cube) => ... for each name, got ${quote(wrong[1])} for ${quote(wrong[0])}`,
      );
    }
    return together(Object.fromEntries(chains.map(([name, chain]) => [name, () => chain(this)])));
  }

  /**
   * Writes the cube as it is after its steps into a Zarr folder (`path` ends in .zarr), its maps with it; Cube.load(path)
   * goes on from there. One time step after the other: memory does not grow with the series. What is there and whole
   * is not computed again, so that work that was ended goes on where it was. A cube that cannot be computed is
   * reported and NaN. The format is Zarr 3, which the tests decode with Python's numcodecs; it can be read while it grows.
   *
   * @param options.strict true: the first cube that cannot be computed ends it
   * @param options.task "3/100": only the third of a hundred parts of the series
   * @throws FileError when another plan's cube, or something else, is at the path
   * @example
   * await Cube.load().calibrate().absorb().bin(4).save("reduced.zarr");
   * const again = Cube.load("reduced.zarr");
   * again.schema.quantity; // "absorbance"
   */
  save(path: string, options?: SaveOptions): Promise<string> {
    return save(this.plan, path, options);
  }

  /**
   * A linked view in one page: image at an energy, mean spectrum of a region or of an interval of the dose rate,
   * concentrations, time. It shows itself in a notebook; `await (await cube.explore()).save("x.html")` writes it as a file.
   *
   * @example
   * const page = await Cube.load({ part: "holdC" })
   *   .absorb()
   *   .bin(2)
   *   .doseRate(rockCell())
   *   .explore({ title: "Spot C" });
   * await page.save("spot-c.html"); // opens in a browser, without a server
   */
  explore(options?: CubeExploreOptions): Promise<Explorer> {
    return explorers().cube(this, options);
  }

  /**
   * The plan as text. Nothing is read.
   *
   * @example
   * console.log(Cube.load().absorb().bin(4).explain()); // one line per step
   */
  explain(): string {
    return explain(this.plan);
  }

  /** @internal */
  [inspect.custom](): string {
    return `Cube: ${schemaLine(this.plan)}\n${this.explain()}`;
  }

  /** What a notebook shows: axes, steps, maps. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": `<pre>${escapeText(this.explain())}</pre>`, "text/plain": this.explain() };
  }
}

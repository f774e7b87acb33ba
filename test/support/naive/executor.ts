// The naive executor: whole cubes in memory, one simple loop per step, 64-bit floats, no optimization. The
// streaming executor must agree with it on every plan.
import { fitComponents } from "../../../lib/chemometrics/fit/fit-components.js";
import type { OtherStep } from "../../../lib/cube/plan.js";
import type { Recorded, RecordedFile, Source } from "../../../lib/cube/recorded.js";
import { isFrameStep } from "../../../lib/cube/verbs/index.js";
import type { Plan } from "../../../lib/cube/verbs/verb.js";
import { openFrames, readFrames } from "../../../lib/io/frame-file.js";
import { meanCube, meanOfValid, toRows, type Whole } from "./cubes.js";
import { applyFrames, type NaiveVerb, otherVerbs, type Spectra, spectraOf } from "./verbs.js";

type Frame = Awaited<ReturnType<typeof readFrames>>[number];

/** Spectra of all selected pixels, [nTimes][nPixels][nEnergies], and the maps, [height * width]. */
export interface NaiveResult {
  readonly spectra: number[][][];
  readonly pixels: number[];
  readonly edgeSteps: number[][];
  readonly maps: Readonly<Record<string, number[]>>;
}

/** All results that a plan requests. */
export async function naive(plan: Plan): Promise<NaiveResult> {
  const { source, steps } = plan;
  const { flat, foil } = source;
  const [first] = await readFrames(source.reference);
  const load = (recorded: Recorded): Promise<Whole[]> => loadAll(recorded, source, incident(first));
  const references = {
    flat: flat && meanCube(await load(flat)),
    foil: foil && { sample: meanCube(await load(foil)), flat: meanCube(await load(foil.flat)) },
  };
  const series = { cubes: await load(source.sample), flat: references.flat };
  const spectra = applyFrames(series, steps.filter(isFrameStep)).cubes.map(spectraOf);
  const edgeSteps = spectra.map((rows) => rows.map(() => Number.NaN));
  const state: Spectra = { spectra, edgeSteps, maps: {}, masks: [] };
  for (const step of steps) if (!isFrameStep(step)) naiveVerb(step)(step, state, plan, references);
  const pixels = [...spectra[0].keys()].filter((p) => state.masks.every((mask) => mask[p] > 0));
  const selected = <T>(rows: T[]): T[] => pixels.map((p) => rows[p]);
  return {
    spectra: state.spectra.map(selected),
    pixels,
    edgeSteps: state.edgeSteps.map(selected),
    maps: state.maps,
  };
}

function naiveVerb(step: OtherStep): NaiveVerb<OtherStep> {
  return otherVerbs[step.verb];
}

/** Mean over pixels with a value, [nTimes][nEnergies]. */
export function naiveMean({ spectra }: NaiveResult): number[][] {
  return spectra.map((rows) => rows[0].map((_, k) => meanOfValid(rows.map((r) => r[k]))));
}

/** Concentrations, [nTimes][nPixels][nComponents]. */
export function naiveFit({ spectra }: NaiveResult, S: number[][]): number[][][] {
  return spectra.map((rows) => fitComponents(rows, S).C.to2DArray());
}

async function loadAll({ files, dark }: Recorded, source: Source, reference: number): Promise<Whole[]> {
  const frames = (await Promise.all(dark.map((f) => readFrames(f)))).flat();
  const image = frames.length > 0 ? meanImage(frames) : undefined;
  return Promise.all(files.map((f) => loadWhole(f, source, image, reference)));
}

async function loadWhole(
  file: RecordedFile,
  source: Source,
  dark: number[][] | undefined,
  reference: number,
): Promise<Whole> {
  const frames = await readFrames(file);
  const opened = openFrames(file);
  const { fullScale } = opened;
  opened.close();
  const corrected = frames.map((frame) => {
    const own = incident(frame);
    const largest = rowsOf(frame)
      .flat()
      .reduce((a, b) => Math.max(a, b));
    const saturation = source.saturation ?? (largest === 65535 ? 65535 : fullScale);
    const scale = Number.isFinite(own) && Number.isFinite(reference) ? reference / own : 1;
    return rowsOf(frame).map((row, y) =>
      row.map((v, x) => (v >= saturation ? Number.NaN : (v - (dark?.[y][x] ?? 0)) * scale)),
    );
  });
  return { frames: corrected, weight: file.cubes };
}

function meanImage(frames: readonly Frame[]): number[][] {
  const images = frames.map(rowsOf);
  return images[0].map((row, y) =>
    row.map((_, x) => images.reduce((sum, im) => sum + im[y][x], 0) / images.length),
  );
}

function rowsOf({ data, shape: [, width] }: Frame): number[][] {
  return toRows(data, width);
}

function incident({ header }: Frame): number {
  return Number(header.exposure_time) * Number(header.ring_current);
}

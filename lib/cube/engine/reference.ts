// The reference of a job: exposure, ring current and energies of one recording, to which all frames are
// scaled.
import { median } from "../../compute/stats.js";
import { FileError } from "../../errors.js";
import { openFrames } from "../../io/frame-file.js";
import { type FrameQuantity, frameQuantity } from "../../io/frame-quantities.js";
import type { RecordedFile, Source } from "../recorded.js";

/** What all frames of a job are scaled to, and which energies their headers should name. */
export interface Reference {
  readonly path: string;
  /** s; NaN where the header does not tell. */
  readonly exposure: number;
  /** mA; NaN where the header does not tell. */
  readonly current: number;
  /** eV, from the headers; NaN where they do not tell. */
  readonly energies: readonly number[];
}

/** The energies that a cube is loaded with, eV, and how far headers may be from them. */
export interface LoadedAxis {
  readonly energies: readonly number[];
  readonly tolerance: number;
}

/** Energies in headers may differ by rounding, eV. */
export const SAME_ENERGY = 0.5;

/** The energies of a source. */
export function axisOf({
  energies,
  correction = SAME_ENERGY,
}: Pick<Source, "energies" | "correction">): LoadedAxis {
  return { energies, tolerance: correction };
}

/**
 * Exposure and ring current of the first frame of a file, and the energies of all.
 *
 * @throws FileError where its headers name other energies than those that the cube is loaded with
 */
export function referenceOf(recorded: RecordedFile, axis: LoadedAxis): Reference {
  const { path } = recorded;
  const file = openFrames(recorded);
  try {
    const { header } = file.frames[0];
    const energies = file.frames.map((frame) => energyOf(frame.header));
    refuseOtherAxis(path, energies, axis);
    return {
      path,
      exposure: quantityOf(header, "exposure_time", path, 0),
      current: quantityOf(header, "ring_current", path, 0),
      energies,
    };
  } finally {
    file.close();
  }
}

/** Headers without energies are not compared; a wrong number of frames is named with the shape. */
function refuseOtherAxis(path: string, own: readonly number[], { energies, tolerance }: LoadedAxis): void {
  if (own.length !== energies.length) return;
  const frame = own.findIndex((energy, k) => Math.abs(energy - energies[k]) > tolerance);
  if (frame < 0) return;
  throw new FileError(
    `${path}: expected the ${axisText(energies)} that the cube was loaded with, got ${axisText(own)} in the headers (frame ${frame}: ${own[frame]} eV instead of ${energies[frame]}); correct the energies of the manifest or of Cube.load, or record sample, flat and foil on one axis`,
    { path, frame },
  );
}

/** Number of energies, the first and the last. */
export function axisText(energies: readonly number[]): string {
  return `${energies.length} energies ${energies[0]} to ${energies.at(-1)} eV`;
}

/** eV; NaN where the header has none that can be parsed: the caller then gives the energies. */
export function energyOf(header: Readonly<Record<string, string>>): number {
  const energy = frameQuantity(header, "energy");
  return typeof energy === "number" ? energy : Number.NaN;
}

function quantityOf(
  header: Readonly<Record<string, string>>,
  quantity: FrameQuantity,
  path: string,
  frame: number,
): number {
  const value = frameQuantity(header, quantity);
  if (typeof value === "number") return value;
  throw new FileError(`${path}: ${value} in frame ${frame}; correct the header`, { path, frame });
}

/** Below this fraction of the median ring current of its file, a frame was recorded without beam. */
const NO_BEAM = 0.05;
/** Fillings of a ring differ in current by less than this; 0.01 mA beside 200 mA is no filling. */
const OTHER_FILLING = 0.01;

/**
 * Reference over frame, of exposure and of ring current, for all frames of a file. A quantity that is in
 * neither header is not scaled for; one that is in only one of them is an error, and so is a ring current
 * with which there was no beam.
 *
 * @throws FileError naming the frame
 */
export function scalesOf(
  headers: readonly Readonly<Record<string, string>>[],
  reference: Reference,
  path: string,
): Float64Array {
  const exposures = headers.map((header, k) => quantityOf(header, "exposure_time", path, k));
  const currents = headers.map((header, k) => quantityOf(header, "ring_current", path, k));
  if (reference.current > 0) checkBeam(currents, reference, path);
  return Float64Array.from(
    exposures,
    (own, k) =>
      ratio(reference.exposure, own, "exposure_time", k) *
      ratio(reference.current, currents[k], "ring_current", k),
  );

  function ratio(expected: number, own: number, key: string, frame: number): number {
    if (Number.isNaN(expected) && Number.isNaN(own)) return 1;
    if (expected > 0 && own > 0) return expected / own;
    const got = Number.isNaN(own) ? "none" : own;
    throw new FileError(
      `${path}: expected ${key} > 0 in frame ${frame}, as in ${reference.path} (${Number.isNaN(expected) ? "none" : expected}), got ${got}; write it into the headers of both recordings or of neither`,
      { path, frame },
    );
  }
}

/** Counts divided by the current after a beam dump would be noise times thousands. */
function checkBeam(currents: readonly number[], reference: Reference, path: string): void {
  const typical = median(currents);
  const dumped = currents.findIndex((own) => own < NO_BEAM * typical);
  if (dumped >= 0) {
    throw new FileError(
      `${path}: expected a ring current near ${typical} mA, the median of the file, in frame ${dumped}, got ${currents[dumped]} mA, which is no beam; leave this recording out, or correct its header`,
      { path, frame: dumped, current: currents[dumped] },
    );
  }
  const [low, high] = [OTHER_FILLING * reference.current, reference.current / OTHER_FILLING];
  const other = currents.findIndex((own) => own < low || own > high);
  if (other < 0) return;
  throw new FileError(
    `${path}: expected a ring current from ${low} to ${high} mA in frame ${other}, because ${reference.path} has ${reference.current} mA, got ${currents[other]} mA; one of the two was recorded without beam, or its current has another unit: correct its header`,
    { path, frame: other, current: currents[other] },
  );
}

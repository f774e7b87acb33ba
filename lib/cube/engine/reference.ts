// The reference of a job: exposure, ring current and energies of one recording, to which all frames are
// scaled.
import { FileError } from "../../errors.js";
import { openFrames } from "../../io/frame-file.js";
import { type FrameQuantity, frameQuantity } from "../../io/frame-quantities.js";
import type { RecordedFile } from "../recorded.js";

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

/** Exposure and ring current of the first frame of a file, and the energies of all. */
export function referenceOf({ path, kind, images }: RecordedFile): Reference {
  const file = openFrames(path, kind, images);
  try {
    const { header } = file.frames[0];
    return {
      path,
      exposure: quantityOf(header, "exposure_time", path, 0),
      current: quantityOf(header, "ring_current", path, 0),
      energies: file.frames.map((frame) => energyOf(frame.header)),
    };
  } finally {
    file.close();
  }
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

/**
 * Reference over frame, of exposure and of ring current. A quantity that is
 * in neither header is not scaled for; one that is in only one of them is an error.
 */
export function scaleOf(
  header: Readonly<Record<string, string>>,
  reference: Reference,
  path: string,
  frame: number,
): number {
  return (
    ratio(reference.exposure, quantityOf(header, "exposure_time", path, frame), "exposure_time") *
    ratio(reference.current, quantityOf(header, "ring_current", path, frame), "ring_current")
  );

  function ratio(expected: number, own: number, key: string): number {
    if (Number.isNaN(expected) && Number.isNaN(own)) return 1;
    if (expected > 0 && own > 0) return expected / own;
    const got = Number.isNaN(own) ? "none" : own;
    throw new FileError(
      `${path}: expected ${key} > 0 in frame ${frame}, as in ${reference.path} (${Number.isNaN(expected) ? "none" : expected}), got ${got}; write it into the headers of both recordings or of neither`,
      { path, frame },
    );
  }
}

// How finely an experiment is recorded: camera binning of the static cubes and of the movie, and how cubes are averaged
// into files.
import { ArgumentError, quote } from "../../errors.js";
import type { Configuration } from "../configurations.js";
import { CAMERA } from "../devices/sensor.js";
import type { Grid } from "./grid.js";

/** Names of the scales. */
export type Scale = "tiny" | "demo" | "full";

/** The camera modes: static cubes (open circuit, hold) and the movie of the charge. */
export type Mode = "static" | "movie";

/** One camera mode of a scale. */
interface CameraMode {
  /** Raw pixels per side that the camera averages into one. */
  readonly binning: number;
  /** Rows and columns are whole multiples of this, so that they bin further without a rest. */
  readonly multiple: number;
}

/** How a scale records. */
export interface ScalePlan {
  readonly modes: Readonly<Record<Mode, CameraMode>>;
  /** Whether the cubes of a static part are averaged into one file, or each has its own. */
  readonly averaged: boolean;
  /** Files of the charge, at most; its cubes are averaged into them. */
  readonly chargeFiles: number;
  /** Spots whose cubes at 4.3 V are recorded. */
  readonly holdSpots: readonly string[];
}

const TINY: CameraMode = { binning: 32, multiple: 2 };
const FULL: CameraMode = { binning: 1, multiple: 4 };

const PLANS: Readonly<Record<Scale, ScalePlan>> = {
  tiny: { modes: { static: TINY, movie: TINY }, averaged: true, chargeFiles: 12, holdSpots: ["B", "C"] },
  demo: {
    modes: { static: { binning: 3, multiple: 4 }, movie: { binning: 10, multiple: 2 } },
    averaged: true,
    chargeFiles: 36,
    holdSpots: ["B", "C"],
  },
  full: {
    modes: { static: FULL, movie: FULL },
    averaged: false,
    chargeFiles: Number.POSITIVE_INFINITY,
    holdSpots: ["A", "B", "C"],
  },
};

/** What a scale means. @throws ArgumentError for another name */
export function planOf(scale: Scale, call = "simulate"): ScalePlan {
  if (typeof scale === "string" && Object.hasOwn(PLANS, scale)) return PLANS[scale];
  throw new ArgumentError(`${call}: expected scale "tiny", "demo" or "full", got ${quote(scale)}`, { scale });
}

/**
 * The image of a configuration's field of view in a camera mode: centred, cut down to whole multiples of pixels. Pixels of
 * the tiny scale are so large that the image is instead widened to them.
 */
export function gridOf(configuration: Configuration, { binning, multiple }: CameraMode): Grid {
  const whole = binning === TINY.binning ? Math.ceil : Math.floor;
  const [rows, columns] = configuration.field.map(
    (pixels) => whole((pixels * RAW_PER_PIXEL) / binning / multiple) * multiple,
  );
  return { rows, columns, pixelSize: CAMERA.pixelSize * binning };
}

/** Raw pixels per side in the pixel of 6.5 um in which fields are given. */
const RAW_PER_PIXEL = 4;

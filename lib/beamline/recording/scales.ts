// Scales of a recording: camera binning of the static cubes and of the movie, and averaging of cubes into
// files.
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
  /** Rows and columns are multiples of this, so that they can be binned further. */
  readonly multiple: number;
}

/** Parameters of a scale. */
export interface ScalePlan {
  readonly modes: Readonly<Record<Mode, CameraMode>>;
  /** Whether the cubes of a static part are averaged into one file, or each has its own. */
  readonly averaged: boolean;
  /** Largest number of files of the charge; its cubes are averaged into them. */
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

/** Parameters of a scale. @throws ArgumentError for an unknown name */
export function planOf(scale: Scale, call = "simulate"): ScalePlan {
  if (typeof scale === "string" && Object.hasOwn(PLANS, scale)) return PLANS[scale];
  throw new ArgumentError(`${call}: expected scale "tiny", "demo" or "full", got ${quote(scale)}`, { scale });
}

/**
 * Image of the field of view of a configuration in a camera mode: centered, and reduced to multiples of
 * pixels. The pixels of the tiny scale are so large that the image is extended to multiples instead.
 */
export function gridOf(configuration: Configuration, { binning, multiple }: CameraMode): Grid {
  const whole = binning === TINY.binning ? Math.ceil : Math.floor;
  const [rows, columns] = configuration.field.map(
    (pixels) => whole((pixels * RAW_PER_PIXEL) / binning / multiple) * multiple,
  );
  return { rows, columns, pixelSize: CAMERA.pixelSize * binning };
}

/** Raw pixels per side in a pixel of 6.5 um, the unit of fields. */
const RAW_PER_PIXEL = 4;

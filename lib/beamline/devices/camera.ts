// The camera behind the scintillator: from light to counts, with photon noise, read noise, offset and
// saturation. Pixels can be binned in the camera and cubes averaged before they are written; the noise
// decreases accordingly.
import { ArgumentError, quote } from "../../errors.js";
import { requireOptions } from "../../options.js";
import type { Grid } from "../recording/grid.js";
import { type Clock, Device, type Quantities, quantity, type Status } from "./device.js";
import { Exposure } from "./exposure.js";
import { FRAME_RATE } from "./monochromator.js";
import { CAMERA, CAMERA_PARAMETERS, SATURATION } from "./sensor.js";

/** A picture in raw or binned pixels, row-major. */
export interface Picture {
  readonly rows: number;
  readonly columns: number;
  readonly counts: Uint16Array;
}

/** Light on the scintillator: mean electrons of each pixel of a grid, per raw pixel and full exposure. */
export type Illumination = (grid: Grid) => Float32Array;

/** The camera; `trigger` records the current light on the scintillator. */
export class Camera extends Device {
  readonly parameters = CAMERA_PARAMETERS;
  private binning = 4;
  private averaged = 1;
  private shots = 0;
  private last?: Picture;

  /** @param exposure exposure time of a frame, s */
  constructor(
    clock: Clock,
    private readonly illumination: Illumination,
    private exposure = 1 / FRAME_RATE,
  ) {
    super("camera", clock);
  }

  /**
   * Sets binning, averaging and exposure of pictures.
   *
   * @param settings binning: raw pixels per side whose mean is one; averaged: frames whose mean is one
   *   picture; exposure: s
   */
  set(settings: { binning?: number; averaged?: number; exposure?: number }): Status {
    const given = requireOptions("camera.set", settings, { binning: true, averaged: true, exposure: true });
    const { binning = this.binning, averaged = this.averaged, exposure = this.exposure } = given;
    if (!(Number.isInteger(binning) && binning >= 1 && binning <= 64)) {
      this.refuse("binning as a whole number, 1 to 64", binning);
    }
    if (!(Number.isInteger(averaged) && averaged >= 1))
      this.refuse("averaged as a whole number above 0", averaged);
    this.demand(
      `exposure in s, above 0 and at most 1/${FRAME_RATE}`,
      exposure,
      (s) => s > 0 && s <= (1 + 1e-9) / FRAME_RATE,
    );
    [this.binning, this.averaged, this.exposure] = [binning, averaged, exposure];
    return this.moved(0);
  }

  /**
   * Takes a picture.
   *
   * @param seed seed of the noise; the same seed gives the same picture, and later pictures of a camera
   *   differ
   */
  trigger(seed: number): Picture {
    if (!Number.isInteger(seed)) {
      throw new ArgumentError(
        `camera.trigger: expected seed as a whole number, got ${quote(seed)}; the noise is drawn with it`,
        { seed },
      );
    }
    const grid = {
      rows: Math.floor(CAMERA.rows / this.binning),
      columns: Math.floor(CAMERA.columns / this.binning),
      pixelSize: CAMERA.pixelSize * this.binning,
    };
    const relative = this.exposure * FRAME_RATE;
    const electrons = this.illumination(grid).map((e) => e * relative);
    const counts = new Uint16Array(electrons.length);
    new Exposure({ samples: this.averaged * this.binning ** 2 }, seed, this.shots++).record(
      electrons,
      counts,
    );
    this.clock.advance(this.averaged / FRAME_RATE);
    this.last = { rows: grid.rows, columns: grid.columns, counts };
    return this.last;
  }

  /** The last picture. */
  get picture(): Picture | undefined {
    return this.last;
  }

  protected signals(): Quantities {
    const counts = this.last?.counts;
    const mean = counts ? counts.reduce((sum, c) => sum + c, 0) / counts.length : Number.NaN;
    return {
      exposure: quantity(this.exposure, "s", "set", "of a frame"),
      binning: quantity(this.binning, "pixels", "set", "raw pixels per side whose mean is one"),
      averaged: quantity(this.averaged, "1", "set", "frames whose mean is one picture"),
      saturation: quantity(SATURATION, "counts", "result", "counts from which on a pixel may be saturated"),
      meanCounts: quantity(mean, "counts", "last picture", "mean of all pixels"),
    };
  }
}

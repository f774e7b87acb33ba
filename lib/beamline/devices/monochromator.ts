// The Quick-XAS monochromator: a Si(111) channel-cut crystal with a sinusoidal motion, and the energy at each
// point of the image.
import { HC_EV_ANGSTROM } from "../../units.js";
import { type Grid, onGrid } from "../recording/grid.js";
import { type Clock, Device, numbers, type Quantities, quantity, type Status } from "./device.js";

const PARAMETERS = {
  planeDistance: quantity(3.1356, "A", "tables", "distance of the Si(111) planes"),
  middle: quantity(13.467, "deg", "paper", "middle of the swing"),
  swing: quantity(1.51, "deg", "paper", "peak to peak"),
  frequency: quantity(0.09, "Hz", "paper", "swings per second while the camera records"),
  chamberFrequency: quantity(2, "Hz", "paper", "swings per second while the ion chambers record"),
  frames: quantity(580, "1", "paper", "frames in a cube, all on the up-swing of the angle"),
  frameRate: quantity(
    228.6,
    "Hz",
    "result",
    "frames per second: 580 while the angle crosses the window in 2.54 s",
  ),
  firstEnergy: quantity(8878, "eV", "paper", "energy of the first frame"),
  lastEnergy: quantity(8266, "eV", "paper", "energy of the last frame"),
  bandwidth: quantity(1.4e-4, "1", "tables", "intrinsic relative width of the Si(111) reflection"),
  jitter: quantity(0.05, "eV", "assumed", "rms error of the energy, common to all frames of a cube"),
  dispersion: quantity(
    3.4,
    "eV/mm",
    "assumed",
    "change of the energy with height: rays meet the crystal at other angles",
  ),
  smile: quantity(0.25, "eV/mm2", "assumed", "curvature of the energy along the width"),
  roll: quantity(0.06, "eV/mm", "assumed", "change of the energy along the width"),
  offset: quantity(-0.225, "eV", "assumed", "true minus nominal energy in the middle of the image"),
} as const satisfies Quantities;

const P = numbers(PARAMETERS);

/** Frames per cube. */
export const FRAMES: number = P.frames;
/** Frames per second: 580 frames while the crystal crosses the window in 2.54 s. */
export const FRAME_RATE: number = P.frameRate;
/** First and last energy of a cube, eV: energies decrease while the Bragg angle increases. */
export const ENERGY_RANGE: readonly [number, number] = [P.firstEnergy, P.lastEnergy];
/** Relative bandwidth of the crystal. */
export const BANDWIDTH: number = P.bandwidth;

/** Center of the motion, and half of its peak-to-peak 1.51 deg, rad. */
const MIDDLE = (P.middle * Math.PI) / 180;
const AMPLITUDE = (0.755 * Math.PI) / 180;

/**
 * Nominal energies of a cube in the order of recording: descending, denser at the ends, where the motion is
 * slower.
 *
 * @returns eV, rounded to 0.1 meV as in the files
 */
export function scanEnergies(): Float64Array {
  const [first, last] = ENERGY_RANGE.map((energy) => Math.asin((angleOf(energy) - MIDDLE) / AMPLITUDE));
  return Float64Array.from({ length: FRAMES }, (_, k) => {
    const phase = first + ((last - first) * k) / (FRAMES - 1);
    return Math.round(energyOf(MIDDLE + AMPLITUDE * Math.sin(phase)) * 1e4) / 1e4;
  });
}

/** True minus nominal energy at a point of the image, eV: rays at other heights have other Bragg angles. */
function energyShift(x: number, y: number): number {
  return P.dispersion * y + P.smile * x * x + P.roll * x + P.offset;
}

/** {@link energyShift} at the center of each pixel, eV, shape [rows, columns]. */
export function shiftOnGrid(grid: Grid): Float64Array {
  return onGrid(grid, energyShift);
}

/** Rms of the energy error that is common to all frames of one cube, eV. */
export const ENERGY_JITTER: number = P.jitter;

/** The monochromator: at a fixed energy, or scanning. */
export class Monochromator extends Device {
  readonly parameters = PARAMETERS;
  private angle = MIDDLE;

  constructor(clock: Clock) {
    super("monochromator", clock);
  }

  /** Turns the crystal. @param energy eV, within the swing */
  set(energy: number): Status {
    const [low, high] = [MIDDLE + AMPLITUDE, MIDDLE - AMPLITUDE].map((a) => energyOf(a).toFixed(0));
    this.demand(
      `an energy within the swing, ${low} to ${high} eV`,
      energy,
      (eV) => Math.abs(angleOf(eV) - MIDDLE) <= AMPLITUDE * (1 + 1e-12),
    );
    this.angle = angleOf(energy);
    return this.moved(0);
  }

  /**
   * Bragg angle during the scan, deg: up-swing (decreasing energies) and down-swing alternate.
   *
   * @param time s, from the middle of an up-swing
   */
  angleAt(time: number): number {
    return ((MIDDLE + AMPLITUDE * Math.sin(2 * Math.PI * P.frequency * time)) * 180) / Math.PI;
  }

  /** The energy while the crystal swings, eV. @param time s, from the middle of an up-swing */
  energyAt(time: number): number {
    return energyOf((this.angleAt(time) * Math.PI) / 180);
  }

  /** eV */
  get energy(): number {
    return energyOf(this.angle);
  }

  protected signals(): Quantities {
    return {
      energy: quantity(this.energy, "eV", "Bragg's law", "nominal energy: hc / (2 d sin angle)"),
      angle: quantity((this.angle * 180) / Math.PI, "deg", "set", "Bragg angle"),
    };
  }
}

/** Bragg angle, rad. */
function angleOf(energy: number): number {
  return Math.asin(HC_EV_ANGSTROM / (2 * P.planeDistance * energy));
}

/** Energy, eV, that the planes reflect at a Bragg angle, rad. */
function energyOf(angle: number): number {
  return HC_EV_ANGSTROM / (2 * P.planeDistance * Math.sin(angle));
}

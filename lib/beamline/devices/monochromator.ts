// The Quick-XAS monochromator: a Si(111) channel-cut crystal that swings as a sine, and the energy that each point of
// the image sees.
import { HC_EV_ANGSTROM } from "../../units.js";
import { type Grid, onGrid } from "../grid.js";

/** Frames a cube. */
export const FRAMES = 580;
/** Frames a second: 580 frames while the crystal crosses the window in 2.54 s. */
export const FRAME_RATE = 228.6;
/** First and last energy of a cube, eV: energies fall while the Bragg angle rises. */
export const ENERGY_RANGE: readonly [number, number] = [8878, 8266];

/** Si(111) plane distance, A. */
const PLANE_DISTANCE = 3.1356;
/** Middle of the swing and half of its peak-to-peak 1.51 deg, rad. */
const MIDDLE = (13.467 * Math.PI) / 180;
const AMPLITUDE = (0.755 * Math.PI) / 180;

/**
 * Nominal energies of a cube in the order of recording: descending, closer together at the ends, where the swing slows.
 *
 * @returns eV, rounded to 0.1 meV as they are written
 */
export function scanEnergies(): Float64Array {
  const [first, last] = ENERGY_RANGE.map((energy) => Math.asin((braggAngle(energy) - MIDDLE) / AMPLITUDE));
  return Float64Array.from({ length: FRAMES }, (_, k) => {
    const phase = first + ((last - first) * k) / (FRAMES - 1);
    return Math.round(braggEnergy(MIDDLE + AMPLITUDE * Math.sin(phase)) * 1e4) / 1e4;
  });
}

/** True minus nominal energy at a point of the image, eV: rays of other heights meet the crystal at other angles. */
export function energyShift(x: number, y: number): number {
  return 3.4 * y + 0.25 * x * x + 0.06 * x - 0.225;
}

/** {@link energyShift} at the centre of each pixel, eV, shape [rows, columns]. */
export function shiftOnGrid(grid: Grid): Float64Array {
  return onGrid(grid, energyShift);
}

/** Rms of the energy error that all frames of one cube share, eV. */
export const ENERGY_JITTER = 0.05;

function braggAngle(energy: number): number {
  return Math.asin(HC_EV_ANGSTROM / (2 * PLANE_DISTANCE * energy));
}

function braggEnergy(angle: number): number {
  return HC_EV_ANGSTROM / (2 * PLANE_DISTANCE * Math.sin(angle));
}

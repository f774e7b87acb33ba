// Parameters of the camera with its scintillator and lens, and the number of electrons per light.
import { DOSE_RATE_INTEGRAL } from "../parameters.js";
import { numbers, type Quantities, quantity } from "./device.js";
import { FRAME_RATE } from "./monochromator.js";

/** The camera's parameters with their sources. */
export const CAMERA_PARAMETERS = {
  model: quantity("ORCA-Flash4.0 V3", "", "paper", "sCMOS camera of Hamamatsu"),
  sensorPixel: quantity(6.5, "um", "Hamamatsu's data sheet", "pixel of the sensor"),
  rows: quantity(748, "pixels", "paper", "rows that are read, of 2048"),
  columns: quantity(2048, "pixels", "paper", "columns of the sensor"),
  magnification: quantity(4, "1", "paper", "Navitar HR Plan Apo lens"),
  scintillator: quantity(100, "um", "paper", "YAG:Ce (Crytur), 2 mm behind the cell"),
  pixelSize: quantity(1.625, "um", "paper", "raw pixel at the sample"),
  offset: quantity(100, "counts", "Hamamatsu's data sheet", "counts without light"),
  gain: quantity(0.46, "e/count", "Hamamatsu's data sheet", "electrons per count"),
  readNoise: quantity(1.6, "e", "Hamamatsu's data sheet", "rms, per raw pixel and frame"),
  fullWell: quantity(30_000, "e", "Hamamatsu's data sheet", "electrons per raw pixel"),
  bits: quantity(16, "1", "Hamamatsu's data sheet", "of a count"),
  yield: quantity(0.4, "e/ph", "assumed", "electrons per X-ray photon in the open beam: 1800 e at 7 kGy/s"),
  excessNoise: quantity(
    0.4,
    "1",
    "assumed",
    "variance of the electrons beyond that of independent ones: several come from one photon",
  ),
} as const satisfies Quantities;

/** The sCMOS camera with its 4x lens and scintillator, as numbers. */
export const CAMERA: { readonly [K in Exclude<keyof typeof CAMERA_PARAMETERS, "model">]: number } =
  numbers(CAMERA_PARAMETERS);

/** A pixel with at least this many counts may be saturated. */
export const SATURATION: number = Math.floor(CAMERA.offset + CAMERA.fullWell / CAMERA.gain);

/** Flux on the electrode in the density convention porous: ph/s/m2 for 1 kGy/s. */
const FLUX_PER_KGY = 8.22e11 / (DOSE_RATE_INTEGRAL * 1e-6);

/** Electrons per raw pixel and frame in the open beam per kGy/s of the electrode. */
export function flatElectrons(doseRate: number): number {
  const photons = (doseRate * FLUX_PER_KGY * (CAMERA.pixelSize * 1e-6) ** 2) / FRAME_RATE;
  return CAMERA.yield * photons;
}

/** Variance of the mean of `samples` raw pixels with this mean number of electrons. */
export function electronVariance(electrons: number, samples: number): number {
  return (electrons * (1 + CAMERA.excessNoise) + CAMERA.readNoise ** 2) / samples;
}

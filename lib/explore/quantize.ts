// Spectra as whole numbers of a round step well below the noise: the only loss of a page, and a known one.
// Differences along the energy are small and pack well; their noise does not, whatever one does.
import { quantile } from "../compute/stats.js";
import { roundStep } from "./page/format.js";

/** Spectra, rounded and coded. */
export interface Coded {
  readonly bytes: Uint8Array;
  /** Largest |value - rounded value|. */
  readonly largestError: number;
  /** Values that are missing, and those left out because they are too far from all others for the code. */
  readonly missing: number;
  readonly leftOut: number;
}

/** Whole numbers beyond this are left out. */
const LIMIT = 2 ** 30;
/** Differences that the noise is estimated from, about. */
const SAMPLE = 200_000;

/**
 * Standard deviation of the noise of a single value, from second differences along the energy; 0 where there
 * is none to see.
 */
export function noiseOf(spectra: Float32Array, nEnergies: number): number {
  const stride = Math.max(1, Math.floor(spectra.length / SAMPLE));
  const differences: number[] = [];
  for (let i = 1; i < spectra.length - 1; i += stride) {
    const k = i % nEnergies;
    if (k === 0 || k === nEnergies - 1) continue;
    const d = Math.abs(spectra[i - 1] - 2 * spectra[i] + spectra[i + 1]);
    if (Number.isFinite(d)) differences.push(d);
  }
  // The median of |normal| is 0.6745 sigma; a second difference of white noise has sqrt(6) of its sigma.
  return differences.length === 0 ? 0 : quantile(differences, 0.5) / (0.6745 * Math.sqrt(6));
}

/** A round step at most half of the noise, but not below a hundred-thousandth of the range of the values. */
export function stepFor(spectra: Float32Array, noise: number): number {
  const stride = Math.max(1, Math.floor(spectra.length / SAMPLE));
  const sample = spectra.filter((v, i) => i % stride === 0 && Number.isFinite(v));
  if (sample.length === 0) return 1;
  const range = quantile(sample, 0.999) - quantile(sample, 0.001);
  const size = Math.max(range, 1e-3 * Math.abs(quantile(sample, 0.5)));
  return roundStep(Math.max(noise / 2, 1e-5 * size) || 1);
}

/**
 * Codes spectra, [nSpectra, nEnergies], in multiples of `step`; `readSpectra` of the page is the way back.
 */
export function code(spectra: Float32Array, nEnergies: number, step: number): Coded {
  let bytes = new Uint8Array(2 * spectra.length + 16);
  let [n, largestError, missing, leftOut] = [0, 0, 0, 0];
  for (let row = 0; row < spectra.length; row += nEnergies) {
    let previous = 0;
    if (n + 6 * nEnergies > bytes.length) {
      const more = new Uint8Array(2 * bytes.length + 6 * nEnergies);
      more.set(bytes);
      bytes = more;
    }
    for (let k = 0; k < nEnergies; k++) {
      const v = spectra[row + k];
      const q = Math.round(v / step);
      if (!(Math.abs(q) < LIMIT)) {
        bytes[n++] = 0;
        if (Number.isNaN(v)) missing++;
        else leftOut++;
        continue;
      }
      largestError = Math.max(largestError, Math.abs(v - q * step));
      const difference = q - previous;
      previous = q;
      let rest = (difference >= 0 ? 2 * difference : -2 * difference - 1) + 1;
      while (rest > 127) {
        bytes[n++] = (rest % 128) | 128;
        rest = Math.floor(rest / 128);
      }
      bytes[n++] = rest;
    }
  }
  return { bytes: bytes.subarray(0, n), largestError, missing, leftOut };
}

// Normalized Ni K-edge spectra of the simulation: the three species of the electrode, and the Ni foil.
import { SPECTRA, type SpectrumParameters } from "./parameters.js";

/** Species of the electrode, in the order of the charge: Ni3+, intermediate, Ni4+. */
export const SPECIES = ["Cp1", "Cp2", "Cp3"] as const;

/**
 * Normalized absorption of a species or of the Ni foil: 0 far below the edge, 1 on average far above.
 *
 * @param energy true energy, eV
 */
export function normalizedSpectrum(name: keyof typeof SPECTRA, energy: number): number {
  const parameters = SPECTRA[name];
  const { e0, width, gaussians } = parameters;
  let mu = 0.5 + Math.atan((energy - e0) / width) / Math.PI;
  for (const { amplitude, center, sigma } of gaussians) {
    mu += amplitude * Math.exp(-0.5 * ((energy - center) / sigma) ** 2);
  }
  return mu + fineStructure(parameters, energy);
}

/** 2 m_e / hbar^2, 1/(eV A^2): k = sqrt(K2_PER_EV (E - E0)). */
const K2_PER_EV = 0.262468;

/** Mean free path that damps the shells: exp(-2 R / (2 x 3 A)). */
const DAMPING_LENGTH = 3;

function fineStructure({ e0, shells }: SpectrumParameters, energy: number): number {
  if (energy <= e0) return 0;
  const k = Math.sqrt(K2_PER_EV * (energy - e0));
  const onset = 1 / (1 + Math.exp(-(k - 2.6) / 0.35));
  const backscattering = Math.exp(-(((k - 5.5) / 4.5) ** 2));
  let chi = 0;
  for (const { number, distance, sigma2, amplitude, phase } of shells) {
    // For k below 1/A the formula does not apply, and a smooth onset is used.
    chi +=
      ((number * amplitude) / (Math.max(k, 1) * distance * distance)) *
      Math.exp(-2 * sigma2 * k * k - distance / DAMPING_LENGTH) *
      Math.sin(2 * k * distance + phase);
  }
  return onset * backscattering * chi;
}

// A series of three species with known spectra and concentrations, as in the charge of a nickel oxide: the middle one is never
// pure. Spectra are edges (arctangent), white lines (Gaussians) and a damped oscillation.
import { type Random, random } from "../../lib/compute/random.js";

export interface Series {
  readonly D: number[][];
  readonly C: number[][];
  readonly S: number[][];
}

export function spectra(nEnergies: number): number[][] {
  const energy = Array.from({ length: nEnergies }, (_, k) => 8266 + (612 * k) / (nEnergies - 1));
  return [
    { e0: 8343.3, width: 1.65, white: 0.62, at: 8350.2, s: 2.5, bond: 1.95 },
    { e0: 8344.0, width: 1.75, white: 0.5, at: 8350.9, s: 3.0, bond: 1.92 },
    { e0: 8345.1, width: 1.55, white: 0.6, at: 8351.9, s: 2.5, bond: 1.88 },
  ].map((p) =>
    energy.map((e) => {
      const k = Math.sqrt(0.262468 * Math.max(0, e - p.e0));
      const window = 1 / (1 + Math.exp(-(k - 2.6) / 0.35));
      const fine =
        window * 0.5 * Math.exp(-0.012 * k * k) * (Math.sin(2 * k * p.bond + 0.2) / Math.max(1, k));
      return (
        0.5 +
        Math.atan((e - p.e0) / p.width) / Math.PI +
        p.white * Math.exp(-0.5 * ((e - p.at) / p.s) ** 2) +
        fine
      );
    }),
  );
}

/** First species to second to third; the second reaches `most` at most. */
export function series(nSpectra: number, nEnergies: number, noise: number, seed = 1): Series {
  const S = spectra(nEnergies);
  const C = Array.from({ length: nSpectra }, (_, i) => {
    const t = i / (nSpectra - 1);
    const left = Math.max(0, 1 - t / 0.7);
    const third = Math.max(0, (t - 0.2) / 0.8) ** 1.5;
    return [left, 1 - left - third, third];
  });
  const draw = random(seed);
  return { D: mix(C, S, noise, draw), C, S };
}

export function mix(C: number[][], S: number[][], noise: number, draw: Random): number[][] {
  return C.map((c) => S[0].map((_, k) => c.reduce((sum, v, j) => sum + v * S[j][k], noise * draw.normal())));
}

/** 100 sqrt(sum (D - C S)^2 / sum D^2), written out. */
export function lackOfFit(D: number[][], C: number[][], S: number[][]): number {
  let residual = 0;
  let total = 0;
  D.forEach((d, i) => {
    d.forEach((v, k) => {
      residual += C[i].reduce((rest, c, j) => rest - c * S[j][k], v) ** 2;
      total += v * v;
    });
  });
  return 100 * Math.sqrt(residual / total);
}

/** The items in the opposite order (a copy). */
export function reversed<Item>(items: readonly Item[]): Item[] {
  return items.slice().reverse();
}

// Secondary photons that carry away part of the energy of an absorbed or scattered photon: fluorescence
// lines, coherently and incoherently scattered photons.

import { ATTENUATION_RANGE, type Element, levelsOf } from "../elements/elements.js";
import { elamAttenuation } from "./element-attenuation.js";
import type { Constituent } from "./formula.js";
import { gaussLegendre } from "./quadrature.js";

/** Secondary photons of one energy from a compound. */
export interface SecondaryPhotons {
  readonly origin: "fluorescence" | "coherent" | "incoherent";
  /** eV */
  readonly energy: number;
  /** Photons per incident photon and g/cm2, cm2/g. */
  readonly rate: number;
}

/**
 * Secondary photons of a compound at one photon energy.
 *
 * - Fluorescence: the jump ratios at the edges give the fraction of photoabsorption in each level. A vacancy
 *   may move within its shell (Coster-Kronig) or, by a line, to a higher shell; the fluorescence yield gives
 *   the fraction of emission. Vacancies after Auger decay are neglected. Lines below 1 keV have a short range
 *   and are left out.
 * - Coherent scattering keeps the energy. Incoherent scattering leaves the mean energy of Klein and Nishina.
 *
 * @param energy eV, 1 to 100 keV
 * @see W. T. Elam, B. D. Ravel, J. R. Sieber, Radiat. Phys. Chem. 63, 121 (2002), for yields, jumps and lines
 */
export function secondaryPhotons(compound: readonly Constituent[], energy: number): SecondaryPhotons[] {
  const x = Math.log(energy);
  const mass = compound.reduce((sum, { element, count }) => sum + count * element.mass, 0);
  const photons: SecondaryPhotons[] = [];
  let coherent = 0;
  let incoherent = 0;
  for (const { element, count } of compound) {
    const share = (count * element.mass) / mass;
    coherent += share * elamAttenuation(element, x, "coherent");
    incoherent += share * elamAttenuation(element, x, "incoherent");
    const photo = share * elamAttenuation(element, x, "photo");
    for (const line of linesOf(element, x)) photons.push({ ...line, rate: photo * line.rate });
  }
  photons.push({ origin: "coherent", energy, rate: coherent });
  photons.push({ origin: "incoherent", energy: energy * (1 - recoilShare(energy)), rate: incoherent });
  return photons.filter((one) => one.energy >= ATTENUATION_RANGE[0]);
}

/**
 * Mean fraction of its energy that a photon transfers to a free electron at rest. @see O. Klein, Y. Nishina
 * (1929)
 */
export function recoilShare(energy: number): number {
  const ratio = energy / ELECTRON_REST_ENERGY;
  let lost = 0;
  let all = 0;
  for (let i = 0; i < ANGLES.x.length; i++) {
    const cosine = 2 * ANGLES.x[i] - 1;
    const kept = 1 / (1 + ratio * (1 - cosine));
    const section = ANGLES.w[i] * kept * kept * (kept + 1 / kept - 1 + cosine * cosine);
    all += section;
    lost += (1 - kept) * section;
  }
  return lost / all;
}

/** eV (CODATA 2018) */
const ELECTRON_REST_ENERGY = 510_998.95;
const ANGLES = gaussLegendre(16);

// Lines of an element per photon absorbed at ln(energy) x.
function linesOf(element: Element, x: number): SecondaryPhotons[] {
  const open = levelsOf(element.symbol).filter(({ lnEdge }) => lnEdge <= x);
  const vacancies = new Map<string, number>();
  let rest = 1;
  for (const { level, jump } of open) {
    vacancies.set(level, rest * (1 - 1 / jump));
    rest /= jump;
  }
  const lines: SecondaryPhotons[] = [];
  const move = (to: string, n: number) => {
    const before = vacancies.get(to);
    if (before !== undefined) vacancies.set(to, before + n);
  };
  for (const level of open) {
    const n = vacancies.get(level.level) as number;
    for (const { to, probability } of level.moves) move(to, n * probability);
    for (const { to, energy, share } of level.lines) {
      const rate = n * level.yield * share;
      lines.push({ origin: "fluorescence", energy, rate });
      move(to, rate);
    }
  }
  return lines;
}

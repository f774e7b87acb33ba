// What the beam does to the reaction: overpotential, slowing and deactivation, from the dose of the place itself and
// from damage that spreads to it.
import { KINETICS as P } from "./parameters.js";
import type { Drive } from "./redox.js";

/** Rates at one place and time, 1/s; written in place by {@link damagedRates}. */
export interface Rates {
  /** Species 1 to 2 and species 2 to 3, active material. */
  step1: number;
  step2: number;
  /** Active to deactivated, species 1 and species 2. */
  deactivation1: number;
  deactivation2: number;
}

/**
 * Rates under the beam's damage.
 *
 * @param dose MGy so far
 * @param spread damage that has spread here, source-hours
 * @param beamOn whether the beam is on this spot now
 */
export function damagedRates(drive: Drive, dose: number, spread: number, beamOn: boolean, out: Rates): void {
  // Powers of the dose through one logarithm: this is asked a million times.
  const logDose = Math.log(dose);
  const overpotential1 = (P.e1 * dose) / (dose + P.p1);
  const overpotential2 = P.e2 * Math.exp(P.m2 * (logDose - LOG_80));
  const open1 = logistic((drive.voltage - P.U1 - overpotential1) / P.w1);
  const open2 = logistic((drive.voltage - P.U2 - overpotential2) / P.w2);
  const local = P.lm + (1 - P.lm) / (1 + Math.exp(P.ns * (logDose - LOG_PS)));
  const free1 = P.f1m + (1 - P.f1m) / (1 + (spread === 0 ? 0 : (spread / P.Qs1) ** P.nQ1));
  const free2 = P.f2m + (1 - P.f2m) / (1 + spread / P.Qs2);
  out.step1 = drive.rate1 * open1 * local * free1;
  out.step2 = drive.rate2 * open2 * local * free2;

  const byDose = beamOn && dose > P.pon ? P.kp * (dose / P.pon - 1) ** P.np : 0;
  const bySpread = (P.kq_d * spread) / (1 + spread / P.Qd);
  out.deactivation1 = (byDose + bySpread) / 3600;
  out.deactivation2 = (byDose + P.phi * bySpread) / 3600;
}

/** MGy at which e2 is given. */
const LOG_80 = Math.log(80);
const LOG_PS = Math.log(P.ps);

function logistic(u: number): number {
  return 1 / (1 + Math.exp(-Math.min(Math.max(u, -60), 60)));
}

// Damage model calibrated to the paper: overpotential, slower reactions and deactivation, from the local dose
// and from damage that spreads.

import { type Drive, opening1, opening2 } from "../kinetics/redox.js";
import { SpreadingDamage } from "../kinetics/spread.js";
import { KINETICS as P } from "../parameters.js";
import type { DamageModel, DoseRates, Irradiation, Rates, SpotDamage } from "./model.js";

/** The calibrated model; `data/simulation-kinetics.json` states the claim of each parameter. */
export const calibratedDamage: DamageModel = {
  name: "calibrated",
  // The order is that of the data file, which is part of the stamps of existing recordings.
  parameters: P as unknown as Record<string, number>,
  on: (doseRates) => new CalibratedDamage(doseRates),
};

class CalibratedDamage implements SpotDamage {
  private readonly doseRate: Float64Array;
  private readonly spreading: SpreadingDamage;
  /** source-hours */
  private readonly spread: Float64Array;

  constructor({ values, rows, columns, pitch }: DoseRates) {
    this.doseRate = values;
    this.spreading = new SpreadingDamage(values, rows, columns, pitch);
    this.spread = new Float64Array(values.length);
  }

  rates(drive: Drive, beam: Irradiation, out: Rates): void {
    const { doseRate, spread } = this;
    this.spreading.at(beam.pulses, spread);
    for (let p = 0; p < doseRate.length; p++) {
      place(drive, (doseRate[p] * beam.exposure) / 1000, spread[p], beam.on, out, p);
    }
  }
}

/**
 * Rates of one place. @param dose MGy so far @param spread damage that has spread to the place, source-hours
 */
function place(drive: Drive, dose: number, spread: number, beamOn: boolean, out: Rates, p: number): void {
  // All powers of the dose come from one logarithm, because the function is called millions of times.
  const logDose = Math.log(dose);
  const overpotential1 = (P.e1 * dose) / (dose + P.p1);
  const overpotential2 = P.e2 * Math.exp(P.m2 * (logDose - LOG_80));
  const local = P.lm + (1 - P.lm) / (1 + Math.exp(P.ns * (logDose - LOG_PS)));
  const free1 = P.f1m + (1 - P.f1m) / (1 + (spread === 0 ? 0 : (spread / P.Qs1) ** P.nQ1));
  const free2 = P.f2m + (1 - P.f2m) / (1 + spread / P.Qs2);
  out.step1[p] = drive.rate1 * opening1(drive.voltage, overpotential1) * local * free1;
  out.step2[p] = drive.rate2 * opening2(drive.voltage, overpotential2) * local * free2;

  const byDose = beamOn && dose > P.pon ? P.kp * (dose / P.pon - 1) ** P.np : 0;
  const bySpread = (P.kq_d * spread) / (1 + spread / P.Qd);
  out.deactivation1[p] = (byDose + bySpread) / 3600;
  out.deactivation2[p] = (byDose + P.phi * bySpread) / 3600;
}

/** Dose at which e2 is given, MGy. */
const LOG_80 = Math.log(80);
const LOG_PS = Math.log(P.ps);

// Energy and angle of the Si(111) monochromator.
import { ArgumentError, quote } from "../errors.js";
import { HC_EV_ANGSTROM, inUnit, unitProblem } from "../units.js";

/** Spacing of the Si(111) planes, Angstrom: lattice constant 5.4309 A over sqrt 3. */
export const SI_111 = 5.4309 / Math.sqrt(3);

/** Half the wavelength over the spacing times the energy, eV. @throws ArgumentError for no such spacing */
function lowestEnergy(call: string, d: number): number {
  if (!(typeof d === "number" && d > 0 && Number.isFinite(d))) {
    throw new ArgumentError(`${call}: expected d > 0 angstrom, got ${quote(d)}`, { option: "d", value: d });
  }
  return HC_EV_ANGSTROM / (2 * inUnit(call, "d", "spacing", d));
}

/**
 * Bragg angle of the first order, degrees: sin θ = hc / (2 d E).
 *
 * @param energy eV
 * @param d spacing of the planes, Angstrom; default Si(111)
 * @throws ArgumentError when the crystal cannot reflect that energy
 * @example
 * braggAngle(8333); // 13.72 degrees, Si(111)
 */
export function braggAngle(energy: number, d: number = SI_111): number {
  const lowest = lowestEnergy("braggAngle", d);
  if (!(typeof energy === "number" && energy >= lowest && Number.isFinite(energy))) {
    throw new ArgumentError(
      `braggAngle: expected an energy of at least hc / 2d = ${lowest.toFixed(1)} eV, got ${quote(energy)}; energies are in eV`,
      { option: "energy", value: energy, lowest },
    );
  }
  inUnit("braggAngle", "energy", "energy", energy);
  return (Math.asin(lowest / energy) * 180) / Math.PI;
}

/**
 * Photon energy of the first-order reflection, eV: E = hc / (2 d sin θ).
 *
 * @param angle Bragg angle, degrees, in (0, 90]
 * @param d spacing of the planes, Angstrom; default Si(111)
 * @throws ArgumentError when the angle is outside (0, 90]
 * @example
 * braggEnergy(13.72); // 8336 eV, Si(111)
 */
export function braggEnergy(angle: number, d: number = SI_111): number {
  const lowest = lowestEnergy("braggEnergy", d);
  if (!(typeof angle === "number" && angle > 0 && angle <= 90)) {
    throw new ArgumentError(
      `braggEnergy: expected a Bragg angle in (0, 90] degrees, got ${quote(angle)}; angles are in degrees, not radians`,
      { option: "angle", value: angle },
    );
  }
  const energy = lowest / Math.sin((angle * Math.PI) / 180);
  const meant = (angle * 180) / Math.PI;
  if (unitProblem("energy", energy)) {
    throw new ArgumentError(
      `braggEnergy: expected a Bragg angle in degrees at which the energy is at most 1e6 eV, got ${quote(angle)} (${energy.toExponential(2)} eV); in radians it would be ${meant}`,
      { option: "angle", value: angle },
    );
  }
  return energy;
}

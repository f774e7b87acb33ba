// Energy and angle of the Si(111) monochromator.
import { ArgumentError, quote } from "../errors.js";
import { HC_EV_ANGSTROM } from "../units.js";

/** Spacing of the Si(111) planes, Angstrom: lattice constant 5.4309 A over sqrt 3. */
export const SI_111 = 5.4309 / Math.sqrt(3);

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
  const lowest = HC_EV_ANGSTROM / (2 * d);
  if (!(d > 0) || !(energy >= lowest)) {
    throw new ArgumentError(
      `braggAngle: expected an energy of at least hc / 2d = ${lowest.toFixed(1)} eV, got ${quote(energy)}; energies are in eV`,
      { option: "energy", value: energy, lowest },
    );
  }
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
  if (!(d > 0) || !(angle > 0 && angle <= 90)) {
    throw new ArgumentError(
      `braggEnergy: expected a Bragg angle in (0, 90] degrees, got ${quote(angle)}; angles are in degrees, not radians`,
      { option: "angle", value: angle },
    );
  }
  return HC_EV_ANGSTROM / (2 * d * Math.sin((angle * Math.PI) / 180));
}

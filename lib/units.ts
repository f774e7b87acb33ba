// Physical constants and the few unit conversions of the library. Inside: eV, um, s, g/cm3, ph/s, Gy/s, Gy.
// What people type and read in masks and figures: kGy/s and MGy, as in the paper.

/** Joule per electronvolt (exact, SI 2019). */
export const JOULE_PER_EV = 1.602176634e-19;

/** Planck's constant times the speed of light, eV A (CODATA 2018). */
export const HC_EV_ANGSTROM = 12398.41984332;

/** Gy/s in one kGy/s. */
export const KGY = 1e3;

/** Gy in one MGy. */
export const MGY = 1e6;

// The source: the field of a bending magnet makes the electrons of the ring radiate, in a spectrum that Bessel functions
// give.
import { besselK, besselKIntegral } from "../../compute/bessel.js";
import { type Clock, Device, type Quantities, quantity } from "./device.js";
import { RING } from "./storage-ring.js";

const PARAMETERS = {
  field: quantity(2.81, "T", "paper", "of the superbend; an ordinary bend of the ring has 1.71 T"),
} as const satisfies Quantities;

/** Spectral flux at the peak of the formula: ph/s/mrad/0.1 % for 1 GeV and 1 A. */
const FLUX_CONSTANT = 2.457e13;
/** Spectral flux on the axis: ph/s/mrad2/0.1 % for 1 GeV2 and 1 A. */
const AXIS_CONSTANT = 1.327e13;
/** Critical energy, eV for 1 GeV2 and 1 T. */
const CRITICAL_CONSTANT = 665.0;
/** Radiated power, W/mrad for 1 GeV3, 1 T and 1 A. */
const POWER_CONSTANT = 4.221;

/** The bending magnet. */
export class BendingMagnet extends Device {
  readonly parameters = PARAMETERS;

  /**
   * @param current mA in the ring, now
   * @param field T
   */
  constructor(
    clock: Clock,
    private readonly current: () => number,
    private readonly field: number = PARAMETERS.field.value,
  ) {
    super("source", clock);
  }

  /** Energy that halves the radiated power, eV. */
  get criticalEnergy(): number {
    return CRITICAL_CONSTANT * RING.energy ** 2 * this.field;
  }

  /**
   * Flux in all vertical angles: 2.457e13 E I y int_y^inf K_5/3, y the energy over the critical one.
   *
   * @param energy eV
   * @returns ph/s in 1 mrad of the horizontal and 0.1 % of the energy
   * @see X-ray Data Booklet, 2.1
   */
  flux(energy: number): number {
    const y = energy / this.criticalEnergy;
    return FLUX_CONSTANT * RING.energy * (this.current() / 1000) * y * besselKIntegral(5 / 3, y);
  }

  /**
   * Flux on the axis: 1.327e13 E2 I y2 K_2/3(y / 2)2.
   *
   * @param energy eV
   * @returns ph/s in 1 mrad2 and 0.1 % of the energy
   * @see X-ray Data Booklet, 2.1
   */
  axisFlux(energy: number): number {
    const y = energy / this.criticalEnergy;
    return AXIS_CONSTANT * RING.energy ** 2 * (this.current() / 1000) * y * y * besselK(2 / 3, y / 2) ** 2;
  }

  /** Radiated power, W in 1 mrad of the horizontal. */
  get power(): number {
    return POWER_CONSTANT * RING.energy ** 3 * this.field * (this.current() / 1000);
  }

  protected signals(): Quantities {
    return {
      criticalEnergy: quantity(this.criticalEnergy, "eV", "result", "energy that halves the radiated power"),
      power: quantity(this.power, "W/mrad", "result", "radiated in 1 mrad of the horizontal"),
      fluxAtEdge: quantity(this.flux(8390), "ph/s/mrad/0.1%", "result", "at 8390 eV, all vertical angles"),
    };
  }
}

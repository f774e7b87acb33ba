// The source: electrons of the ring radiate in the field of a bending magnet, with a spectrum of Bessel
// functions.
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
   * @param current current of the ring, mA
   * @param field T
   */
  constructor(
    clock: Clock,
    private readonly current: () => number,
    private readonly field: number = PARAMETERS.field.value,
  ) {
    super("source", clock);
  }

  /** Energy that divides the radiated power in halves, eV. */
  get criticalEnergy(): number {
    return CRITICAL_CONSTANT * RING.energy ** 2 * this.field;
  }

  /**
   * Flux integrated over vertical angles: 2.457e13 E I y ∫_y^∞ K_5/3, where y is the energy relative to the
   * critical one.
   *
   * @param energy eV
   * @returns ph/s per mrad of horizontal angle and 0.1 % of the energy
   * @see X-ray Data Booklet, 2.1
   */
  flux(energy: number): number {
    const y = energy / this.criticalEnergy;
    return FLUX_CONSTANT * RING.energy * (this.current() / 1000) * y * besselKIntegral(5 / 3, y);
  }

  /**
   * Flux on the axis: 1.327e13 E² I y² K_2/3(y / 2)².
   *
   * @param energy eV
   * @returns ph/s per mrad² and 0.1 % of the energy
   * @see X-ray Data Booklet, 2.1
   */
  axisFlux(energy: number): number {
    const y = energy / this.criticalEnergy;
    return AXIS_CONSTANT * RING.energy ** 2 * (this.current() / 1000) * y * y * besselK(2 / 3, y / 2) ** 2;
  }

  /** Radiated power, W per mrad of horizontal angle. */
  get power(): number {
    return POWER_CONSTANT * RING.energy ** 3 * this.field * (this.current() / 1000);
  }

  protected signals(): Quantities {
    return {
      criticalEnergy: quantity(
        this.criticalEnergy,
        "eV",
        "result",
        "energy that divides the radiated power in halves",
      ),
      power: quantity(this.power, "W/mrad", "result", "radiated in 1 mrad of the horizontal"),
      fluxAtEdge: quantity(this.flux(8390), "ph/s/mrad/0.1%", "result", "at 8390 eV, all vertical angles"),
    };
  }
}

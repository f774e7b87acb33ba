// The storage ring: 500 mA in top-up mode, with a small ripple from injections and the orbit.
import type { Random } from "../../compute/random.js";
import { type Clock, Device, numbers, type Quantities, quantity } from "./device.js";

const PARAMETERS = {
  energy: quantity(2.75, "GeV", "SOLEIL's data", "energy of the electrons"),
  nominalCurrent: quantity(500, "mA", "paper", "stored current, kept up by top-up"),
  ripple: quantity(0.002, "1", "assumed", "rms of the current from frame to frame, relative"),
} as const satisfies Quantities;

/** Current of the ring. */
export const RING: { readonly energy: number; readonly nominalCurrent: number; readonly ripple: number } =
  numbers(PARAMETERS);

/** The storage ring; it has no settings. */
export class StorageRing extends Device {
  readonly parameters = PARAMETERS;
  private measured: number = RING.nominalCurrent;

  constructor(clock: Clock) {
    super("storageRing", clock);
  }

  /** Current at the last measurement, mA. */
  get current(): number {
    return this.measured;
  }

  /**
   * Measures the current.
   *
   * @param source generator of the ripple; without one there is none
   * @param averaged number of cubes whose mean is recorded
   */
  trigger(source?: Random, averaged = 1): void {
    const ripple = source ? (RING.ripple * source.normal()) / Math.sqrt(averaged) : 0;
    this.measured = Math.round(RING.nominalCurrent * (1 + ripple) * 1e4) / 1e4;
  }

  protected signals(): Quantities {
    return { current: quantity(this.measured, "mA", "last reading", "stored current") };
  }
}

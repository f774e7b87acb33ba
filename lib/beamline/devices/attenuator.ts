// Aluminum foil in front of the cell. It reduces light and dose and increases the relative noise. Its
// transmission increases with the energy, so the requested attenuation holds at one energy.
import { massAttenuation } from "../../dose/attenuation.js";
import { type Clock, Device, numbers, type Quantities, quantity, type Status } from "./device.js";

const PARAMETERS = {
  density: quantity(2.699, "g/cm3", "tables", "density of aluminum"),
  energy: quantity(8390, "eV", "paper", "energy at which the attenuation holds: there the flux is measured"),
  settle: quantity(1, "s", "assumed", "time to change the foil"),
} as const satisfies Quantities;

const { density, energy: REFERENCE, settle: SETTLE } = numbers(PARAMETERS);

/** The attenuator; its setting is the attenuated fraction of the beam at 8390 eV. */
export class Attenuator extends Device {
  readonly parameters = PARAMETERS;

  /** @param attenuation fraction of the beam that is removed, 0 to below 1 */
  constructor(
    clock: Clock,
    private attenuation = 0,
  ) {
    super("attenuator", clock);
  }

  /** Sets the attenuation. @param attenuation 0 to below 1 */
  set(attenuation: number): Status {
    this.demand(
      "a fraction of the beam, 0 to below 1",
      attenuation,
      (fraction) => fraction >= 0 && fraction < 1,
    );
    this.attenuation = attenuation;
    return this.moved(SETTLE);
  }

  /** Thickness of aluminum, um. */
  get thickness(): number {
    return (-Math.log1p(-this.attenuation) / (massAttenuation("Al", REFERENCE) * density)) * 1e4;
  }

  /** Transmitted fraction of the light at an energy, eV; exactly 1 without a foil. */
  transmission(energy: number = REFERENCE): number {
    if (this.attenuation === 0) return 1;
    const ratio = massAttenuation("Al", energy) / massAttenuation("Al", REFERENCE);
    return (1 - this.attenuation) ** ratio;
  }

  /** {@link transmission} at an energy, eV, relative to that at 8390 eV; exactly 1 without a foil. */
  relative(energy: number): number {
    return this.transmission(energy) / this.transmission();
  }

  protected signals(): Quantities {
    return {
      attenuation: quantity(this.attenuation, "1", "set", "fraction of the beam that is removed"),
      thickness: quantity(this.thickness, "um", "tables", "aluminum in the beam"),
    };
  }
}

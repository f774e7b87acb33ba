// The bent mirror behind the monochromator focuses moderately in the vertical; its figure errors cause the
// stripes of the flat field.
import type { SpotBeam } from "../parameters.js";
import { widthOf } from "./beam-profile.js";
import { type Clock, Device, numbers, type Quantities, quantity } from "./device.js";
import { beamQuantities } from "./documented.js";

const PARAMETERS = {
  reflectivity: quantity(0.9, "1", "assumed", "grazing incidence, at 8.4 keV"),
} as const satisfies Quantities;

/** The bent vertical mirror M2B. */
export class VerticalMirror extends Device {
  readonly parameters: Quantities = { ...PARAMETERS, ...beamQuantities("y") };

  /** @param beam current beam at the cell */
  constructor(
    clock: Clock,
    private readonly beam: () => SpotBeam,
  ) {
    super("verticalMirror", clock);
  }

  /** Vertical size of the spot: full width at half maximum of the intensity summed along x, mm. */
  get height(): number {
    return widthOf(this.beam(), "y");
  }

  /** Reflected fraction of the light. */
  get transmission(): number {
    return numbers(PARAMETERS).reflectivity;
  }

  protected signals(): Quantities {
    return { height: quantity(this.height, "mm", "calibrated beam", "vertical size of the spot (FWHM)") };
  }
}

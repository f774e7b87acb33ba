// The toroidal mirror focuses the beam horizontally, far behind the cell. The position of the cell determines
// the width and intensity of the spot.
import { BEAMS, type BeamMixture, type SpotBeam } from "../parameters.js";
import { shapeIntegral, widthOf } from "./beam-profile.js";
import { type Clock, Device, numbers, type Quantities, quantity, type Status } from "./device.js";
import { beamQuantities, integralQuantity } from "./documented.js";

const PARAMETERS = {
  focus: quantity(32.68, "m", "paper", "distance of the horizontal focus from the source"),
  nearest: quantity(28, "m", "paper", "place of the cell in the farther focus"),
  farthest: quantity(31.5, "m", "assumed", "beyond it the spot would be a line"),
  closer: quantity(29.9, "m", "paper", "place of the cell in the closer focus"),
  reflectivity: quantity(0.9, "1", "assumed", "grazing incidence, at 8.4 keV"),
  velocity: quantity(0.01, "m/s", "assumed", "of the cell along the axis"),
  horizontalAcceptance: quantity(2, "mrad", "assumed", "horizontal fan that the mirror takes"),
} as const satisfies Quantities;

const { focus, nearest, farthest, closer, reflectivity, velocity } = numbers(PARAMETERS);

/** Fields of view of the calibrated beams, pixels of 6.5 um: [rows, columns]. */
const FIELDS = { farther: [187, 512], closer: [187, 400] } as const;

/** Positions of the two calibrated beams, m from the source. */
export const CALIBRATED_DISTANCE = { farther: nearest, closer };

/**
 * Beam at a position along the axis: the calibrated beams are stretched in proportion to the distance from
 * the focus, and mixed linearly between their positions. Power is conserved.
 *
 * @param distance of the cell from the source, m, 28 to 31.5
 */
export function beamAt(distance: number): BeamMixture {
  const near = Math.min(Math.max((distance - nearest) / (closer - nearest), 0), 1);
  const part = (name: "farther" | "closer", share: number) => ({
    beam: BEAMS[name],
    scale: 1 / shapeIntegral(BEAMS[name], FIELDS[name]),
    stretch: (focus - distance) / (focus - CALIBRATED_DISTANCE[name]),
    share,
  });
  return { parts: [part("farther", 1 - near), part("closer", near)].filter(({ share }) => share > 0) };
}

/** The toroidal mirror; its setting is the position of the cell along the axis. */
export class ToroidalMirror extends Device {
  readonly parameters = { ...PARAMETERS, ...integralQuantity(), ...beamQuantities("x") };

  /**
   * @param spot beam at the cell
   * @param distance distance of the cell from the source, m, where it is known
   */
  constructor(
    clock: Clock,
    private spot: SpotBeam,
    private distance = Number.NaN,
  ) {
    super("toroidalMirror", clock);
  }

  /** Moves the cell along the axis. @param distance from the source, m */
  set(distance: number): Status {
    const expected = `the cell at ${nearest} to ${farthest} m from the source`;
    this.demand(expected, distance, (m) => m >= nearest && m <= farthest);
    // The position of a custom beam is unknown.
    const seconds = Number.isNaN(this.distance) ? 0 : Math.abs(distance - this.distance) / velocity;
    this.distance = distance;
    this.spot = beamAt(distance);
    return this.moved(seconds);
  }

  /** The beam at the cell. */
  get beam(): SpotBeam {
    return this.spot;
  }

  /** Horizontal size of the spot: full width at half maximum of the intensity summed along y, mm. */
  get width(): number {
    return widthOf(this.spot, "x");
  }

  /** Reflected fraction of the light. */
  get transmission(): number {
    return reflectivity;
  }

  protected signals(): Quantities {
    return {
      sampleDistance: quantity(this.distance, "m", "set", "place of the cell, from the source"),
      width: quantity(this.width, "mm", "calibrated beam", "horizontal size of the spot (FWHM)"),
    };
  }
}

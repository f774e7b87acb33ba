// Slits before the cell: open for the camera, closed to a small square for the ion chambers, which have no
// spatial resolution.

import type { SpotBeam } from "../parameters.js";
import { type Grid, onGrid } from "../recording/grid.js";
import { beamShape } from "./beam-profile.js";
import { type Clock, Device, numbers, type Quantities, quantity, type Status } from "./device.js";
import { lightQuantities } from "./documented.js";

const PARAMETERS = {
  chamberWidth: quantity(0.5, "mm", "paper", "opening for the ion chambers, horizontal"),
  chamberHeight: quantity(0.5, "mm", "paper", "opening for the ion chambers, vertical"),
  apertures: quantity(
    0.162883,
    "1",
    "calibrated: 1.041e12 ph/s behind the first chamber at 8390 eV (section 2)",
    "transmission of apertures, filters and windows from the source to the first chamber",
  ),
  settle: quantity(1, "s", "assumed", "time to open or close them"),
} as const satisfies Quantities;

/** Opening for the ion chambers, mm: [width, height]. */
export const CHAMBER_OPENING: readonly [number, number] = [
  PARAMETERS.chamberWidth.value,
  PARAMETERS.chamberHeight.value,
];

/** Transmission of apertures, filters and windows before the first chamber. */
export const APERTURES: number = numbers(PARAMETERS).apertures;

/** The slits; their setting is the opening, mm, or "open". */
export class Slits extends Device {
  readonly parameters: Quantities = { ...PARAMETERS, ...lightQuantities() };
  /** Last result of {@link transmission}, which needs a sum over the field of view. */
  private known?: { beam: SpotBeam; width: number; height: number; passed: number };
  private opening: readonly [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];

  /**
   * @param field the whole field of view
   * @param beam current beam at the cell
   */
  constructor(
    clock: Clock,
    private readonly field: Grid,
    private readonly beam: () => SpotBeam,
  ) {
    super("slits", clock);
  }

  /**
   * Closes the slits to an opening in the center of the beam, or opens them. @param opening [width, height],
   * mm, or "open"
   */
  set(opening: "open" | readonly [number, number]): Status {
    const infinite = Number.POSITIVE_INFINITY;
    const next = opening === "open" ? [infinite, infinite] : opening;
    if (!(Array.isArray(next) && next.length === 2 && next.every((mm) => typeof mm === "number" && mm > 0))) {
      this.refuse('an opening [width, height] in mm, or "open"', opening);
    }
    this.opening = [next[0], next[1]];
    return this.moved(numbers(PARAMETERS).settle);
  }

  /** Transmitted fraction of the light in the field of view. */
  get transmission(): number {
    const [width, height] = this.opening;
    if (width === Number.POSITIVE_INFINITY && height === Number.POSITIVE_INFINITY) return 1;
    const beam = this.beam();
    const { known } = this;
    if (known && known.beam === beam && known.width === width && known.height === height) return known.passed;
    let [all, through] = [0, 0];
    onGrid(this.field, (x, y) => {
      const light = beamShape(beam, x, y);
      all += light;
      if (Math.abs(x) <= width / 2 && Math.abs(y) <= height / 2) through += light;
      return 0;
    });
    this.known = { beam, width, height, passed: through / all };
    return this.known.passed;
  }

  /** A copy of the light of an image, with zeros where the slits are closed. */
  cut(grid: Grid, light: Float32Array): Float32Array {
    const [width, height] = this.opening;
    const inside = onGrid(grid, (x, y) => (Math.abs(x) <= width / 2 && Math.abs(y) <= height / 2 ? 1 : 0));
    return light.map((value, p) => value * inside[p]);
  }

  protected signals(): Quantities {
    const [width, height] = this.opening;
    return {
      width: quantity(width, "mm", "set", "horizontal opening"),
      height: quantity(height, "mm", "set", "vertical opening"),
      transmission: quantity(this.transmission, "1", "calibrated beam", "transmitted fraction of the light"),
    };
  }
}

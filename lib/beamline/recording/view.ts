// Light of a camera mode: the light and the energy of each pixel, and the light behind the object in the
// beam.
import type { Configuration } from "../configurations.js";
import { FRAME_RATE, shiftOnGrid } from "../devices/monochromator.js";
import { flatElectrons } from "../devices/sensor.js";
import type { CoarseState } from "../kinetics/electrode.js";
import { onPixels } from "../kinetics/interpolate-map.js";
import { doseRateAt } from "../kinetics/spot.js";
import { DepthTable, depthTable } from "./depth-table.js";
import type { Grid } from "./grid.js";
import { type FrameDepths, tabulate, transmit } from "./transmit.js";

/** Object between the open beam and the camera: none, the Ni foil, or the cell in a state. */
export type InBeam =
  | { readonly kind: "open" }
  | { readonly kind: "foil" }
  | { readonly kind: "sample"; readonly state: CoarseState };

/** One camera mode of one configuration. */
export class View {
  /** Electrons per raw pixel and frame in the open beam, at 8390 eV and the nominal ring current. */
  readonly light: Float32Array;
  /** eV */
  private readonly lowestShift: number;
  /** energy shift of each pixel above the lowest, in steps of the depth table */
  private readonly shift: Float32Array;
  /** Number of shifts in the table of a frame. */
  readonly shifts: number;

  constructor(
    configuration: Configuration,
    readonly grid: Grid,
  ) {
    const { exposure } = configuration;
    const relative = exposure === undefined ? 1 : exposure * FRAME_RATE;
    this.light = Float32Array.from(
      doseRateAt(configuration, grid),
      (doseRate) => relative * flatElectrons(doseRate),
    );
    const shift = shiftOnGrid(grid);
    const [lowest, highest] = extent(shift);
    this.lowestShift = lowest;
    this.shift = Float32Array.from(shift, (s) => (s - lowest) / DepthTable.SHIFT_STEP);
    this.shifts = Math.floor((highest - lowest) / DepthTable.SHIFT_STEP) + 2;
  }

  /** Light behind an object in the beam. */
  through(inBeam: InBeam): Sight {
    if (inBeam.kind === "open") return new Sight();
    const { shift, shifts, lowestShift } = this;
    const mixture = inBeam.kind === "sample" ? this.mixture(inBeam.state) : { c1: 0, c2: 0 };
    return new Sight({ shift, shifts, mixture, depths: depthTable(inBeam.kind), lowestShift });
  }

  private mixture(state: CoarseState): Mixture {
    const [first1, first2] = [state.c1[0], state.c2[0]];
    if (state.c1.every((c) => c === first1) && state.c2.every((c) => c === first2)) {
      return { c1: first1, c2: first2 };
    }
    const [c1, c2] = onPixels(state, this.grid);
    return { c1, c2 };
  }
}

/** Concentrations of components 1 and 2: in each pixel, or uniform. */
type Mixture = NonNullable<FrameDepths["mixture"]> | { readonly c1: number; readonly c2: number };

/** Object in the beam, before the energy is set. */
interface Absorber {
  readonly shift: Float32Array;
  readonly shifts: number;
  readonly mixture: Mixture;
  readonly depths: DepthTable;
  /** eV */
  readonly lowestShift: number;
}

/** Light of a camera mode behind an object in the beam, frame by frame. */
export class Sight {
  /** Object in the beam at the energy that was set last; null: none. */
  readonly depths: FrameDepths | null = null;
  private readonly fine: Float64Array = new Float64Array(0);

  /** @param absorber object in the beam; default none */
  constructor(private readonly absorber?: Absorber) {
    if (!absorber) return;
    const { shift, shifts, mixture } = absorber;
    const own = typeof mixture.c1 === "number" ? null : (mixture as FrameDepths["mixture"]);
    this.fine = new Float64Array(3 * shifts);
    this.depths = { shift, table: new Float32Array((own ? 8 : 2) * shifts), mixture: own };
  }

  /** Sets the monochromator for the next frames. @param energy eV, in the center of the image */
  at(energy: number): void {
    const { absorber, depths, fine } = this;
    if (!absorber || !depths) return;
    absorber.depths.frame(energy + absorber.lowestShift, fine);
    const { c1, c2 } = absorber.mixture;
    tabulate(fine, typeof c1 === "number" && typeof c2 === "number" ? { c1, c2 } : null, depths.table);
  }

  /**
   * Mean electrons of pixels.
   *
   * @param light light of the open beam
   * @param brightness brightness of the source; 1 at the nominal ring current
   * @param out electrons per raw pixel
   */
  electrons(light: Float32Array, brightness: number, out: Float32Array): void {
    transmit(light, brightness, this.depths, out);
  }
}
function extent(values: Float64Array): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

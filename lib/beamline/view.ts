// What a camera mode sees: the light of each of its pixels, the energy there, and what is left of the light behind what is in
// the beam.
import type { Configuration } from "./configurations.js";
import { DepthTable, depthTable } from "./depth-table.js";
import { FRAME_RATE, shiftOnGrid } from "./devices/monochromator.js";
import { flatElectrons } from "./devices/sensor.js";
import type { CoarseState } from "./electrode.js";
import type { Grid } from "./grid.js";
import { resample } from "./resample.js";
import { doseRateAt } from "./spot.js";
import { type FrameDepths, transmit } from "./transmit.js";

/** What can be between the open beam and the camera: nothing, the Ni foil, or the cell in a state. */
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
  private readonly shifts: number;

  constructor(
    configuration: Configuration,
    readonly grid: Grid,
  ) {
    const { exposure } = configuration;
    const share = exposure === undefined ? 1 : exposure * FRAME_RATE;
    this.light = Float32Array.from(
      doseRateAt(configuration, grid),
      (doseRate) => share * flatElectrons(doseRate),
    );
    const shift = shiftOnGrid(grid);
    const [lowest, highest] = extent(shift);
    this.lowestShift = lowest;
    this.shift = Float32Array.from(shift, (s) => (s - lowest) / DepthTable.SHIFT_STEP);
    this.shifts = Math.floor((highest - lowest) / DepthTable.SHIFT_STEP) + 2;
  }

  /** What the camera sees through something in the beam. */
  through(inBeam: InBeam): Sight {
    const { shift, lowestShift } = this;
    if (inBeam.kind === "open") {
      return new Sight({ table: new Float64Array(6), shift: shift.map(() => 0), c1: 0, c2: 0 });
    }
    const mixture = inBeam.kind === "sample" ? this.mixture(inBeam.state) : { c1: 0, c2: 0 };
    const depths = { table: new Float64Array(3 * this.shifts), shift, ...mixture };
    return new Sight(depths, depthTable(inBeam.kind), lowestShift);
  }

  private mixture(state: CoarseState): Pick<FrameDepths, "c1" | "c2"> {
    const [first1, first2] = [state.c1[0], state.c2[0]];
    if (state.c1.every((c) => c === first1) && state.c2.every((c) => c === first2)) {
      return { c1: first1, c2: first2 };
    }
    const [c1, c2] = [new Float32Array(this.shift.length), new Float32Array(this.shift.length)];
    resample(state.c1, state.grid, this.grid, c1);
    resample(state.c2, state.grid, this.grid, c2);
    return { c1, c2 };
  }
}

/** What a camera mode sees through something in the beam, frame by frame. */
export class Sight {
  constructor(
    private readonly depths: FrameDepths,
    private readonly table?: DepthTable,
    private readonly lowestShift = 0,
  ) {}

  /** Sets the monochromator for the frames to come. @param energy eV, in the middle of the image */
  at(energy: number): void {
    this.table?.frame(energy + this.lowestShift, this.depths.table);
  }

  /**
   * Electrons that pixels collect on average.
   *
   * @param light of the open beam, of the whole image
   * @param brightness of the source; 1 at the nominal ring current
   * @param from first pixel
   * @param out as many pixels as it has, electrons per raw pixel
   */
  electrons(light: Float32Array, brightness: number, from: number, out: Float32Array): void {
    transmit(light, brightness, this.depths, from, out);
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

// Light of a camera mode: the light and the energy of each pixel, and the light behind the object in the
// beam.
import type { Configuration } from "../configurations.js";
import { restDepth } from "../devices/cell.js";
import { type Texture, thicknessOnGrid } from "../devices/drift.js";
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

  private readonly texture: Texture | undefined;

  constructor(
    configuration: Configuration,
    readonly grid: Grid,
  ) {
    const { exposure, texture } = configuration;
    this.texture = texture;
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
    const depths = depthTable(inBeam.kind);
    if (inBeam.kind === "foil") {
      return new Sight({ shift, shifts, mixture: { c1: 0, c2: 0 }, depths, lowestShift });
    }
    const { state } = inBeam;
    const moved = (place: Place): Moved => {
      const grid = { ...this.grid, center: [place[0] / 1e3, place[1] / 1e3] as const };
      const deviation = this.texture && thicknessOnGrid(this.texture, grid);
      return { mixture: this.mixture(state, grid), deviation };
    };
    return new Sight({ shift, shifts, depths, lowestShift, ...moved([0, 0]) }, moved);
  }

  private mixture(state: CoarseState, grid: Grid): Mixture {
    const [first1, first2] = [state.c1[0], state.c2[0]];
    const isUniform = state.c1.every((c) => c === first1) && state.c2.every((c) => c === first2);
    if (isUniform && !this.texture) return { c1: first1, c2: first2 };
    const [c1, c2] = onPixels(state, grid);
    return { c1, c2 };
  }
}

/** Place of the sample, um from that at the start of the charge: [x, y]. */
type Place = readonly [number, number];

/** Concentrations of components 1 and 2: in each pixel, or uniform. */
type Mixture = NonNullable<FrameDepths["mixture"]> | Uniform;
interface Uniform {
  readonly c1: number;
  readonly c2: number;
}

/** What the camera sees of a sample at its place. */
interface Moved {
  readonly mixture: Mixture;
  /** Of the electrode's thickness, relative; undefined where it does not vary. */
  readonly deviation?: Float32Array;
}

/** Object in the beam, before the energy is set. */
interface Absorber extends Moved {
  readonly shift: Float32Array;
  readonly shifts: number;
  readonly depths: DepthTable;
  /** eV */
  readonly lowestShift: number;
}

const rest = restDepth();

/** Light of a camera mode behind an object in the beam, frame by frame. */
export class Sight {
  private own: FrameDepths | null = null;
  private readonly fine: Float64Array = new Float64Array(0);
  private readonly table: Float32Array = new Float32Array(0);
  private place: Place = [0, 0];

  /**
   * @param absorber object in the beam; default none
   * @param moved the same at another place; default it stays
   */
  constructor(
    private absorber?: Absorber,
    private readonly moved?: (place: Place) => Moved,
  ) {
    if (!absorber) return;
    const { shifts, mixture } = absorber;
    this.fine = new Float64Array(3 * shifts);
    this.table = new Float32Array((isUniform(mixture) ? 2 : 8) * shifts);
  }

  /** Object in the beam at the energy that was set last; null: none. */
  get depths(): FrameDepths | null {
    return this.own;
  }

  /** Moves the object to a place, um from that at the start of the charge. */
  moveTo(place: Place): void {
    const { absorber, moved } = this;
    if (!absorber || !moved || (place[0] === this.place[0] && place[1] === this.place[1])) return;
    this.place = place;
    this.absorber = { ...absorber, ...moved(place) };
  }

  /** Sets the monochromator for the next frames. @param energy eV, in the center of the image */
  at(energy: number): void {
    const { absorber, fine, table } = this;
    if (!absorber) return;
    const { depths, lowestShift, mixture, shift, deviation } = absorber;
    depths.frame(energy + lowestShift, fine);
    tabulate(fine, isUniform(mixture) ? mixture : null, table);
    const texture = deviation && { deviation, rest: rest(energy) };
    this.own = { shift, table, mixture: isUniform(mixture) ? null : mixture, ...(texture && { texture }) };
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

function isUniform(mixture: Mixture): mixture is Uniform {
  return typeof mixture.c1 === "number";
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

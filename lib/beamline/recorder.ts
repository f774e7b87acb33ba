// Records one file: sets the monochromator to each energy in turn, puts the sample, the foil or nothing into the beam, and
// reads the camera. Each file's numbers depend on the seed and the file only, not on who records it or when.
import { random } from "../compute/random.js";
import { EdfWriter } from "../io/edf.js";
import type { CoarseState } from "./concentrations.js";
import type { Configuration } from "./configurations.js";
import { DepthTable, depthTable } from "./depth-table.js";
import { doseRateOnGrid, REFERENCE_PIXEL } from "./devices/beam-profile.js";
import { Exposure, flatElectrons } from "./devices/camera.js";
import { ENERGY_JITTER, FRAME_RATE, scanEnergies, shiftOnGrid } from "./devices/monochromator.js";
import { diffract, grains } from "./devices/window.js";
import type { Grid } from "./grid.js";
import { resample } from "./resample.js";
import { PART_NAMES, type PlannedFile, type PlannedPart } from "./schedule.js";
import { type FrameDepths, transmit } from "./transmit.js";

/** One file to record; plain data, so that it can be sent to a worker. */
export interface RecordingJob {
  /** Where the file goes. */
  readonly path: string;
  readonly part: PlannedPart;
  readonly file: PlannedFile;
  /** Number of the file in its part. */
  readonly index: number;
  /** Concentrations in the middle of the file; for the sample only. */
  readonly state?: CoarseState;
}

/** Ring current, mA, and its rms ripple from frame to frame. */
const RING = { current: 500, ripple: 0.002 };

/** Records the files of one configuration. */
export class Recorder {
  private readonly energies = scanEnergies();
  private readonly images = new Map<string, Image>();

  constructor(
    private readonly configuration: Configuration,
    private readonly seed: number,
  ) {}

  /**
   * Records a file, frame by frame: yields the bytes of each frame after it is written, so that the caller can report and
   * stop. A caller that stops early leaves no file.
   *
   * @throws FileError when the disk refuses
   */
  *record(job: RecordingJob): Generator<number, void, void> {
    const { part, file } = job;
    const { grid } = part;
    const image = this.image(part);
    const key = this.key(job);
    const table = part.kind === "sample" || part.kind === "foil" ? depthTable(part.kind) : undefined;
    const depths = this.depths(job, image, table);
    const once = random(this.seed, ...key, -1);
    const jitter = (ENERGY_JITTER * once.normal()) / Math.sqrt(file.cubes);
    const spots = part.kind === "sample" ? this.grains(part) : [];
    const dark = new Float32Array(image.light.length);
    const electrons = new Float32Array(image.light.length);
    const counts = new Uint16Array(image.light.length);

    const writer = EdfWriter.create(job.path, {}, "simulate");
    let whole = false;
    try {
      for (let k = 0; k < part.frames; k++) {
        const energy = this.energies[k];
        const ripple = (RING.ripple * once.normal()) / Math.sqrt(file.cubes);
        const current = Math.round(RING.current * (1 + ripple) * 1e4) / 1e4;
        table?.frame(energy + jitter + image.lowestShift, depths.table);

        let light = part.kind === "dark" ? dark : image.light;
        const active = spots.filter((grain) => k >= grain.first && k < grain.first + grain.frames);
        if (active.length > 0) light = light.slice();
        for (const grain of active) diffract(grain, k, grid, light);

        const samples = file.cubes * part.binning ** 2;
        transmit(light, current / RING.current, depths, electrons);
        new Exposure(samples, this.seed, ...key, k).record(electrons, counts);
        writer.append({
          header: {
            ...(part.kind !== "dark" && { energy }),
            exposure_time: EXPOSURE_TIME,
            ring_current: current,
            time: Math.round((file.start + k / FRAME_RATE) * 1e4) / 1e4,
            cubes: file.cubes,
          },
          shape: [grid.rows, grid.columns],
          data: counts,
        });
        yield frameBytes(grid);
      }
      writer.finish();
      whole = true;
    } finally {
      if (!whole) writer.abort();
    }
  }

  private key({ part, index }: RecordingJob): number[] {
    return [hash(this.configuration.name), PART_NAMES.indexOf(part.sharedWith ?? part.name), index];
  }

  /** The diffracting grains at a part's spot: the same in every camera mode. */
  private grains({ frames, spot = "" }: PlannedPart) {
    const [height, width] = this.configuration.field.map((n) => n * REFERENCE_PIXEL * 1e-3);
    return grains(width, height, frames, this.seed, hash(this.configuration.name), hash(spot));
  }

  private depths({ state, part }: RecordingJob, image: Image, table: DepthTable | undefined): FrameDepths {
    const { shift } = image;
    // Without anything in the beam, all depths stay zero.
    const depths = new Float64Array(3 * (table ? image.shifts : 2));
    if (!table || !state) return { table: depths, shift: table ? shift : shift.map(() => 0), c1: 0, c2: 0 };
    const [first1, first2] = [state.c1[0], state.c2[0]];
    if (state.c1.every((c) => c === first1) && state.c2.every((c) => c === first2)) {
      return { table: depths, shift, c1: first1, c2: first2 };
    }
    const [c1, c2] = [new Float32Array(shift.length), new Float32Array(shift.length)];
    resample(state.c1, state.grid, part.grid, c1);
    resample(state.c2, state.grid, part.grid, c2);
    return { table: depths, shift, c1, c2 };
  }

  private image({ grid }: PlannedPart): Image {
    const key = `${grid.rows} ${grid.columns} ${grid.pixelSize}`;
    let image = this.images.get(key);
    if (!image) {
      const { beam, field } = this.configuration;
      const shift = shiftOnGrid(grid);
      const [lowest, highest] = extent(shift);
      image = {
        light: Float32Array.from(doseRateOnGrid(beam, field, grid), flatElectrons),
        lowestShift: lowest,
        shift: Float32Array.from(shift, (s) => (s - lowest) / DepthTable.SHIFT_STEP),
        shifts: Math.floor((highest - lowest) / DepthTable.SHIFT_STEP) + 2,
      };
      this.images.set(key, image);
    }
    return image;
  }
}

/** What a camera mode sees of a configuration. */
interface Image {
  /** electrons per raw pixel in the open beam */
  readonly light: Float32Array;
  /** eV */
  readonly lowestShift: number;
  /** energy shift of each pixel above the lowest, in steps of the depth table */
  readonly shift: Float32Array;
  readonly shifts: number;
}

/** s, as written */
const EXPOSURE_TIME = Math.round(1e7 / FRAME_RATE) / 1e7;

function extent(values: Float64Array): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Bytes of a frame in its file: header and 16-bit counts. */
export function frameBytes({ rows, columns }: Grid): number {
  return 512 + 2 * rows * columns;
}

/** A whole number for a name (FNV-1a), to key random streams with. */
export function hash(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return h | 0;
}

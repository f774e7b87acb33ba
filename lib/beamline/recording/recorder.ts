// Records one file: sets the devices of the beamline to each energy and reads the camera. The numbers of a
// file depend on the seed and the file only, not on the worker or the time.
import { random } from "../../compute/random.js";
import { EdfWriter } from "../../io/edf.js";
import { NexusWriter } from "../../io/nexus-writer.js";
import type { Configuration } from "../configurations.js";
import { REFERENCE_PIXEL } from "../devices/beam-profile.js";
import { displacement } from "../devices/drift.js";
import { Exposure } from "../devices/exposure.js";
import { ENERGY_JITTER, FRAME_RATE, FRAMES, scanEnergies } from "../devices/monochromator.js";
import { RING } from "../devices/storage-ring.js";
import { DiamondWindow, diffract, grains } from "../devices/window.js";
import type { CoarseState } from "../kinetics/electrode.js";
import { hash } from "../names.js";
import { PART_NAMES } from "../plans/parts.js";
import { type Rock, rock } from "../rock.js";
import type { CubeFormat, PlannedFile, PlannedPart } from "../time/schedule.js";
import { type FrameBuffer, frameBuffer } from "./frame-buffer.js";
import type { Grid } from "./grid.js";
import { type FrameWriter, timeless } from "./timeless.js";
import { type InBeam, View } from "./view.js";

/** One file to record; plain data, so that it can be sent to a worker. */
export interface RecordingJob {
  /** Path of the file. */
  readonly path: string;
  readonly format: CubeFormat;
  readonly part: PlannedPart;
  readonly file: PlannedFile;
  /** Number of the file in its part. */
  readonly index: number;
  /** Concentrations at the middle time of the file; for the sample only. */
  readonly state?: CoarseState;
}

/** Records the files of one configuration. */
export class Recorder {
  private readonly energies = scanEnergies();
  private readonly modes = new Map<string, CameraMode>();
  private readonly beamline: Rock;
  /** s, as written */
  private readonly exposureTime: number;

  constructor(
    private readonly configuration: Configuration,
    private readonly seed: number,
  ) {
    this.beamline = rock(configuration);
    this.exposureTime = Math.round(1e7 * (configuration.exposure ?? 1 / FRAME_RATE)) / 1e7;
  }

  /**
   * Records a file, frame by frame, and yields the bytes of each frame after it is written. A caller that
   * stops early leaves no file. NeXus needs the loaded HDF5 library.
   *
   * @throws FileError when the file cannot be written
   */
  *record(job: RecordingJob): Generator<number, void, void> {
    const { part, file } = job;
    const { grid } = part;
    const { ring, attenuator, clock } = this.beamline;
    const { view, frame } = this.mode(part);
    const sight = view.through(inBeam(job));
    const key = this.key(job);
    const once = random(this.seed, ...key, -1);
    const jitter = (ENERGY_JITTER * once.normal()) / Math.sqrt(file.cubes);
    const window = new DiamondWindow(clock, part.kind === "sample" ? this.grains(part) : []);
    const nothing = part.kind === "dark";

    const writer = writerOf(job, this.configuration);
    let whole = false;
    try {
      const first = Math.floor(part.every / 2);
      for (let k = 0; k <= first + (part.frames - 1) * part.every; k++) {
        ring.trigger(once, file.cubes);
        if (k % part.every !== first) continue;
        const energy = this.energies[k];

        const place = part.kind === "sample" ? this.place(file, k) : STILL;
        const active = window.active(k);
        // The window is a part of the cell, and moves with it.
        const [x, y] = place.map((um) => um / 1e3);
        for (const grain of active)
          diffract({ ...grain, x: grain.x + x, y: grain.y + y }, k, grid, frame.light);
        const brightness = (ring.current / RING.nominalCurrent) * attenuator.relative(energy);
        sight.moveTo(place);
        sight.at(energy + jitter);
        const exposure = new Exposure(
          { samples: file.cubes * part.binning ** 2, perCount: part.perCount },
          this.seed,
          ...key,
          k,
        );
        frame.expose(nothing ? 0 : brightness, sight.depths, exposure);
        if (active.length > 0) frame.light.set(view.light);
        writer.append({
          header: {
            ...(!nothing && { energy }),
            exposure_time: this.exposureTime,
            ring_current: ring.current,
            time: Math.round((file.start + k / FRAME_RATE) * 1e4) / 1e4,
            cubes: file.cubes,
            ...(part.perCount > 1 && { per_count: part.perCount }),
          },
          shape: [grid.rows, grid.columns],
          data: frame.counts,
        });
        yield frameBytes(grid);
      }
      writer.finish();
      whole = true;
    } finally {
      if (!whole) writer.abort();
    }
  }

  /** Where the sample is in a frame, um. An averaged file shows it where it was in the middle of its cubes. */
  private place({ start, end }: PlannedFile, frame: number): readonly [number, number] {
    const { drift } = this.configuration;
    return drift ? displacement(drift, (start + end) / 2, frame) : STILL;
  }

  private key({ part, index }: RecordingJob): number[] {
    return [hash(this.configuration.name), PART_NAMES.indexOf(part.sharedWith ?? part.name), index];
  }

  /** The diffracting grains at the spot of a part: the same in every camera mode. */
  private grains({ spot = "" }: PlannedPart) {
    const [height, width] = this.configuration.field.map((n) => n * REFERENCE_PIXEL * 1e-3);
    return grains(width, height, FRAMES, this.seed, hash(this.configuration.name), hash(spot));
  }

  private mode({ grid }: PlannedPart): CameraMode {
    const key = `${grid.rows} ${grid.columns} ${grid.pixelSize}`;
    let mode = this.modes.get(key);
    if (!mode) {
      const view = new View(this.configuration, grid);
      // The compiled kernels do not have a thickness that varies.
      const plain = this.configuration.texture && null;
      mode = { view, frame: frameBuffer(view.light.length, view.shifts, plain) };
      mode.frame.light.set(view.light);
      this.modes.set(key, mode);
    }
    return mode;
  }
}

const STILL = [0, 0] as const;

/** A camera mode with its frame buffer. Between frames `frame.light` equals `view.light`. */
interface CameraMode {
  readonly view: View;
  readonly frame: FrameBuffer;
}

function writerOf({ path, format, part }: RecordingJob, { title }: Configuration): FrameWriter {
  if (format === "edf") return EdfWriter.create(path, {}, "simulate");
  const options = { kind: part.kind, title: `${title}, ${part.name}` };
  return timeless(() => NexusWriter.create(path, options));
}

function inBeam({ part, state }: RecordingJob): InBeam {
  if (part.kind === "sample" && state) return { kind: "sample", state };
  return { kind: part.kind === "foil" ? "foil" : "open" };
}

/** Bytes of a frame in its file: header and 16-bit counts. */
export function frameBytes({ rows, columns }: Grid): number {
  return 512 + 2 * rows * columns;
}

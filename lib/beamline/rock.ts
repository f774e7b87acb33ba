// The assembled beamline: every device in the order of the beam, connected so that the setting of one affects
// the next.

import { ArgumentError, quote } from "../errors.js";
import { checkOptions } from "../options.js";
import { type Configuration, type ConfigurationLike, resolveConfiguration } from "./configurations.js";
import { Attenuator } from "./devices/attenuator.js";
import { REFERENCE_PIXEL } from "./devices/beam-profile.js";
import { Camera } from "./devices/camera.js";
import { CameraStage } from "./devices/camera-stage.js";
import { foilDepth, RockCell, STACK } from "./devices/cell.js";
import {
  type Clock,
  type Description,
  Device,
  numbers,
  type Reading,
  simulatedClock,
} from "./devices/device.js";
import { displacement } from "./devices/drift.js";
import { FLUX_ENERGY, IonChamber } from "./devices/ion-chambers.js";
import { BANDWIDTH, FRAMES, Monochromator, scanEnergies } from "./devices/monochromator.js";
import { Potentiostat } from "./devices/potentiostat.js";
import { SampleStage } from "./devices/sample-stage.js";
import { Shutter } from "./devices/shutter.js";
import { APERTURES, Slits } from "./devices/slits.js";
import { BendingMagnet } from "./devices/source.js";
import { RING, StorageRing } from "./devices/storage-ring.js";
import { CALIBRATED_DISTANCE, ToroidalMirror } from "./devices/toroidal-mirror.js";
import { VerticalMirror } from "./devices/vertical-mirror.js";
import { DiamondWindow, diffract, grains } from "./devices/window.js";
import { electrodes } from "./kinetics/concentrations.js";
import { doseRateAt } from "./kinetics/spot.js";
import { hash } from "./names.js";
import type { Grid } from "./recording/grid.js";
import { type InBeam, View } from "./recording/view.js";
import { timetableOf } from "./time/timetable.js";

/** One step of the flux from the source to the camera. */
export interface FluxStep {
  readonly device: string;
  /** transmitted fraction of the flux */
  readonly transmission: number;
  /** flux behind it, ph/s */
  readonly flux: number;
}

/** All readings of a beamline, by device and name. */
export type All<T> = Record<string, Record<string, T>>;

/** What the devices of a beamline have in common. */
class Wiring {
  /**
   * @param configuration checked configuration
   * @param clock its zero is the start of the charge
   * @param seed seed of the grains of the window
   */
  constructor(
    readonly configuration: Configuration,
    readonly clock: Clock,
    protected readonly seed: number,
  ) {}

  /** Field of view with pixels of 6.5 um. */
  protected get grid(): Grid {
    const [rows, columns] = this.configuration.field;
    return { rows, columns, pixelSize: REFERENCE_PIXEL };
  }

  /** Distance of the cell from the source, m; undefined for a custom beam. */
  protected get distance(): number | undefined {
    const { name, sampleDistance } = this.configuration;
    return sampleDistance ?? (CALIBRATED_DISTANCE as Record<string, number>)[name];
  }
}

/** The simulated beamline: one line per device, in the order of the beam. */
export class Rock extends Wiring {
  readonly ring = new StorageRing(this.clock);
  readonly source = new BendingMagnet(this.clock, () => this.ring.current);
  readonly toroidalMirror = new ToroidalMirror(this.clock, this.configuration.beam, this.distance);
  readonly monochromator = new Monochromator(this.clock);
  readonly verticalMirror = new VerticalMirror(this.clock, () => this.toroidalMirror.beam);
  readonly attenuator = new Attenuator(this.clock, this.configuration.attenuation);
  readonly shutter = new Shutter(this.clock);
  readonly slits = new Slits(this.clock, this.grid, () => this.toroidalMirror.beam);
  readonly i0 = new IonChamber("i0", this.clock, () => this.flux());
  readonly sampleStage = new SampleStage(this.clock);
  readonly cell = new RockCell(this.clock);
  readonly i1 = new IonChamber("i1", this.clock, () => this.flux() * this.transmission());
  readonly i2 = new IonChamber("i2", this.clock, () => this.flux() * this.transmission() * this.foil());
  readonly cameraStage = new CameraStage(this.clock);
  readonly camera = new Camera(this.clock, (grid) => this.illumination(grid), this.configuration.exposure);
  readonly potentiostat = new Potentiostat(
    this.clock,
    this.configuration.cell,
    timetableOf(this.configuration),
  );
  private readonly windows = new Map<string, DiamondWindow>();
  private readonly views = new Map<string, View>();
  private viewed: Partial<Pick<Configuration, "beam" | "attenuation">> = {};

  /** Every device, in the order of the beam. The window, which depends on the spot, is before the cell. */
  get devices(): readonly Device[] {
    return Object.values(this).flatMap((one: unknown) =>
      one === this.cell ? [this.window, this.cell] : one instanceof Device ? [one] : [],
    );
  }

  /** The entrance window of the cell, at the spot in the beam. */
  get window(): DiamondWindow {
    const spot = this.sampleStage.at;
    let window = this.windows.get(spot);
    if (!window) {
      const [height, width] = this.configuration.field.map((n) => n * REFERENCE_PIXEL * 1e-3);
      const key = [hash(this.configuration.name), hash(spot)];
      const inBeam = spot === "I0" || spot === "foil" ? [] : grains(width, height, FRAMES, this.seed, ...key);
      window = new DiamondWindow(this.clock, inBeam);
      this.windows.set(spot, window);
    }
    return window;
  }

  /** Readings of all devices. */
  read(): All<Reading> {
    return Object.fromEntries(this.devices.map((device) => [device.name, device.read()]));
  }

  /** Metadata of all readings. */
  describe(): All<Description> {
    return Object.fromEntries(this.devices.map((device) => [device.name, device.describe()]));
  }

  /**
   * Flux from the source to the electrode, device by device: each step is the previous one times the
   * transmission of the device.
   *
   * @param energy eV; default 8390, where the flux behind the first chamber was measured
   */
  budget(energy: number = FLUX_ENERGY): FluxStep[] {
    if (!(typeof energy === "number" && energy >= 1000 && energy <= 30_000)) {
      throw new ArgumentError(`budget: expected energy in eV, 1000 to 30000, got ${quote(energy)}`, {
        energy,
      });
    }
    const { horizontalAcceptance } = numbers(this.toroidalMirror.parameters);
    const emitted = this.source.flux(energy) * horizontalAcceptance;
    const steps: [string, number][] = [
      ["toroidalMirror", this.toroidalMirror.transmission],
      ["monochromator", BANDWIDTH / 1e-3],
      ["verticalMirror", this.verticalMirror.transmission],
      ["apertures", APERTURES],
      ["attenuator", this.attenuator.transmission(energy)],
      ["slits", this.slits.transmission],
      ["cell before the electrode", STACK.upstream(energy)],
    ];
    const out: FluxStep[] = [{ device: "source", transmission: 1, flux: emitted }];
    for (const [device, transmission] of steps) {
      out.push({ device, transmission, flux: (out.at(-1) as FluxStep).flux * transmission });
    }
    return out;
  }

  /**
   * Dose rate of the electrode at the current position of the beam, behind the attenuator (density convention
   * porous).
   *
   * @returns kGy/s, shape [rows, columns]
   */
  doseRate(grid: Grid): Float64Array {
    const { rows, columns, pixelSize } = grid ?? {};
    const whole = [rows, columns].every((n) => Number.isInteger(n) && n > 0);
    if (!(whole && typeof pixelSize === "number" && pixelSize > 0 && pixelSize < 1e4)) {
      throw new ArgumentError(
        `doseRate: expected a grid { rows, columns, pixelSize } with pixels in um, got ${quote(grid)}`,
        { grid },
      );
    }
    return doseRateAt(this.now(), grid);
  }

  /** ph/s behind the first chamber, at the energy of the monochromator. */
  private flux(): number {
    const { energy } = this.monochromator;
    const behindSlits = this.budget(energy).find(({ device }) => device === "slits") as FluxStep;
    return this.shutter.transmission * behindSlits.flux;
  }

  /** The configuration with the current settings of the devices. */
  private now(): Configuration {
    return {
      ...this.configuration,
      beam: this.toroidalMirror.beam,
      attenuation: 1 - this.attenuator.transmission(),
    };
  }

  /** Light on the camera: electrons of each pixel in a frame of full length. */
  private illumination(grid: Grid): Float32Array {
    const view = this.view(grid);
    const out = new Float32Array(view.light.length);
    if (this.cameraStage.at === "out" || this.shutter.transmission === 0) return out;
    const { energy } = this.monochromator;
    const light = this.slits.cut(grid, view.light);
    const frame = nearest(scanEnergies(), energy);
    for (const grain of this.window.active(frame)) diffract(grain, frame, grid, light);
    const brightness = (this.ring.current / RING.nominalCurrent) * this.attenuator.relative(energy);
    const sight = view.through(this.inBeam());
    const { drift } = this.configuration;
    if (drift) sight.moveTo(displacement(drift, this.clock.now(), (FRAMES - 1) / 2));
    sight.at(energy);
    sight.electrons(light, brightness, out);
    return out;
  }

  /** The view of the camera for the current beam and full-length frames; kept until the beam changes. */
  private view(grid: Grid): View {
    const { beam, attenuation } = this.now();
    if (beam !== this.viewed.beam || attenuation !== this.viewed.attenuation) this.views.clear();
    this.viewed = { beam, attenuation };
    const key = `${grid.rows} ${grid.columns} ${grid.pixelSize}`;
    const view = this.views.get(key) ?? new View({ ...this.now(), exposure: undefined }, grid);
    this.views.set(key, view);
    return view;
  }

  private inBeam(): InBeam {
    const spot = this.sampleStage.at;
    if (spot === "I0") return { kind: "open" };
    if (spot === "foil") return { kind: "foil" };
    return { kind: "sample", state: electrodes(this.configuration)(spot).at(this.clock.now()) };
  }

  /** Transmission of the object on the stage, at the energy of the monochromator. */
  private transmission(): number {
    const [rows, columns] = this.configuration.field;
    const grid = {
      rows: Math.round(rows / 8),
      columns: Math.round(columns / 8),
      pixelSize: 8 * REFERENCE_PIXEL,
    };
    const view = this.view(grid);
    const light = this.slits.cut(grid, view.light);
    const out = new Float32Array(light.length);
    const sight = view.through(this.inBeam());
    sight.at(this.monochromator.energy);
    sight.electrons(light, 1, out);
    return sum(out) / sum(light);
  }

  private foil(): number {
    return Math.exp(-foilDepth()(this.monochromator.energy));
  }
}

/**
 * The beamline of a configuration, with nothing in the beam.
 *
 * @param settings clock: its zero is the start of the charge, default one that starts there; seed: seed of
 *   the grains of the window
 * @throws ArgumentError for an unknown config
 * @example
 * const rock = beamline("farther", { seed: 1 });
 * rock.camera.read().sensorPixel.value; // 6.5 um
 */
export function rock(
  config: ConfigurationLike = "farther",
  settings: { readonly clock?: Clock; readonly seed?: number } = {},
): Rock {
  const { clock = simulatedClock(), seed = 1 } = checkOptions("beamline", settings, {
    clock: true,
    seed: true,
  });
  return new Rock(resolveConfiguration(config, "beamline"), clock, seed);
}

function nearest(energies: Float64Array, energy: number): number {
  let best = 0;
  for (let k = 1; k < energies.length; k++)
    if (Math.abs(energies[k] - energy) < Math.abs(energies[best] - energy)) best = k;
  return best;
}

function sum(values: Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

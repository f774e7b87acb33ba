// The state of the page: the selection, and all that is computed from it. Panels read it; controls change it.

import { type Basis, basisOf, concentrationsOf, type MixtureFit } from "./concentrations.js";
import type { Header } from "./format.js";
import { choose, type Mean, type Region, RunningMean } from "./select.js";
import { type Payload, readSpectra } from "./unpack.js";

/** The user's selection. */
export interface Chosen {
  /** One of `View.images`. */
  image: string;
  /** Index of an energy. */
  energy: number;
  /** Index of a time step. */
  time: number;
  /** Which map the interval is of. */
  map: number;
  /** In the display unit; null: all. */
  interval: readonly [number, number] | null;
  region: Region | null;
  /** Whether the spectrum is shown over all energies. */
  whole: boolean;
}

/** The data of the page and the selection. */
export class View {
  readonly header: Header;
  readonly energies: Float64Array;
  /** [nTimes, nPixels, nEnergies], in steps. */
  readonly spectra: Int32Array;
  readonly maps: readonly Float64Array[];
  readonly basis: Basis | null;
  /** [nTimes, nPixels, nComponents] */
  readonly concentrations: Float32Array;
  /** [nTimes, nPixels] */
  readonly rFactor: Float32Array;
  /** [256, 3] */
  readonly colors: Uint8Array;
  /** What the image can show: "map0", ..., "energy", "edge", "concentration0", ..., "rFactor". */
  readonly images: readonly string[];
  readonly chosen: Chosen;
  /** What is chosen when the page opens. */
  readonly initial: Chosen;
  readonly nPixels: number;
  readonly nTimes: number;
  /** 1 where a pixel is chosen. */
  mask: Uint8Array;
  mean: Mean;
  all: Mean;
  fit: MixtureFit | null = null;
  #allTime = 0;
  readonly #means: RunningMean[];

  constructor({ header, block }: Payload) {
    this.header = header;
    this.nPixels = header.width * header.height;
    this.nTimes = Math.max(1, header.times.length);
    this.energies = new Float64Array(block("energies"));
    const nSpectra = this.nTimes * this.nPixels;
    this.spectra = readSpectra(new Uint8Array(block("spectra")), nSpectra, header.nEnergies);
    this.maps = header.maps.map((_, i) => new Float64Array(block(`map${i}`)));
    const size = this.nPixels * header.nEnergies;
    this.#means = Array.from({ length: this.nTimes }, (_, t) => {
      return new RunningMean(this.spectra.subarray(t * size, (t + 1) * size), header.nEnergies, header.step);
    });
    const n = header.names.length;
    this.basis = n > 0 ? basisOf(new Float64Array(block("basis")), n) : null;
    this.concentrations = n > 0 ? new Float32Array(block("concentrations")) : new Float32Array(0);
    this.rFactor = n > 0 ? new Float32Array(block("rFactor")) : new Float32Array(0);
    this.colors = new Uint8Array(block("colors"));
    this.images = [
      ...header.maps.map((_, i) => `map${i}`),
      "energy",
      ...(header.hasEdge ? ["edge"] : []),
      ...header.names.map((_, i) => `concentration${i}`),
      ...(n > 0 ? ["rFactor"] : []),
    ];
    // White line of a K edge: some eV above it the species differ most.
    const { edge } = header;
    const start = edge === null ? -1 : this.energies.findIndex((e) => e >= edge + 10);
    this.chosen = {
      image: this.images[0],
      energy: start < 0 ? header.nEnergies >> 1 : start,
      time: 0,
      map: 0,
      interval: null,
      region: null,
      whole: false,
    };
    this.initial = { ...this.chosen };
    this.mask = new Uint8Array(this.nPixels).fill(1);
    this.all = this.meanOf(this.mask, 0);
    this.mean = this.all;
    this.follow();
  }

  /** Updates mask, mean spectrum and fit after a change of the selection. */
  follow(): void {
    const { chosen, header } = this;
    const { width, height } = header;
    const interval = this.#interval();
    this.mask = choose(width, height, chosen.region, interval);
    if (chosen.time !== this.#allTime) {
      this.all = this.meanOf(new Uint8Array(this.nPixels).fill(1), chosen.time);
      this.#allTime = chosen.time;
    }
    this.mean = interval || chosen.region ? this.meanOf(this.mask, chosen.time) : this.all;
    this.fit = this.basis && concentrationsOf(this.mean.values, this.basis);
  }

  /** Mean spectrum of some pixels at a time step. */
  meanOf(mask: Uint8Array, time: number): Mean {
    return this.#means[time].of(mask);
  }

  /** Pixels of the region whatever the interval: what the histogram counts. */
  regionMask(): Uint8Array {
    return choose(this.header.width, this.header.height, this.chosen.region, null);
  }

  #interval() {
    const { map, interval } = this.chosen;
    if (!interval) return null;
    return {
      values: this.maps[map],
      scale: this.header.maps[map].scale,
      low: interval[0],
      high: interval[1],
    };
  }
}

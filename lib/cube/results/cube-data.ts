// A whole cube in memory, for those who want the numbers themselves.
import { requireIndex } from "../../options.js";
import type { InvalidCount } from "../invalid.js";
import { invalidText } from "../invalid.js";
import type { Quantity, TimeStep } from "../plan.js";
import type { Provenance } from "../provenance.js";
import { cell, Result } from "./result.js";
import { middlesOf } from "./rows.js";
import type { Columns, NamedArray } from "./save.js";

/**
 * All numbers of a cube or a series.
 *
 * @example
 * const cube = await Cube.load({ part: "holdB" }).absorb().bin(8).compute();
 * cube.shape; // cubes, energies, height, width
 * cube.image(0, 100); // first cube, energy with index 100; row-major
 */
export class CubeData extends Result {
  readonly kind = "cube";
  constructor(
    provenance: Provenance,
    /** Row-major; NaN where a pixel has no value or is not selected. */
    readonly data: Float32Array,
    /** nTimes, nEnergies, height, width */
    readonly shape: readonly [number, number, number, number],
    /** eV, in recording order. */
    readonly energies: Float64Array,
    readonly times: readonly TimeStep[],
    readonly quantity: Quantity,
    /** um at the sample; undefined where it is not known. */
    readonly pixelSize: number | undefined,
    readonly invalid: InvalidCount,
  ) {
    super(provenance);
  }

  /** One image (a view), [height, width]. */
  image(time: number, energy: number): Float32Array {
    const [nTimes, nEnergies, height, width] = this.shape;
    requireIndex("image", "time", time, nTimes);
    requireIndex("image", "energy", energy, nEnergies);
    const at = (time * nEnergies + energy) * height * width;
    return this.data.subarray(at, at + height * width);
  }

  summary(): string {
    return `Cube in memory: ${this.shape.join(" x ")} (times, energies, rows, columns), ${this.quantity}${invalidText(this.invalid)}`;
  }

  /** Mean over the pixels of each image: a cube has too many numbers for a table. */
  columns(): Columns {
    const [nTimes, nEnergies] = this.shape;
    const columns: Columns = { energy: Array.from(this.energies) };
    for (let t = 0; t < nTimes; t++) {
      columns[`mean${t}`] = Array.from({ length: nEnergies }, (_, k) => {
        const valid = this.image(t, k).filter((v) => !Number.isNaN(v));
        return cell(valid.reduce((sum, v) => sum + v, 0) / valid.length);
      });
    }
    return columns;
  }

  override arrays(): Record<string, NamedArray> {
    const { data, shape, energies, times, quantity } = this;
    const time = middlesOf(times);
    return {
      [quantity]: { data, shape },
      energy: { data: energies, shape: [energies.length], units: "eV" },
      time: { data: time, shape: [time.length], units: "s" },
    };
  }
}

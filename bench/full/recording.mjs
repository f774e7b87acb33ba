// @ts-check
// A full-size recording in EDF files, made quickly: beam, shift, three species in zones, noise from a table.
// It is not from the simulated beamline, because only the time matters.
import { copyFileSync, linkSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { EdfWriter } from "../../dist/io/edf.js";

/** @typedef {{ nEnergies: number, height: number, width: number }} Size */

export const FULL = { nEnergies: 580, height: 748, width: 2048 };
const EDGE = 8333;

/** @param {number} n */
export function energiesOf(n) {
  return Array.from({ length: n }, (_, k) => {
    const u = k / (n - 1);
    return Number((8266 + 612 * (0.35 * u + 0.65 * u ** 3)).toFixed(4));
  });
}

/** @param {number} j @param {number} e Normalized absorption of one species. */
export function species(j, e) {
  const x = e - EDGE - 9 - 1.5 * j;
  return 0.5 + Math.atan(x / 2) / Math.PI + (0.6 - 0.1 * j) * Math.exp(-(((x - 8) / 5) ** 2) / 2);
}

/** Shift of row y, eV. @param {number} y @param {number} height */
const shiftOf = (y, height) => 1.2 * (y / height - 0.5);

/** Number of zones of different concentrations. */
const ZONES = 16;

/**
 * Writes dark, flat, foil and cubes. The third and the fourth are copies of the first two, so that a cold series has files of its
 * own, and those beyond are links.
 *
 * @param {string} folder
 * @param {number} nCubes
 * @param {Size} size
 */
export function record(folder, nCubes, size = FULL) {
  const { nEnergies, height, width } = size;
  mkdirSync(folder, { recursive: true });
  const n = height * width;
  const energies = energiesOf(nEnergies);
  const beam = Float32Array.from({ length: n }, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width];
    return 30000 * Math.exp(-(((x / width - 0.5) * 1.6) ** 2) - ((y / height - 0.5) * 1.6) ** 2) + 1500;
  });
  const zone = Uint8Array.from({ length: n }, (_, i) => (i >> 3) % ZONES);
  // Slightly more than a row and no multiple of it, so that repetitions are not aligned.
  const noise = new Float32Array(1 << 16);
  let state = 20261122;
  for (let i = 0; i < noise.length; i++) {
    let sum = -2;
    for (let j = 0; j < 4; j++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      sum += state / 2 ** 32;
    }
    noise[i] = 1 + 0.01 * sum;
  }
  const data = new Uint16Array(n);
  const header = { exposure_time: 0.01, ring_current: 500 };

  const dark = EdfWriter.create(join(folder, "dark.edf"));
  for (let k = 0; k < 20; k++) {
    for (let i = 0; i < n; i++) data[i] = 100 * noise[(i * 7 + k * 911) & 65535] + 0.5;
    dark.append({ header, shape: [height, width], data });
  }
  dark.finish();

  /**
   * @param {string} name
   * @param {number} seed
   * @param {(zone: number, energy: number) => number} absorbance
   */
  const write = (name, seed, absorbance) => {
    const writer = EdfWriter.create(join(folder, name));
    const transmitted = new Float32Array(ZONES);
    for (let k = 0; k < nEnergies; k++) {
      const current = 500 - 0.02 * k;
      for (let y = 0, i = 0; y < height; y++) {
        const e = energies[k] + shiftOf(y, height);
        for (let z = 0; z < ZONES; z++) transmitted[z] = Math.exp(-absorbance(z, e)) * (current / 500);
        for (let x = 0; x < width; x++, i++) {
          data[i] = 100.5 + beam[i] * transmitted[zone[i]] * noise[(i + k * 4001 + seed * 17) & 65535];
        }
      }
      // A dead pixel and a saturated one.
      data[Math.floor(n / 3)] = 0;
      data[Math.floor(n / 2)] = 65535;
      const own = { energy: energies[k], exposure_time: 0.01, ring_current: current };
      writer.append({ header: own, shape: [height, width], data });
    }
    writer.finish();
  };
  write("flat.edf", 1, () => 0);
  write("foil.edf", 2, (_, e) => 0.2 + 1.4 * (0.5 + Math.atan((e - EDGE) / 2) / Math.PI));
  for (let t = 0; t < nCubes; t++) {
    const name = `cube-${t}.edf`;
    const known = join(folder, `cube-${t % 4}.edf`);
    if (t >= 4) linkOrCopy(known, join(folder, name));
    else if (t >= 2) copyFileSync(join(folder, `cube-${t - 2}.edf`), join(folder, name));
    else {
      write(name, 3 + t, (z, e) => {
        const [a, b] = [(z % 4) / 6, Math.floor(z / 4) / 7];
        const mu = a * species(0, e) + b * species(1, e) + (1 - a - b) * species(2, e);
        return 0.4 * (EDGE / e) ** 3 + 0.7 * mu;
      });
    }
  }
}

/** @param {string} from @param {string} to */
function linkOrCopy(from, to) {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

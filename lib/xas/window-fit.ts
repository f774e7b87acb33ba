// A polynomial fitted to a window of spectra on one axis, as the rows of its linear map.
import { polynomialMap } from "../compute/polynomial.js";
import type { WindowFit } from "../compute/wasm-spectra.js";
import { edgeWindow } from "./windows.js";

/**
 * The fit of a window.
 *
 * @returns rows in powers of E - e0; zero where an energy is left out
 * @param leaveOut indices of energies that the fit does not use
 * @throws DataError for a window with too few energies
 */
export function windowFit(
  energy: ArrayLike<number>,
  e0: number,
  window: readonly [number, number],
  degree: number,
  name: "pre" | "post",
  call: string,
  leaveOut: readonly number[] = [],
): WindowFit {
  const [from, to] = edgeWindow(energy, e0, window, degree, name, call);
  const count = to - from;
  const used = Array.from({ length: count }, (_, i) => i).filter((i) => !leaveOut.includes(from + i));
  const map = polynomialMap(
    used.map((i) => energy[from + i] - e0),
    degree,
  );
  const rows = new Float64Array((degree + 1) * count);
  for (let d = 0; d <= degree; d++) {
    used.forEach((i, place) => {
      rows[d * count + i] = map[d * used.length + place];
    });
  }
  return { from, count, rows };
}

// Spectra with known edges for the tests of this folder.

/** A Ni foil after the simulation's table of spectra: inflections at 8333.0 and 8343.0 eV, edge step 1. */
export function foil(energy: number): number {
  let mu = 0.5 + Math.atan((energy - 8342.5) / 2.6) / Math.PI;
  for (const [height, center, width] of [
    [0.27, 8334.75, 2.0],
    [0.16, 8338.1, 2.6],
    [0.3, 8352.0, 3.2],
    [0.2, 8360.0, 4.0],
    [-0.06, 8369.5, 4.5],
  ]) {
    mu += height * Math.exp(-(((energy - center) / width) ** 2) / 2);
  }
  if (energy <= 8344) return mu;
  const k = Math.sqrt(0.262468 * (energy - 8342.5));
  const amplitude = ((12 * 1.35) / (k * 2.49 ** 2)) * Math.exp(-2 * 0.006 * k * k - 2.49 / 3);
  const window = Math.exp(-(((k - 5.5) / 4.5) ** 2)) / (1 + Math.exp(-(k - 2.6) / 0.35));
  return mu + window * amplitude * Math.sin(2 * k * 2.49 + 2.2);
}

/** Two smooth steps: the first inflection at 8333, a higher one at 8345 eV, and a small pre-edge peak below both. */
export function twoSteps(energy: number): number {
  const step = (center: number, width: number) => 0.5 + 0.5 * Math.tanh((energy - center) / width);
  const preEdge = 0.03 * Math.exp(-(((energy - 8322) / 1.2) ** 2) / 2);
  return preEdge + 0.4 * step(8333, 2.5) + 0.6 * step(8345, 2.5);
}

/** An oxide: a small pre-edge peak at 8333 and the edge at 8345 eV. */
export function oxide(energy: number): number {
  return (
    0.5 + Math.atan((energy - 8345) / 1.8) / Math.PI + 0.05 * Math.exp(-(((energy - 8333) / 1) ** 2) / 2)
  );
}

/** The recording's axis: 8878 down to 8266 eV, finer at the ends than in the middle. */
export function recordingAxis(n = 580): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    const swing = Math.sin((i / (n - 1) - 0.5) * 2 * 0.94) / Math.sin(0.94);
    return 8572 - 306 * swing;
  });
}

/** An evenly spaced axis, both ends included. */
export function evenAxis(from: number, to: number, step: number): Float64Array {
  return Float64Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
}

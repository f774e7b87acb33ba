// Whole cubes in memory as nested arrays of 64-bit numbers, for the naive executor.

/** A cube in memory, [nEnergies][height][width]; `weight` is the number of sweeps in it. */
export interface Whole {
  readonly frames: number[][][];
  readonly weight: number;
}

/** Mean over cubes of the pixels with a value, weighted by sweeps. */
export function meanCube(cubes: readonly Whole[]): Whole {
  const weight = cubes.reduce((sum, c) => sum + c.weight, 0);
  return {
    ...mapCube(cubes[0], (_, k, y, x) => {
      const valid = cubes.filter((c) => !Number.isNaN(c.frames[k][y][x]));
      const total = valid.reduce((sum, c) => sum + c.weight, 0);
      return valid.reduce((sum, c) => sum + c.weight * c.frames[k][y][x], 0) / total;
    }),
    weight,
  };
}

/** A cube with a function applied to each value. */
export function mapCube(cube: Whole, f: (v: number, k: number, y: number, x: number) => number): Whole {
  return {
    weight: cube.weight,
    frames: cube.frames.map((image, k) => image.map((row, y) => row.map((v, x) => f(v, k, y, x)))),
  };
}

/** Mean of the existing values. */
export function meanOfValid(values: readonly number[]): number {
  const valid = values.filter((v) => !Number.isNaN(v));
  return valid.reduce((sum, v) => sum + v, 0) / valid.length;
}

/** A flat list as rows. */
export function toRows(values: ArrayLike<number>, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, y) =>
    Array.from({ length: width }, (_, x) => Number(values[y * width + x])),
  );
}

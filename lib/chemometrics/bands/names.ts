// Order of components. A factorization remains valid with its components in another order, so without a rule
// each band would contain the solutions of all components.
import type { Rotation, RotationSpace } from "./rotation.js";

/** Differences below this are rounding errors. */
const SLACK = 1e-9;

/**
 * The rule as inequalities: no other order of the components has spectra closer to the resolved ones, by the
 * sum of squared spectral angles as in `matchComponents`. All orders are compared for at most four
 * components, and exchanges of two components for more.
 */
export class Names {
  readonly #orders: readonly (readonly number[])[];
  readonly #scale: number;
  readonly #cosines: Float64Array;

  constructor(readonly space: RotationSpace) {
    const { n, gramS } = space;
    this.#orders = ordersOf(n);
    this.#cosines = new Float64Array(n * n);
    let largest = 0;
    for (let k = 0; k < n; k++) {
      for (let l = 0; l < n; l++) {
        const cosine = gramS[k * n + l] / Math.sqrt(gramS[k * n + k] * gramS[l * n + l]);
        largest = Math.max(largest, squaredAngle(cosine));
      }
    }
    this.#scale = largest || 1;
  }

  get count(): number {
    return this.#orders.length;
  }

  /** Fills the beginning of g; satisfied where g >= 0. */
  evaluate({ T }: Rotation, g: Float64Array): void {
    const { n } = this.space;
    this.#fillCosines(T);
    this.#orders.forEach((order, o) => {
      let sum = 0;
      for (let k = 0; k < n; k++) {
        if (order[k] === k) continue;
        sum += squaredAngle(this.#cosines[k * n + order[k]]) - squaredAngle(this.#cosines[k * n + k]);
      }
      g[o] = sum / this.#scale + SLACK;
    });
  }

  /** Fills the gradients with respect to the unknowns, one row per order. */
  differentiate({ T }: Rotation, jacobian: Float64Array): void {
    const { n, gramS, unknowns } = this.space;
    this.#fillCosines(T);
    const dT = new Float64Array(n * n);
    this.#orders.forEach((order, o) => {
      dT.fill(0);
      for (let k = 0; k < n; k++) {
        if (order[k] === k) continue;
        const length = this.#length(T, k);
        for (const [l, sign] of [
          [order[k], 1],
          [k, -1],
        ]) {
          const cosine = this.#cosines[k * n + l];
          const weight = (sign * squaredAngleSlope(cosine)) / this.#scale;
          // d cos / d t = G e_l / (|s| |s_l|) - cos G t / |s|^2
          const other = Math.sqrt(gramS[l * n + l]);
          for (let i = 0; i < n; i++) {
            let onward = 0;
            for (let j = 0; j < n; j++) onward += gramS[i * n + j] * T[k * n + j];
            dT[k * n + i] += weight * (gramS[i * n + l] / (length * other) - (cosine * onward) / length ** 2);
          }
        }
      }
      this.space.toUnknowns(dT, jacobian.subarray(o * unknowns, (o + 1) * unknowns));
    });
  }

  #fillCosines(T: Float64Array): void {
    const { n, gramS } = this.space;
    for (let k = 0; k < n; k++) {
      const length = this.#length(T, k);
      for (let l = 0; l < n; l++) {
        let overlap = 0;
        for (let j = 0; j < n; j++) overlap += T[k * n + j] * gramS[j * n + l];
        this.#cosines[k * n + l] = overlap / (length * Math.sqrt(gramS[l * n + l]));
      }
    }
  }

  #length(T: Float64Array, k: number): number {
    const { n, gramS } = this.space;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) sum += T[k * n + i] * gramS[i * n + j] * T[k * n + j];
    }
    return Math.sqrt(Math.max(sum, Number.MIN_VALUE));
  }
}

function squaredAngle(cosine: number): number {
  return Math.acos(Math.min(1, Math.max(-1, cosine))) ** 2;
}

/** Derivative with respect to the cosine, -2 theta / sin theta, which is finite at 0. */
function squaredAngleSlope(cosine: number): number {
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  return angle < 1e-6 ? -2 : (-2 * angle) / Math.max(Math.sin(angle), 1e-6);
}

/** Every order of n components except the given one; for n > 4 those that exchange two. */
function ordersOf(n: number): number[][] {
  const own = Array.from({ length: n }, (_, k) => k);
  if (n <= 4) return permutations(own).filter((order) => order.some((l, k) => l !== k));
  return own.flatMap((a) => own.slice(a + 1).map((b) => own.map((k) => (k === a ? b : k === b ? a : k))));
}

function permutations(items: readonly number[]): number[][] {
  if (items.length < 2) return [items.slice()];
  return items.flatMap((first, at) =>
    permutations([...items.slice(0, at), ...items.slice(at + 1)]).map((rest) => [first, ...rest]),
  );
}

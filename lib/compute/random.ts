// Seeded randomness: passed in, never global, the same on every machine and for any number of workers.

/** A source of uniform numbers in [0, 1). */
export interface Random {
  /** Next uniform number in [0, 1), 32 bits of it. */
  uniform(): number;
  /** Next standard normal number. */
  normal(): number;
}

/**
 * A seeded generator (sfc32, seeded through splitmix32). Streams with different keys are independent:
 * give each file, frame or bootstrap replicate its own `key`, and the result does not depend on order.
 *
 * @param seed any integer
 * @param key further integers that name a stream
 * @see M. E. O'Neill, PCG report 2014 (on sfc: C. Doty-Humphrey, PractRand)
 */
export function random(seed: number, ...key: number[]): Random {
  let state = mix(seed | 0);
  for (const k of key) state = mix(state ^ mix((k | 0) + 0x9e3779b9));
  let a = mix(state + 1);
  let b = mix(state + 2);
  let c = mix(state + 3);
  let counter = 1;
  let spare = Number.NaN;
  const uniform = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) uniform();
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const z = spare;
      spare = Number.NaN;
      return z;
    }
    // Marsaglia's polar method: two normals a round, no trigonometry.
    let u: number;
    let v: number;
    let s: number;
    do {
      u = 2 * uniform() - 1;
      v = 2 * uniform() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    const f = Math.sqrt((-2 * Math.log(s)) / s);
    spare = v * f;
    return u * f;
  };
  return { uniform, normal };
}

function mix(x: number): number {
  let z = (x + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) | 0;
}

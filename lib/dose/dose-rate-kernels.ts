// The two loops over a flat-field frame in Eqs. 1-3: its sum, and its share in the map. Eight and four pixels a turn,
// since one after the other each addition would wait for the one before it.

/** Sum of the values that are finite. */
export function finiteSum(frame: ArrayLike<number>): number {
  const all = sum(frame);
  if (Number.isFinite(all)) return all; // one value that is not finite would have spoilt it
  let finite = 0;
  for (let p = 0; p < frame.length; p++) if (Number.isFinite(frame[p])) finite += frame[p];
  return finite;
}

/** Adds frame times scale to the total, which the caller owns; what is not finite stays so. */
export function addScaled(total: Float64Array, frame: ArrayLike<number>, scale: number): void {
  const whole = total.length - (total.length % 4);
  for (let p = 0; p < whole; p += 4) {
    total[p] += frame[p] * scale;
    total[p + 1] += frame[p + 1] * scale;
    total[p + 2] += frame[p + 2] * scale;
    total[p + 3] += frame[p + 3] * scale;
  }
  for (let p = whole; p < total.length; p++) total[p] += frame[p] * scale;
}

function sum(f: ArrayLike<number>): number {
  let [a, b, c, d, e, g, h, i] = [0, 0, 0, 0, 0, 0, 0, 0];
  const whole = f.length - (f.length % 8);
  for (let p = 0; p < whole; p += 8) {
    a += f[p];
    b += f[p + 1];
    c += f[p + 2];
    d += f[p + 3];
    e += f[p + 4];
    g += f[p + 5];
    h += f[p + 6];
    i += f[p + 7];
  }
  for (let p = whole; p < f.length; p++) a += f[p];
  return a + b + (c + d) + (e + g + (h + i));
}

// Images moved by fractions of a pixel. The interpolation is local, so that an image computed in bands is the
// same as one computed at once, and a pixel without a value spoils four rows and columns at most. A shift by
// Fourier transform would spread each of them over the image.

/** How values between pixels are found: from the nearest pixel, or by a cubic spline through 4 x 4 pixels. */
export const INTERPOLATIONS = ["spline", "integer"] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

/** Pixels on each side of a place that the interpolation may use. */
export const SUPPORT = 2;

/** A part of an image: its rows and columns. */
interface Part {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * out(y, x) = input(y + dy, x + dx) for the pixels of a part of the image; NaN where the place lies outside of
 * the input or next to a pixel without a value.
 *
 * The spline is the cubic Hermite one with central differences (Keys, 1981): it passes through the pixels and
 * is exact for parabolas.
 *
 * @param input values of the part `from`
 * @param out values of the part `to`
 */
export function translate(
  input: ArrayLike<number>,
  from: Part,
  to: Part,
  [dx, dy]: readonly [number, number],
  interpolation: Interpolation,
  out: Float32Array | Float64Array,
): void {
  const [rows, columns] = [from.bottom - from.top, from.right - from.left];
  const [x0, wx] = taps(dx, interpolation);
  const [y0, wy] = taps(dy, interpolation);
  let at = 0;
  for (let y = to.top; y < to.bottom; y++) {
    const top = y + y0 - from.top;
    for (let x = to.left; x < to.right; x++, at++) {
      const left = x + x0 - from.left;
      let sum = 0;
      for (let j = 0; j < wy.length; j++) {
        if (wy[j] === 0) continue;
        const r = top + j;
        for (let i = 0; i < wx.length; i++) {
          if (wx[i] === 0) continue;
          const c = left + i;
          const inside = r >= 0 && r < rows && c >= 0 && c < columns;
          sum += wy[j] * wx[i] * (inside ? input[r * columns + c] : Number.NaN);
        }
      }
      out[at] = sum;
    }
  }
}

/** First pixel relative to the place, and weights of the pixels from there. */
function taps(shift: number, interpolation: Interpolation): [number, readonly number[]] {
  if (interpolation === "integer") return [Math.round(shift), [1]];
  const whole = Math.floor(shift);
  const f = shift - whole;
  if (f === 0) return [whole, [1]];
  return [
    whole - 1,
    [
      f * (-0.5 + f * (1 - 0.5 * f)),
      1 + f * f * (-2.5 + 1.5 * f),
      f * (0.5 + f * (2 - 1.5 * f)),
      f * f * (-0.5 + 0.5 * f),
    ],
  ];
}

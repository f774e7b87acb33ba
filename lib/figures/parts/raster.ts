// Images as PNG data URIs with a palette: one byte per pixel, exact colors, the same bytes for the same
// values. (Plot's raster mark needs a canvas and parses one color string per pixel: ten times slower, four
// times larger.)
import { encode, type ImageData } from "fast-png";

/** [r, g, b] of 0..255. */
export type Rgb = readonly [number, number, number];

/**
 * An image of values on a color scale.
 *
 * @param values row-major, row 0 on top; values outside the domain get its end colors, NaN gets `noData`
 * @param colors at most 255 colors from the low to the high end of the domain
 * @returns `data:image/png;base64,...`
 */
export function rasterPng(
  values: ArrayLike<number>,
  width: number,
  height: number,
  domain: readonly [number, number],
  colors: readonly Rgb[],
  noData: Rgb,
): string {
  const indices = colorIndices(values, domain, colors.length);
  return indexedPng(indices, width, height, [[...noData], ...colors.map((c) => [...c])]);
}

/** An image of a mask: `color` where it is set, transparent elsewhere. */
export function maskPng(
  mask: ArrayLike<number | boolean>,
  width: number,
  height: number,
  color: Rgb,
): string {
  const indices = Uint8Array.from(mask, (value) => (value ? 1 : 0));
  return indexedPng(indices, width, height, [
    [0, 0, 0, 0],
    [...color, 255],
  ]);
}

/** Index into the palette for each value: 0 for NaN, else 1 + index of the color. */
export function colorIndices(
  values: ArrayLike<number>,
  domain: readonly [number, number],
  nColors: number,
): Uint8Array {
  const [low, high] = domain;
  const factor = nColors / (high - low);
  const out = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    const index = Math.floor((value - low) * factor);
    out[i] = 1 + (index < 0 ? 0 : index >= nColors ? nColors - 1 : index);
  }
  return out;
}

// Palette entries are [r, g, b] or, for images with transparency, [r, g, b, alpha].
function indexedPng(data: Uint8Array, width: number, height: number, palette: number[][]): string {
  // The encoder writes transparency for the first entries of the palette only, so the transparent color comes
  // first.
  const bytes = encode({
    width,
    height,
    data,
    depth: 8,
    channels: 1,
    palette: palette as ImageData["palette"],
  });
  return `data:image/png;base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64")}`;
}

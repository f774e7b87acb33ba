// An image with its frame, masks and scale bar, for maps and insets.

import { Matrix } from "ml-matrix";
import { Mask } from "../../dose/mask.js";
import { ArgumentError, quote, ShapeError } from "../../errors.js";
import { type OptionNames, requireOptions } from "../../options.js";
import { color, count, entriesOf, interval, positive, vector } from "./check.js";
import { noDataRgb, verticalColorBar } from "./color-bar.js";
import { clippedBy, clippedText, colorDomain, robustLimits } from "./color-limits.js";
import { type FigureTable, type NamedColumn, pixelColumns, table } from "./data.js";
import { colorIndices, maskPng, type Rgb, rasterPng } from "./raster.js";
import { luma, type Ramp, ramp, rampColors, rgbOf, type Scheme } from "./schemes.js";
import { type Drawing, el, textEl } from "./svg.js";
import { fitText, textWidth } from "./text-width.js";
import { theme } from "./theme.js";
import { formatNumber } from "./ticks.js";

/** An image of a quantity. */
export interface ImageOptions {
  /** Row-major, row 0 on top; NaN where there is no value. A `Matrix` has its own width and height. */
  readonly values: ArrayLike<number> | Matrix;
  /** Columns of the image. */
  readonly width?: number;
  /** Rows of the image. */
  readonly height?: number;
  /** Side of a pixel at the sample, um. Without it lengths are in pixels, and there is no scale bar. */
  readonly pixelSize?: number;
  /**
   * Limits of the color scale in the drawn unit (after `factor`); default: from the data, without outliers.
   * Where pixels are beyond the limits, the figure states how many.
   */
  readonly domain?: readonly [number, number];
  /** Factor of the values before drawing: 1e-3 shows Gy/s in kGy/s, 100 shows fractions in %. */
  readonly factor?: number;
  readonly scheme?: Scheme;
  /** Pixels that are marked in a uniform color. */
  readonly masks?: readonly MaskOverlay[];
  /**
   * Length of the scale bar, um; false for none; default: a round length of at most two fifths of the width.
   */
  readonly scaleBar?: number | false;
}

/** Names of all options. */
export const imageNames: OptionNames<ImageOptions> = {
  values: true,
  width: true,
  height: true,
  pixelSize: true,
  domain: true,
  factor: true,
  scheme: true,
  masks: true,
  scaleBar: true,
};

/** Pixels marked in a uniform color on top of an image. */
export interface MaskOverlay {
  /** One entry per pixel, row-major; true or above 0 where the pixel is marked. */
  readonly values: ArrayLike<number | boolean> | Matrix;
  readonly label?: string;
  readonly color?: string;
}

const OVERLAY: OptionNames<MaskOverlay> = { values: true, label: true, color: true };

/** A checked overlay; a `Mask` is one. @throws ArgumentError for an invalid option */
export function readOverlay(call: string, name: string, given: MaskOverlay): MaskOverlay {
  return given instanceof Mask ? given : requireOptions(`${call}, ${name}`, given, OVERLAY);
}

/** A checked image that can be drawn at any size. */
export interface Image {
  readonly values: Float64Array;
  readonly width: number;
  readonly height: number;
  /** um; undefined where it is unknown. */
  readonly pixelSize: number | undefined;
  readonly domain: readonly [number, number];
  readonly colors: Ramp;
  readonly masks: readonly { values: Uint8Array; color: string; label?: string }[];
  /** um, or 0 for none. */
  readonly scaleBar: number;
  /** Number of pixels without a value. */
  readonly nMissing: number;
}

/**
 * Checks an image.
 *
 * @throws ShapeError when values or masks do not have width x height entries
 * @throws ArgumentError for an invalid option
 */
export function imageOf(call: string, options: ImageOptions, defaultScheme: Scheme = "viridis"): Image {
  const { width, height } = shapeOf(call, options);
  const factor = options.factor === undefined ? 1 : positive(call, "factor", options.factor);
  const values = pixels(call, "values", options.values, width, height);
  let nMissing = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] *= factor;
    if (!Number.isFinite(values[i])) values[i] = Number.NaN;
    if (Number.isNaN(values[i])) nMissing++;
  }
  const pixelSize =
    options.pixelSize === undefined ? undefined : positive(call, "pixelSize", options.pixelSize);
  const masks = entriesOf(call, "masks", options.masks).map((given, i) => {
    const mask = readOverlay(call, `masks[${i}]`, given);
    const marked = pixels(call, `masks[${i}].values`, mask.values, width, height);
    return {
      values: Uint8Array.from(marked, (v) => (v > 0 ? 1 : 0)),
      color: color(call, `masks[${i}].color`, mask.color ?? theme.mask),
      label: mask.label,
    };
  });
  return {
    values,
    width,
    height,
    pixelSize,
    nMissing,
    masks,
    domain: options.domain ? interval(call, "domain", options.domain) : dataDomain(values),
    colors: ramp(call, options.scheme ?? defaultScheme),
    scaleBar: scaleBarOf(call, options.scaleBar, pixelSize && width * pixelSize),
  };
}

/** Draws the image `width` px wide; its pixels are square. */
export function imageBlock(image: Image, width: number): Drawing {
  const height = (width * image.height) / image.width;
  const palette = rampColors(image.colors, 255);
  const place = { width, height, preserveAspectRatio: "none", ...rendering(image, width) };
  const href = rasterPng(image.values, image.width, image.height, image.domain, palette, noDataRgb);
  const parts = [el("image", { href, ...place })];
  for (const mask of image.masks) {
    const overlay = maskPng(mask.values, image.width, image.height, rgbOf(mask.color));
    parts.push(el("image", { href: overlay, ...place }));
  }
  parts.push(
    el("rect", { width, height, fill: "none", stroke: theme.frame, "stroke-width": theme.stroke.frame }),
  );
  if (image.scaleBar > 0) parts.push(scaleBar(image, width, height, palette));
  return { body: parts.join(""), width, height };
}

/** Pixels of an image as a table: position, value, and 1 where a mask is set. */
export function imageTable(name: string, image: Image, label: string): FigureTable {
  return table(name, [
    ...pixelColumns(image.width, image.height, image.pixelSize),
    [label, image.values],
    ...image.masks.map((mask, i): NamedColumn => [mask.label ?? `mask ${i + 1}`, mask.values]),
  ]);
}

/** A length in um or, from 1000 um on, in mm. */
export function formatLength(um: number): string {
  return um >= 1000 ? `${formatNumber(um / 1000)} mm` : `${formatNumber(um)} µm`;
}

function shapeOf(call: string, options: ImageOptions): { width: number; height: number } {
  if (Matrix.isMatrix(options.values)) {
    return { width: options.values.columns, height: options.values.rows };
  }
  return { width: count(call, "width", options.width), height: count(call, "height", options.height) };
}

function pixels(call: string, name: string, value: unknown, width: number, height: number): Float64Array {
  const list = Matrix.isMatrix(value) ? value.to1DArray() : value;
  // Only masks may contain true and false.
  const marks = name.startsWith("masks") && Array.isArray(list);
  const numbers = marks ? list.map((v: unknown) => (typeof v === "boolean" ? Number(v) : v)) : list;
  const length = (numbers as ArrayLike<number> | undefined)?.length;
  if (typeof length === "number" && length !== width * height && typeof numbers !== "string") {
    throw new ShapeError(
      `${call}: expected ${width} x ${height} = ${width * height} pixels in ${name}, got ${length}; width is the number of columns, height of rows`,
      { option: name, expected: width * height, got: length },
    );
  }
  return vector(call, name, numbers);
}

/** Limits of the common color scale of some images, from their values. */
export function dataDomain(...values: readonly Float64Array[]): [number, number] {
  const all = values.length === 1 ? values[0] : Float64Array.from(values.flatMap((one) => Array.from(one)));
  const limits = robustLimits(all);
  return limits ? colorDomain(limits) : [0, 1];
}

/** How many pixels are beyond the color scale, as a sentence without full stop; empty where there are none. */
export function beyondText(images: readonly Image[]): string {
  return clippedText(
    images.map((image) => clippedBy(image.values, image.domain)),
    images[0].domain,
  );
}

/** The same sentence as a line of a picture, in `NOTE` px; empty where there is nothing to say. */
export function beyondNote(images: readonly Image[], x: number, y: number, width: number): string {
  const text = fitText(beyondText(images), width, theme.text.tick);
  if (text === "") return "";
  return textEl(text, { x, y: y + NOTE - 3, "text-anchor": "start", fill: theme.muted });
}

/** Height of this line, px. */
export const NOTE = theme.text.tick + 4;

/** Color bar of some images on one scale, `length` px high. */
export function barOf(images: readonly Image[], label: string, length: number): Drawing {
  const { colors, domain } = images[0];
  const clipped = images.map((image) => clippedBy(image.values, domain));
  return verticalColorBar({
    colors,
    domain,
    label,
    length,
    noData: images.some((image) => image.nMissing > 0),
    beyond: {
      below: clipped.some(({ below }) => below > 0),
      above: clipped.some(({ above }) => above > 0),
    },
  });
}

function scaleBarOf(call: string, option: number | false | undefined, width: number | undefined): number {
  if (option === false || (width === undefined && option === undefined)) return 0;
  if (width === undefined) {
    throw new ArgumentError(
      `${call}: expected a pixelSize in um beside scaleBar, got none; give it, in Cube.load for maps of a cube`,
      { option: "pixelSize" },
    );
  }
  if (option === undefined) return roundLength(width / 2.5);
  const length = positive(call, "scaleBar", option);
  if (length < width) return length;
  throw new ArgumentError(
    `${call}: expected scaleBar in um, shorter than the image (${formatLength(width)}), got ${quote(option)}`,
    { option: "scaleBar", value: option },
  );
}

/** The largest of 1, 2, 5 times a power of ten that is at most the given length. */
export function roundLength(length: number): number {
  const decade = 10 ** Math.floor(Math.log10(length));
  return decade * (length >= 5 * decade ? 5 : length >= 2 * decade ? 2 : 1);
}

// Large pixels stay sharp squares; smaller ones are averaged to avoid aliasing.
function rendering(image: Image, width: number): { style?: string } {
  return width * theme.screen >= image.width ? { style: "image-rendering:pixelated" } : {};
}

/** Length of the scale bar in a drawing of the image that is `width` px wide. */
export function barLength({ scaleBar: um, width: columns, pixelSize = 1 }: Image, width: number): number {
  return (um / (columns * pixelSize)) * width;
}

function scaleBar(image: Image, width: number, height: number, palette: readonly Rgb[]): string {
  const length = barLength(image, width);
  const label = formatLength(image.scaleBar);
  const size = height < 60 ? theme.text.small : theme.text.tick;
  const block = Math.max(length, textWidth(label, size));
  const right = width - 6;
  const y = height - 8;
  const dark = isDark(image, palette, (right - block) / width, (y - size - 4) / height);
  // The halo makes the bar visible on any background.
  const fill = dark ? "#fff" : "#000";
  const halo = {
    fill,
    stroke: dark ? "#000" : "#fff",
    "stroke-opacity": 0.45,
    "stroke-width": 2,
    "paint-order": "stroke",
    "stroke-linejoin": "round",
  };
  return (
    el("rect", { x: right - (block + length) / 2, y, width: length, height: 2.5, ...halo }) +
    textEl(label, { x: right - block / 2, y: y - 3, "font-size": size, "text-anchor": "middle", ...halo })
  );
}

// Whether the part of the image to the lower right of (x, y), as fractions, is dark on average.
function isDark(image: Image, palette: readonly Rgb[], x: number, y: number): boolean {
  const { values, width, height, masks } = image;
  const indices = colorIndices(values, image.domain, palette.length);
  const shades = [noDataRgb, ...palette].map(luma);
  const maskShades = masks.map((mask) => luma(rgbOf(mask.color)));
  let sum = 0;
  let n = 0;
  for (let row = Math.max(0, Math.floor(y * height)); row < height; row++) {
    for (let column = Math.max(0, Math.floor(x * width)); column < width; column++) {
      const i = row * width + column;
      let shade = shades[indices[i]];
      for (let m = 0; m < masks.length; m++) if (masks[m].values[i] > 0) shade = maskShades[m];
      sum += shade;
      n++;
    }
  }
  return sum / n < 140;
}

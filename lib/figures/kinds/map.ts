// One map: an image with axes in mm or um, color bar, scale bar and masks.
import { type OptionNames, requireOptions } from "../../options.js";
import { axisLabel, headingText, tickX, tickY } from "../parts/chart.js";
import { type Size, widthOf } from "../parts/check.js";
import { Figure } from "../parts/figure.js";
import {
  barOf,
  beyondNote,
  beyondText,
  type Image,
  type ImageOptions,
  imageBlock,
  imageOf,
  imageTable,
  NOTE,
} from "../parts/image-block.js";
import { legendRows } from "../parts/legend.js";
import { schemeOf } from "../parts/schemes.js";
import { at, type Drawing, verticalText } from "../parts/svg.js";
import { theme } from "../parts/theme.js";
import { formatNumber, ticksThatFit, widest, withUnit } from "../parts/ticks.js";

/** Options of `map`. */
export interface MapOptions extends ImageOptions {
  /** The quantity, such as `Dose rate`. */
  readonly label: string;
  /** Its unit, such as `kGy/s`. */
  readonly unit?: string;
  readonly title?: string;
  readonly size?: Size;
}

const MAP: OptionNames<MapOptions> = {
  label: true,
  unit: true,
  title: true,
  size: true,
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

/**
 * Map of a quantity over the sample, as in the insets of Fig. 5 and in Fig. 14. Pixels are square, row 0 is
 * on top. Pixels without a value are gray, which the color bar explains.
 *
 * @throws ShapeError when values or masks do not have width x height entries
 * @throws ArgumentError for an invalid option
 * @example
 * const { values, width, height, pixelSize } = await Cube.load().doseRate(rockCell()).map("doseRate");
 * figures.map({ values, width, height, pixelSize, factor: 1e-3, label: "Dose rate", unit: "kGy/s" });
 */
export function map(options: MapOptions): Figure {
  const call = "figures.map";
  requireOptions(call, options, MAP);
  const image = imageOf(call, options, schemeOf(options.unit));
  const width = widthOf(call, options.size ?? "column");
  const label = withUnit(options.label, options.unit);
  const drawing = draw(image, width, geometryOf(image, width, label), options.title);
  return new Figure(
    drawing,
    {
      title: options.title ?? `Map: ${label}`,
      description: describeImage(image, label),
    },
    () => [imageTable("map", image, label)],
  );
}

/** Text alternative of a map. */
export function describeImage(image: Image, label: string): string {
  const [low, high] = image.domain.map((v) => formatNumber(v));
  const missing = image.nMissing > 0 ? ` Pixels without data: ${image.nMissing}.` : "";
  const named = image.masks.map((mask) => mask.label).filter((name) => name !== undefined);
  const marked = named.length > 0 ? ` Marked: ${named.join(", ")}.` : "";
  const { width, height, pixelSize } = image;
  const size =
    pixelSize === undefined
      ? ""
      : `, ${[width, height].map((n) => formatNumber((n * pixelSize) / 1000)).join(" x ")} mm`;
  const beyond = beyondText([image]);
  const clipped = beyond ? ` ${beyond}.` : "";
  return `${label} from ${low} to ${high} on ${width} x ${height} pixels${size}.${missing}${clipped}${marked}`;
}

/** Position of the image in the picture, px. */
interface Geometry {
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly bar: Drawing;
}

function geometryOf(image: Image, width: number, label: string): Geometry {
  // The widths of the y numbers and of the color bar depend on the height of the image, which depends on
  // both: three iterations are sufficient.
  let place: Geometry = { left: 0, width: 0, height: 100, bar: barOf([image], label, 100) };
  for (let round = 0; round < 3; round++) {
    const numbers = ticksThatFit([0, sidesOf(image).y], place.height, false);
    const left = OUTSIDE + widest(numbers.labels) + theme.text.label + 6;
    const room = width - left - place.bar.width - 14;
    // The height is at most 1.3 times the width of the figure.
    const w = Math.min(room, (1.3 * width * image.width) / image.height);
    const h = (w * image.height) / image.width;
    place = { left, width: w, height: h, bar: barOf([image], label, h) };
  }
  return place;
}

function draw(image: Image, width: number, geometry: Geometry, title: string | undefined): Drawing {
  const { left, bar } = geometry;
  const sides = sidesOf(image);
  const entries = image.masks
    .filter((mask) => mask.label)
    .map((mask) => ({ label: mask.label ?? "", color: mask.color, area: true }));
  const legend = legendRows(entries, geometry.width);
  const legendTop = title ? theme.text.heading + 12 : 8;
  const top = legendTop + (legend.height > 0 ? legend.height + 4 : 0);
  const bottom = top + geometry.height;
  const axes = bottom + OUTSIDE + theme.text.tick + theme.text.label + 8;
  const note = beyondNote([image], 4, axes, width - 8);
  const xTicks = ticksThatFit([0, sides.x], geometry.width, true);
  const yTicks = ticksThatFit([0, sides.y], geometry.height, false);
  const parts = [
    at(left, top, imageBlock(image, geometry.width).body),
    ...xTicks.values.map((v, i) => tickX(left + (v / sides.x) * geometry.width, bottom, xTicks.labels[i])),
    ...yTicks.values.map((v, i) => tickY(left, top + (v / sides.y) * geometry.height, yTicks.labels[i], -1)),
    axisLabel(`x (${sides.unit})`, left + geometry.width / 2, axes - 5, geometry.width),
    verticalText(`y (${sides.unit})`, theme.text.label * 0.9 + 1, top + geometry.height / 2),
    at(left + geometry.width + 10, top, bar.body),
    legend.height > 0 ? at(left, legendTop, legend.body) : "",
    title ? headingText(title, left + geometry.width / 2, width) : "",
    note,
  ];
  return { body: parts.join(""), width, height: axes + (note ? NOTE : 0) };
}

const OUTSIDE = theme.tick.size + theme.tick.padding;

function sidesOf({ width, height, pixelSize }: Image): { x: number; y: number; unit: string } {
  if (pixelSize === undefined) return { x: width, y: height, unit: "pixels" };
  const inMm = Math.max(width, height) * pixelSize >= 1000;
  const scale = inMm ? pixelSize / 1000 : pixelSize;
  return { x: width * scale, y: height * scale, unit: inMm ? "mm" : "µm" };
}

// Masks over their map, tinted and outlined, with a scale bar.
import { type OptionNames, requireOptions } from "../../options.js";
import { headingText } from "../parts/chart.js";
import { entriesOf, type Size, widthOf } from "../parts/check.js";
import { Figure } from "../parts/figure.js";
import {
  barLength,
  barOf,
  beyondNote,
  formatLength,
  type Image,
  type ImageOptions,
  imageBlock,
  imageOf,
  imageTable,
  type MaskOverlay,
  NOTE,
  readOverlay,
} from "../parts/image-block.js";
import { type LegendEntry, legendRows } from "../parts/legend.js";
import { maskPng } from "../parts/raster.js";
import { rgbOf, schemeOf } from "../parts/schemes.js";
import { at, type Drawing, el, px, textEl } from "../parts/svg.js";
import { palette, theme } from "../parts/theme.js";
import { formatNumber, withUnit } from "../parts/ticks.js";
import { describeImage } from "./map.js";

/** Options of `mask`. */
export interface MaskOptions extends ImageOptions {
  /** Masks; a `Mask` has its own label. */
  readonly masks: readonly MaskOverlay[];
  /** The quantity of the map under it; default: `Dose rate`. */
  readonly label?: string;
  /** Its unit; default: `kGy/s`. */
  readonly unit?: string;
  readonly title?: string;
  readonly size?: Size;
}

const MASK: OptionNames<MaskOptions> = {
  masks: true,
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
  scaleBar: true,
};

/**
 * Masks over a map, as in the insets of Figs. 5 and 10: each tinted and outlined in its color, with its
 * number of pixels and, if the size of a pixel is known, its area.
 *
 * @throws ShapeError when values or masks do not have width x height entries
 * @throws ArgumentError for an invalid option
 * @example
 * const rate = await Cube.load().doseRate(rockCell()).map("doseRate");
 * const masks = [{ values: rate.mask([0.7, 1.0]).values, label: "0.7 to 1.0 kGy/s" }];
 * figures.mask({ values: rate.values, width: rate.width, height: rate.height, factor: 1e-3, masks });
 */
export function mask(options: MaskOptions): Figure {
  const call = "figures.mask";
  requireOptions(call, options, MASK);
  const masks = entriesOf(call, "masks", options.masks).map((given, i) => {
    const { values, label = `mask ${i + 1}`, color } = readOverlay(call, `masks[${i}]`, given);
    return { values, label, color: color ?? COLORS[i % COLORS.length] };
  });
  const unit = options.unit ?? "kGy/s";
  const image = imageOf(call, { ...options, masks }, schemeOf(unit));
  const width = widthOf(call, options.size ?? "column");
  const label = withUnit(options.label ?? "Dose rate", unit);
  const drawing = draw(image, width, label, options.title);
  return new Figure(
    drawing,
    {
      title: options.title ?? `Mask over ${label}`,
      description: `${describeImage({ ...image, masks: [] }, label)} Masks: ${image.masks.map((one) => maskText(one, image.pixelSize)).join("; ") || "none"}.`,
    },
    () => [imageTable("masks", image, label)],
  );
}

function maskText({ values, label }: Image["masks"][number], pixelSize: number | undefined): string {
  const n = values.reduce((sum, v) => sum + v, 0);
  const area = pixelSize === undefined ? "" : `, ${formatNumber(n * (pixelSize / 1000) ** 2, 3)} mm²`;
  return `${label}: ${formatNumber(n, 9)} pixels${area}`;
}

function draw(image: Image, width: number, label: string, title: string | undefined): Drawing {
  const side = 10;
  const right = barOf([image], label, 200).width + 10;
  const length = width - 2 * side - right;
  const entries = image.masks.map(
    (one): LegendEntry => ({ label: maskText(one, image.pixelSize), color: one.color, area: true }),
  );
  const legend = legendRows(entries, width - 2 * side);
  const block = imageBlock({ ...image, masks: [], scaleBar: 0 }, length);
  const below = scaleBar(image, length);
  const bar = barOf([image], label, block.height);
  const legendTop = title ? theme.text.heading + 12 : 8;
  const top = legendTop + (legend.height > 0 ? legend.height + 4 : 0);
  const parts = [
    at(side, legendTop, legend.body),
    at(side, top, block.body + image.masks.map((one) => overlay(image, one, block)).join("")),
    at(side + length + 10, top, bar.body),
    at(side, top + block.height + 6, below.body),
  ];
  const bottom = top + block.height + 6 + below.height;
  const note = beyondNote([image], side, bottom, width - 2 * side);
  parts.push(note);
  if (title) parts.push(headingText(title, width / 2, width));
  return { body: parts.join(""), width, height: bottom + (note ? NOTE : 0) };
}

// Below the image, where no mask hides it.
function scaleBar(image: Image, width: number): Drawing {
  if (image.scaleBar === 0) return { body: "", width, height: 2 };
  const length = barLength(image, width);
  const text = { x: length + 6, y: 8, "font-size": theme.text.tick };
  const body = el("rect", { y: 3, width: length, height: 2.5 }) + textEl(formatLength(image.scaleBar), text);
  return { body, width, height: 16 };
}

/** Yellow as in the paper, then colors that are visible on the dark and on the bright end of a map. */
const COLORS = [theme.mask, palette[5], palette[2], palette[3]];

function overlay(image: Image, one: Image["masks"][number], { width, height }: Drawing): string {
  const href = maskPng(one.values, image.width, image.height, rgbOf(one.color));
  const place = { width, height, preserveAspectRatio: "none", style: "image-rendering:pixelated" };
  return (
    el("image", { href, ...place, opacity: 0.4 }) +
    el("path", {
      d: outline(one.values, image, width / image.width),
      stroke: one.color,
      "stroke-width": 1,
      fill: "none",
    })
  );
}

// The outline follows the sides of pixels between selected and other pixels; adjacent sides form one path.
function outline(values: Uint8Array, { width, height }: Image, scale: number): string {
  const on = (x: number, y: number): number =>
    x >= 0 && y >= 0 && x < width && y < height ? values[y * width + x] : 0;
  const parts: string[] = [];
  const scan = (
    lines: number,
    length: number,
    differs: (line: number, i: number) => boolean,
    lying: boolean,
  ) => {
    for (let line = 0; line <= lines; line++) {
      for (let from = 0; from < length; from++) {
        if (!differs(line, from)) continue;
        let to = from + 1;
        while (to < length && differs(line, to)) to++;
        const [x, y] = lying ? [from, line] : [line, from];
        parts.push(`M${px(x * scale)},${px(y * scale)}${lying ? "h" : "v"}${px((to - from) * scale)}`);
        from = to;
      }
    }
  };
  scan(height, width, (y, x) => on(x, y - 1) !== on(x, y), true);
  scan(width, height, (x, y) => on(x - 1, y) !== on(x, y), false);
  return parts.join("");
}

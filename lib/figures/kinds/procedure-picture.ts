// Picture of a step of a procedure: a figure in its own size, or an image as wide as its column with its
// color bar.
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions } from "../../options.js";
import { Figure } from "../parts/figure.js";
import {
  barOf,
  type Image,
  type ImageOptions,
  imageBlock,
  imageNames,
  imageOf,
} from "../parts/image-block.js";
import { schemeOf } from "../parts/schemes.js";
import { at, type Drawing, textEl } from "../parts/svg.js";
import { fitLabel } from "../parts/text-width.js";
import { theme } from "../parts/theme.js";
import { withUnit } from "../parts/ticks.js";

/**
 * A figure, a function that makes one as wide as its column (px), or an image with its quantity; `bar: false`
 * omits its color bar.
 */
export type NodePicture =
  | Figure
  | ((width: number) => Figure)
  | (ImageOptions & { readonly label: string; readonly unit?: string; readonly bar?: boolean });

/** A drawn picture with its description. */
export interface Pictured {
  readonly drawing: Drawing;
  readonly figure?: Figure;
  readonly image?: Image;
  readonly label: string;
}

/** Draws the picture of a step, at most `width` px wide. @throws ArgumentError for a figure that is wider */
export function pictureOf(
  call: string,
  name: string,
  given: NodePicture | undefined,
  width: number,
): Pictured {
  const picture = typeof given === "function" ? given(Math.floor(width)) : given;
  if (picture === undefined) return { drawing: { body: "", width: 0, height: 0 }, label: "" };
  if (picture instanceof Figure) {
    if (picture.width > Math.ceil(width)) {
      throw new ArgumentError(
        `${call}: expected a figure of at most ${Math.floor(width)} px as ${name}, got ${picture.width}; give (width) => figure with that size, or take fewer columns`,
        { option: name, width: picture.width },
      );
    }
    return { drawing: picture.drawing, figure: picture, label: picture.title };
  }
  if (typeof picture?.label !== "string") {
    throw new ArgumentError(
      `${call}: expected a figure or an image with its label as ${name}, got ${quote(picture)}`,
      {
        option: name,
      },
    );
  }
  checkOptions(`${call}, ${name}`, picture, { ...imageNames, label: true, unit: true, bar: true });
  const image = imageOf(`${call} (${name})`, picture, schemeOf(picture.unit));
  const label = withUnit(picture.label, picture.unit);
  // Images are at most as high as wide.
  const wide = Math.min(width, (width * image.width) / image.height);
  // Images of one procedure are equally large, with and without a color bar.
  const height = (0.7 * wide * image.height) / image.width;
  const bar = barOf([image], "", height);
  const block = imageBlock(image, wide - bar.width - 6);
  if (picture.bar === false) return { drawing: block, image, label };
  // The label is above the image, because these images are too low for one beside the bar.
  const top = theme.text.label + 5;
  const text = textEl(fitLabel(label, wide, theme.text.label), {
    x: 0,
    y: theme.text.label * 0.85,
    "font-size": theme.text.label,
    "text-anchor": "start",
  });
  const scale = barOf([image], "", block.height).body;
  return {
    drawing: {
      body: text + at(0, top, block.body) + at(block.width + 6, top, scale),
      width: wide,
      height: block.height + top + 5,
    },
    image,
    label,
  };
}

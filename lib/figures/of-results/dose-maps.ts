// Dose maps of several recordings above each other on common length and color scales.

import type { MapResult } from "../../cube/results/map.js";
import { ArgumentError, quote } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../options.js";
import { displayUnit } from "../../units.js";
import { describeImage } from "../kinds/map.js";
import { headingText } from "../parts/chart.js";
import { interval, type Size, widthOf } from "../parts/check.js";
import { Figure } from "../parts/figure.js";
import {
  barOf,
  beyondNote,
  dataDomain,
  type Image,
  imageBlock,
  imageOf,
  imageTable,
  NOTE,
} from "../parts/image-block.js";
import { schemeOf } from "../parts/schemes.js";
import type { ByName } from "../parts/species.js";
import { at, textEl } from "../parts/svg.js";
import { theme } from "../parts/theme.js";
import { withUnit } from "../parts/ticks.js";
import { allGiven } from "./given.js";

/** Options of `doseMaps`. */
export interface DoseMapsOptions {
  /** Limits of the common color scale, in kGy/s or MGy; default: the range of all maps. */
  readonly domain?: readonly [number, number];
  /** Length of the scale bar in every map, um; default 1000. */
  readonly scaleBar?: number;
  readonly title?: string;
  readonly size?: Size;
}

const DOSE_MAPS: OptionNames<DoseMapsOptions> = {
  domain: true,
  scaleBar: true,
  title: true,
  size: true,
};

/**
 * Dose or dose-rate maps on one length scale and one color scale, as in Fig. 14.
 *
 * @param maps all in Gy or all in Gy/s, by their headings
 * @throws ArgumentError without a map or for maps of different quantities
 * @example
 * const dose = await Cube.load({ part: "holdC" }).doseRate(rockCell()).dose().map("dose");
 * figures.doseMaps({ "spot C": dose }, { scaleBar: 1000 }); // um
 */
export function doseMaps(maps: ByName<MapResult>, options: DoseMapsOptions = {}): Figure {
  const call = "figures.doseMaps";
  checkOptions(call, options, DOSE_MAPS);
  const [names, all] = allGiven(call, "map", maps);
  const units = all.map((map) => map.unit);
  const [first] = all;
  if (units.some((unit) => unit !== first.unit) || !(first.unit === "Gy" || first.unit === "Gy/s")) {
    throw new ArgumentError(`${call}: expected maps that are all in Gy or all in Gy/s, got ${quote(units)}`);
  }
  const { factor, unit } = displayUnit(first.unit);
  const label = withUnit(first.label, unit);
  const sized = all.filter(({ pixelSize }) => pixelSize !== undefined).length;
  if (sized > 0 && sized < all.length) {
    throw new ArgumentError(
      `${call}: expected maps with a pixel size, got ${all.length - sized} without; give { pixelSize } in Cube.load`,
    );
  }
  const scaleBar = options.scaleBar ?? (sized > 0 ? 1000 : false);
  const plain = all.map(({ values, width, height, pixelSize }) =>
    imageOf(call, { values, width, height, pixelSize, factor, scaleBar }, schemeOf(unit)),
  );
  const domain = options.domain
    ? interval(call, "domain", options.domain)
    : dataDomain(...plain.map((image) => image.values));
  const images = plain.map((image) => ({ ...image, domain }));
  const width = widthOf(call, options.size ?? "column");
  return new Figure(
    draw(images, names, label, width, options.title),
    {
      title: options.title ?? `Maps: ${label}`,
      description: images.map((image, i) => `${names[i]}: ${describeImage(image, label)}`).join(" "),
    },
    () => images.map((image, i) => imageTable(names[i], image, label)),
  );
}

const EDGE = 4;
const NAME = theme.text.label + 6;

function draw(
  images: readonly Image[],
  names: readonly string[],
  label: string,
  width: number,
  title?: string,
) {
  const right = barOf(images, label, 200).width + 14;
  const widest = Math.max(...images.map((image) => image.width * (image.pixelSize ?? 1)));
  const perMicron = (width - EDGE - right) / widest;
  const top = title ? theme.text.heading + 12 : 0;
  const parts = title ? [headingText(title, width / 2, width)] : [];
  let y = top;
  images.forEach((image, i) => {
    const block = imageBlock(image, image.width * (image.pixelSize ?? 1) * perMicron);
    parts.push(
      textEl(names[i], {
        x: EDGE,
        y: y + theme.text.label,
        "font-size": theme.text.label,
        "text-anchor": "start",
      }),
    );
    parts.push(at(EDGE, y + NAME, block.body));
    y += NAME + block.height + 6;
  });
  // One color bar beside all maps.
  parts.push(at(width - right + 10, top + NAME, barOf(images, label, y - 6 - top - NAME).body));
  const note = beyondNote(images, EDGE, y, width - EDGE);
  return { body: parts.join("") + note, width, height: y + (note ? NOTE : 0) };
}

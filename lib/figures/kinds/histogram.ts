// Number of pixels by dose or dose rate: a histogram with the map as an inset.

import * as Plot from "@observablehq/plot";
import { ArgumentError } from "../../errors.js";
import { checkOptions, type OptionNames, requireOptions } from "../../options.js";
import { type BarOptions, barsOf } from "../parts/bars.js";
import { chart, type Frame } from "../parts/chart.js";
import { color, entriesOf, interval, positive, type Size, sizeOf } from "../parts/check.js";
import { type NamedColumn, table } from "../parts/data.js";
import { Figure } from "../parts/figure.js";
import {
  barOf,
  formatLength,
  type Image,
  type ImageOptions,
  imageBlock,
  imageNames,
  imageOf,
  imageTable,
} from "../parts/image-block.js";
import type { LegendEntry } from "../parts/legend.js";
import type { Rect } from "../parts/place.js";
import { schemeOf } from "../parts/schemes.js";
import { at, type Drawing } from "../parts/svg.js";
import { palette, theme } from "../parts/theme.js";
import { formatNumber, withUnit } from "../parts/ticks.js";

/** An interval of the axis of the histogram that is marked. */
export interface HistogramMark {
  /** [low, high] in the drawn unit. */
  readonly range: readonly [number, number];
  readonly label?: string;
  readonly color?: string;
}

/** Options of `histogram`: either `edges` and `counts`, or `values` and `step`. */
export interface HistogramOptions extends BarOptions {
  /** Default: `Dose rate`. */
  readonly label?: string;
  /** Default: `kGy/s`. */
  readonly unit?: string;
  /** Side of the counted pixels, um; part of the label of the y axis. */
  readonly pixelSize?: number;
  /** Side of other pixels, um: a second y axis counts the same areas in them. */
  readonly comparedWith?: number;
  /** Default: `Number of pixels`, with their size where it is known. */
  readonly yLabel?: string;
  readonly marks?: readonly HistogramMark[];
  /** Map of the counted pixels; label and unit are those of the histogram. */
  readonly inset?: ImageOptions;
  readonly title?: string;
  readonly size?: Size;
}

const MARK: OptionNames<HistogramMark> = { range: true, label: true, color: true };

const HISTOGRAM: OptionNames<HistogramOptions> = {
  label: true,
  unit: true,
  pixelSize: true,
  comparedWith: true,
  yLabel: true,
  marks: true,
  inset: true,
  title: true,
  size: true,
  edges: true,
  counts: true,
  values: true,
  step: true,
  factor: true,
};

/**
 * Number of pixels against dose rate (or dose), as in Figs. 5b and 10a.
 *
 * A number of pixels depends on their size: `comparedWith` makes the numbers of recordings with different
 * pixels comparable.
 *
 * @throws ShapeError when there is not one edge more than counts
 * @throws ArgumentError for an invalid option
 * @throws DataError when there is nothing to count
 * @example
 * const { values } = await Cube.load().doseRate(rockCell()).map("doseRate");
 * figures.histogram({ values, factor: 1e-3, step: 0.3, label: "Dose rate", unit: "kGy/s" });
 */
export function histogram(options: HistogramOptions): Figure {
  const call = "figures.histogram";
  requireOptions(call, options, HISTOGRAM);
  const { edges, counts } = barsOf(call, options);
  const unit = options.unit ?? "kGy/s";
  const label = withUnit(options.label ?? "Dose rate", unit);
  const { yLabel, other } = countsOf(call, options);
  const domain = fromZero(edges[0], edges[edges.length - 1]);
  const marks = entriesOf(call, "marks", options.marks).map((given, i) => {
    const mark = requireOptions(`${call}, marks[${i}]`, given, MARK);
    return {
      range: interval(call, `marks[${i}].range`, mark.range),
      label: mark.label,
      color: color(call, `marks[${i}].color`, mark.color ?? palette[(i + 1) % palette.length]),
    };
  });
  const size = sizeOf(call, options.size ?? "column", 0.72);
  if (options.inset) checkOptions(`${call}, inset`, options.inset, imageNames);
  const image = options.inset && imageOf(`${call} (inset)`, options.inset, schemeOf(unit));
  // The quantity is that of the x axis.
  const inset = image ? insetOf(image, unit) : null;
  const highest = Math.max(...counts, 1);
  const legend: LegendEntry[] = marks
    .filter((mark) => mark.label)
    .map((mark) => ({ label: mark.label ?? "", color: mark.color, area: 0.45 }));

  // The inset depends on the frame, and the y axis on the inset, so the frame is computed first.
  let insetLeft = 0;
  let yMax = highest * 1.06;
  const spec = (top: number) => ({
    ...size,
    heading: options.title,
    x: { label, domain },
    y: { label: yLabel, domain: [0, top] as const },
    ...(other ? { right: { label: other.label, domain: [0, top * other.factor] as const } } : {}),
    marks: barMarks(edges, counts, marks, top),
    legend,
    legendAt: "above" as const,
  });
  if (inset) {
    chart({
      ...spec(yMax),
      inset: (frame) => {
        const place = roomFor(frame, inset(frame), edges, counts, domain);
        insetLeft = place.left;
        yMax = place.yMax;
        return null;
      },
    });
  }
  const drawing = chart({
    ...spec(yMax),
    inset: inset
      ? (frame) => {
          const block = inset(frame);
          const rect: Rect = { x: frame.left + insetLeft, y: frame.top + 12, ...block };
          return { body: at(rect.x, rect.y, block.body), rect };
        }
      : undefined,
  });
  const total = counts.reduce((sum, n) => sum + n, 0);
  const named = marks.map(
    (m) => `${m.label ?? "marked"} ${m.range.map((v) => formatNumber(v)).join(" to ")}`,
  );
  return new Figure(
    drawing,
    {
      title: options.title ?? `Histogram: ${label}`,
      description: `${yLabel} against ${label}: ${formatNumber(total, 9)} in ${counts.length} bars from ${formatNumber(domain[0])} to ${formatNumber(domain[1])}${named.length > 0 ? `; ${named.join("; ")}` : ""}.`,
    },
    () => [
      table("histogram", [
        [`${label}, from`, edges.slice(0, -1)],
        [`${label}, to`, edges.slice(1)],
        [yLabel, counts],
        ...(other ? [[other.label, counts.map((n) => n * other.factor)] satisfies NamedColumn] : []),
      ]),
      ...(marks.length > 0
        ? [
            table("marked", [
              ["name", marks.map((m) => m.label ?? "marked")],
              [`${label}, from`, marks.map((m) => m.range[0])],
              [`${label}, to`, marks.map((m) => m.range[1])],
            ]),
          ]
        : []),
      ...(image ? [imageTable("inset", image, label)] : []),
    ],
  );
}

/** Label of the y axis, and the second axis where there is one. */
function countsOf(call: string, { yLabel, pixelSize, comparedWith }: HistogramOptions) {
  const size = pixelSize === undefined ? undefined : positive(call, "pixelSize", pixelSize);
  const of = size === undefined ? "" : ` of ${formatLength(size)}`;
  const label = yLabel ?? `Number of pixels${of}`;
  if (comparedWith === undefined) return { yLabel: label, other: null };
  const side = positive(call, "comparedWith", comparedWith);
  if (size === undefined) {
    throw new ArgumentError(
      `${call}: expected pixelSize in um beside comparedWith, got none; give the size of the counted pixels`,
      { option: "pixelSize" },
    );
  }
  return {
    yLabel: label,
    other: { label: `The same area in pixels of ${formatLength(side)}`, factor: (size / side) ** 2 },
  };
}

// An axis that starts near zero starts at zero, so that the empty part is visible.
function fromZero(low: number, high: number): [number, number] {
  return [low > 0 && low < 0.15 * high ? 0 : low, high];
}

function barMarks(
  edges: Float64Array,
  counts: Float64Array,
  marks: readonly { range: [number, number]; color: string }[],
  top: number,
): Plot.Markish[] {
  const [low, high] = [edges[0], edges[edges.length - 1]];
  const bands = marks
    .map(({ range, color }) => ({ x1: Math.max(low, range[0]), x2: Math.min(high, range[1]), color }))
    .filter((band) => band.x1 < band.x2);
  return [
    ...bands.map(({ x1, x2, color: fill }) =>
      Plot.rect([0], { x1: [x1], x2: [x2], y1: [0], y2: [top], fill, fillOpacity: 0.45 }),
    ),
    Plot.rect(
      { length: counts.length },
      {
        x1: edges.slice(0, -1),
        x2: edges.slice(1),
        y1: new Float64Array(counts.length),
        y2: counts,
        fill: theme.bar,
        fillOpacity: marks.length > 0 ? 0.85 : 1,
        stroke: "#fff",
        strokeWidth: 0.6,
      },
    ),
  ];
}

function insetOf(image: Image, label: string): (frame: Frame) => Drawing {
  return (frame) => {
    const block = imageBlock(
      image,
      Math.min(frame.width * 0.48, (frame.height * 0.42 * image.width) / image.height),
    );
    const bar = barOf([image], label, block.height);
    return {
      body: block.body + at(block.width + 6, 0, bar.body),
      width: block.width + 6 + bar.width,
      height: block.height,
    };
  };
}

// Position along the axis where the inset needs the smallest extension of the y axis.
function roomFor(
  frame: Frame,
  size: { width: number; height: number },
  edges: Float64Array,
  counts: Float64Array,
  [low, high]: readonly [number, number],
): { left: number; yMax: number } {
  const share = 1 - (size.height + 24) / frame.height;
  const highest = Math.max(...counts, 1) * 1.06;
  const free = frame.width - size.width - 24;
  let best = { left: frame.width - size.width - 12, yMax: Number.POSITIVE_INFINITY };
  for (let k = 8; k >= 0; k--) {
    const left = 12 + (free * k) / 8;
    const toValue = (x: number): number => low + (x / frame.width) * (high - low);
    const [a, b] = [toValue(left - 10), toValue(left + size.width + 10)];
    let under = 0;
    for (let i = 0; i < counts.length; i++)
      if (edges[i + 1] > a && edges[i] < b) under = Math.max(under, counts[i]);
    const yMax = Math.max(highest, under / share);
    if (yMax < best.yMax * 0.999) best = { left, yMax };
  }
  return best;
}

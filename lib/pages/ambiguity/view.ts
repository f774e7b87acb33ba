// What the page shows of a place of the components: the plane, spectra, concentrations, numbers.
import { escapeText } from "../../compute/escape.js";
import { bands as bandsFigure } from "../../figures/kinds/bands.js";
import { profiles } from "../../figures/kinds/profiles.js";
import { palette } from "../../figures/parts/theme.js";
import type { Placed, Point, Study } from "./study.js";

/** Size of the plane, px of its own scale. */
const WIDTH = 460;
const HEIGHTS = { 1: 190, 2: 400 } as const;
const MARGIN = 24;

/** From coordinates to the picture and back. */
export interface PlaneScale {
  readonly width: number;
  readonly height: number;
  readonly low: Point;
  readonly high: Point;
  /** Position of a point; of two components each has a row of its own. */
  place(point: Point, k: number): [x: number, y: number];
  /** Point of a position, within the picture. */
  pointAt(x: number, y: number): Point;
}

/** The part of the plane that holds data, result, truth, and the regions near them. */
export function planeScale({ area, resolved, truth }: Study): PlaneScale {
  const d = area.dimension;
  const n = area.regions.length;
  const near = [...resolved, ...truth, ...rows(area.data, d)];
  const [low, high] = [Math.min, Math.max].map((extreme, side) =>
    Array.from({ length: d }, (_, axis) => {
      const values = near.map((point) => point[axis]).filter(Number.isFinite);
      const span = Math.max(...values) - Math.min(...values);
      return extreme(...values) + (side === 0 ? -0.45 : 0.45) * span;
    }),
  );
  const height = HEIGHTS[d];
  const along = (value: number, axis: number): number => (value - low[axis]) / (high[axis] - low[axis]);
  const inner = [WIDTH - 2 * MARGIN, height - 2 * MARGIN];
  return {
    width: WIDTH,
    height,
    low,
    high,
    place: (point, k) => [
      MARGIN + along(point[0], 0) * inner[0],
      d === 2 ? height - MARGIN - along(point[1], 1) * inner[1] : MARGIN + ((k + 0.5) / n) * inner[1],
    ],
    pointAt(x, y) {
      const fraction = [(x - MARGIN) / inner[0], (height - MARGIN - y) / inner[1]];
      return low.map((from, axis) => from + Math.min(1, Math.max(0, fraction[axis])) * (high[axis] - from));
    },
  };
}

/** The plane as SVG: feasible regions, data, true species, and the components, which can be dragged. */
export function planeSvg(study: Study, scale: PlaneScale, points: readonly Point[]): string {
  const { area, truth } = study;
  const d = area.dimension;
  const at = (point: Point, k: number): string =>
    scale
      .place(point, k)
      .map((v) => v.toFixed(1))
      .join(",");
  const regions = area.regions.map((region, k) => {
    const corners = rows(region, d).map((point) => at(point, k));
    const color = palette[k];
    return d === 2
      ? `<polygon points="${corners.join(" ")}" fill="${color}" fill-opacity="0.22" stroke="${color}"/>`
      : `<path d="M${corners.join("L")}" stroke="${color}" stroke-opacity="0.35" stroke-width="16"/>`;
  });
  const data = rows(area.data, d).flatMap((point) =>
    (d === 2 ? [0] : area.regions.map((_, k) => k)).map((k) => {
      const [x, y] = scale.place(point, k);
      return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="2.2" fill="#1a1a1a"/>`;
    }),
  );
  const truths = truth.map((point, k) => {
    const [x, y] = scale.place(point, k);
    return `<path d="M${x - 6},${y}H${x + 6}M${x},${y - 6}V${y + 6}" stroke="${palette[k]}" stroke-width="2.5"/>`;
  });
  const triangle = `<polygon points="${points.map(at).join(" ")}" fill="none" stroke="#1a1a1a" stroke-dasharray="5 4"/>`;
  const handles = points.map((point, k) => {
    const [x, y] = scale.place(point, k);
    return `<g data-component="${k}"><circle cx="${x}" cy="${y}" r="20" fill="#fff" fill-opacity="0"/><circle cx="${x}" cy="${y}" r="9" fill="${palette[k]}" stroke="#fff" stroke-width="2"/><text x="${x + 13}" y="${y - 9}" font-size="13">${escapeText(study.names[k])}</text></g>`;
  });
  return `<svg viewBox="0 0 ${scale.width} ${scale.height}" aria-hidden="true" fill="#1a1a1a"><rect width="${scale.width}" height="${scale.height}" fill="#fff"/>${[...regions, d === 2 ? triangle : "", ...data, ...truths, ...handles].join("")}</svg>`;
}

/** Spectra with their feasible bands. */
export function spectraFigure({ data, bands, names }: Study, { S }: Placed): string {
  const components = Object.fromEntries(names.map((name, k) => [name, S[k]]));
  const limits = names.map((name, k) => {
    const { low, high } = bands.components[k].S;
    return [name, { lower: low, upper: high }] as const;
  });
  const figure = bandsFigure({
    energies: data.energies,
    components,
    bands: Object.fromEntries(limits),
    yDomain: [-0.5, 2.8],
    title: "Spectra and feasible bands",
  });
  return plain(figure.svg);
}

/** Concentrations with their feasible bands. */
export function concentrationsFigure({ data, bands, names }: Study, { C }: Placed): string {
  const limits = names.map((name, k) => {
    const { low, high } = bands.components[k].C;
    return [name, { lower: low, upper: high }] as const;
  });
  const figure = profiles({
    time: data.time.map((t) => 100 * t),
    timeUnit: "",
    timeLabel: "Progress of the series (%)",
    components: Object.fromEntries(names.map((name, k) => [name, C.map((row) => row[k])])),
    bands: Object.fromEntries(limits),
    title: "Concentrations and feasible bands",
  });
  return plain(figure.svg);
}

/** The answer in words. */
export function sentence({ data }: Study, { lowest, lackOfFit, nonNegative, feasible }: Placed): string {
  const percent = (v: number): string => `${v.toFixed(3)} %`;
  const same = `The lack of fit is ${percent(lackOfFit)} wherever the components are`;
  if (feasible) {
    return `${same}. These ${data.S.length} spectra and concentrations are as good as any others: nothing is negative beyond the noise.`;
  }
  const what = [
    ...(lowest.C < -0.005 ? [`a concentration of ${(100 * lowest.C).toFixed(1)} %`] : []),
    ...(lowest.S < -0.005 ? [`an absorption of ${lowest.S.toFixed(2)}`] : []),
  ];
  const negative = what.length > 0 ? what.join(" and ") : "an entry just below zero";
  return `${same}, but this place needs ${negative.replaceAll("-", "−")}. Without negative concentrations the lack of fit is ${percent(nonNegative)}.`;
}

// As in the calculator: labels of groups of marks have no role to which they could belong.
function plain(svg: string): string {
  return svg.replace(/ aria-label="\w+"/g, "");
}

function rows(flat: ArrayLike<number>, n: number): Point[] {
  return Array.from({ length: flat.length / n }, (_, i) =>
    Array.from({ length: n }, (_, d) => flat[n * i + d]),
  );
}

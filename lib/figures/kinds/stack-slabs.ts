// Layers of a stack as slabs with the beam from above: height by thickness, pores by their area fraction,
// width of the beam by its flux.
import { el, px } from "../parts/svg.js";
import { palette, theme } from "../parts/theme.js";

/** One slab. */
export interface Slab {
  /** px */
  readonly height: number;
  /** Porosity, 0..1. */
  readonly porosity: number;
  /** Whether the pores are filled. */
  readonly filled: boolean;
  /** Whether it is the absorber. */
  readonly absorber: boolean;
}

/**
 * Heights of the slabs with the sum `height`.
 *
 * @param thickness um
 * @param toScale proportional to the thickness, but at least half a px; otherwise by its logarithm, so that
 *   both a foil and a millimeter of metal are visible
 */
export function slabHeights(thickness: readonly number[], height: number, toScale: boolean): number[] {
  const thinnest = Math.min(...thickness);
  const heights = thickness.map((t) => (toScale ? t : 1 + Math.log10(t / thinnest) / 2));
  const all = heights.reduce((sum, h) => sum + h, 0);
  const least = toScale ? LEAST : 0;
  const raw = heights.map((h) => Math.max(least, (h / all) * height));
  const excess = raw.reduce((sum, h) => sum + h, 0) - height;
  const largest = raw.indexOf(Math.max(...raw));
  return raw.map((h, i) => (i === largest ? h - excess : h));
}

/**
 * Slabs from (x, y) downwards, with the beam over them.
 *
 * @param flux fraction of the beam before the first slab and behind each, one more than slabs; null where it
 *   is unknown
 */
export function slabsBody(
  slabs: readonly Slab[],
  x: number,
  y: number,
  width: number,
  flux: readonly number[] | null,
): string {
  const parts: string[] = [];
  let top = y;
  slabs.forEach((slab, i) => {
    const fill = slab.absorber ? ABSORBER : FILLS[i % FILLS.length];
    parts.push(el("rect", { x, y: top, width, height: slab.height, fill }));
    parts.push(pores(slab, x, top, width));
    top += slab.height;
  });
  top = y;
  for (const slab of slabs) {
    // A frame would hide the color of thin slabs.
    const stroke = Math.min(theme.stroke.frame, slab.height / 3);
    parts.push(
      el("rect", {
        x,
        y: top,
        width,
        height: slab.height,
        fill: "none",
        stroke: theme.frame,
        "stroke-width": stroke,
      }),
    );
    top += slab.height;
  }
  if (flux) parts.push(beam(slabs, x + width / 2, y, flux));
  return parts.join("");
}

/** Color of the beam. */
const BEAM = palette[6];

/** Length of the beam before and behind the slabs, px. */
export const LEAD = 26;

const LEAST = 0.5;
const ABSORBER = "#f3cf85";
const FILLS = ["#d9e2ec", "#e9e5dc", "#dfeadf", "#ebe0e8"];
const LIQUID = "#9cc4e4";
// Size of the grid with one pore per cell, px.
const CELL = 9;
const BEAM_WIDTH = 56;

// Circles whose area fraction is the porosity, up to the maximum of circles in a grid (0.78).
function pores({ height, porosity, filled }: Slab, x: number, y: number, width: number): string {
  const cell = Math.min(CELL, height);
  if (!(porosity > 0) || cell < 3) return "";
  const r = Math.min(cell / 2 - 0.3, cell * Math.sqrt(porosity / Math.PI));
  const [columns, rows] = [Math.floor(width / cell), Math.floor(height / cell)];
  const [dx, dy] = [width / columns, height / rows];
  let d = "";
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cx = x + (column + 0.5) * dx;
      const cy = y + (row + 0.5) * dy;
      d += `M${px(cx - r)},${px(cy)}a${px(r)},${px(r)} 0 1 0 ${px(2 * r)},0a${px(r)},${px(r)} 0 1 0 ${px(-2 * r)},0`;
    }
  }
  return el("path", { d, fill: filled ? LIQUID : "#fff" });
}

// The width is the flux, linear between the faces of each slab, with an arrow head at the end.
function beam(slabs: readonly Slab[], center: number, y: number, flux: readonly number[]): string {
  const half = (share: number) => (BEAM_WIDTH * share) / 2;
  const right: [number, number][] = [[half(flux[0]), y - LEAD]];
  let at = y;
  slabs.forEach(({ height }, i) => {
    right.push([half(flux[i]), at]);
    at += height;
  });
  const last = half(flux[slabs.length]);
  right.push([last, at], [last, at + LEAD - 10]);
  const points = [
    ...right.map(([dx, py]) => `${px(center + dx)},${px(py)}`),
    ...right.reverse().map(([dx, py]) => `${px(center - dx)},${px(py)}`),
  ];
  const head = Math.max(6, last + 4);
  const tip = at + LEAD;
  return (
    el("path", { d: `M${points.join("L")}Z`, fill: BEAM, "fill-opacity": 0.45 }) +
    el("path", {
      d: `M${px(center - head)},${px(tip - 10)}h${px(2 * head)}L${px(center)},${px(tip)}Z`,
      fill: BEAM,
      "fill-opacity": 0.45,
    })
  );
}

// The image panel: values on pixels with a color bar, what is not chosen paled, and a region to click, drag
// or move by keys.

import { halfStepEnergy } from "../../xas/half-step.js";
import { ticksOf } from "./chart.js";
import { onDrag, part, svg } from "./dom.js";
import { EDGE_LABEL } from "./edge.js";
import { withUnit } from "./format.js";
import type { Region } from "./select.js";
import { MISSING } from "./unpack.js";
import type { View } from "./view.js";

/** What the image shows: its values, their range and their label. */
export interface Picture {
  readonly values: Float64Array;
  readonly domain: readonly [number, number];
  readonly label: string;
}

/** The chosen image. */
function pictureOf(view: View): Picture {
  const { chosen, header, nPixels } = view;
  const kind = chosen.image.replace(/\d+$/, "");
  const index = Number(chosen.image.slice(kind.length));
  const at = chosen.time * nPixels;
  const values = new Float64Array(nPixels);
  if (kind === "map") {
    const { scale, label, unit } = header.maps[index];
    for (let p = 0; p < nPixels; p++) values[p] = view.maps[index][p] / scale;
    return { values, domain: spanOf(values, 0, 1), label: withUnit(label, unit) };
  }
  if (kind === "concentration") {
    const n = header.names.length;
    for (let p = 0; p < nPixels; p++) values[p] = 100 * view.concentrations[(at + p) * n + index];
    return { values, domain: [0, 100], label: `${header.names[index]} (%)` };
  }
  if (kind === "rFactor") {
    for (let p = 0; p < nPixels; p++) values[p] = 1e6 * view.rFactor[at + p];
    return {
      values,
      domain: [0, spanOf(values, 0, 0.995)[1]],
      label: "R-factor of the fit (10\u207b\u2076)",
    };
  }
  const signal = (p: number, k: number): number => {
    const q = view.spectra[(at + p) * header.nEnergies + k];
    return q === MISSING ? Number.NaN : q * header.step;
  };
  if (kind === "edge") {
    for (let p = 0; p < nPixels; p++) values[p] = halfStepEnergy(view.energies, (k) => signal(p, k));
    return { values, domain: spanOf(values, 0.005, 0.995), label: EDGE_LABEL };
  }
  for (let p = 0; p < nPixels; p++) values[p] = signal(p, chosen.energy);
  const energy = view.energies[chosen.energy].toFixed(1);
  return { values, domain: spanOf(values, 0.005, 0.995), label: `${header.quantity} at ${energy} eV` };
}

/** Height of a tall image, px: all panels fit on a screen. */
const TALLEST = 215;

/** Makes the image react; `change` is told of a new region. */
export function imagePanel(view: View, change: (region: Region | null) => void): () => void {
  const stage = part("image");
  const canvas = part<HTMLCanvasElement>("pixels");
  const overlay = part<SVGSVGElement>("image-axes");
  const { width, height } = view.header;
  canvas.width = width;
  canvas.height = height;
  let box = { left: 0, top: 0, scale: 1 };
  let made: { key: string; picture: Picture } | null = null;
  const pixelAt = (x: number, y: number): [number, number] => [
    Math.max(0, Math.min(width - 1, Math.floor((x - box.left) / box.scale))),
    Math.max(0, Math.min(height - 1, Math.floor((y - box.top) / box.scale))),
  ];
  onDrag(stage, (x, y) => {
    const [right, bottom] = [box.left + width * box.scale, box.top + height * box.scale];
    // A few px beside the image still mean its border.
    if (x < box.left - 4 || x > right + 4 || y < box.top - 4 || y > bottom + 4) return null;
    const [fromX, fromY] = pixelAt(x, y);
    const span = (toX: number, toY: number): Region => ({
      x0: Math.min(fromX, toX),
      y0: Math.min(fromY, toY),
      x1: Math.max(fromX, toX) + 1,
      y1: Math.max(fromY, toY) + 1,
    });
    change(span(fromX, fromY));
    return (toX, toY) => change(span(...pixelAt(toX, toY)));
  });
  stage.addEventListener("keydown", (event) => {
    const moved = moveRegion(view.chosen.region, event, width, height);
    if (moved === undefined) return;
    event.preventDefault();
    change(moved);
  });
  return () => {
    const { image, energy, time } = view.chosen;
    const key = `${image} ${energy} ${time}`;
    if (made?.key !== key) made = { key, picture: pictureOf(view) };
    const { picture } = made;
    paint(canvas, view, picture);
    box = drawOverlay(overlay, canvas, view, picture);
  };
}

/** Where a key takes the region; undefined for a key that does nothing. */
export function moveRegion(
  region: Region | null,
  { key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">,
  width: number,
  height: number,
): Region | null | undefined {
  if (key === "Escape") return null;
  const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!move) return undefined;
  if (!region) {
    // A tenth of the image in its middle to begin with.
    const [w, h] = [Math.max(1, Math.round(width / 10)), Math.max(1, Math.round(height / 10))];
    const [x0, y0] = [(width - w) >> 1, (height - h) >> 1];
    return { x0, y0, x1: x0 + w, y1: y0 + h };
  }
  const [dx, dy] = move;
  const { x0, y0, x1, y1 } = region;
  if (shiftKey) {
    return {
      x0,
      y0,
      x1: Math.max(x0 + 1, Math.min(width, x1 + dx)),
      y1: Math.max(y0 + 1, Math.min(height, y1 + dy)),
    };
  }
  const [sx, sy] = [Math.max(-x0, Math.min(width - x1, dx)), Math.max(-y0, Math.min(height - y1, dy))];
  return { x0: x0 + sx, y0: y0 + sy, x1: x1 + sx, y1: y1 + sy };
}

/** How much of its color a pixel keeps that is not chosen. */
const PALE = 0.25;

function paint(canvas: HTMLCanvasElement, view: View, { values, domain }: Picture): void {
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const image = context.createImageData(canvas.width, canvas.height);
  const { colors, mask } = view;
  const none = [1, 3, 5].map((i) => Number.parseInt(view.header.noData.slice(i, i + 2), 16));
  const ground = colorOfGround();
  const factor = 255 / (domain[1] - domain[0]);
  for (let p = 0; p < values.length; p++) {
    const v = values[p];
    const index = Number.isNaN(v) ? -1 : Math.max(0, Math.min(255, Math.round((v - domain[0]) * factor)));
    for (let c = 0; c < 3; c++) {
      const full = index < 0 ? none[c] : colors[index * 3 + c];
      image.data[p * 4 + c] = mask[p] ? full : ground[c] + PALE * (full - ground[c]);
    }
    image.data[p * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** Color behind the image, which differs in the dark scheme. */
function colorOfGround(): number[] {
  return (getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).slice(0, 3).map(Number);
}

function drawOverlay(
  overlay: SVGSVGElement,
  canvas: HTMLCanvasElement,
  view: View,
  { domain, label }: Picture,
): { left: number; top: number; scale: number } {
  const { width, height, pixelSize } = view.header;
  const total = Math.max(240, (overlay.parentElement as HTMLElement).clientWidth);
  const [left, top] = [52, 48];
  const scale = Math.min((total - left - 12) / width, TALLEST / height);
  const [w, h] = [width * scale, height * scale];
  const whole = top + h + 44;
  overlay.setAttribute("viewBox", `0 0 ${total} ${whole}`);
  // In percent of the whole, so that the image fits on narrower paper.
  const percentOf = (part: number, of: number): string => `${(100 * part) / of}%`;
  Object.assign(canvas.style, {
    left: percentOf(left, total),
    top: percentOf(top, whole),
    width: percentOf(w, total),
    height: percentOf(h, whole),
  });
  // Axes from the upper left corner of the field, in mm or, where the size of a pixel is not known, in
  // pixels.
  const [mm, unit] = pixelSize === null ? [1, "pixels"] : [pixelSize / 1000, "mm"];
  const xTicks = ticksOf([0, width * mm], w / 70);
  const yTicks = ticksOf([0, height * mm], h / 45);
  const barTicks = ticksOf(domain, w / 80);
  const bar = (v: number): number => left + ((v - domain[0]) / (domain[1] - domain[0])) * w;
  const n = 64;
  overlay.replaceChildren(
    svg("text", { x: left, y: 12, class: "label" }, label),
    ...Array.from({ length: n }, (_, i) => {
      const at = Math.round((i / (n - 1)) * 255) * 3;
      const [r, g, b] = view.colors.subarray(at, at + 3);
      return svg("rect", {
        x: left + (i / n) * w,
        y: 18,
        width: w / n + 0.6,
        height: 8,
        fill: `rgb(${r},${g},${b})`,
      });
    }),
    ...barTicks.values.map((v, i) =>
      svg("text", { x: bar(v), y: 39, "text-anchor": "middle" }, barTicks.labels[i]),
    ),
    svg("rect", { x: left, y: top, width: w, height: h, class: "frame" }),
    ...xTicks.values.flatMap((v, i) => [
      svg("line", {
        x1: left + (v / mm) * scale,
        x2: left + (v / mm) * scale,
        y1: top + h,
        y2: top + h + 5,
        class: "tick",
      }),
      svg("text", { x: left + (v / mm) * scale, y: top + h + 18, "text-anchor": "middle" }, xTicks.labels[i]),
    ]),
    ...yTicks.values.flatMap((v, i) => [
      svg("line", {
        x1: left - 5,
        x2: left,
        y1: top + (v / mm) * scale,
        y2: top + (v / mm) * scale,
        class: "tick",
      }),
      svg("text", { x: left - 8, y: top + (v / mm) * scale + 4, "text-anchor": "end" }, yTicks.labels[i]),
    ]),
    svg(
      "text",
      { x: left + w / 2, y: whole - 6, "text-anchor": "middle", class: "label" },
      `Position x (${unit})`,
    ),
    svg(
      "text",
      {
        transform: `translate(14,${Math.round(top + h / 2)}) rotate(-90)`,
        "text-anchor": "middle",
        class: "label",
      },
      `y (${unit})`,
    ),
  );
  const { region } = view.chosen;
  if (region) {
    const place = {
      x: left + region.x0 * scale,
      y: top + region.y0 * scale,
      width: (region.x1 - region.x0) * scale,
      height: (region.y1 - region.y0) * scale,
    };
    overlay.append(
      svg("rect", { ...place, class: "region-halo" }),
      svg("rect", { ...place, class: "region" }),
    );
  }
  return { left, top, scale };
}

function spanOf(values: Float64Array, from: number, to: number): [number, number] {
  const sorted = values.filter((v) => Number.isFinite(v)).sort();
  if (sorted.length === 0) return [0, 1];
  const low = from === 0 ? Math.min(0, sorted[0]) : sorted[Math.floor(from * (sorted.length - 1))];
  const high = sorted[Math.ceil(to * (sorted.length - 1))];
  return low < high ? [low, high] : [low - 0.5, low + 0.5];
}

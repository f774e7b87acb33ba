// The spectrum panel: the mean of what is chosen, that of all pixels behind it, the components and their
// mixture, and the energy of the image as a line that can be dragged.

import { drawCurve, drawFrame, extent, type Frame } from "./chart.js";
import { nearestOf } from "./code.js";
import { INK, MUTED, onDrag, part, svg } from "./dom.js";
import type { View } from "./view.js";

/** Where the edge is looked at, eV below and above it. */
const NEAR = [25, 75] as const;

/** Makes the spectrum react; `change` is told of the energy under the pointer. */
export function spectrumPanel(view: View, change: (energy: number) => void): () => void {
  const picture = part<SVGSVGElement>("spectrum");
  let frame: Frame | null = null;
  const pick = (x: number): void => {
    if (frame) change(nearestOf(view.energies, frame.toX(x)));
  };
  onDrag(picture, (x) => {
    pick(x);
    return pick;
  });
  return () => {
    const { energies, header, chosen, basis, fit, mean, all } = view;
    const range = shownEnergies(energies, header.edge, chosen.whole);
    const inRange = (values: Float64Array): Float64Array =>
      values.filter((_, k) => energies[k] >= range[0] && energies[k] <= range[1]);
    const components = basis
      ? header.names.map((_, i) => basis.S.subarray(i * basis.nEnergies, (i + 1) * basis.nEnergies))
      : [];
    frame = drawFrame(picture, {
      x: range,
      y: extent(...[mean.values, all.values, ...components].map(inRange)),
      xLabel: "Energy (eV)",
      yLabel: header.quantity,
      aspect: 0.5,
    });
    const draw = (values: ArrayLike<number>, attributes: Record<string, string | number>): void => {
      picture.append(drawCurve(frame as Frame, energies, values, attributes));
    };
    components.forEach((values, i) => {
      draw(values, { stroke: colorOf(view, i), "stroke-width": 1.1, opacity: 0.75 });
    });
    if (mean !== all) draw(all.values, { stroke: MUTED, "stroke-width": 1, "stroke-dasharray": "2 3" });
    draw(mean.values, { stroke: INK, "stroke-width": 1.8, class: "mean" });
    const at = frame.x(energies[chosen.energy]);
    if (at >= frame.left && at <= frame.right) {
      picture.append(svg("line", { x1: at, x2: at, y1: frame.top, y2: frame.bottom, class: "cursor" }));
    }
    const entries: [string, string, string][] = [[INK, "", "mean of the chosen pixels"]];
    if (view.nPixels === 1) entries[0][2] = "spectrum at this time";
    if (mean !== all) entries.push([MUTED, "2 3", "mean of all pixels"]);
    if (fit) header.names.forEach((name, i) => void entries.push([colorOf(view, i), "", name]));
    drawLegend(picture, frame, entries);
  };
}

/** Color of a component. */
export function colorOf({ header }: View, i: number): string {
  return header.palette[i % header.palette.length];
}

function shownEnergies(energies: Float64Array, edge: number | null, whole: boolean): [number, number] {
  const [first, last] = [energies[0], energies[energies.length - 1]];
  if (edge === null) return [first, last];
  const [low, high] = [Math.max(first, edge - NEAR[0]), Math.min(last, edge + NEAR[1])];
  return whole || !(low < high) ? [first, last] : [low, high];
}

function drawLegend(
  picture: SVGSVGElement,
  frame: Frame,
  entries: readonly [string, string, string][],
): void {
  entries.forEach(([color, dashes, text], i) => {
    const y = frame.bottom - 14 - 16 * (entries.length - 1 - i);
    const x = frame.right - 190;
    picture.append(
      svg("line", {
        x1: x,
        x2: x + 20,
        y1: y,
        y2: y,
        stroke: color,
        "stroke-width": 1.8,
        "stroke-dasharray": dashes,
      }),
      svg("text", { x: x + 26, y: y + 4 }, text.length > 26 ? `${text.slice(0, 25)}\u2026` : text),
    );
  });
}

// Profiles over the series for the selected pixels: concentrations, or the signal at the energy of the image.
// A click selects a time.

import { drawCurve, drawFrame, extent, type Frame } from "./chart.js";
import { nearestOf } from "./code.js";
import { concentrationsOf } from "./concentrations.js";
import { INK, onDrag, part, svg } from "./dom.js";
import { colorOf } from "./spectrum.js";
import type { View } from "./view.js";

/** Curves over time: one per component in %, or the signal; [nCurves][nTimes]. */
function profilesOf(view: View): Float64Array[] {
  const { basis, mask, nTimes, chosen } = view;
  const curves = Array.from({ length: basis?.n ?? 1 }, () => new Float64Array(nTimes));
  for (let t = 0; t < nTimes; t++) {
    const { values } = view.meanOf(mask, t);
    if (!basis) curves[0][t] = values[chosen.energy];
    else
      for (const [i, concentration] of concentrationsOf(values, basis).concentrations.entries())
        curves[i][t] = 100 * concentration;
  }
  return curves;
}

/** Connects the profile to the pointer; `change` receives the time step under it. */
export function profilePanel(view: View, change: (time: number) => void): () => void {
  const picture = part<SVGSVGElement>("profile");
  const { times, timeUnit } = view.header;
  let frame: Frame | null = null;
  let made: { mask: Uint8Array; energy: number; curves: Float64Array[] } = {
    mask: new Uint8Array(0),
    energy: -1,
    curves: [],
  };
  const pick = (x: number): void => {
    if (frame) change(nearestOf(times, frame.toX(x)));
  };
  onDrag(picture, (x) => {
    pick(x);
    return pick;
  });
  return () => {
    const { chosen, mask, basis, header, energies } = view;
    // Going through time changes neither the pixels nor the curves.
    const same = mask.length === made.mask.length && mask.every((v, p) => v === made.mask[p]);
    if (!same || (!basis && made.energy !== chosen.energy)) {
      made = { mask, energy: chosen.energy, curves: profilesOf(view) };
    }
    frame = drawFrame(picture, {
      x: extent(times),
      y: basis ? [-3, 104] : extent(...made.curves),
      xLabel: timeUnit === "h" ? "Time (h)" : "Time step",
      yLabel: basis ? "Concentration (%)" : `${header.quantity} at ${energies[chosen.energy].toFixed(1)} eV`,
      aspect: 0.4,
    });
    const at = frame.x(times[chosen.time]);
    picture.append(svg("line", { x1: at, x2: at, y1: frame.top, y2: frame.bottom, class: "cursor" }));
    made.curves.forEach((curve, i) => {
      const stroke = basis ? colorOf(view, i) : INK;
      picture.append(drawCurve(frame as Frame, times, curve, { stroke, "stroke-width": 1.6 }));
      const value = curve[chosen.time];
      if (Number.isFinite(value)) {
        picture.append(svg("circle", { cx: at, cy: (frame as Frame).y(value), r: 4, fill: stroke }));
      }
    });
  };
}

import { KGY, MGY } from "../../units.js";

const DISPLAYED: Readonly<Record<string, { readonly unit: string; readonly scale: number }>> = {
  "Gy/s": { unit: "kGy/s", scale: KGY },
  Gy: { unit: "MGy", scale: MGY },
};

/** The display unit of values in `unit`; displayed = value / scale = value * factor. */
export function displayUnit(unit: string): { unit: string; scale: number; factor: number } {
  const displayed = DISPLAYED[unit] ?? { unit, scale: 1 };
  return { ...displayed, factor: 1 / displayed.scale };
}

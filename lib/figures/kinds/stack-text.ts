// Texts of a drawn stack.
import type { Layer } from "../../dose/layer.js";
import type { Stack } from "../../dose/stack.js";
import { textEl } from "../parts/svg.js";
import { fitText, textWidth } from "../parts/text-width.js";
import { theme } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";
import { SIZE } from "./stack-columns.js";

/** Materials of a layer: the full text and, for porous layers, a shorter one. */
export function contents({ solid, liquid, porosity }: Layer): string[] {
  if (porosity === 0) return [`${solid.name}, ${formatNumber(solid.density)} g/cm³`];
  const pores = `${solid.name}, pores ${formatNumber(100 * porosity, 3)} %`;
  return [`${pores} ${liquid ? liquid.name : "empty"}`, pores];
}

/** Total thickness, and the scale of the drawing. */
export function totalText(cell: Stack, toScale: boolean): string {
  const all = cell.layers.reduce((sum, layer) => sum + layer.thickness, 0);
  return `${formatNumber(all)} µm in total, ${toScale ? "drawn to scale" : "not to scale"}`;
}

/** Notes below the table: in one line where they fit, otherwise in two. */
export function noteText(notes: readonly string[], x: number, y: number, width: number): string {
  const room = width - x - 8;
  const line = notes.join("; ");
  const place = { x, "font-size": SIZE, fill: theme.muted, "text-anchor": "start" };
  return (textWidth(line, SIZE) <= room ? [line] : notes)
    .map((note, i) => textEl(fitText(note, room, SIZE), { ...place, y: y + 15 + 12 * i }))
    .join("");
}

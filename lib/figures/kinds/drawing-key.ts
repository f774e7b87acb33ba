// Key of a drawing: the names of its letters in as many columns as fit, and notes on what is not to scale.
import type { DrawingPart } from "../../drawing-plan.js";
import { type Drawing, textEl } from "../parts/svg.js";
import { textWidth, wrapText } from "../parts/text-width.js";
import { theme } from "../parts/theme.js";

const SIZE = theme.text.legend;
const ROW = 14;
const GAP = 14;

/** Lines with letter and name, followed by the notes; `width` px wide. */
export function keyBody(parts: readonly DrawingPart[], notes: readonly string[], width: number): Drawing {
  const entries = new Map<string, string[]>();
  for (const { letter, name, shape } of parts) {
    if (!letter || shape === "dimension") continue;
    const names = entries.get(letter) ?? [];
    if (!names.includes(name)) names.push(name);
    entries.set(letter, names);
  }
  const indent = Math.max(0, ...[...entries.keys()].map((letter) => textWidth(letter, SIZE, true))) + 6;
  // Single letters a, b, c come first, the others in their order.
  const single = (letter: string): string => (/^[a-z]$/.test(letter) ? letter : "~");
  const sorted = [...entries].sort(([a], [b]) =>
    single(a) < single(b) ? -1 : single(a) > single(b) ? 1 : 0,
  );
  const lines = sorted.map(([letter, names]) => ({ letter, text: names.join("; ") }));
  const widest = Math.max(0, ...lines.map((line) => textWidth(line.text, SIZE))) + indent;
  const columns = Math.max(1, Math.min(4, lines.length, Math.floor((width + GAP) / (widest + GAP))));
  const step = columns > 1 ? (width + GAP) / columns : width;
  const perColumn = Math.ceil(lines.length / columns);
  const parted: string[] = [];
  let height = 0;
  for (let c = 0; c < columns; c++) {
    let y = 0;
    for (const { letter, text } of lines.slice(c * perColumn, (c + 1) * perColumn)) {
      const x = c * step;
      parted.push(textEl(letter, { x, y: y + SIZE, "font-weight": "bold", "font-size": SIZE }));
      for (const part of wrapText(text, (columns > 1 ? step - GAP : width) - indent, SIZE)) {
        parted.push(textEl(part, { x: x + indent, y: y + SIZE, "font-size": SIZE }));
        y += ROW;
      }
    }
    height = Math.max(height, y);
  }
  for (const note of notes.flatMap((text) => wrapText(text, width, SIZE))) {
    parted.push(textEl(note, { x: 0, y: height + SIZE, "font-size": SIZE, fill: theme.muted }));
    height += ROW;
  }
  return { body: parted.join(""), width, height };
}

// Width of a text without a browser, from the advance widths of DejaVu Sans, the widest font of the theme.
import { checkText } from "../../compute/escape.js";

/** Width in px of a text in the theme's font. */
export function textWidth(text: string, size: number, bold = false): number {
  let sum = 0;
  for (const character of checkText(text)) {
    const code = character.codePointAt(0)!;
    sum += WIDTHS[code - 32] ?? OTHER[character] ?? (code > 0x2e80 ? 100 : 64);
  }
  return (sum / 100) * size * (bold ? 1.125 : 1);
}

/** The text, cut with an ellipsis at `width` px. */
export function fitText(text: string, width: number, size: number, bold = false): string {
  const line = checkText(text).replace(/\s+/g, " ");
  if (textWidth(line, size, bold) <= width) return line;
  let out = "";
  for (const character of line) {
    if (textWidth(`${out}${character}…`, size, bold) > width) break;
    out += character;
  }
  return `${out.trimEnd()}…`;
}

/** A label cut like `fitText`, but with its unit: `Relative conc… (%)`. */
export function fitLabel(label: string, width: number, size: number): string {
  const unit = /\s*\([^()]*\)$/.exec(checkText(label))?.[0] ?? "";
  const unitWidth = textWidth(unit, size);
  if (unitWidth > width / 2) return fitText(label, width, size);
  return `${fitText(label.slice(0, label.length - unit.length), width - unitWidth, size)}${unit}`;
}

/** The text in lines of at most `width` px, broken between words; a longer word is cut with an ellipsis. */
export function wrapText(text: string, width: number, size: number, bold = false): string[] {
  const lines: string[] = [];
  for (const word of checkText(text)
    .split(/\s+/)
    .filter((w) => w !== "")) {
    const joined = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && textWidth(joined, size, bold) <= width) lines[lines.length - 1] = joined;
    else lines.push(fitText(word, width, size, bold));
  }
  return lines;
}

// Hundredths of the font size, from the space to the tilde.
const WIDTHS = [
  32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34,
  34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73,
  68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63,
  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];

// Other characters by their width; the default is 64.
const OTHER: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries({
    20: "\u2009",
    32: "·‘’\u00a0",
    40: "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉",
    50: "–°",
    53: "⁺⁻₊₋“”ε",
    59: "γλχ",
    62: "δσΣ",
    67: "αΔÅ",
    76: "Ω",
    84: "−±×÷≤≥≈→←↔∞ω",
    100: "—…",
  }).flatMap(([width, characters]) => Array.from(characters, (character) => [character, Number(width)])),
);

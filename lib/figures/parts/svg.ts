// SVG markup with escaped text: content from data is always text.
import { escapeText } from "../../compute/escape.js";
import { theme } from "./theme.js";

/** A piece of a picture: SVG markup whose upper left corner is the origin, and its size in px. */
export interface Drawing {
  readonly body: string;
  readonly width: number;
  readonly height: number;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An SVG element; attribute values are escaped, children are markup. */
export function el(name: string, attributes: Attributes, ...children: readonly string[]): string {
  let head = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    head += ` ${key}="${typeof value === "number" ? px(value) : escapeText(value)}"`;
  }
  return children.length === 0 ? `${head}/>` : `${head}>${children.join("")}</${name}>`;
}

/** A text element; the string is escaped. */
export function textEl(content: string, attributes: Attributes): string {
  return el("text", attributes, escapeText(content));
}

/** Markup moved by (x, y). */
export function at(x: number, y: number, body: string): string {
  return el("g", { transform: `translate(${px(x)},${px(y)})` }, body);
}

/** A vertical text that reads upwards, centered at (x, y). */
export function verticalText(content: string, x: number, y: number, size: number = theme.text.label): string {
  return textEl(content, {
    transform: `translate(${px(x)},${px(y)}) rotate(-90)`,
    "font-size": size,
    "text-anchor": "middle",
  });
}

/** A rounded coordinate, for shorter files with the same bytes on all machines. */
export function px(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return String(Object.is(rounded, -0) ? 0 : rounded);
}

import { ArgumentError, quote } from "../errors.js";

/** The text, when it is one. @throws ArgumentError for a number or another value in the place of a text */
export function checkText(text: unknown): string {
  if (typeof text === "string") return text;
  throw new ArgumentError(`figures: expected a text as title, label or name, got ${quote(text)}`, { text });
}

/** A string as it may stand in HTML, SVG and XML, in text and in quoted attributes. */
export function escapeText(content: string): string {
  return checkText(content)
    .replace(FORBIDDEN, "\ufffd")
    .replace(/[&<>"']/g, (c) => ENTITIES[c]);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

// Characters that XML 1.0 forbids even when escaped; halves of surrogate pairs among them.
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

// MIME bundle of a value in a notebook: from MIME types to their data.
import { frameBundle } from "./frame.js";

/** Data by MIME type: text, JSON, or base64 of binary data. */
export type MimeBundle = Record<string, unknown>;

/** Name of the display method of a value, also used by other TypeScript notebooks. */
const displaySymbol: symbol = Symbol.for("Jupyter.display");

/** Whether a value has a display method. */
export function showsItself(value: unknown): boolean {
  return isObject(value) && typeof (value as Record<symbol, unknown>)[displaySymbol] === "function";
}

/**
 * MIME bundle of a value: its own, that of a table, or the markup of a DOM element.
 *
 * @returns null for a value without one, which is printed
 * @throws TypeError when the value's display method returns no MIME bundle
 */
export async function bundleOf(value: unknown): Promise<MimeBundle | null> {
  if (!isObject(value)) return null;
  if (showsItself(value)) {
    const display = (value as Record<symbol, () => unknown>)[displaySymbol];
    return checked(await display.call(value));
  }
  const { outerHTML, tagName } = value as { outerHTML?: unknown; tagName?: unknown };
  // SVG elements are text/html too, because converters of notebooks empty image/svg+xml outputs.
  if (typeof outerHTML === "string") return { "text/html": outerHTML, "text/plain": `<${tagName}>` };
  return frameBundle(value);
}

function checked(bundle: unknown): MimeBundle {
  const valid =
    isObject(bundle) && !Array.isArray(bundle) && Object.keys(bundle).every((key) => key.includes("/"));
  if (!valid) {
    throw new TypeError(
      "display: expected [Symbol.for('Jupyter.display')]() to return an object from MIME types to data",
    );
  }
  const encode = (data: unknown) =>
    data instanceof Uint8Array ? Buffer.from(data).toString("base64") : data;
  return Object.fromEntries(Object.entries(bundle as object).map(([type, data]) => [type, encode(data)]));
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

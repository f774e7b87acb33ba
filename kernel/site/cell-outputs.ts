// Outputs of a cell for a page.
import { escapeHtml } from "../escape.js";
import { joined, type Multiline, type Output } from "../runner/format.js";
import { renderMarkdown } from "./markdown.js";
import { sanitizeHtml } from "./sanitize.js";

/** Embedded pictures in order of preference. */
const pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** HTML of all outputs; empty if there are none. */
export function cellOutputs(outputs: readonly Output[]): string {
  const shown = outputs.map(outputHtml).filter((html) => html !== "");
  // Wide output is scrollable, also with the keyboard.
  return shown
    .map((html) => `<div class="output scroll" role="group" aria-label="Output" tabindex="0">${html}</div>\n`)
    .join("");
}

function outputHtml(output: Output): string {
  if (output.output_type === "stream") {
    return `<pre class="${output.name === "stderr" ? "stderr" : "stdout"}">${plain(output.text)}</pre>`;
  }
  if (output.output_type === "error") {
    return `<pre class="error" role="alert">${plain(output.traceback.join("\n"))}</pre>`;
  }
  return bundleHtml(output.data);
}

/** The richest form for a page. */
function bundleHtml(data: Record<string, unknown>): string {
  const text = (type: string) => joined(data[type] as Multiline | undefined);
  const words = () => (text("text/plain").trim() ? `<pre>${plain(text("text/plain"))}</pre>` : "");
  if (data["text/html"] !== undefined) {
    const html = sanitizeHtml(text("text/html"));
    // Output that consists of scripts only is replaced by its text.
    return /[^\s<>]/.test(html.replace(/<(?!img|svg|image)[^>]*>/g, "")) ? html : words();
  }
  if (data["image/svg+xml"] !== undefined) return sanitizeHtml(text("image/svg+xml"));
  const picture = pictures.find((type) => data[type] !== undefined);
  if (picture !== undefined) {
    const base64 = text(picture).replace(/[^A-Za-z0-9+/=]/g, "");
    return `<img src="data:${picture};base64,${base64}" alt="${escapeHtml(text("text/plain") || "picture")}">`;
  }
  if (data["text/markdown"] !== undefined) return renderMarkdown(text("text/markdown"));
  return words();
}

/** Text without terminal color codes. */
function plain(text: Multiline): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every such code
  return escapeHtml(joined(text).replace(/\u001b\[[0-9;]*[A-Za-z]/g, ""));
}

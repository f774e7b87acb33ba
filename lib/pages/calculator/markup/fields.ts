// A field as HTML: label with unit, input, and a line below it for what is missing or wrong.
import { escapeText } from "../../../compute/escape.js";
import { fieldAt } from "../fields.js";

/** An option of a choice: value and text. */
export type Option = readonly [value: string, text: string];

/** Identifier of the element of a field: `layers-0-name`. */
export function idOf(path: string): string {
  return path.replaceAll(".", "-");
}

/** A text or a number. */
export function input(path: string, value: string, mode: "decimal" | "text" = "decimal"): string {
  const attributes = `type="text" inputmode="${mode}" autocomplete="off" spellcheck="false" value="${escapeText(value)}"`;
  return around(path, `<input ${common(path)} ${attributes}>`);
}

/** Several lines of text. */
export function area(path: string, value: string): string {
  return around(
    path,
    `<textarea ${common(path)} rows="5" spellcheck="false">${escapeText(value)}</textarea>`,
    " wide",
  );
}

/** A choice; groups have a label. Other fields may depend on it, so that the form is drawn again. */
export function choice(path: string, value: string, options: string, wide = false): string {
  return around(
    path,
    `<select ${common(path)} data-redraw="${value === "" ? "" : "true"}">${options}</select>`,
    wide ? " wide" : "",
  );
}

/** Options of a choice. */
export function optionList(options: readonly Option[], chosen: string): string {
  return options
    .map(
      ([value, text]) =>
        `<option value="${escapeText(value)}"${value === chosen ? " selected" : ""}>${escapeText(text)}</option>`,
    )
    .join("");
}

function common(path: string): string {
  const id = idOf(path);
  const required = fieldAt(path).needs === undefined ? "" : ' aria-required="true"';
  return `id="${id}" data-path="${path}" aria-describedby="${id}-note"${required}`;
}

function around(path: string, control: string, kind = ""): string {
  const { label, unit } = fieldAt(path);
  const id = idOf(path);
  const text = `${escapeText(label)}${unit ? ` <span class="unit">(${unit})</span>` : ""}`;
  return `<div class="field${kind}"><label for="${id}">${text}</label>${control}<p class="note" id="${id}-note"></p></div>`;
}

// Texts in CSV files, written so that a spreadsheet does not take them as formulas.

/** A comment line; no part of it is a formula in programs that split comments into cells. */
export function csvComment(text: string): string {
  return `# ${plain(text).replace(/([,;]\s*"?\s*)([=+\-@])/g, "$1'$2")}`;
}

/** One cell. Texts that a spreadsheet would evaluate (they begin with = + - @) get an apostrophe in front. */
export function csvText(text: string): string {
  const safe = plain(text).replace(/^(?=\s*[=+\-@＝＋－＠])/, "'");
  return /[",;#]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// Line ends and other control characters are no part of a name.
function plain(text: string): string {
  return text.replace(CONTROLS, " ").trim();
}

const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

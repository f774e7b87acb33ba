// Escapes all strings that come from data, so that they are never read as markup. The kernel uses public names of the library
// only, and escaping is not one of them.

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A string as it may stand in HTML, in text and in quoted attributes. */
export function escapeHtml(text: unknown): string {
  return String(text).replace(/[&<>"']/g, (character) => entities[character]);
}

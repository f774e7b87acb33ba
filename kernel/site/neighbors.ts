// Links to the pages before and after a page.
import { escapeHtml } from "../escape.js";

/** A neighbor; `href` is relative to the page. */
export interface Neighbor {
  href: string;
  title: string;
}

/** Both links; empty if there is no neighbor. */
export function neighborLinks(
  before: Neighbor | undefined,
  after: Neighbor | undefined,
  label: string,
): string {
  const link = (page: Neighbor | undefined, rel: string, words: string) =>
    page ? `<a rel="${rel}" href="${escapeHtml(page.href)}">${words} ${escapeHtml(page.title)}</a>` : "";
  const links = [link(before, "prev", "Previous:"), link(after, "next", "Next:")].filter(Boolean);
  return links.length > 0 ? `<nav class="neighbors" aria-label="${label}">${links.join("")}</nav>` : "";
}

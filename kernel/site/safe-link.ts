// Accepted targets of links on a page.

/**
 * A link to a web page, a position on this page or a file beside it; links to notebooks become links to their
 * pages.
 *
 * @returns null for all others, such as javascript:
 */
export function safeLink(href: string): string | null {
  // Browsers ignore control characters and spaces before and within the scheme.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are searched for
  const target = href.replace(/[\u0000-\u0020\u007f]/g, "");
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(target)?.[1].toLowerCase();
  if (scheme !== undefined) return ["http", "https", "mailto"].includes(scheme) ? target : null;
  // Browsers treat a backslash as a slash: two of either lead to another host.
  if (/^[\\/]{2}/.test(target)) return null;
  return target.replace(/\.ipynb(?=$|#)/, ".html");
}

// Which targets of links are accepted on a page.

/**
 * A link that leads to a page, a place on this page or a file beside it; notebooks are linked as the pages made of them.
 *
 * @returns null for anything else, such as javascript:
 */
export function safeLink(href: string): string | null {
  // Browsers ignore control characters and spaces in front of and within the scheme.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const target = href.replace(/[\u0000-\u0020\u007f]/g, "");
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(target)?.[1].toLowerCase();
  if (scheme !== undefined) return ["http", "https", "mailto"].includes(scheme) ? target : null;
  // Browsers take a backslash for a slash: two of either lead to another host.
  if (/^[\\/]{2}/.test(target)) return null;
  return target.replace(/\.ipynb(?=$|#)/, ".html");
}

// Order of notebooks and figures: the introduction, the figures of the paper, those of its Supporting
// Information, the course, then the others by name.

const ranks: readonly RegExp[] = [
  /^start-here$/,
  /^fig-\d/,
  /^fig-s\d/,
  /^dose-of-the-cell$/,
  /^course-/,
  /^/,
];

/** Names in reading order. */
export function paperOrder(names: readonly string[]): string[] {
  const rank = (name: string) => ranks.findIndex((pattern) => pattern.test(name));
  return [...names].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, "en", { numeric: true }));
}

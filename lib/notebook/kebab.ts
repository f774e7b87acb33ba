// Names of published results, which become names of files.

/** Whether a name consists of lower-case words with hyphens, such as `fig-05b`. */
export function isKebab(name: unknown): name is string {
  return typeof name === "string" && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && name.length <= 80;
}

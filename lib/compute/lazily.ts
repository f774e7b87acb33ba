// Properties that are computed when they are first read. Printing an object does not compute them, because they
// take long or fill the screen.

const custom = Symbol.for("nodejs.util.inspect.custom");

/** What is printed in place of a value that has not been computed. */
const unread = { [custom]: () => "[computed when read]" };

/**
 * Adds properties to an object that are computed once, when they are first read.
 *
 * @param late for each name the function that computes the value
 */
export function lazily<Known extends object, Late extends object>(
  known: Known,
  late: { readonly [Name in keyof Late]: () => Late[Name] },
): Known & Readonly<Late> {
  const keep = (name: string, value: unknown): void => {
    Object.defineProperty(known, name, { value, enumerable: true });
  };
  for (const [name, compute] of Object.entries<() => unknown>(late)) {
    Object.defineProperty(known, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = compute();
        keep(name, value);
        return value;
      },
    });
  }
  Object.defineProperty(known, custom, {
    value: () => {
      const properties = Object.entries(Object.getOwnPropertyDescriptors(known));
      const shown = properties.filter(([, { enumerable }]) => enumerable);
      return Object.fromEntries(shown.map(([name, { get, value }]) => [name, get ? unread : value]));
    },
  });
  return known as Known & Readonly<Late>;
}

// Publishes pictures of a notebook on the site that npm start builds.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ArgumentError, FileError, quote, reason } from "../errors.js";

/** Something that can be saved in a folder of the site. */
export interface Publishable {
  readonly publishAs: {
    /** Folder below the site, such as `figures`. */
    readonly folder: string;
    /** Formats to write, such as `svg`. */
    readonly endings: readonly string[];
  };
  save(path: string): Promise<unknown>;
}

/**
 * Shows something in a notebook and, where npm start builds the site (folder OPERANDOSE_SITE), writes it
 * there: a figure as `figures/NAME.svg`, `.png`, `.pdf` and `.csv`, an explorer as `explore/NAME.html`.
 * Otherwise it writes nothing.
 *
 * @param shown a figure or an explorer
 * @param name lower-case words with hyphens, such as `fig-05b`
 * @returns the figure or explorer, for display in the cell
 * @throws ArgumentError for something that cannot be published, or an invalid name
 * @throws FileError when the site cannot be written to
 * @example
 * await publish(
 *   figures.curves({ x: [0, 1], y: [[3.6, 4.3]], xLabel: "Time (h)", yLabel: "Voltage (V)" }),
 *   "voltage",
 * );
 */
export async function publish<T extends Publishable>(shown: T, name: string): Promise<T> {
  const { folder, endings } = placeOf(shown);
  if (typeof name !== "string" || !KEBAB.test(name) || name.length > 80) {
    throw new ArgumentError(
      `publish: expected a name of lower-case words with hyphens such as "fig-05b", got ${quote(name)}`,
      { name },
    );
  }
  const site = process.env.OPERANDOSE_SITE;
  if (!site) return shown;
  const path = join(site, folder);
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new FileError(
      `publish: expected a folder that can be made at ${path}, got ${reason(cause)}; check OPERANDOSE_SITE`,
      { path },
      { cause },
    );
  }
  for (const ending of endings) await shown.save(join(path, `${name}.${ending}`));
  return shown;
}

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

function placeOf(shown: Publishable): Publishable["publishAs"] {
  const place = shown?.publishAs;
  const path = place && [place.folder, ...(place.endings ?? [])];
  if (typeof shown?.save === "function" && path && path.length > 1 && path.every((w) => KEBAB.test(w))) {
    return place;
  }
  throw new ArgumentError(
    `publish: expected a figure or an explorer, got ${quote(shown)}; await functions that return promises, and use show() of results`,
  );
}

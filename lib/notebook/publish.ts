// Publishes pictures of a notebook on the site that npm start builds.
import { join } from "node:path";
import { ArgumentError, quote } from "../errors.js";
import { makeFolder } from "../io/disk.js";
import { checkOptions, type OptionNames } from "../options.js";
import { isKebab } from "./kebab.js";

/** Options of `publish`. */
export interface PublishOptions {
  /**
   * Caption of a figure: what it shows in the first sentence, then each panel and each shading, where the
   * data come from, and what to see. Page, text alternative and files of the figure contain it.
   */
  readonly caption?: string;
}

const OPTIONS: OptionNames<PublishOptions> = { caption: true };

/** Something that can be saved in a folder of the site. */
export interface Publishable {
  readonly publishAs: {
    /** Folder below the site, such as `figures`. */
    readonly folder: string;
    /** Formats to write, such as `svg`. */
    readonly endings: readonly string[];
  };
  save(path: string): Promise<unknown>;
  /** The same figure with a caption. */
  captioned?(caption: string): Publishable;
}

/**
 * Shows something in a notebook and, where npm start builds the site (folder OPERANDOSE_SITE), writes it
 * there: a figure as `figures/NAME.svg`, `.png`, `.pdf` and `.csv`, an explorer as `explore/NAME.html`.
 * Otherwise it writes nothing.
 *
 * @param given a figure or an explorer
 * @param name lower-case words with hyphens, such as `fig-05b`
 * @returns the figure with its caption, or the explorer, for display in the cell
 * @throws ArgumentError for something that cannot be published, an invalid name or an unknown option, and for
 *   a caption of something without captions
 * @throws FileError when the site cannot be written to
 * @example
 * await publish(
 *   figures.curves({ x: [0, 1], y: [[3.6, 4.3]], xLabel: "Time (h)", yLabel: "Voltage (V)" }),
 *   "voltage",
 *   { caption: "Voltage during the charge. It rises from 3.6 to 4.3 V within one hour." },
 * );
 */
export async function publish<T extends Publishable>(
  given: T,
  name: string,
  options: PublishOptions = {},
): Promise<T> {
  const { caption } = checkOptions("publish", options, OPTIONS);
  const { folder, endings } = placeOf(given);
  if (!isKebab(name)) {
    throw new ArgumentError(
      `publish: expected a name of lower-case words with hyphens such as "fig-05b", got ${quote(name)}`,
      { name },
    );
  }
  const shown = caption === undefined ? given : withCaption(given, caption);
  const site = process.env.OPERANDOSE_SITE;
  if (!site) return shown;
  const path = join(site, folder);
  makeFolder("publish", path);
  for (const ending of endings) await shown.save(join(path, `${name}.${ending}`));
  return shown;
}

function withCaption<T extends Publishable>(given: T, caption: string): T {
  if (typeof given.captioned === "function") return given.captioned(caption) as T;
  throw new ArgumentError(
    `publish: expected a figure for the caption, got ${quote(given)}; an explorer has none`,
    {
      caption,
    },
  );
}

function placeOf(shown: Publishable): Publishable["publishAs"] {
  const place = shown?.publishAs;
  const path = place && [place.folder, ...(place.endings ?? [])];
  if (typeof shown?.save === "function" && path && path.length > 1 && path.every(isKebab)) {
    return place;
  }
  throw new ArgumentError(
    `publish: expected a figure or an explorer, got ${quote(shown)}; await functions that return promises, and use show() of results`,
  );
}

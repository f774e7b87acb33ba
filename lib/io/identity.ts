// Identity of a file: it changes when the file is written or replaced, but not by a backup that only reads it.
import { statSync } from "node:fs";
import { splitPlace } from "./place.js";

/**
 * Size, time of modification and number of a file. "missing" where the system does not reach it: the reading
 * refuses it, with the reason.
 *
 * @param place a path, perhaps with the dataset in the file
 */
export function identityOf(place: string): string {
  try {
    const { size, mtimeNs, ino } = statSync(splitPlace(place).path, { bigint: true });
    return `${size} ${mtimeNs} ${ino}`;
  } catch {
    return "missing";
  }
}

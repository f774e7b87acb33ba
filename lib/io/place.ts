// Where recorded images lie: in a file, or in a dataset of a file.
import { existsSync } from "node:fs";
import { dirname } from "node:path";

/**
 * A path that may name a dataset in the file: `scan.nxs::/entry/data`. A `::` in the names of folders and
 * files that are there belongs to them.
 */
export function splitPlace(place: string): { path: string; dataset?: string } {
  const last = place.lastIndexOf("::");
  const folder = dirname(place);
  if (last < 0 || existsSync(place) || (folder.includes("::") && existsSync(folder))) return { path: place };
  for (let at = last; at > 0; at = place.lastIndexOf("::", at - 1)) {
    const path = place.slice(0, at);
    if (existsSync(path)) return { path, dataset: place.slice(at + 2) };
  }
  return { path: place.slice(0, last), dataset: place.slice(last + 2) };
}

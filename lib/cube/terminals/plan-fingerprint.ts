// What a plan computes, as a hash: equal for the same numbers from the same files, wherever these are.
import { createHash } from "node:crypto";
import { splitPlace } from "../../io/place.js";
import type { Plan } from "../verbs/verb.js";
import { libraryVersion } from "../version.js";
import { inputOf } from "./provenance.js";

/** Parts of a source that name things, or say where they are, and decide no number. */
const NAMES = ["name", "origin", "experiment", "loaded", "provenance"];

/**
 * SHA-256 over the version of the library, the settings, the steps and the content of all files of a plan.
 *
 * @throws FileError when a file cannot be read
 */
export function fingerprintOfPlan({ source, steps, schema }: Plan): string {
  const content = (key: string, value: unknown): unknown => {
    if (NAMES.includes(key)) return undefined;
    if (key !== "path" || typeof value !== "string") return value;
    return [inputOf(value).fingerprint, splitPlace(value).dataset];
  };
  const text = JSON.stringify({ source, steps, times: schema.times, library: libraryVersion() }, content);
  return createHash("sha256").update(text).digest("hex");
}

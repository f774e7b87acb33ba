import { readFileSync } from "node:fs";

let version: string | undefined;

/** Version of this library. */
export function libraryVersion(): string {
  version ??= JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
    .version as string;
  return version;
}

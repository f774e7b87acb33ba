// Results that depend on files and steps only: the last few are kept in memory for the next cells of a notebook,
// and, where many files were read for them, on disk.
import { placeKey } from "../../io/frames.js";
import { versions } from "../../io/stamp.js";
import type { Recorded, RecordedFile, Source } from "../recorded.js";
import { cached } from "./cache.js";

/** What `make` returns, or what it returned before for the same parameters and recordings. */
export function keep<T>(
  name: string,
  source: Source,
  parameters: Readonly<Record<string, unknown>>,
  recordings: readonly (Recorded | undefined)[],
  signal: AbortSignal | undefined,
  make: () => Promise<T>,
): Promise<T> {
  return remember(keyOf(name, source, recordings, parameters), signal, () =>
    cached(parameters, source, recordings, make),
  );
}

interface Memory {
  readonly made: Promise<unknown>;
  readonly signal: AbortSignal | undefined;
}

const remembered = new Map<string, Memory>();

/** What `make` returns, or what it returned before for the same key. */
export async function remember<T>(
  key: string,
  signal: AbortSignal | undefined,
  make: () => Promise<T>,
): Promise<T> {
  for (;;) {
    let memory = remembered.get(key);
    if (!memory) {
      if (remembered.size >= 16) remembered.delete(remembered.keys().next().value as string);
      memory = { made: make(), signal };
      remembered.set(key, memory);
    }
    try {
      return (await memory.made) as T;
    } catch (error) {
      if (remembered.get(key) === memory) remembered.delete(key);
      // Another call requested the same map and was cancelled: this call computes it again.
      const cancelledByOther = memory.signal?.aborted && memory.signal !== signal && !signal?.aborted;
      if (!cancelledByOther) throw error;
    }
  }
}

/** Everything that a map depends on: the files as they are now, how they are corrected, and `parameters`. */
export function keyOf(
  name: string,
  source: Source,
  recordings: readonly (Recorded | undefined)[],
  parameters: Readonly<Record<string, unknown>>,
): string {
  const { reference, energies, height, width, saturation, pixelSize } = source;
  const version = versions();
  const stamp = (file: RecordedFile) => [placeKey(file), version(file.path)];
  const files = [[reference], ...recordings.flatMap((one) => (one ? [one.files, one.dark] : []))].map(
    (list) => list.map(stamp),
  );
  return JSON.stringify([
    name,
    files,
    String(saturation),
    pixelSize ?? null,
    height,
    width,
    energies,
    parameters,
  ]);
}

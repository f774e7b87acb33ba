// Locks that programs hold on files that they write. The HDF5 library takes such a lock.
import { type BigIntStats, readFileSync } from "node:fs";

/** The list of all locks on Linux; other systems have none. */
const LOCKS = "/proc/locks";

/** Whether another process holds a lock for writing on a file; false where the system lists no locks. */
export function isLockedForWriting({ dev, ino }: BigIntStats): boolean {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & 0xfffff000n);
  const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n);
  const file = [major, minor].map((n) => n.toString(16).padStart(2, "0")).join(":");
  let list: string;
  try {
    list = readFileSync(LOCKS, "latin1");
  } catch {
    return false;
  }
  // "1: FLOCK  ADVISORY  WRITE 4381 fe:00:5351424 0 EOF"; an arrow behind the number marks one that waits.
  return list.split("\n").some((line) => {
    const [, kind, , access, , place] = line.split(/\s+/);
    return kind !== "->" && access === "WRITE" && place === `${file}:${ino}`;
  });
}

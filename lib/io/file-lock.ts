// Locks that other programs hold on a file while they write it, as the HDF5 library does.
import { type BigIntStats, readFileSync } from "node:fs";

/** Lists all locks on Linux; other systems have no such list. */
const LOCKS = "/proc/locks";

/** Whether another process holds a file locked for writing, as far as the system tells. */
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

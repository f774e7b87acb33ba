// Numbers of the command line.
import { UsageError } from "./usage-error.js";

/** One number. @throws UsageError */
export function number(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new UsageError(`expected ${option} as a number, got ${text}`);
}

/** Numbers with commas between them. @throws UsageError */
export function numbers(option: string, text: string): number[] {
  return text.split(",").map((part) => number(option, part));
}

/** One energy, several with commas, or first:last:step with both ends. @throws UsageError */
export function energies(option: string, text: string): number | number[] {
  if (!text.includes(":")) {
    const list = numbers(option, text);
    return list.length === 1 ? list[0] : list;
  }
  const parts = text.split(":").map((part) => number(option, part));
  const [first, last, step] = parts;
  const count = Math.floor((last - first) / step + 1e-9) + 1;
  if (parts.length !== 3 || !(step > 0) || !(last > first)) {
    throw new UsageError(`expected ${option} as E, E,E or FIRST:LAST:STEP in eV, got ${text}`);
  }
  if (count > MOST) throw new UsageError(`expected at most ${MOST} energies, got ${count} with ${text}`);
  return Array.from({ length: count }, (_, i) => first + i * step);
}

/** Width and height. @throws UsageError */
export function size(option: string, text: string): [number, number] {
  const parts = text.split(/[x×]/);
  if (parts.length === 2) return [number(option, parts[0]), number(option, parts[1])];
  throw new UsageError(`expected ${option} as WIDTHxHEIGHT in um, got ${text}`);
}

const MOST = 100_000;

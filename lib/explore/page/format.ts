// The header of the data that Node writes for the page, and the format of numbers in the page.

/** A block of the payload: where it lies behind the header, and what it holds. */
export interface Block {
  readonly at: number;
  readonly bytes: number;
}

/** A map by which pixels can be chosen. Its values, float64, are the block `mapN`. */
export interface MapHeader {
  readonly label: string;
  /** Display unit, and the factor by which values are divided to show them in it. */
  readonly unit: string;
  readonly scale: number;
  /**
   * The verb that chooses the same pixels in a notebook, with LOW and HIGH to be filled in; "" where there is
   * none.
   */
  readonly code: string;
}

/** Code around the verbs that choose pixels, "" where there is none: what is called before and after. */
export interface ChainCode {
  readonly before: string;
  readonly after: string;
}

/** The header of the data: texts and single numbers; arrays are blocks. */
export interface Header {
  readonly width: number;
  readonly height: number;
  /** um; null where it is not known. */
  readonly pixelSize: number | null;
  readonly nEnergies: number;
  /** Hours, the middle of each time step, or numbers of the steps; empty where there is no series. */
  readonly times: readonly number[];
  /** "h", or "" for numbers of steps. */
  readonly timeUnit: "h" | "";
  /** Label of the values, with unit. */
  readonly quantity: string;
  /** Spectra are whole multiples of this. */
  readonly step: number;
  /** eV; null where it is not known. */
  readonly edge: number | null;
  readonly maps: readonly MapHeader[];
  readonly names: readonly string[];
  /** How a notebook computes the spectrum that is shown; null where it cannot. */
  readonly code: ChainCode | null;
  /** Whether values are normalized, so that an edge energy is defined. */
  readonly hasEdge: boolean;
  readonly palette: readonly string[];
  readonly noData: string;
  readonly blocks: Readonly<Record<string, Block>>;
}

/** A step of 1, 2 or 5 times a power of ten, the largest that is not above `least`. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [5, 2, 1].find((f) => f * power <= least * (1 + 1e-9)) ?? 1;
  // Parsed, not multiplied: 2 * 0.1 ** 2 is not 0.02.
  return Number(`${factor}e${Math.round(Math.log10(power))}`);
}

/** Whole multiples of a step from `low` to `high`, without the dust of adding decimals. */
export function multiples(low: number, high: number, step: number): number[] {
  const [first, last] = [Math.ceil(low / step - 1e-6), Math.floor(high / step + 1e-6)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => tidy((first + i) * step));
}

/** A product of a round step without rounding dust: 0.7, not 0.7000000000000001. */
export function tidy(value: number): number {
  return Number(value.toPrecision(12)) + 0;
}

/** A number with as many decimals as a step has, and a true minus sign. */
export function withStep(value: number, step: number): string {
  const decimals = Math.min(8, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const text = value.toFixed(decimals).replace("-", "\u2212");
  return /^\u2212[0.]+$/.test(text) ? text.slice(1) : text;
}

/** A number for reading: some significant digits. */
export function short(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return "no value";
  return String(Number(value.toPrecision(digits))).replace("-", "\u2212");
}

/** A count with thin spaces between thousands. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u2009");
}

/** A quantity with its unit, as axes carry it. */
export function withUnit(label: string, unit: string): string {
  return unit === "" ? label : `${label} (${unit})`;
}

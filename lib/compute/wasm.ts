// The compiled kernels (AssemblyScript, SIMD) of this thread. The build makes kernels.wasm from
// lib/compute/wasm/. Without this file or without SIMD, every caller runs its plain reference; users never
// choose.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** An address in the kernels' memory, in bytes. */
type Address = number;

/** Mean counts of several cubes, from their sums. */
type MeanCounts = (
  sums: Address,
  dark: Address,
  missing: Address,
  missingSweeps: Address,
  n: number,
  weight: number,
  sweeps: number,
  out: Address,
) => void;

/** What lib/compute/wasm/kernels.as.ts exports; described there. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  firstFree(): Address;
  rowProducts32: RowProducts;
  rowProducts64: RowProducts;
  columnProducts32: ColumnProducts;
  columnProducts64: ColumnProducts;
  powers32: Powers;
  powers64: Powers;
  residuals32: Residuals;
  residuals64: Residuals;
  gram32: Gram;
  gram64: Gram;
  fitRows32: FitRows;
  fitRows64: FitRows;
  robustRows32: RobustRows;
  robustRows64: RobustRows;
  frameSum32: FrameSum;
  frameSum64: FrameSum;
  addFrame32: AddFrame;
  addFrame64: AddFrame;
  foldWeighted(total: Address, sums: Address, weight: number, n: number): void;
  frameSum16(counts: Address, dark: Address, saturation: number, n: number): number;
  addFrame16(sums: Address, counts: Address, saturation: number, weight: number, n: number): void;
  meanLogs16(counts: Address, dark: Address, limits: Address, saturation: number, ...rest: MeanLogs): number;
  meanLogs32(counts: Address, ...rest: MeanLogs): number;
  darkLimits(dark: Address, width: number, rows: number, out: Address): void;
  accumulate16(
    counts: Address,
    n: number,
    saturation: number,
    weight: number,
    sweeps: number,
    sum: Address,
    missing: Address,
    missingSweeps: Address,
  ): number;
  foldSums(sum: Address, n: number, total: Address, add: number): void;
  meanOfFew: MeanCounts;
  meanCounts: MeanCounts;
  expose(
    light: Address,
    n: number,
    brightness: number,
    shift: Address,
    table: Address,
    c1: Address,
    c2: Address,
    noise: Address,
    out: Address,
  ): void;
  useAxis(length: number, ascending: Address, reciprocals: Address): void;
  useNormalization(
    fromEdge: Address,
    preRows: Address,
    preStart: number,
    preWindow: number,
    postRows: Address,
    postStart: number,
    postWindow: number,
    postDegree: number,
    flat: number,
    least: number,
  ): void;
  spectraOf(
    frames: Address,
    pitch: number,
    backwards: number,
    count: number,
    shifts: Address,
    groups: Address,
    work: Address,
    out: Address,
    edgeSteps: Address,
  ): void;
  addRows(rows: Address, chosen: Address, count: number, length: number, sums: Address): number;
  solveColumns(
    G: Address,
    n: number,
    nonNegative: number,
    closure: number,
    B: Address,
    count: number,
    X: Address,
    x: Address,
  ): void;
}
type RowProducts = (
  A: Address,
  rows: number,
  B: Address,
  n: number,
  length: number,
  out: Address,
  spare: Address,
) => void;
type ColumnProducts = (
  A: Address,
  n: number,
  B: Address,
  columns: number,
  rows: number,
  out: Address,
) => void;
type Powers = (D: Address, rows: number, columns: number, out: Address) => void;
type Residuals = (
  D: Address,
  C: Address,
  S: Address,
  rows: number,
  n: number,
  columns: number,
  out: Address,
) => void;
type Gram = (
  D: Address,
  rows: number,
  columns: number,
  transposed: Address,
  capacity: number,
  out: Address,
  spare: Address,
) => void;
type FitRows = (
  D: Address,
  rows: number,
  length: number,
  P: Address,
  V: Address,
  n: number,
  onOrigin: Address,
  G: Address,
  nonNegative: number,
  sum: number,
  weights: Address,
  products: Address,
  C: Address,
  power: Address,
  residual: Address,
  weighted: Address,
) => void;
type MeanLogs = [
  width: number,
  factor: number,
  rows: number,
  flat: Address,
  offset: number,
  scratch: Address,
  out: Address,
  slow: Address,
];
type FrameSum = (frame: Address, n: number) => number;
type AddFrame = (sums: Address, frame: Address, weight: number, n: number) => void;
type RobustRows = (
  D: Address,
  rows: number,
  length: number,
  capacity: number,
  V: Address,
  n: number,
  nonNegative: number,
  sum: number,
  roots: Address,
  nUsed: number,
  floor: number,
  bisquare: number,
  cutoff: number,
  work: Address,
  C: Address,
  scaled: Address,
  scales: Address,
) => void;

/** Blocks of data up to about this many bytes stay in the cache of a core. */
const BLOCK_BYTES = 1 << 18;

/** The kernels of one thread and their memory. Its contents are valid until the next `place`. */
export class Kernels {
  readonly run: Exports;
  /** Increases with each `place`; as long as it is the same, the contents of earlier places are valid. */
  generation = 0;
  readonly #memory: WebAssembly.Memory;
  readonly #start: Address;
  #first: Address;

  constructor(module: WebAssembly.Module) {
    this.run = new WebAssembly.Instance(module, { env: { abort: stopped } }).exports as unknown as Exports;
    this.#memory = this.run.memory;
    // Vectors of the kernels begin at multiples of 16.
    this.#start = Math.ceil(this.run.firstFree() / 16) * 16;
    this.#first = this.#start;
  }

  /**
   * Addresses for arrays of these sizes in bytes; the memory grows as needed. Invalidates all earlier places.
   */
  place(...bytes: readonly number[]): Address[] {
    let at = this.#first;
    const places = bytes.map((length) => {
      const place = at;
      at += Math.ceil(length / 16) * 16;
      return place;
    });
    this.generation++;
    const missing = at - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / 65536));
    return places;
  }

  /**
   * A place of this size in bytes that stays valid. The memory may grow: take views after the last `hold`.
   */
  hold(bytes: number): Address {
    const [at] = this.place(bytes);
    this.#first = at + Math.ceil(bytes / 16) * 16;
    return at;
  }

  /** Invalidates all held places. */
  release(): void {
    this.#first = this.#start;
  }

  /**
   * The memory from an address as float64. The view is invalid once the memory grows, so take it after
   * `place`.
   */
  f64(at: Address, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, at, length);
  }

  /** The memory from an address as float32; a view, as `f64`. */
  f32(at: Address, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, at, length);
  }

  /** The memory from an address as int32; a view, as `f64`. */
  i32(at: Address, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, at, length);
  }

  /** The memory from an address as bytes; a view, as `f64`. */
  bytes(at: Address, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, at, length);
  }

  /** Copies numbers [from, to) of an array, in its own precision. */
  put(at: Address, values: Float64Array | Float32Array, from = 0, to = values.length): void {
    const view = values instanceof Float32Array ? this.f32(at, to - from) : this.f64(at, to - from);
    view.set(from === 0 && to === values.length ? values : values.subarray(from, to));
  }
}

/** Rows per block, for rows of this size in bytes; even, because kernels take two rows at a time. */
export function rowsOfBlock(rowBytes: number, rows: number): number {
  return Math.min(rows, Math.max(2, 2 * Math.floor(BLOCK_BYTES / rowBytes / 2)));
}

/**
 * The kernels of this thread, or null if the plain references run. OPERANDOSE_KERNELS=plain in the
 * environment selects the plain references, for tests and benchmarks that compare the two.
 */
export function kernels(): Kernels | null {
  if (process.env.OPERANDOSE_KERNELS === "plain") return null;
  if (common === undefined) common = ownKernels();
  return common;
}

let common: Kernels | null | undefined;

/** Kernels with a memory of their own, for callers that hold places in it; null as for `kernels`. */
export function ownKernels(): Kernels | null {
  if (process.env.OPERANDOSE_KERNELS === "plain") return null;
  if (compiled === undefined) compiled = load();
  return compiled && new Kernels(compiled);
}

/** Kernels that are not in use. They are lent again, because each reserves a range of addresses. */
const idle: Kernels[] = [];

/** Kernels for a while; null as for `kernels`. Give them back with `returnKernels`. */
export function borrowKernels(): Kernels | null {
  return kernels() && (idle.pop() ?? ownKernels());
}

/** Takes back what was borrowed. */
export function returnKernels(borrowed: Kernels | null): void {
  borrowed?.release();
  if (borrowed) idle.push(borrowed);
}

let compiled: WebAssembly.Module | null | undefined;

function load(): WebAssembly.Module | null {
  // Beside the compiled library, or, if the sources run directly, in the output folder of the build.
  const found = ["./kernels.wasm", "../../dist/compute/kernels.wasm"]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
  if (found === undefined || typeof WebAssembly === "undefined") return null;
  const bytes = readFileSync(found);
  // False without SIMD.
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}

function stopped(): never {
  throw new Error("kernels: a kernel aborted; this is an error in the library");
}

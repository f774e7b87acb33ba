// The compiled kernels (AssemblyScript, SIMD) of this thread, where there are any. The build makes kernels.wasm from
// lib/compute/wasm/; where it is missing, or the machine has no SIMD, every caller runs its plain reference instead, so that
// nobody ever chooses an engine.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** An address in the kernels' memory, in bytes. */
type Address = number;

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
  foldShares(total: Address, sums: Address, weight: number, n: number): void;
  meanLogs16: MeanLogs;
  meanLogs32: MeanLogs;
  differences(
    sample: Address,
    flat: Address,
    n: number,
    logScale: number,
    out: Address,
    slow: Address,
  ): number;
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
  meanOfFew(sum: Address, dark: Address, n: number, weight: number, sweeps: number, out: Address): void;
  meanCounts(
    total: Address,
    dark: Address,
    missing: Address,
    missingSweeps: Address,
    n: number,
    weight: number,
    sweeps: number,
    out: Address,
  ): void;
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
  turned: Address,
  room: number,
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
type MeanLogs = (
  counts: Address,
  dark: Address,
  saturation: number,
  width: number,
  factor: number,
  rows: number,
  out: Address,
) => void;
type FrameSum = (frame: Address, n: number) => number;
type AddFrame = (sums: Address, frame: Address, weight: number, n: number) => void;
type RobustRows = (
  D: Address,
  rows: number,
  length: number,
  room: number,
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

/** A block of data that a kernel works on stays in a core's own cache up to about this many bytes. */
const BLOCK_BYTES = 1 << 18;

/** The kernels of one thread, and the memory that they see. What is in it holds until the next `place`. */
export class Kernels {
  readonly run: Exports;
  /** Grows with each `place`: as long as it stays, places taken before still hold what was put there. */
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

  /** Places for arrays of so many bytes, one after the other; the memory grows to hold them. Forgets all earlier places. */
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
   * A place for so many bytes that stays. The memory may grow: take views of held places when all are held.
   */
  hold(bytes: number): Address {
    const [at] = this.place(bytes);
    this.#first = at + Math.ceil(bytes / 16) * 16;
    return at;
  }

  /** Forgets all held places. */
  release(): void {
    this.#first = this.#start;
  }

  /** The memory from an address as float64. A view: it is gone when the memory grows, so take it after `place`. */
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

/** How many rows of so many bytes make a block; even, because kernels take rows two by two. */
export function rowsOfBlock(rowBytes: number, rows: number): number {
  return Math.min(rows, Math.max(2, 2 * Math.floor(BLOCK_BYTES / rowBytes / 2)));
}

/**
 * The kernels of this thread, or null where the plain references are to run. OPERANDOSE_KERNELS=plain in the environment asks for
 * those: for tests and benchmarks, which compare the two.
 */
export function kernels(): Kernels | null {
  if (process.env.OPERANDOSE_KERNELS === "plain") return null;
  if (common === undefined) common = ownKernels();
  return common;
}

let common: Kernels | null | undefined;

/** Kernels with a memory of their own, for who holds places in it; null as `kernels`. */
export function ownKernels(): Kernels | null {
  if (process.env.OPERANDOSE_KERNELS === "plain") return null;
  if (compiled === undefined) compiled = load();
  return compiled && new Kernels(compiled);
}

let compiled: WebAssembly.Module | null | undefined;

function load(): WebAssembly.Module | null {
  // Beside the compiled library; for sources that run as they are, where the build would have put it.
  const found = ["./kernels.wasm", "../../dist/compute/kernels.wasm"]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
  if (found === undefined || typeof WebAssembly === "undefined") return null;
  const bytes = readFileSync(found);
  // False where the machine has no SIMD.
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}

function stopped(): never {
  throw new Error("kernels: a kernel stopped itself, which none does unless it is broken");
}

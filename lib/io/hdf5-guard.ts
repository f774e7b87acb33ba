// A check of the bytes that the HDF5 library reads. Damage that would lead the library into an endless loop
// becomes an error of reading.

/** The part of the library's file system that is used. */
interface FileSystem {
  read(
    stream: { readonly position: number },
    buffer: Uint8Array,
    offset: number,
    length: number,
    position?: number,
  ): number;
  readonly ErrnoError: new (code: number) => Error;
}

/** "Input or output error" of the library's system interface. */
const EIO = 29;

/**
 * Checks everything that the library reads from now on; `refuse` receives the reason of a read that fails
 * here.
 */
export function guardReads(fileSystem: unknown, refuse: (why: string) => void): void {
  const system = fileSystem as FileSystem;
  const read = system.read.bind(system);
  system.read = (stream, buffer, offset, length, position) => {
    const at = position ?? stream.position;
    const got = read(stream, buffer, offset, length, position);
    if (got < HEAD || !startsHeap(buffer, offset)) return got;
    const head = Buffer.from(buffer.buffer, buffer.byteOffset + offset, got);
    const size = Number(head.readBigUInt64LE(8));
    let whole = head;
    if (size > got) {
      whole = Buffer.alloc(Math.min(size, MOST_HEAP));
      whole = whole.subarray(0, read(stream, whole, 0, whole.length, at));
    }
    if (whole.length >= size && isSoundHeap(whole.subarray(0, size))) return got;
    refuse("damaged texts (a global heap whose objects do not follow each other)");
    throw new system.ErrnoError(EIO);
  };
}

/** Bytes before the first object of a global heap, and before the content of each object. */
const HEAD = 16;
/** A collection of texts that is larger than this is none. */
const MOST_HEAP = 2 ** 28;

function startsHeap(buffer: Uint8Array, at: number): boolean {
  return buffer[at] === 0x47 && buffer[at + 1] === 0x43 && buffer[at + 2] === 0x4f && buffer[at + 3] === 0x4c;
}

/**
 * Whether the objects of a global heap follow each other to its end. The library goes from one to the next by
 * their sizes: a free object of size zero leads it to itself.
 */
export function isSoundHeap(heap: Buffer): boolean {
  let at = HEAD;
  while (at + HEAD <= heap.length) {
    const size = Number(heap.readBigUInt64LE(at + 8));
    const isFree = heap.readUInt16LE(at) === 0;
    const step = isFree ? size : HEAD + 8 * Math.ceil(size / 8);
    if (step < HEAD || at + step > heap.length) return false;
    at += step;
  }
  return true;
}

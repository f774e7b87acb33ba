// Arrays in memory that all workers see.

type TypedArrayConstructor<T> = { new (buffer: SharedArrayBuffer): T; readonly BYTES_PER_ELEMENT: number };

/** A typed array in shared memory. */
export function shared<T>(TypedArray: TypedArrayConstructor<T>, length: number): T {
  return new TypedArray(new SharedArrayBuffer(length * TypedArray.BYTES_PER_ELEMENT));
}

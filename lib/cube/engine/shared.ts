// Arrays in memory that all workers see.
import { DataError } from "../../errors.js";

type TypedArrayConstructor<T> = { new (buffer: SharedArrayBuffer): T; readonly BYTES_PER_ELEMENT: number };

/** A typed array in shared memory. @throws DataError where the system gives no array of this length */
export function shared<T>(TypedArray: TypedArrayConstructor<T>, length: number): T {
  try {
    return new TypedArray(new SharedArrayBuffer(length * TypedArray.BYTES_PER_ELEMENT));
  } catch (cause) {
    throw new DataError(
      `cube: expected a result that fits into memory, got one of ${length} numbers; bin, crop or mask the cube first`,
      { length },
      { cause },
    );
  }
}

// The checksum of Zarr's crc32c codec (Castagnoli), eight bytes at a time. The Zarr library does not check it
// and cannot write it; this codec does both.
import { DataError } from "../errors.js";

/** Tables for eight bytes at a time: table n holds the effect of a byte that is followed by n others. */
const tables: readonly Uint32Array[] = makeTables();

/** CRC-32C of bytes, as an unsigned number. */
export function crc32c(bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % 8);
  let crc = -1;
  let i = 0;
  for (; i < whole; i += 8) {
    const low = view.getInt32(i, true) ^ crc;
    const high = view.getInt32(i + 4, true);
    crc =
      t7[low & 255] ^
      t6[(low >>> 8) & 255] ^
      t5[(low >>> 16) & 255] ^
      t4[low >>> 24] ^
      t3[high & 255] ^
      t2[(high >>> 8) & 255] ^
      t1[(high >>> 16) & 255] ^
      t0[high >>> 24];
  }
  for (; i < bytes.length; i++) crc = t0[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Zarr's codec: the checksum behind the bytes, low byte first. */
export class Crc32cCodec {
  readonly kind = "bytes_to_bytes";

  static fromConfig(): Crc32cCodec {
    return new Crc32cCodec();
  }

  encode(bytes: Uint8Array): Uint8Array {
    const out = new Uint8Array(bytes.length + 4);
    out.set(bytes);
    new DataView(out.buffer).setUint32(bytes.length, crc32c(bytes), true);
    return out;
  }

  /** @throws DataError when the bytes are not those that were written */
  decode(bytes: Uint8Array): Uint8Array {
    const end = bytes.length - 4;
    const content = bytes.subarray(0, Math.max(0, end));
    if (
      end < 0 ||
      new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0, true) !== crc32c(content)
    ) {
      throw new DataError("expected a chunk with its checksum, got other bytes");
    }
    return content;
  }

  computeEncodedSize(size: number): number {
    return size + 4;
  }
}

function makeTables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, n) => {
    let crc = n;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    return crc;
  });
  const all = [first];
  for (let k = 1; k < 8; k++) all.push(all[k - 1].map((crc) => first[crc & 255] ^ (crc >>> 8)));
  return all;
}

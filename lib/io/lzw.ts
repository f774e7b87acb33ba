// LZW as TIFF uses it: codes of 9 to 12 bits, highest bit first; 256 clears the table, 257 ends the data. The
// codes grow by a bit one entry before the table is full.

const CLEAR = 256;
const END = 257;
/** The first code that stands for several bytes. */
const FIRST = 258;
/** Codes of the longest width. */
const MOST = 4096;

/**
 * What LZW data unpack to, at most `size` bytes; fewer where the data end or are damaged.
 *
 * @see TIFF 6.0 Specification, section 13
 */
export function unpackLzw(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  // A code stands for bytes that were written before: where they begin, and how many there are.
  const from = new Uint32Array(MOST);
  const length = new Uint32Array(MOST);
  let [next, width] = [FIRST, 9];
  /** What the last code wrote; of length 0 behind a clear code. */
  let [last, lastLength] = [0, 0];
  let [bits, held, at, to] = [0, 0, 0, 0];
  while (to < size) {
    while (held < width && at < bytes.length) {
      bits = ((bits << 8) | bytes[at++]) & 0xffffff;
      held += 8;
    }
    if (held < width) break;
    const code = (bits >> (held - width)) & ((1 << width) - 1);
    held -= width;
    if (code === END) break;
    if (code === CLEAR) {
      [next, width, lastLength] = [FIRST, 9, 0];
      continue;
    }
    if (lastLength > 0 && next < MOST) {
      // The last bytes and the first of those that this code writes behind them.
      from[next] = last;
      length[next] = lastLength + 1;
      next++;
    }
    const start = to;
    if (code < 256) out[to++] = code;
    else if (code < next) to = copy(out, from[code], length[code], to);
    else break;
    [last, lastLength] = [start, to - start];
    if (next >= (1 << width) - 1 && width < 12) width++;
  }
  return out.subarray(0, to);
}

/** Byte by byte: what is copied may reach into its own copy. */
function copy(out: Uint8Array, from: number, length: number, to: number): number {
  const end = Math.min(out.length, to + length);
  for (let at = to; at < end; at++) out[at] = out[from + at - to];
  return end;
}

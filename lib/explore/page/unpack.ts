// From the text in the page back to numbers: base64, deflate, a header, blocks, and spectra as whole numbers.
import type { Header } from "./format.js";

/** A value that is missing. */
export const MISSING = -0x80000000;

/** The header and the bytes of each block. */
export interface Payload {
  readonly header: Header;
  block(name: string): ArrayBuffer;
}

/**
 * Reads the data of the page: base64 of deflated bytes, four of them the header's length, the header as JSON,
 * the blocks.
 */
export async function unpack(base64: string): Promise<Payload> {
  const text = atob(base64.trim());
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < packed.length; i++) packed[i] = text.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = await new Response(stream).arrayBuffer();
  const length = new DataView(bytes).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length))) as Header;
  return {
    header,
    block: (name) => {
      const { at, bytes: size } = header.blocks[name];
      return bytes.slice(4 + length + at, 4 + length + at + size);
    },
  };
}

/**
 * Spectra as whole numbers. Each number is the difference from the one before it in its spectrum, its sign in
 * the lowest bit, plus one, seven bits a byte, the last byte below 128; zero is a missing value.
 *
 * @returns [nSpectra, nEnergies]; MISSING where there is no value
 */
export function readSpectra(bytes: Uint8Array, nSpectra: number, nEnergies: number): Int32Array {
  const out = new Int32Array(nSpectra * nEnergies);
  let at = 0;
  for (let s = 0, i = 0; s < nSpectra; s++) {
    let previous = 0;
    for (let k = 0; k < nEnergies; k++, i++) {
      let code = bytes[at++];
      if (code === 0) {
        out[i] = MISSING;
        continue;
      }
      if (code > 127) {
        code &= 127;
        // Multiplied, not shifted: a difference may need 32 bits and its sign.
        for (let weight = 128, more = true; more; weight *= 128) {
          const byte = bytes[at++];
          code += (byte & 127) * weight;
          more = byte > 127;
        }
      }
      const unsigned = code - 1;
      previous += unsigned % 2 === 0 ? unsigned / 2 : -(unsigned + 1) / 2;
      out[i] = previous;
    }
  }
  return out;
}

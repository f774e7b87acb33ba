import { expect, test } from "vitest";
import { Crc32cCodec, crc32c } from "../../lib/io/crc32c.js";

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

test("known values of RFC 3720, appendix B.4, and of the digits", () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(ascii("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(0))).toBe(0);
});

test("what is encoded is decoded; any changed byte is noticed", () => {
  const codec = Crc32cCodec.fromConfig();
  const bytes = ascii("thirteen char");
  const encoded = codec.encode(bytes);
  expect(codec.decode(encoded)).toEqual(bytes);
  for (let i = 0; i < encoded.length; i++) {
    const damaged = encoded.slice();
    damaged[i] ^= 4;
    expect(() => codec.decode(damaged)).toThrow("expected a chunk with its checksum");
  }
  expect(() => codec.decode(encoded.subarray(0, 3))).toThrow("checksum");
});

// seek-bzip comes without types; this is the part that we use.
declare module "seek-bzip" {
  interface Input {
    readByte(): number;
    read(target: Uint8Array, offset: number, count: number): number;
  }
  interface Output {
    writeByte(byte: number): void;
  }
  const Bunzip: { decode(input: Input, output: Output): unknown };
  export default Bunzip;
}

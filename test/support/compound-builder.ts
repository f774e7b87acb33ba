// Compound files (OLE, CFB) made byte by byte: version 3, sectors of 512 bytes, all streams in one folder per path.

const SECTOR = 512;
const FREE = 0xffffffff;
const END = 0xfffffffe;

/** A compound file with streams under paths such as "ImageInfo/Energy". */
export function buildCompound(streams: Readonly<Record<string, Uint8Array>>): Buffer {
  interface Entry {
    name: string;
    kind: number;
    right: number;
    child: number;
    start: number;
    size: number;
  }
  const entries: Entry[] = [{ name: "Root Entry", kind: 5, right: FREE, child: FREE, start: END, size: 0 }];
  const sectors: Buffer[] = [];
  const next: number[] = [];
  /** Sectors of some bytes, one after the other; the first of them. */
  const put = (bytes: Uint8Array): number => {
    if (bytes.length === 0) return END;
    const first = sectors.length;
    for (let at = 0; at < bytes.length; at += SECTOR) {
      const sector = Buffer.alloc(SECTOR);
      sector.set(bytes.subarray(at, at + SECTOR));
      sectors.push(sector);
      next.push(at + SECTOR < bytes.length ? sectors.length : END);
    }
    return first;
  };
  const add = (parent: number, entry: Omit<Entry, "right">): number => {
    const before = entries[parent].child;
    entries.push({ ...entry, right: before });
    entries[parent].child = entries.length - 1;
    return entries.length - 1;
  };
  const folders = new Map<string, number>([["", 0]]);
  const mini: Buffer[] = [];
  const miniNext: number[] = [];
  for (const [path, bytes] of Object.entries(streams)) {
    const [folder, name] = path.includes("/") ? path.split("/") : ["", path];
    const parent = folders.get(folder) ?? add(0, { name: folder, kind: 1, child: FREE, start: 0, size: 0 });
    folders.set(folder, parent);
    let start: number;
    if (bytes.length < 4096) {
      start = bytes.length === 0 ? END : mini.length;
      for (let at = 0; at < bytes.length; at += 64) {
        const part = Buffer.alloc(64);
        part.set(bytes.subarray(at, at + 64));
        mini.push(part);
        miniNext.push(at + 64 < bytes.length ? mini.length : END);
      }
    } else start = put(bytes);
    add(parent, { name, kind: 2, child: FREE, start, size: bytes.length });
  }
  const all = Buffer.concat(mini);
  [entries[0].start, entries[0].size] = [put(all), all.length];
  const words = (list: readonly number[], fill: number): Buffer => {
    const bytes = Buffer.alloc(Math.ceil((4 * list.length) / SECTOR) * SECTOR);
    for (let k = 0; k < bytes.length / 4; k++) bytes.writeUInt32LE(list[k] ?? fill, 4 * k);
    return bytes;
  };
  const miniTable = put(words(miniNext, FREE));
  const directory = Buffer.alloc(Math.ceil(entries.length / 4) * SECTOR);
  for (const [k, { name, kind, right, child, start, size }] of entries.entries()) {
    const at = 128 * k;
    directory.write(name, at, "utf16le");
    directory.writeUInt16LE(2 * name.length + 2, at + 64);
    directory[at + 66] = kind;
    for (const [offset, value] of [
      [68, FREE],
      [72, right],
      [76, child],
      [116, start],
      [120, size],
    ]) {
      directory.writeUInt32LE(value, at + offset);
    }
  }
  const folderStart = put(directory);
  let nTable = 1;
  while (nTable * 128 < sectors.length + nTable) nTable++;
  if (nTable > 109) throw new Error("too large for this builder");
  const tableStart = sectors.length;
  const table = words([...next, ...new Array<number>(nTable).fill(0xfffffffd)], FREE);
  const head = Buffer.alloc(SECTOR);
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(head);
  for (const [offset, value] of [
    [24, 0x3e],
    [26, 3],
    [28, 0xfffe],
    [30, 9],
    [32, 6],
  ])
    head.writeUInt16LE(value, offset);
  for (const [offset, value] of [
    [44, nTable],
    [48, folderStart],
    [56, 4096],
    [60, miniTable],
    [64, Math.ceil(miniNext.length / 128)],
    [68, END],
  ]) {
    head.writeUInt32LE(value, offset);
  }
  for (let k = 0; k < 109; k++) head.writeUInt32LE(k < nTable ? tableStart + k : FREE, 76 + 4 * k);
  return Buffer.concat([head, ...sectors, table]);
}

/** A .xrm or .txrm file. */
export function buildXrm(
  images: readonly (Uint16Array | Float32Array)[],
  [rows, columns]: readonly [number, number],
  {
    energy,
    exposure,
    pixelSize = 0.0312,
  }: { energy?: readonly number[]; exposure?: readonly number[]; pixelSize?: number } = {},
): Buffer {
  const ints = (...list: number[]) => new Uint8Array(Int32Array.from(list).buffer);
  const floats = (list: readonly number[]) => new Uint8Array(Float32Array.from(list).buffer);
  return buildCompound({
    "ImageInfo/ImageWidth": ints(columns),
    "ImageInfo/ImageHeight": ints(rows),
    "ImageInfo/NoOfImages": ints(images.length),
    "ImageInfo/DataType": ints(images[0] instanceof Uint16Array ? 5 : 10),
    "ImageInfo/PixelSize": floats([pixelSize]),
    "ImageInfo/Energy": floats(energy ?? images.map(() => 0)),
    ...(exposure && { "ImageInfo/ExpTimes": floats(exposure) }),
    Version: floats([1]),
    ...Object.fromEntries(
      images.map((data, k) => [
        `ImageData${Math.floor(k / 100) + 1}/Image${k + 1}`,
        new Uint8Array(data.slice().buffer),
      ]),
    ),
  });
}

// @ts-check
// Large files of images in each format, written image by image.
import { closeSync, openSync, writeSync } from "node:fs";
import { EdfWriter } from "../../dist/io/edf.js";
import { loadHdf5 } from "../../dist/io/hdf5-library.js";
import { NexusWriter } from "../../dist/io/nexus-writer.js";

/**
 * @typedef {object} Recording
 * @property {readonly number[]} energies
 * @property {number} height
 * @property {number} width
 * @property {(k: number) => Uint16Array} image counts of an image, in one array for all
 */

/** @param {Uint16Array} counts */
const bytesOf = (counts) => new Uint8Array(counts.buffer, counts.byteOffset, counts.byteLength);

/** @type {Readonly<Record<string, { ending: string, make: (path: string, of: Recording) => void | Promise<void> }>>} */
export const makers = {
  "EDF, one header for each image": { ending: "edf", make: edf },
  "EDF in three dimensions": { ending: "edf", make: edf3d },
  "TIFF, one page for each image": { ending: "tif", make: tiff },
  "HDF5 (NeXus)": { ending: "nxs", make: nexus },
  ".txrm of a microscope": { ending: "txrm", make: txrm },
};

/** @param {string} path @param {Recording} recording */
function edf(path, { energies, height, width, image }) {
  const writer = EdfWriter.create(path);
  energies.forEach((energy, k) => {
    writer.append({ header: { energy }, shape: [height, width], data: image(k) });
  });
  writer.finish();
}

/** @param {string} path @param {Recording} recording */
function edf3d(path, { energies, height, width, image }) {
  const sizes = [width, height, energies.length].map((n, i) => `Dim_${i + 1} = ${n} ;`);
  const text = ["{", "ByteOrder = LowByteFirst ;", "DataType = UnsignedShort ;", ...sizes].join("\n");
  const file = openSync(path, "w");
  writeSync(file, `${`${text}\n`.padEnd(1022)}}\n`);
  for (const k of energies.keys()) writeSync(file, bytesOf(image(k)));
  closeSync(file);
}

/** @param {string} path @param {Recording} recording */
function tiff(path, { energies, height, width, image }) {
  const [bytes, directory] = [2 * height * width, 2 + 9 * 12 + 4];
  const file = openSync(path, "w");
  writeSync(file, Buffer.from("49492a0008000000", "hex"));
  energies.forEach((_, k) => {
    const at = 8 + k * (directory + bytes);
    const entries = [
      ...[
        [256, width],
        [257, height],
        [258, 16],
        [259, 1],
        [262, 1],
      ],
      ...[
        [273, at + directory],
        [277, 1],
        [278, height],
        [279, bytes],
      ],
    ];
    const page = Buffer.alloc(directory);
    page.writeUInt16LE(entries.length);
    entries.forEach(([tag, value], i) => {
      page.writeUInt16LE(tag, 2 + 12 * i);
      page.writeUInt16LE(4, 4 + 12 * i);
      page.writeUInt32LE(1, 6 + 12 * i);
      page.writeUInt32LE(value, 10 + 12 * i);
    });
    page.writeUInt32LE(k + 1 < energies.length ? at + directory + bytes : 0, directory - 4);
    writeSync(file, page);
    writeSync(file, bytesOf(image(k)));
  });
  closeSync(file);
}

/** @param {string} path @param {Recording} recording */
async function nexus(path, { energies, height, width, image }) {
  await loadHdf5();
  const writer = NexusWriter.create(path, { kind: "sample" });
  energies.forEach((energy, k) => {
    writer.append({ header: { energy }, shape: [height, width], data: image(k) });
  });
  writer.finish();
}

const SECTOR = 4096;
const FREE = 0xffffffff;
const END = 0xfffffffe;

/** A compound file of version 4: streams one after the other, then their directory and their tables of sectors. */
function txrm(/** @type {string} */ path, /** @type {Recording} */ { energies, height, width, image }) {
  const n = energies.length;
  const ints = (/** @type {number[]} */ ...list) => bytesOf(/** @type {any} */ (Int32Array.from(list)));
  const floats = (/** @type {readonly number[]} */ list) =>
    bytesOf(/** @type {any} */ (Float32Array.from(list)));
  const info = {
    ImageWidth: ints(width),
    ImageHeight: ints(height),
    NoOfImages: ints(n),
    DataType: ints(5),
    PixelSize: floats([0.03]),
    Energy: floats(energies),
  };
  /** @type {{ name: string, kind: number, right: number, child: number, start: number, size: number }[]} */
  const entries = [{ name: "Root Entry", kind: 5, right: FREE, child: FREE, start: END, size: 0 }];
  const add = (/** @type {number} */ parent, /** @type {string} */ name, start = 0, size = 0) => {
    entries.push({ name, kind: size > 0 ? 2 : 1, right: entries[parent].child, child: FREE, start, size });
    entries[parent].child = entries.length - 1;
    return entries.length - 1;
  };
  const file = openSync(path, "w");
  writeSync(file, Buffer.alloc(SECTOR));
  /** @type {number[]} */
  const next = [];
  const put = (/** @type {Uint8Array} */ bytes) => {
    const [first, sectors] = [next.length, Math.ceil(bytes.length / SECTOR)];
    for (let k = 1; k <= sectors; k++) next.push(k < sectors ? first + k : END);
    writeSync(file, bytes);
    const rest = sectors * SECTOR - bytes.length;
    if (rest > 0) writeSync(file, Buffer.alloc(rest));
    return first;
  };
  const folder = add(0, "ImageInfo");
  for (const [name, bytes] of Object.entries(info)) {
    // Shorter streams would lie in a table of their own.
    const padded = Buffer.alloc(Math.max(SECTOR, bytes.length));
    padded.set(bytes);
    add(folder, name, put(padded), padded.length);
  }
  let images = 0;
  for (let k = 0; k < n; k++) {
    if (k % 100 === 0) images = add(0, `ImageData${k / 100 + 1}`);
    const bytes = bytesOf(image(k));
    add(images, `Image${k + 1}`, put(bytes), bytes.length);
  }
  const directory = Buffer.alloc(Math.ceil((128 * entries.length) / SECTOR) * SECTOR);
  entries.forEach(({ name, kind, right, child, start, size }, k) => {
    const at = 128 * k;
    directory.write(name, at, "utf16le");
    directory.writeUInt16LE(2 * name.length + 2, at + 64);
    directory[at + 66] = kind;
    directory[at + 67] = 1;
    directory.writeUInt32LE(FREE, at + 68);
    directory.writeUInt32LE(right, at + 72);
    directory.writeUInt32LE(child, at + 76);
    directory.writeUInt32LE(start, at + 116);
    directory.writeUInt32LE(size, at + 120);
  });
  const first = put(directory);
  const perSector = SECTOR / 4;
  let [nTable, nList] = [0, 0];
  for (let before = -1; before !== nTable; ) {
    before = nTable;
    nTable = Math.ceil((next.length + nTable + nList) / perSector);
    nList = Math.ceil(Math.max(0, nTable - 109) / (perSector - 1));
  }
  const table = new Uint32Array(nTable * perSector).fill(FREE);
  table.set(next);
  const places = Array.from({ length: nTable }, (_, k) => next.length + k);
  for (const place of places) table[place] = 0xfffffffd;
  const list = new Uint32Array(nList * perSector).fill(FREE);
  for (let k = 0; k < nList; k++) {
    table[next.length + nTable + k] = 0xfffffffc;
    list.set(places.slice(109 + k * (perSector - 1), 109 + (k + 1) * (perSector - 1)), k * perSector);
    list[(k + 1) * perSector - 1] = k + 1 < nList ? next.length + nTable + k + 1 : END;
  }
  writeSync(file, new Uint8Array(table.buffer));
  writeSync(file, new Uint8Array(list.buffer));
  const head = Buffer.alloc(512);
  head.set(Buffer.from("d0cf11e0a1b11ae1", "hex"));
  head.writeUInt16LE(0x3e, 24);
  head.writeUInt16LE(4, 26);
  head.writeUInt16LE(0xfffe, 28);
  head.writeUInt16LE(12, 30);
  head.writeUInt16LE(6, 32);
  head.writeUInt32LE(directory.length / SECTOR, 40);
  head.writeUInt32LE(nTable, 44);
  head.writeUInt32LE(first, 48);
  head.writeUInt32LE(4096, 56);
  head.writeUInt32LE(END, 60);
  head.writeUInt32LE(nList > 0 ? next.length + nTable : END, 68);
  head.writeUInt32LE(nList, 72);
  for (let k = 0; k < 109; k++) head.writeUInt32LE(places[k] ?? FREE, 76 + 4 * k);
  writeSync(file, head, 0, head.length, 0);
  closeSync(file);
}

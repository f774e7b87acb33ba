// Where the tables of a group in an HDF5 file lie, for the older kind of groups, whose tables have no
// checksum.
import { FileError } from "../errors.js";
import type { Hdf5Bytes } from "./hdf5-bytes.js";
import { MESSAGE, messages } from "./hdf5-header.js";

/** Levels that a tree may have: more is a circle. */
const MOST_LEVELS = 64;

/**
 * Reads header, tree, tables and names of a group, so that their places are known; the names are the
 * library's task.
 */
export function readGroup(file: Hdf5Bytes, address: number): void {
  try {
    for (const { type, body } of messages(file, address)) {
      if (type !== MESSAGE.table) continue;
      const [tree, heap] = [body.address(), body.address()];
      node(file, tree, MOST_LEVELS);
      const names = file.at(heap, 8 + 2 * file.lengthSize + file.addressSize);
      names.signature("HEAP");
      names.skip(4);
      const size = names.length();
      names.length();
      file.at(names.address(), size);
    }
  } catch (error) {
    // What the library reads in spite of this is not damaged.
    if (!(error instanceof FileError)) throw error;
  }
}

function node(file: Hdf5Bytes, address: number, most: number): void {
  const { addressSize, lengthSize } = file;
  const head = file.at(address, 8 + 2 * addressSize);
  head.signature("TREE");
  const [type, level, used] = [head.uint(1), head.uint(1), head.uint(2)];
  if (type !== 0 || level >= most) throw file.damaged("a tree of names");
  const room = 2 * (file.superblock?.half?.groups ?? used / 2);
  const entries = file.at(address + 8 + 2 * addressSize, room * (addressSize + lengthSize) + lengthSize);
  for (let k = 0; k < used; k++) {
    entries.length();
    const child = entries.address();
    if (level > 0) node(file, child, level);
    else table(file, child);
  }
}

function table(file: Hdf5Bytes, address: number): void {
  const head = file.at(address, 8);
  head.signature("SNOD");
  head.skip(2);
  const room = 2 * (file.superblock?.half?.table ?? head.uint(2) / 2);
  file.at(address + 8, room * (2 * file.addressSize + 24));
}

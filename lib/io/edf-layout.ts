// Shape, type, byte order, number of images and number of bytes of the data that follow an EDF header.
import { quote } from "../errors.js";
import { BLOCK, HeaderProblem } from "./edf-header.js";
import { type NumberType, numberType, numberTypeNames } from "./edf-types.js";

/** Order of the bytes of one number in the file. */
export type ByteOrder = "LowByteFirst" | "HighByteFirst";

/** Shape, type and size of the data that follow a header. */
export interface Layout {
  /** [rows, columns], that is [Dim_2, Dim_1]. */
  readonly shape: readonly [rows: number, columns: number];
  readonly type: NumberType;
  readonly byteOrder: ByteOrder;
  /** Bytes of one image. */
  readonly bytes: number;
  /** Images that surely follow, one after the other: Dim_3. */
  readonly images: number;
  /** Images of one cube: Dim_3, where Dim_4 counts cubes; otherwise all of them. */
  readonly perCube: number;
  /** Bytes from the first number to the next block; more than the images take where the writer padded. */
  readonly stride: number;
  /** Images that Num_Images announces, for this block or for the whole file; 1 without it. */
  readonly announced: number;
}

/**
 * Shape, type and length of the data that a header announces.
 *
 * @throws HeaderProblem when a key is missing or unknown, or the keys contradict each other
 */
export function layoutOf(header: Readonly<Record<string, string>>): Layout {
  const known = new Map<string, string>();
  for (const key in header) known.set(key.toLowerCase(), header[key]);

  const elsewhere = known.get("edf_binaryfilename");
  if (elsewhere) {
    throw new HeaderProblem(
      "data in the same file",
      `EDF_BinaryFileName = ${quote(elsewhere)}`,
      "rewrite header and data as one file",
    );
  }
  const compression = known.get("compression");
  if (compression && !/^no/i.test(compression)) {
    throw new HeaderProblem(
      "data without compression inside the block",
      `Compression = ${quote(compression)}`,
      "rewrite the file with plain data",
    );
  }

  const columns = dimension(known, 1);
  const rows = dimension(known, 2);
  const depth = known.has("dim_3") ? dimension(known, 3) : 1;
  let images = 1;
  for (const key of known.keys()) {
    const higher = /^dim_(\d+)$/.exec(key);
    if (higher && Number(higher[1]) > 2) images *= dimension(known, Number(higher[1]));
  }
  const announced = known.has("num_images") ? whole("Num_Images", known.get("num_images")) : 1;

  const typeName = known.get("datatype");
  const type = typeName === undefined ? undefined : numberType(typeName);
  if (!type) {
    const got = typeName === undefined ? "none" : quote(typeName);
    throw new HeaderProblem(
      `a DataType of ${numberTypeNames.join(", ")}`,
      got,
      "convert the file to one of them",
    );
  }
  const orderName = known.get("byteorder");
  const byteOrder = byteOrderOf(orderName, type);
  if (!byteOrder) {
    const got = orderName === undefined ? "none" : quote(orderName);
    throw new HeaderProblem("a ByteOrder of LowByteFirst or HighByteFirst", got, "write it into the header");
  }

  const bytes = rows * columns * type.width;
  const all = images * bytes;
  if (!Number.isSafeInteger(all))
    throw new HeaderProblem("an image that fits a file", `${columns} x ${rows} numbers`);
  // Size and EDF_BinarySize give the length of the block; some writers pad it to a multiple of 512 bytes.
  const padded = Math.ceil(all / BLOCK) * BLOCK;
  const size = known.get("size");
  if (size !== undefined && Number(size) !== all && Number(size) !== padded) {
    const of = images === 1 ? "" : ` x ${images} images`;
    throw new HeaderProblem(
      `Size = ${all} (Dim_1 ${columns} x Dim_2 ${rows} x ${type.width} bytes${of})`,
      quote(size),
      "correct Dim_1, Dim_2, DataType or Size in the header",
    );
  }
  const binary = known.get("edf_binarysize");
  const stride = Number(binary ?? size ?? all);
  if (stride !== all && !(size !== undefined && stride > all && stride < all + BLOCK)) {
    throw new HeaderProblem(`EDF_BinarySize = ${all}`, quote(binary));
  }
  // Num_Images counts images under one header without dimensions for them.
  const perCube = depth > 1 ? depth : Number.POSITIVE_INFINITY;
  return { shape: [rows, columns], type, byteOrder, bytes, images, perCube, stride, announced };
}

function dimension(known: ReadonlyMap<string, string>, index: number): number {
  return whole(`Dim_${index}`, known.get(`dim_${index}`));
}

function whole(key: string, text: string | undefined): number {
  if (text !== undefined && /^\+?\d+(\.0*)?$/.test(text) && Number(text) > 0) return Number(text);
  throw new HeaderProblem(
    `${key} as a positive whole number`,
    text === undefined ? "none" : quote(text),
    text === undefined ? "write it into the header" : undefined,
  );
}

const orders: Readonly<Record<string, ByteOrder>> = {
  lowbytefirst: "LowByteFirst",
  littleendian: "LowByteFirst",
  highbytefirst: "HighByteFirst",
  bigendian: "HighByteFirst",
};

function byteOrderOf(name: string | undefined, type: NumberType): ByteOrder | undefined {
  if (name === undefined) return type.width === 1 ? "LowByteFirst" : undefined;
  const plain = name.toLowerCase().replace(/[\s_-]/g, "");
  return Object.hasOwn(orders, plain) ? orders[plain] : undefined;
}

// What lies in an HDF5 file: shapes, types, units and single values, without the numbers.
import { quote } from "../errors.js";
import { type FileDescription, problemOf, readLine } from "./description.js";
import { inBytes } from "./disk-errors.js";
import { loadHdf5 } from "./hdf5-library.js";
import { readNumbers, whyUnreadable } from "./hdf5-numbers.js";
import { type Found, Hdf5Source } from "./hdf5-source.js";
import { describe, missingRows } from "./hdf5-storage.js";
import { plainValue, readAttribute } from "./hdf5-values.js";
import { withHead } from "./head.js";

/** A dataset as a listing has it. */
export interface Hdf5Item {
  readonly at: string;
  readonly shape: readonly number[];
  /** "Uint16", "text". */
  readonly type: string;
  readonly units?: string;
  /** The value, where there is one only. */
  readonly value?: string;
}

/** All datasets of a file, and what could not be listed. */
export interface Hdf5Listing {
  readonly items: readonly Hdf5Item[];
  readonly skipped: Readonly<Record<string, string>>;
  /** Whether the file has more. */
  readonly isCut: boolean;
}

/** Items that are listed at most; a beamtime's collection of scans has more. */
const MOST = 5000;
const MOST_LEVELS = 32;
const FLOATS: Readonly<Record<number, string>> = { 2: "Float16", 4: "Float32", 8: "Float64" };

/** Lists the datasets of a file, through links. The HDF5 library has to be loaded. @throws FileError */
function listHdf5(call: string, path: string): Hdf5Listing {
  const source = Hdf5Source.open(call, path);
  const items: Hdf5Item[] = [];
  const skipped: Record<string, string> = {};
  const inside: string[] = [];
  let n = 0;
  const visit = (at: string, found: Found): void => {
    if (found.dataset) {
      const described = describe(found);
      const why = whyUnreadable(described);
      if (why === undefined) items.push(itemOf(at, found, described));
      else skipped[at] = why;
      return;
    }
    const identity = `${found.source.path}:${found.source.address(found.at)}`;
    if (!found.group || inside.includes(identity) || inside.length >= MOST_LEVELS) return;
    inside.push(identity);
    for (const key of found.source.keys(found)) {
      if (n++ >= MOST) break;
      const name = `${at === "/" ? "" : at}/${key}`;
      try {
        const item = found.source.find(`${found.at}/${key}`);
        if (item) visit(name, item);
        else skipped[name] = "a link that leads nowhere";
      } catch (error) {
        skipped[name] = problemOf(error);
      }
    }
    inside.pop();
  };
  try {
    visit("/", { source, at: "/", group: source.root });
    return { items, skipped, isCut: n > MOST };
  } finally {
    source.close();
  }
}

function itemOf(at: string, { source, at: inFile }: Found, described: ReturnType<typeof describe>): Hdf5Item {
  const { dataset, shape } = described;
  const { type, size, signed } = dataset.metadata;
  const name = type === 3 ? "text" : type === 1 ? FLOATS[size] : `${signed ? "Int" : "Uint"}${8 * size}`;
  const attributes = source.run(`the attributes of ${quote(inFile)}`, () => dataset.attrs);
  const units = "units" in attributes && readAttribute(source, `${inFile}@units`, () => attributes.units);
  const n = shape.reduce((product, length) => product * length, 1);
  const value = () => {
    const { data } = readNumbers(described, undefined, 2 ** 16);
    const plain = plainValue(source.call, source.path, at, data);
    const one = typeof plain === "object" ? plain[0] : plain;
    return String(one).slice(0, 200);
  };
  return {
    at,
    shape,
    type: name,
    ...(units && { units: String(units) }),
    ...(n === 1 && !missingRows(described) && { value: value() }),
  };
}

/** Names of what a dose map is made of. */
const INTERESTING = /energy|\beng?\b|expo|count_time|current|pixel|image_key|title|start_time/i;

/** An HDF5 file by its datasets: images first, then what names an energy, an exposure or a pixel. */
export async function describeHdf5(path: string): Promise<FileDescription> {
  await loadHdf5();
  const { items, skipped, isCut } = listHdf5("describe", path);
  const rank = ({ at, shape }: Hdf5Item): number => (shape.length > 2 ? 0 : INTERESTING.test(at) ? 1 : 2);
  const sorted = items.toSorted((a, b) => rank(a) - rank(b));
  const text = ({ shape, type, units, value }: Hdf5Item): string =>
    [
      value === undefined ? shape.join(" x ") || "one value" : type === "text" ? quote(value) : value,
      type,
      ...(units ? [units] : []),
    ].join(", ");
  const rest = sorted.length - SHOWN;
  return {
    what: "HDF5",
    facts: {
      format: "HDF5",
      size: inBytes(withHead("describe", path, ({ size }) => size)),
      ...Object.fromEntries(sorted.slice(0, SHOWN).map((item) => [item.at, text(item)])),
      ...(rest > 0 && { others: `${rest}${isCut ? " and more" : ""} datasets` }),
      ...Object.fromEntries(
        Object.entries(skipped)
          .slice(0, SHOWN)
          .map(([at, why]) => [at, `not read: ${why}`]),
      ),
    },
    code: readLine("readHdf5", path),
  };
}

/** Datasets that are shown. */
const SHOWN = 40;

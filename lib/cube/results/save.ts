// Results as files that other programs read. A format is one function here; the extension chooses it.
import { extname } from "node:path";
import { ArgumentError, quote, SchemaError } from "../../errors.js";
import { writeWhole } from "../../io/atomic.js";
import { csvComment, csvText } from "../../io/csv.js";
import { type Hdf5Input, writeHdf5 } from "../../io/hdf5-writer.js";
import { writeXdi } from "../../io/xdi-writer.js";
import type { Provenance } from "../provenance.js";
import { saveAthena } from "./save-athena.js";

/** Columns of equal length, as `toFrame` shows them. */
export type Columns = Record<string, readonly (number | string | null)[]>;

/** One array of a result, as HDF5 and JSON hold it. */
export interface NamedArray {
  readonly data: Float64Array | Float32Array | Int32Array | Uint8Array;
  readonly shape: readonly number[];
  readonly units?: string;
}

/** Spectra of a result on one energy axis, as XDI holds them. */
export interface Curves {
  /** eV */
  readonly energies: ArrayLike<number>;
  readonly spectra: Readonly<Record<string, ArrayLike<number>>>;
}

/** What is written of a result. */
export interface Savable {
  readonly kind: string;
  readonly provenance: Provenance;
  summary(): string;
  columns(): Columns;
  arrays(): Readonly<Record<string, NamedArray>>;
  curves(): Curves | null;
}

const formats: Readonly<Record<string, (path: string, result: Savable) => void | Promise<void>>> = {
  ".csv": saveCsv,
  ".json": saveJson,
  ".h5": saveHdf5,
  ".xdi": saveXdi,
  ".prj": saveAthena,
};

/** Writes a result in the format of the path's extension. @throws ArgumentError for another extension */
export async function saveResult(path: string, result: Savable): Promise<void> {
  const format = typeof path === "string" ? formats[extname(path).toLowerCase()] : undefined;
  if (!format) {
    throw new ArgumentError(
      `save: expected a path that ends in ${Object.keys(formats).join(", ")}, got ${quote(path)}`,
      {
        path,
      },
    );
  }
  await format(path, result);
}

/**
 * The table, one column beside the other, with units behind the labels, and with where it comes from in lines that
 * begin with #.
 */
function saveCsv(path: string, result: Savable): void {
  const columns = result.columns();
  const labels = Object.keys(columns);
  const arrays = result.arrays();
  const withUnit = (label: string): string => {
    const { units } = arrays[label] ?? {};
    return units ? `${label} (${units})` : label;
  };
  const lines = [...about(result).map(csvComment), labels.map((label) => csvText(withUnit(label))).join(",")];
  const length = columns[labels[0]]?.length ?? 0;
  for (let i = 0; i < length; i++) {
    const cells = labels.map((label) => columns[label][i]);
    lines.push(
      cells.map((v) => (v === null ? "" : typeof v === "string" ? csvText(v) : String(v))).join(","),
    );
  }
  writeWhole("save", path, `${lines.join("\n")}\n`);
}

function saveJson(path: string, result: Savable): void {
  const arrays = Object.entries(result.arrays()).map(([name, { data, ...rest }]) => [
    name,
    { ...rest, data: Array.from(data) },
  ]);
  const { kind, provenance } = result;
  const content = { kind, summary: result.summary(), arrays: Object.fromEntries(arrays), provenance };
  writeWhole("save", path, `${JSON.stringify(content)}\n`);
}

/** An NXentry with the arrays as NXdata, and the provenance as an NXprocess. */
async function saveHdf5(path: string, result: Savable): Promise<void> {
  const { kind, provenance } = result;
  const datasets: Record<string, Hdf5Input> = {
    "/entry/title": { data: result.summary() },
    "/entry/process/program": { data: "operandose" },
    "/entry/process/version": { data: provenance.library.replace("operandose ", "") },
    "/entry/process/date": { data: provenance.created },
    "/entry/process/provenance": {
      data: JSON.stringify(provenance),
      attributes: { type: "application/json" },
    },
  };
  for (const [name, { data, shape, units }] of Object.entries(result.arrays())) {
    datasets[`/entry/${kind}/${name}`] = { data, shape, ...(units && { attributes: { units } }) };
  }
  await writeHdf5(path, {
    groups: {
      "/": { default: "entry" },
      "/entry": { NX_class: "NXentry", default: kind },
      "/entry/process": { NX_class: "NXprocess" },
      [`/entry/${kind}`]: { NX_class: "NXdata" },
    },
    datasets,
  });
}

function saveXdi(path: string, result: Savable): void {
  const curves = result.curves();
  if (!curves) {
    throw new SchemaError(
      `save: expected a result with spectra for XDI, got ${result.kind}; save it as ${Object.keys(formats).slice(0, 3).join(", ")}`,
    );
  }
  const { energies, spectra } = curves;
  // XDI knows the usual names only without blanks and signs.
  const word = (name: string): string => name.replace(/\W+/g, "_");
  writeXdi(path, {
    columns: [
      { label: "energy", unit: "eV", data: energies },
      ...Object.entries(spectra).map(([name, data]) => ({ label: word(name), data })),
    ],
    comments: about(result),
  });
}

/** What it is and where it comes from, in lines. */
function about(result: Savable): string[] {
  const { library, created, source, steps, terminal } = result.provenance;
  const chain = [...steps.map((step) => step.verb), terminal].join(", ");
  return [result.summary(), `${source}: ${chain}; ${library}, ${created}`].map((text) =>
    text.replace(/[\r\n]+/g, " "),
  );
}

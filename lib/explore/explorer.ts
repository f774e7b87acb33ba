// The linked view as a thing that shows itself and can be saved.
import { inspect } from "node:util";
import { escapeText } from "../compute/escape.js";
import type { Explorer } from "../cube/explorer.js";
import { ArgumentError, quote } from "../errors.js";
import { writeWhole } from "../io/atomic.js";
import { page } from "./document.js";
import { count, short } from "./page/format.js";
import { type Packed, pack } from "./payload.js";
import { reductionFor, thinned } from "./reduce.js";
import type { ViewModel } from "./view-model.js";

/** Bytes of a page beside its data, more than enough. */
const REST = 80_000;

/** A page of linked panels; see {@link Explorer}. */
export class ExplorerPage implements Explorer {
  readonly publishAs = { folder: "explore", endings: ["html"] } as const;
  readonly html: string;
  readonly bytes: number;
  readonly notes: readonly string[];
  readonly largestError: number;
  readonly title: string;

  private constructor(model: ViewModel, packed: Packed) {
    this.notes = [...model.notes, ...roundingNotes(model, packed)];
    this.title = model.title;
    this.largestError = packed.largestError;
    this.html = page(model, packed, this.notes);
    this.bytes = Buffer.byteLength(this.html);
  }

  /** Makes the page of a model. Its spectra must fit: see `reductionFor`. */
  static of(model: ViewModel, maxBytes: number): ExplorerPage {
    const { width, height, energies, edge, times } = model;
    const by = reductionFor({ nTimes: Math.max(1, times.length), width, height, energies, edge }).energies;
    const fewer = thinned(model, by);
    return new ExplorerPage(fewer, pack(fewer, maxBytes - REST));
  }

  /** Writes the page. @throws ArgumentError for a path that does not end in .html, FileError */
  async save(path: string): Promise<void> {
    if (typeof path !== "string" || !/\.html$/i.test(path)) {
      throw new ArgumentError(
        `explorer.save: expected a path that ends in .html, got ${quote(path)}; rename it`,
        {
          path,
        },
      );
    }
    writeWhole("explorer.save", path, this.html);
  }

  /**
   * What a notebook shows: the page in a frame of its own, which keeps its program and its styles apart from
   * the notebook's and survives converters. The sandbox lets it run, and reach nothing.
   */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const source = this.html.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    const title = escapeText(this.title);
    return {
      "text/html": `<iframe title="${title}" sandbox="allow-scripts" style="width:100%;height:1000px;border:0" srcdoc="${source}"></iframe><p><small>${title}: ${this.size()}. As a file of its own: <code>await explorer.save("explore.html")</code></small></p>`,
      "text/plain": this.line(),
    };
  }

  /** What a terminal shows. */
  [inspect.custom](): string {
    return this.line();
  }

  private line(): string {
    return `Explorer: ${this.title} (${this.size()})`;
  }

  private size(): string {
    return `${(this.bytes / 1e6).toFixed(2)} MB`;
  }
}

/** What was rounded and what it costs. */
function roundingNotes({ spectra, caution }: ViewModel, packed: Packed): string[] {
  const { step, largestError, noise, leftOut, coarser } = packed;
  const against = noise > 0 && caution === "" ? `; the noise of one value is about ${short(noise, 2)}` : "";
  const notes = [
    `The ${count(spectra.length)} values of the spectra are rounded to multiples of ${step}: largest error ${short(largestError, 2)}${against}. Maps keep seven digits or more.`,
  ];
  if (coarser) notes.push("The rounding is coarser than it would have to be, for the size of the page.");
  if (leftOut > 0) notes.push(`${count(leftOut)} values that are too large by far are left out.`);
  return notes;
}

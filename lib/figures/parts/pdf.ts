// A figure as PDF: vectors and text with fonts, on one page of the size of the figure.
import PDFDocument from "pdfkit";
import svgToPdf from "svg-to-pdfkit";
import { OperandoseError } from "../../errors.js";
import { fonts } from "./fonts.js";

/** Input of a PDF. */
export interface PdfSource {
  /** px of 1/96 inch. */
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  readonly svg: string;
}

/**
 * One page. The same figure gives the same bytes, so its date is fixed.
 *
 * @throws OperandoseError when the picture contains something that cannot be drawn
 */
export async function pdfOf({ width, height, title, description, svg }: PdfSource): Promise<Uint8Array> {
  const doc = new PDFDocument({
    size: [width * POINTS, height * POINTS],
    margin: 0,
    lang: "en",
    displayTitle: true,
    info: {
      Title: title,
      Subject: description,
      Creator: "operandose",
      Producer: "pdfkit",
      CreationDate: DATE,
    },
    font: fonts.regular,
  });
  const chunks: Uint8Array[] = [];
  const done = new Promise<void>((resolve, reject) => {
    doc.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    doc.on("end", resolve);
    doc.on("error", reject);
  });
  svgToPdf(doc, halosFirst(svg), 0, 0, {
    width: width * POINTS,
    height: height * POINTS,
    fontCallback: (_family, bold) => (bold ? fonts.bold : fonts.regular),
    warningCallback: (message) => {
      throw new OperandoseError(`figure.save: expected a picture that PDF can show, got ${message}`);
    },
  });
  doc.end();
  await done;
  return Buffer.concat(chunks);
}

const POINTS = 72 / 96;
const DATE = new Date(0);

/**
 * Draws elements with a halo (`paint-order="stroke"`) twice, first the outline and then the filling, for
 * programs that always paint the outline last.
 */
export function halosFirst(svg: string): string {
  return svg.replace(HALO, (element) => {
    const filled = element.replace(
      / (?:stroke|stroke-opacity|stroke-width|stroke-linejoin|paint-order)="[^"]*"/g,
      "",
    );
    return element.replace(' paint-order="stroke"', "") + filled;
  });
}

const HALO = /<(text|rect|path|circle)\b[^<>]* paint-order="stroke"[^<>]*(?:\/>|>[^<]*<\/\1>)/g;

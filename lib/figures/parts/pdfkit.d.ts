// Types of the parts of pdfkit and svg-to-pdfkit that figures use.
declare module "pdfkit" {
  interface Options {
    /** Width and height, points. */
    readonly size?: readonly [number, number];
    readonly margin?: number;
    readonly lang?: string;
    readonly displayTitle?: boolean;
    readonly info?: Readonly<Record<string, string | Date>>;
    /** Path of the default font. */
    readonly font?: string;
  }
  export default class PDFDocument {
    constructor(options?: Options);
    on(event: "data", listener: (chunk: Uint8Array) => void): this;
    on(event: "end", listener: () => void): this;
    on(event: "error", listener: (error: Error) => void): this;
    end(): void;
  }
}

declare module "svg-to-pdfkit" {
  interface Options {
    readonly width?: number;
    readonly height?: number;
    /** Path of the font for a family. */
    readonly fontCallback?: (family: string, bold: boolean, italic: boolean) => string;
    readonly warningCallback?: (message: string) => void;
  }
  export default function svgToPdf(doc: object, svg: string, x: number, y: number, options?: Options): void;
}

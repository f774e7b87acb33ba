// A figure as PNG at print resolution, drawn without a browser.
import { crc32 } from "node:zlib";
import { Resvg } from "@resvg/resvg-js";
import { fonts } from "./fonts.js";

/** Pixels per inch. */
const DPI = 300;

/** An SVG as PNG with 300 pixels per inch of its size in print (px of 1/96 inch), as stated in the file. */
export function pngOf(svg: string): Uint8Array {
  const image = new Resvg(crisp(svg), {
    fitTo: { mode: "zoom", value: DPI / 96 },
    background: "#ffffff",
    font: {
      fontFiles: [fonts.regular, fonts.bold],
      loadSystemFonts: false,
      defaultFontFamily: "DejaVu Sans",
      sansSerifFamily: "DejaVu Sans",
    },
  });
  return withDensity(image.render().asPng());
}

// The renderer supports the attribute of SVG 1.1, not the style of browsers.
function crisp(svg: string): string {
  return svg.replaceAll('style="image-rendering:pixelated"', 'image-rendering="optimizeSpeed"');
}

// A pHYs chunk after the header (8 bytes of signature and 25 of IHDR): pixels per meter.
function withDensity(png: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write("pHYs", 4, "latin1");
  const perMeter = Math.round(DPI / 0.0254);
  chunk.writeUInt32BE(perMeter, 8);
  chunk.writeUInt32BE(perMeter, 12);
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

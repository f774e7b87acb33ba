// The fonts of every figure as files: they come with the library, so that a picture looks the same on every machine.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Paths of the fonts. */
export const fonts = {
  regular: require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"),
  bold: require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"),
} as const;

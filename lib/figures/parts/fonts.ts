// Fonts of all figures as files of the library, so that pictures are identical on all machines.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Paths of the fonts. */
export const fonts = {
  regular: require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"),
  bold: require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"),
} as const;

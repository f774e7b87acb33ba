// Appearance of all figures: fonts, sizes and colors. Sizes are px of 1/96 inch: a figure of 340 px is one
// column of a journal (90 mm), one of 680 px is two, and text of 10 px prints at 7.5 pt.

/** Fonts, text sizes, line widths and widths of figures. */
export const theme = {
  font: '"DejaVu Sans", Helvetica, Arial, sans-serif',
  /** Text sizes, px. The smallest one, of insets and scale bars, prints at 7.1 pt. */
  text: { small: 9.5, tick: 10, label: 11, legend: 10, heading: 11, letter: 12 },
  /** Widths of figures, px: one and two columns of a journal. */
  width: { column: 340, page: 680 },
  /** Magnification on a screen, relative to print. */
  screen: 1.4,
  ink: "#1a1a1a",
  muted: "#5f5f5f",
  frame: "#333333",
  /** Pixels without a value, in maps. */
  noData: "#d4d4d4",
  /** Overlays that mark selected pixels, in maps. */
  mask: "#ffd92f",
  bar: "#7d93ad",
  stroke: { frame: 0.8, line: 1.4, thin: 0.8 },
  /** Length of a tick and its distance to the number, px. */
  tick: { size: 4, padding: 3 },
} as const;

/**
 * Colors of species and of named curves, in order: blue, orange, green as in the paper, then others that are
 * distinct with color blindness.
 *
 * @see M. Okabe and K. Ito, Color Universal Design, 2008
 */
export const palette: readonly string[] = [
  "#0072b2",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#000000",
  "#56b4e9",
  "#d55e00",
];

/** Symbols of the species in the same order, for black-and-white printers. */
export const symbols = ["circle", "square", "triangle", "diamond", "star", "wye", "cross"] as const;

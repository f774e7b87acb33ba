// The body of the ROCK cell, which holds the layers in the beam. The paper gives its parts and the sizes in
// the beam; the others are assumed, in proportion.
import { type Quantities, quantity } from "./device.js";

/** Sizes of the cell's parts. Diameters are across the beam, thicknesses and lengths along it. */
export const CELL_BODY = {
  windowDiameter: quantity(6, "mm", "paper", "diamond windows, brazed on molybdenum"),
  electrodeDiameter: quantity(14, "mm", "paper", "disk of LiNiO2 on aluminum"),
  separatorDiameter: quantity(18, "mm", "paper", "Celgard 2500"),
  counterDiameter: quantity(14, "mm", "paper", "lithium foil"),
  pressure: quantity(4.5, "bar", "paper", "of the wave spring on the stack"),
  frameDiameter: quantity(20, "mm", "assumed", "molybdenum frames, in contact with the electrodes"),
  frameThickness: quantity(2, "mm", "assumed", "molybdenum frames"),
  bodyDiameter: quantity(36, "mm", "assumed", "body of polyphenylene sulfide"),
  bodyThickness: quantity(14, "mm", "assumed", "body, along the beam"),
  flangeDiameter: quantity(40, "mm", "assumed", "threaded lids"),
  flangeOpening: quantity(16, "mm", "assumed", "opening of the lids"),
  flangeThickness: quantity(4, "mm", "assumed", "threaded lids"),
  oRingDiameter: quantity(26, "mm", "assumed", "middle of the o-rings"),
  oRingThickness: quantity(2, "mm", "assumed", "o-rings"),
  springDiameter: quantity(18, "mm", "assumed", "outer diameter of the wave spring"),
  springLength: quantity(3, "mm", "assumed", "wave spring under pressure"),
} as const satisfies Quantities;

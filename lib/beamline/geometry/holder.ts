// The holder from the front: the cell with its spots (the paper's Fig. 3b), and the empty space and the Ni
// foil below it, at the positions of the sample stage.

import type { DrawingPart, DrawingPlan } from "../../drawing-plan.js";
import { type ConfigurationLike, resolveConfiguration } from "../configurations.js";
import { REFERENCE_PIXEL } from "../devices/beam-profile.js";
import { CELL_BODY } from "../devices/cell-body.js";
import { numbers } from "../devices/device.js";
import { HOLDER, TARGET_POSITIONS } from "../devices/sample-stage.js";

const B = numbers(CELL_BODY);
const H = numbers(HOLDER);

/**
 * The holder along the beam, to scale, for `figures.drawing`. Positions are those of the targets of the
 * sample stage, mm from spot C.
 *
 * @param config its field of view is the size of the spots; default "farther"
 * @throws ArgumentError for an unknown config
 * @example
 * figures.drawing({ plan: holderGeometry("farther"), title: "Holder" });
 */
export function holderGeometry(config: ConfigurationLike = "farther"): DrawingPlan {
  const [foilX, foilY] = TARGET_POSITIONS.foil;
  const [holeX, holeY] = TARGET_POSITIONS.I0;
  const height = B.flangeDiameter / 2 - foilY + H.holeHeight / 2 + 2 * MARGIN;
  return {
    unit: "mm",
    parts: [
      {
        shape: "rectangle",
        x: 0,
        y: B.flangeDiameter / 2 + MARGIN - height / 2,
        width: B.flangeDiameter + 2 * MARGIN,
        height,
        corner: 2,
        name: "sample holder",
        tone: "stage",
      },
      {
        shape: "ring",
        ...CENTER,
        inner: B.flangeOpening / 2,
        outer: B.flangeDiameter / 2,
        name: "external flange",
        letter: "e",
        tone: "metal",
        label: "inside",
      },
      ...frame(resolveConfiguration(config, "holderGeometry").field),
      {
        shape: "rectangle",
        x: holeX,
        y: holeY,
        width: H.holeWidth,
        height: H.holeHeight,
        name: "empty space for the open beam",
        letter: "I0",
        tone: "hole",
        label: "inside",
      },
      {
        shape: "rectangle",
        x: foilX,
        y: foilY,
        width: H.foilWidth,
        height: H.foilHeight,
        name: "Ni foil",
        letter: "Ni",
        tone: "foil",
        label: "inside",
      },
    ],
  };
}

/**
 * Piece f of the cell from the front, to scale, for `figures.drawing`: molybdenum frame, window, and the
 * field of view at each spot.
 *
 * @param config its field of view is the size of the spots; default "farther"
 * @throws ArgumentError for an unknown config
 * @example
 * figures.drawing({ plan: frameGeometry("farther"), title: "Farther focus" });
 */
export function frameGeometry(config: ConfigurationLike = "farther"): DrawingPlan {
  const radius = B.windowDiameter / 2;
  const below = -radius - 1.5;
  return {
    unit: "mm",
    parts: [
      ...frame(resolveConfiguration(config, "frameGeometry").field),
      {
        shape: "dimension",
        from: [-radius, below],
        to: [radius, below],
        name: `${B.windowDiameter} mm`,
      },
    ],
  };
}

/** Margin of the holder around its parts, mm. */
const MARGIN = 4;
const CENTER = { x: 0, y: 0 } as const;

function frame([rows, columns]: readonly [number, number]): DrawingPart[] {
  const radius = B.windowDiameter / 2;
  return [
    {
      shape: "ring",
      ...CENTER,
      inner: radius,
      outer: B.frameDiameter / 2,
      name: "molybdenum frame, positive electrode",
      letter: "f",
      tone: "darkMetal",
      label: "inside",
    },
    { shape: "circle", ...CENTER, radius, name: "diamond window", letter: "a", tone: "diamond" },
    ...(["A", "B", "C"] as const).map((spot): DrawingPart => {
      const [x, y] = TARGET_POSITIONS[spot];
      return {
        shape: "rectangle",
        x,
        y,
        width: columns * REFERENCE_PIXEL * 1e-3,
        height: rows * REFERENCE_PIXEL * 1e-3,
        name: SPOT_NAMES[spot],
        letter: `#${spot}`,
        tone: "spot",
        label: "inside",
      };
    }),
  ];
}

const SPOT_NAMES = {
  A: "fresh spot, recorded at 4.3 V",
  B: "fresh spot, recorded at 4.3 V",
  C: "spot in the beam during the whole charge",
} as const;

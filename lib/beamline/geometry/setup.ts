// The set-up from the side, as in the paper's Fig. 3a: the beam, the cell on its holder, and the camera, which
// can be moved out of the beam.

import type { DrawingPart, DrawingPlan } from "../../drawing-plan.js";
import { CELL_BODY } from "../devices/cell-body.js";
import { numbers } from "../devices/device.js";
import { HOLDER, TARGET_POSITIONS } from "../devices/sample-stage.js";
import { rock } from "../rock.js";

const B = numbers(CELL_BODY);
const H = numbers(HOLDER);

/**
 * The set-up from the side, for `figures.drawing`. The beam comes from the left and passes slits, an ion
 * chamber, the cell on its holder, and the scintillator, whose light the lens images onto the camera. Without
 * the camera it reaches two more chambers with a Ni foil between them.
 *
 * Heights of cell, holder and targets are to scale. Distances along the beam, and the sizes of slits, chambers
 * and camera, are not.
 *
 * @example
 * figures.drawing({ plan: setupGeometry(), size: "page" });
 */
export function setupGeometry(): DrawingPlan {
  const camera = rock().camera.read();
  const um = (name: string): string => `${Number(camera[name].value)} µm`;
  const [, below] = TARGET_POSITIONS.I0;
  const top = B.flangeDiameter / 2 + MARGIN;
  const bottom = below - H.holeHeight / 2 - MARGIN;
  return {
    unit: "mm",
    exploded: true,
    parts: [
      { ...box(AT.end / 2, 0, -AT.end, BEAM), tone: "beam", name: "beam" },
      { shape: "arrow", from: [AT.end - 14, 0], to: [AT.end, 0], name: "X-rays", tone: "beam" },
      ...([1, -1] as const).map((side): DrawingPart => {
        const blade = box(AT.slits, side * (BEAM / 2 + 5), 2, 10);
        return { ...blade, ...(side > 0 && { letter: "S" }), name: "exit slits", tone: "darkMetal" };
      }),
      { ...box(AT.i0, 0, 12, 12), letter: "i0", label: "inside", name: "ion chamber", tone: "polymer" },
      {
        ...box(AT.holder, (top + bottom) / 2, 4, top - bottom),
        letter: "H",
        name: "holder on the sample stage",
        tone: "stage",
      },
      {
        ...box(AT.holder, below, 4, H.holeHeight),
        letter: "I0",
        name: "empty space for the open beam; the Ni foil of the camera is beside it",
        tone: "hole",
      },
      {
        ...box(AT.cell, 0, 14, B.flangeDiameter),
        letter: "cell",
        label: "inside",
        name: "ROCK cell (Fig. 1)",
        tone: "metal",
      },
      {
        ...box(AT.scintillator, 0, 1, 10),
        letter: "Y",
        name: `YAG:Ce scintillator, ${um("scintillator")}`,
        tone: "foil",
      },
      {
        ...box(AT.lens, 0, 14, 11),
        letter: "L",
        label: "inside",
        name: `lens, ${Number(camera.magnification.value)}x`,
        tone: "diamond",
      },
      {
        ...box(AT.camera, 0, 16, 16),
        letter: "CMOS",
        label: "inside",
        name: `camera, pixels of ${um("sensorPixel")}`,
        tone: "metal",
      },
      {
        shape: "arrow",
        from: [(AT.lens + AT.camera) / 2, 10],
        to: [(AT.lens + AT.camera) / 2, 22],
        name: "out of the beam",
      },
      { ...box(AT.i1, 0, 12, 12), letter: "i1", label: "inside", name: "ion chamber", tone: "polymer" },
      { ...box(AT.foil, 0, 1, 10), letter: "Ni", name: "Ni reference foil", tone: "foil" },
      { ...box(AT.i2, 0, 12, 12), letter: "i2", label: "inside", name: "ion chamber", tone: "polymer" },
    ],
  };
}

/** Positions along the beam, mm, in the order of the beam. */
const AT = {
  end: -66,
  slits: -58,
  i0: -42,
  holder: -22,
  cell: -12,
  scintillator: 0,
  lens: 12,
  camera: 30,
  i1: 52,
  foil: 64,
  i2: 76,
} as const;

/** Height of the beam in the drawing, mm. */
const BEAM = 1.2;
const MARGIN = 4;

function box(x: number, y: number, width: number, height: number) {
  return { shape: "rectangle", x, y, width, height } as const;
}

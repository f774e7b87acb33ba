// Cross-section of the ROCK cell along the beam, as in the paper's Fig. 1, with the sizes of the cell device.

import type { DrawingPart, DrawingPlan } from "../../drawing-plan.js";
import { CELL_BODY } from "../devices/cell-body.js";
import { numbers } from "../devices/device.js";
import { rock } from "../rock.js";

const B = numbers(CELL_BODY);

/**
 * The cell in cross-section, for `figures.drawing`. Letters are those of the paper's caption. The beam comes
 * from the left and meets the lithium first, as in the paper's dose calculation.
 *
 * The drawing is to scale across the beam. Along it, parts are separated and layers are at least 0.5 mm
 * thick; their names state the thickness. `beamline().cell.describe()` states which sizes are from the paper
 * and which are assumed. The position of the spring at the positive electrode is assumed.
 *
 * @example
 * figures.drawing({ plan: cellGeometry(), size: "column" }).save("cell.svg");
 */
export function cellGeometry(): DrawingPlan {
  const cell = rock().cell.read();
  const um = (name: string) => `${Number(cell[name].value)} µm`;
  const window = {
    name: `diamond windows, ${B.windowDiameter} mm, ${um("Diamond window, thickness")}`,
    tone: "diamond",
  } as const;
  const body = { name: "PPS body", tone: "polymer" } as const;
  const flange = { name: "external flanges, threaded", tone: "metal" } as const;
  const positive = { name: "molybdenum frame, positive electrode", tone: "darkMetal" } as const;
  const negative = { name: "molybdenum frame, negative electrode", tone: "darkMetal" } as const;
  const rubber = { name: "o-rings", tone: "rubber" } as const;
  const spring = { name: `wave spring, ${B.pressure} bar`, tone: "spring" } as const;
  const frame = [B.windowDiameter, B.frameDiameter] as const;
  return {
    unit: "mm",
    exploded: true,
    parts: [
      { shape: "arrow", from: [AT.source, 0], to: [AT.entrance, 0], name: "X-rays", tone: "beam" },
      ...around(AT.flanges[0], B.flangeThickness, B.flangeOpening, B.flangeDiameter, "e", flange),
      ...seal(AT.oRings[0], rubber),
      ...around(AT.negative, B.frameThickness, ...frame, "i", negative),
      layer(AT.windows[0], um("Diamond window, thickness"), B.windowDiameter, "a", window),
      ...around(AT.body, B.bodyThickness, BORE, B.bodyDiameter, "h", body),
      layer(AT.counter, um("Counter electrode, thickness"), B.counterDiameter, "d", {
        name: `lithium foil, ${B.counterDiameter} mm`,
        tone: "lithium",
      }),
      layer(AT.separator, um("Separator, thickness"), B.separatorDiameter, "c", {
        name: `Celgard separator, ${um("Separator, thickness")}`,
        tone: "separator",
      }),
      layer(AT.electrode, um("Cathode, thickness"), B.electrodeDiameter, "b", {
        name: `LiNiO₂, ${um("Cathode, thickness")}, on aluminum foil, ${um("collector")}`,
        tone: "electrode",
      }),
      layer(AT.electrode + THINNEST, um("collector"), B.electrodeDiameter, undefined, {
        name: "aluminum foil",
        tone: "aluminium",
      }),
      ...around(AT.positive, B.frameThickness, ...frame, "f", positive),
      layer(AT.windows[1], um("Diamond window, thickness"), B.windowDiameter, "a", window),
      ...halves((side) => ({
        shape: "wave",
        x: AT.spring,
        y: side * ((B.springDiameter + SPRING_BORE) / 4),
        width: B.springLength,
        height: (B.springDiameter - SPRING_BORE) / 2,
        turns: 3,
        ...(side > 0 && { letter: "j" }),
        ...spring,
      })),
      ...seal(AT.oRings[1], rubber),
      ...around(AT.flanges[1], B.flangeThickness, B.flangeOpening, B.flangeDiameter, "e", flange),
    ],
  };
}

/**
 * Positions along the beam, mm: in the order of the cell, separated. No part is above or below another one,
 * so that a vertical line to any of them crosses none.
 */
const AT = {
  source: -48,
  entrance: -39,
  flanges: [-33, 33],
  oRings: [-28, 28],
  negative: -23.5,
  windows: [-19.5, 18.5],
  counter: -15.5,
  body: -5,
  separator: 5.5,
  electrode: 10.5,
  positive: 14.5,
  spring: 23.5,
} as const;

/** Smallest visible thickness, mm. */
const THINNEST = 0.5;
/** mm: the separator and the frames fit into the body. */
const BORE = 21;
/** Inner diameter of the spring, mm. */
const SPRING_BORE = 12;

type Words = Pick<DrawingPart, "name" | "tone">;

function layer(
  x: number,
  thickness: string,
  diameter: number,
  letter: string | undefined,
  words: Words,
): DrawingPart {
  const width = Math.max(Number.parseFloat(thickness) / 1000, THINNEST);
  return { shape: "rectangle", x, y: 0, width, height: diameter, ...(letter && { letter }), ...words };
}

/** Both cuts through a part with a central hole; the upper one has the letter. */
function around(
  x: number,
  width: number,
  inner: number,
  outer: number,
  letter: string,
  words: Words,
): DrawingPart[] {
  return halves((side) => ({
    shape: "rectangle",
    x,
    y: (side * (inner + outer)) / 4,
    width,
    height: (outer - inner) / 2,
    ...(side > 0 && { letter }),
    ...words,
  }));
}

function seal(x: number, words: Words): DrawingPart[] {
  return halves((side) => ({
    shape: "circle",
    x,
    y: (side * B.oRingDiameter) / 2,
    radius: B.oRingThickness / 2,
    ...(side > 0 && { letter: "g" }),
    ...words,
  }));
}

function halves(part: (side: 1 | -1) => DrawingPart): DrawingPart[] {
  return [part(1), part(-1)];
}

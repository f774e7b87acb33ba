// The cell of the paper: the ROCK electrochemical cell with diamond windows and a porous LiNiO2 cathode.
import { Layer } from "./layer.js";
import { Material } from "./material.js";
import { Stack } from "./stack.js";

/**
 * The stack of the paper's dose calculation (SI), in the order of the beam; the absorber is the cathode.
 *
 * - Diamond window: 145 um
 * - Counter electrode: lithium, 1 mm
 * - Separator: Celgard (polypropylene), 25 um, porosity 0.55, pores filled with electrolyte
 * - Cathode: LiNiO2, 10 um, porosity 0.36, pores filled with electrolyte
 *
 * The electrolyte is C4H8O3 with 1.01 g/cm3, as in the SI.
 *
 * @example
 * rockCell().layers.map(({ name }) => name); // ["Diamond window","Counter electrode","Separator","Cathode"]
 * rockCell().upstream(8390); // 0.788, fraction of the photons that reach the cathode
 */
export function rockCell(): Stack {
  const electrolyte = new Material({ name: "Electrolyte", formula: "C4H8O3", density: 1.01 });
  return new Stack(
    [
      new Layer({
        name: "Diamond window",
        solid: new Material({ name: "Diamond", formula: "C", density: 3.5 }),
        thickness: 145,
      }),
      new Layer({
        name: "Counter electrode",
        solid: new Material({ name: "Lithium", formula: "Li", density: 0.534 }),
        thickness: 1000,
      }),
      new Layer({
        name: "Separator",
        solid: new Material({ name: "Polypropylene", formula: "C3H6", density: 0.905 }),
        liquid: electrolyte,
        thickness: 25,
        porosity: 0.55,
      }),
      new Layer({
        name: "Cathode",
        solid: new Material({ name: "LNO", formula: "LiNiO2", density: 4.716 }),
        liquid: electrolyte,
        thickness: 10,
        porosity: 0.36,
      }),
    ],
    { absorber: "Cathode" },
  );
}

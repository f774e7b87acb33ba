// The energy that beamlines write into the names of files, one image per energy: `_08324.0_eV_`.
import { basename } from "node:path";
import { splitPlace } from "./place.js";

/** A number and its unit, apart from other letters and digits; `8333p5` is 8333.5. */
const ENERGY = /(?<![A-Za-z\d.])(\d+(?:[.p]\d+)?)[_\- ]?(k?eV)(?![A-Za-z\d])/gi;

/** eV in the name of a file; undefined where none or several energies stand there. */
export function energyInName(place: string): number | undefined {
  const name = basename(splitPlace(place).path);
  const found = [...name.matchAll(ENERGY)].map(([, number, unit]) => {
    const value = Number(number.replace(/p/i, "."));
    return unit.toLowerCase() === "kev" ? Number((1000 * value).toPrecision(12)) : value;
  });
  return new Set(found).size === 1 && found[0] > 0 ? found[0] : undefined;
}

// Text files of an experiment: the potentiostat's records of the cell and of a coin cell for comparison, and
// the spectra of the ion chambers.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeColumns } from "../../io/columns.js";
import { makeFolder } from "../../io/disk.js";
import { writeMpt } from "../../io/mpt.js";
import type { Configuration } from "../configurations.js";
import { chamberSpectrum } from "../devices/ion-chambers.js";
import { COIN_CELL, electrochemicalRecord } from "../devices/potentiostat.js";
import type { electrodes } from "../kinetics/concentrations.js";
import { hash } from "../names.js";
import { timetableOf } from "../time/timetable.js";

/** The potentiostat's record of the cell in the beam. */
export const CHARGE_FILE = "charge.mpt";

/** The same charge of a coin cell without beam, for comparison. */
export const COIN_FILE = "echem/coin.mpt";

/** A spectrum of the ion chambers: its spot, time, and state of charge. */
interface ChamberFile {
  readonly name: string;
  readonly file: string;
  readonly spot: string;
  readonly state: string;
  /** s since the start of the charge */
  readonly time: number;
}

/** Spectra of the ion chambers: at open circuit, and at 4.3 V at the three spots. */
export function chamberFiles(configuration: Configuration): ChamberFile[] {
  const { holdCubes } = timetableOf(configuration);
  return [
    { name: "OCV", file: "ic/ocv.txt", spot: "C", state: "ocv", time: 0 },
    ...["A", "B", "C"].map((spot) => ({
      name: `4.3 V, spot ${spot}`,
      file: `ic/hold-${spot.toLowerCase()}.txt`,
      spot,
      state: "4.3 V",
      time: holdCubes[spot],
    })),
  ];
}

/** Paths of all text files, relative to the folder. */
export function recordFiles(configuration: Configuration): string[] {
  return [CHARGE_FILE, COIN_FILE, ...chamberFiles(configuration).map(({ file }) => file)];
}

/** Text files that do not exist yet. */
export function missingRecords(folder: string, configuration: Configuration): string[] {
  return recordFiles(configuration).filter((file) => !existsSync(join(folder, file)));
}

/**
 * Writes text files. Their numbers depend on the seed and the file only.
 *
 * @param files paths of {@link recordFiles}, relative to the folder
 * @throws FileError when a file cannot be written
 */
export function writeRecords(
  folder: string,
  files: readonly string[],
  configuration: Configuration,
  seed: number,
  electrodeAt: ReturnType<typeof electrodes>,
): void {
  for (const file of files) makeFolder("simulate", dirname(join(folder, file)));
  const key = hash(configuration.name);
  const cells = { [CHARGE_FILE]: configuration.cell, [COIN_FILE]: COIN_CELL };
  for (const [file, cell] of Object.entries(cells)) {
    if (!files.includes(file)) continue;
    writeMpt(join(folder, file), {
      header: ["", "Simulated recording", "Electrode material : LiNiO2", ""],
      columns: electrochemicalRecord(cell, timetableOf(configuration), seed, key, hash(file)),
    });
  }
  for (const { file, spot, time, name } of chamberFiles(configuration)) {
    if (!files.includes(file)) continue;
    const readings = chamberSpectrum(configuration, electrodeAt(spot).at(time), seed, key, hash(file));
    writeColumns(join(folder, file), {
      comments: [`Quick-XAS with ion chambers: ${name}`, "slits 0.5 x 0.5 mm2; i2 is behind a Ni foil"],
      labels: Object.keys(readings),
      columns: Object.values(readings),
    });
  }
}

// Results of a notebook: published figures and explorers, and measured claims, each with the cell that made
// it. Each notebook writes into its own folder, so that results of notebooks and cells can be attributed.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Measurement } from "operandose";
import { filesBelow } from "../stamp.mjs";

/** Path of the measured claims of a notebook, below the site. */
export function claimsPath(name: string): string {
  return `claims/${name}.json`;
}

export interface Harvest {
  /** Folder of the notebook's OPERANDOSE_SITE. */
  readonly folder: string;
  /** Records the results of a cell. */
  after(cell: number): void;
  /**
   * Moves all results into the site.
   *
   * @returns the cells of the files, by path below the site
   */
  bring(site: string): Record<string, number>;
}

/** Starts with an empty folder. */
export function startHarvest(folder: string, name: string): Harvest {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const cells: Record<string, number> = {};
  const versions = new Map<string, string>();
  const claims = join(folder, claimsPath(name));
  const measured = new Map<string, { words: string; cell: number }>();
  const published = () => filesBelow(folder, /./).filter((path) => path !== claims);
  return {
    folder,
    after(cell) {
      for (const path of published()) {
        const { mtimeMs, size } = statSync(path);
        const version = `${mtimeMs} ${size}`;
        if (versions.get(path) === version) continue;
        versions.set(path, version);
        cells[relative(folder, path)] = cell;
      }
      for (const measurement of readMeasured(claims)) {
        const words = JSON.stringify(measurement);
        if (measured.get(measurement.id)?.words !== words) measured.set(measurement.id, { words, cell });
      }
    },
    bring(site) {
      for (const path of published()) {
        const target = join(site, relative(folder, path));
        mkdirSync(dirname(target), { recursive: true });
        renameSync(path, target);
      }
      const measurements = readMeasured(claims).map((m) => ({ ...m, cell: measured.get(m.id)?.cell }));
      if (measurements.length > 0) {
        const target = join(site, claimsPath(name));
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, `${JSON.stringify({ notebook: name, measurements }, null, 1)}\n`);
      }
      rmSync(folder, { recursive: true, force: true });
      return cells;
    },
  };
}

function readMeasured(path: string): Measurement[] {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).measurements : [];
}

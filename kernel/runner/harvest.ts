// What a notebook leaves: the figures and explorers that it publishes and the claims that it measures, each with the cell
// that made it. A notebook writes into a folder of its own, so that notebooks that run at the same time can be told apart
// and what a cell adds is that cell's.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Measurement } from "operandose";
import { filesBelow } from "../stamp.mjs";

/** Where the measured claims of a notebook are, below the site. */
export function claimsPath(name: string): string {
  return `claims/${name}.json`;
}

export interface Harvest {
  /** The site as the notebook knows it: its OPERANDOSE_SITE. */
  readonly folder: string;
  /** Looks what a cell has left. */
  after(cell: number): void;
  /**
   * Moves everything into the site.
   *
   * @returns the cells that made the files, by path below the site
   */
  bring(site: string): Record<string, number>;
}

/** Begins with an empty folder. */
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

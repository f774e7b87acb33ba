// Saves the cube as it is after its steps, one time step after the other: it is never all in memory.
import { ArgumentError, DataError, quote } from "../../errors.js";
import { isZarr } from "../../io/zarr-store.js";
import { checkOptions, refuseNull } from "../../options.js";
import { alignment, mapOf } from "../engine/maps.js";
import { bandRowsOf, prepare } from "../engine/prepare.js";
import { selected } from "../engine/run.js";
import { type FailedStep, saveSteps } from "../engine/series.js";
import { placed } from "../engine/shifts.js";
import { attributesOf, createStore } from "../store/create.js";
import { isWhole } from "../store/steps.js";
import type { Plan } from "../verbs/verb.js";
import { fingerprintOfPlan } from "./plan-fingerprint.js";
import { provenanceOf } from "./provenance.js";
import { type SaveOptions, saveNames, timesOfTask } from "./save-options.js";
import { summarize } from "./save-summary.js";

/**
 * Writes the cube into a Zarr folder: what `Cube.load(path)` goes on from.
 *
 * @returns the path
 */
export async function save(given: Plan, path: string, options: SaveOptions = {}): Promise<string> {
  const { task, strict = false, ...run } = refuseNull("save", checkOptions("save", options, saveNames));
  if (typeof path !== "string" || !path.endsWith(".zarr")) {
    throw new ArgumentError(`save: expected the path of a folder that ends in .zarr, got ${quote(path)}`, {
      path,
    });
  }
  if (typeof strict !== "boolean") {
    throw new ArgumentError(`save: expected strict as true or false, got ${quote(strict)}`, {
      option: "strict",
      value: strict,
    });
  }
  const { schema } = given;
  const [from, to] = timesOfTask(task, schema.times.length);
  const fingerprint = fingerprintOfPlan(given);
  if (isZarr(path)) attributesOf(path, fingerprint);
  const nBands = Math.ceil(schema.height / bandRowsOf(given));
  const open = (): number[] =>
    Array.from({ length: to - from }, (_, i) => from + i).filter((step) => !isWhole(path, step, nBands));
  const steps = open();
  let failures: FailedStep[] = [];
  if (steps.length > 0) {
    const plan = await placed(given, run);
    const select = await selected(plan, run);
    const shift = await alignment(plan, run);
    const provenance = provenanceOf(given, "save");
    const map = (name: (typeof schema.maps)[number]) => mapOf(plan, name, run);
    await createStore(path, { plan, fingerprint, provenance, map, select });
    attributesOf(path, fingerprint);
    const job = prepare(plan, [{ request: { kind: "save", path }, select }], shift);
    failures = await saveSteps({ path, job, strict }, steps, run);
  }
  await summarize(given, path, run);
  if (failures.length > 0) report(path, failures, steps.length);
  return path;
}

/** @throws DataError when no cube could be computed */
function report(path: string, failures: readonly FailedStep[], of: number): void {
  const lines = failures.slice(0, MOST_LINES).map(({ step, reason }) => `time step ${step}: ${reason}`);
  const more = failures.length > MOST_LINES ? [`and ${failures.length - MOST_LINES} more`] : [];
  if (failures.length === of) {
    throw new DataError(`save: expected cubes that can be computed, got none; ${lines[0]}`, {
      path,
      failures,
    });
  }
  console.warn(
    [
      `save: ${failures.length} of ${of} time steps could not be computed and are NaN in ${path}; correct their files and save it again, which computes them only`,
      ...lines,
      ...more,
    ].join("\n  "),
  );
}

/** Failures that are listed at the end. */
const MOST_LINES = 10;

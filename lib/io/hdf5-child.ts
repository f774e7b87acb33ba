// A program that looks into HDF5 files for callers that cannot wait, because the library has to be loaded first. It
// gets a task as JSON through its standard input, and prints the answer as JSON.
import { readFileSync } from "node:fs";
import { OperandoseError } from "../errors.js";
import { describeFrames } from "./frame-file.js";
import { loadHdf5 } from "./hdf5-library.js";
import type { ChildTask } from "./in-child.js";
import { resolveRecipe } from "./recipe-resolve.js";

const task: ChildTask = JSON.parse(readFileSync(0, "utf8"));
try {
  await loadHdf5();
  const answer = "place" in task ? describeFrames(task.place) : resolveRecipe(task.call, task.request);
  process.stdout.write(JSON.stringify({ answer }));
} catch (error) {
  if (!(error instanceof OperandoseError)) throw error;
  process.stdout.write(JSON.stringify({ error: { message: error.message, fields: error.fields } }));
}

// Another process that waits for the HDF5 library, for callers that cannot.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { FileError } from "../errors.js";
import type { FramePlace } from "./frames.js";
import type { RecipeRequest } from "./recipe-request.js";

/** What hdf5-child.ts does; plain data. */
export type ChildTask =
  | { readonly place: FramePlace }
  | { readonly call: string; readonly request: RecipeRequest };

/** The answer of another process. @throws FileError as the task does */
export function inChild<Answer>(call: string, path: string, task: ChildTask): Answer {
  const script = fileURLToPath(new URL("./hdf5-child.js", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
    encoding: "utf8",
    input: JSON.stringify(task),
    maxBuffer: 2 ** 28,
  });
  const message = `${call}: expected ${path} to be readable, got an error of the process that looked: ${stderr}; copy or record the file again`;
  const answer = status === 0 ? JSON.parse(stdout) : { error: { message, fields: { path } } };
  if (answer.error) throw new FileError(answer.error.message, answer.error.fields);
  return answer.answer;
}

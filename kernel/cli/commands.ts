// Registry of all commands: a new one is one file and one line.
import type { CommandFile } from "./command.js";
import { completionCommand } from "./completion.js";
import { doctorCommand } from "./doctor.js";
import { doseCommand } from "./dose.js";
import { inspectCommand } from "./inspect.js";
import { kernelCommand } from "./kernel.js";
import { labCommand } from "./lab.js";
import { newCommand } from "./new.js";
import { recordCommand } from "./record.js";
import { reduceCommand } from "./reduce.js";
import { replCommand } from "./repl.js";
import { runCommand } from "./run.js";
import { startCommand } from "./start.js";

/** In the order of the overview. */
export const commands: readonly CommandFile[] = [
  startCommand,
  newCommand,
  labCommand,
  runCommand,
  replCommand,
  inspectCommand,
  doseCommand,
  recordCommand,
  reduceCommand,
  kernelCommand,
  doctorCommand,
  completionCommand,
];

// A program of its own: prints shapes and headers of a file's frames as JSON. For describeFrames, which cannot wait.
import { OperandoseError } from "../errors.js";
import { openFrames, prepareFrames } from "./frame-file.js";
import type { ImageKind } from "./nexus-file.js";

const [place, kind] = process.argv.slice(2);
try {
  await prepareFrames([place]);
  const file = openFrames(place, (kind || undefined) as ImageKind | undefined);
  process.stdout.write(JSON.stringify({ frames: file.frames }));
  file.close();
} catch (error) {
  if (!(error instanceof OperandoseError)) throw error;
  process.stdout.write(JSON.stringify({ error: { message: error.message, fields: error.fields } }));
}

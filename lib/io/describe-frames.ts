// A program that prints shapes and headers of the frames of a file as JSON, for describeFrames, which is
// synchronous.
import { OperandoseError } from "../errors.js";
import { describeFrames, prepareFrames } from "./frame-file.js";
import type { ImageKind } from "./frames.js";
import type { Incomplete } from "./incomplete.js";

const [place, kind, incomplete] = process.argv.slice(2);
try {
  await prepareFrames([place]);
  const frames = describeFrames(
    place,
    (kind || undefined) as ImageKind | undefined,
    incomplete as Incomplete,
  );
  process.stdout.write(JSON.stringify({ frames }));
} catch (error) {
  if (!(error instanceof OperandoseError)) throw error;
  process.stdout.write(JSON.stringify({ error: { message: error.message, fields: error.fields } }));
}

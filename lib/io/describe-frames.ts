// A program that prints shapes and headers of the frames of a file as JSON, for describeFrames, which is
// synchronous. It gets the place of the frames as JSON through its standard input.
import { readFileSync } from "node:fs";
import { OperandoseError } from "../errors.js";
import { describeFrames, prepareFrames } from "./frame-file.js";
import type { FramePlace } from "./frames.js";

const place: FramePlace = JSON.parse(readFileSync(0, "utf8"));
try {
  await prepareFrames([place.path]);
  const frames = describeFrames(place);
  process.stdout.write(JSON.stringify({ frames }));
} catch (error) {
  if (!(error instanceof OperandoseError)) throw error;
  process.stdout.write(JSON.stringify({ error: { message: error.message, fields: error.fields } }));
}

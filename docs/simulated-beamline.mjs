// @ts-check
// Writes the tables of docs/simulated-beamline.md anew from what the devices say of themselves. Needs the built library.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parameterTables } from "../dist/beamline/document.js";

const path = fileURLToPath(new URL("./simulated-beamline.md", import.meta.url));
const mark = "<!-- What follows is written by docs/simulated-beamline.mjs. -->";
const [prose] = readFileSync(path, "utf8").split(mark);
writeFileSync(path, `${prose}${mark}\n\n${parameterTables()}\n`);

// @ts-check
// A full-size cube (580 x 748 x 2048 counts, 1.78 GB) in one file of each large format: seconds and memory to describe it, and to
// stream it to the mean counts of each image. Each file is read by a process of its own.
//
//  npm run setup && node bench/formats.mjs [--energies 580]
//
// It needs 2 GB of disk. The table goes to docs/measured.md.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makers } from "./formats/make.mjs";

const { values: options } = parseArgs({ options: { energies: { type: "string", default: "580" } } });
const [n, height, width] = [Number(options.energies), 748, 2048];
const energies = Array.from({ length: n }, (_, k) => 8266 + (612 * k) / (n - 1));
const counts = Uint16Array.from({ length: height * width }, (_, p) => 2000 + ((p * 7919) % 1777));
/** @param {number} k */
const image = (k) => {
  counts[0] = 2000 + k;
  return counts;
};
/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "operandose-formats-"));
const lines = [
  "| format | GB | describe, s | peak GB | stream, s | peak GB |",
  "| --- | --- | --- | --- | --- | --- |",
];
try {
  for (const [name, { ending, make }] of Object.entries(makers)) {
    const path = join(folder, `large.${ending}`);
    await make(path, { energies, height, width, image });
    const args = [here("./formats/stream.mjs"), path, ...[energies[0], energies[n - 1], n].map(String)];
    const env = { ...process.env, OPERANDOSE_CACHE: "off" };
    const report = JSON.parse(
      execFileSync(process.execPath, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
    const { described, describing, streamed, memory } = report;
    const cells = [statSync(path).size / 1e9, described, describing, streamed, memory].map((value) =>
      value.toFixed(2),
    );
    lines.push(`| ${name} | ${cells.join(" | ")} |`);
    console.log(lines.at(-1));
    rmSync(path);
  }
  const load = loadavg().map((value) => value.toFixed(1));
  const machine = `${cpus().length} x ${cpus()[0].model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; load ${load.join(", ")} (1, 5, 15 min), bench included`;
  write([`On ${machine}.`, "", ...lines].join("\n"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} table */
function write(table) {
  const path = here("../docs/measured.md");
  const [begin, end] = ["<!-- bench/formats.mjs -->", "<!-- /bench/formats.mjs -->"];
  const text = readFileSync(path, "utf8");
  const from = text.indexOf(begin);
  writeFileSync(path, `${text.slice(0, from)}${begin}\n${table}\n${text.slice(text.indexOf(end))}`);
}

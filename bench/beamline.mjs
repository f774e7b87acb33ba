// @ts-check
// How long the simulated beamline takes for one full-size cube with photon noise, without the disk, and how much memory.
// Needs the built library: npm run build. Usage: node bench/beamline.mjs [frames, default 116 of 580]
import { electrodes } from "../dist/beamline/concentrations.js";
import { resolveConfiguration } from "../dist/beamline/configurations.js";
import { Recorder } from "../dist/beamline/recorder.js";
import { schedule } from "../dist/beamline/schedule.js";
import { EdfWriter } from "../dist/io/edf.js";

// The frames are made and not written.
Object.assign(EdfWriter, { create: () => ({ append() {}, finish() {}, abort() {} }) });

const frames = Number(process.argv[2] ?? 116);
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

for (const name of /** @type {const} */ (["farther", "closer"])) {
  const configuration = resolveConfiguration(name);
  let from = cpu();
  const state = electrodes(configuration)("C").at(23_000);
  console.log(`${name}: kinetics of the whole experiment ${(cpu() - from).toFixed(1)} s of one core`);

  const part = schedule(configuration, "full").find((one) => one.name === "holdC");
  if (!part) throw new Error("bench: the full scale has no holdC");
  const record = new Recorder(configuration, 1).record({
    path: "",
    part,
    file: part.files[0],
    index: 0,
    state,
  });
  record.next(); // makes the maps
  from = cpu();
  for (let k = 0; k < frames; k++) record.next();
  const seconds = ((cpu() - from) / frames) * part.frames;
  const { rows, columns } = part.grid;
  console.log(
    `${name}: ${part.frames} x ${rows} x ${columns} in ${seconds.toFixed(1)} s of one core, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB; cubes are recorded side by side, one a core`,
  );
  record.return();
}

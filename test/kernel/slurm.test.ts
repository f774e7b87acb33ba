// The job array on a Slurm of two nodes on this machine, which the test starts.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { temporaryFolder } from "../io/support.js";
import { absent, peer } from "../support/peers.js";
import { smallExperiment } from "../support/small-experiment.js";
import { run } from "./run-command.js";

const out = temporaryFolder();
const starter = resolve(import.meta.dirname, "../support/start-slurm");
const isRoot = process.getuid?.() === 0;
const MAX_ARRAY = 5;

beforeAll(() => {
  if (absent("sbatch") !== null || !isRoot) return;
  execFileSync(starter, [join(out, "slurm"), "2", String(MAX_ARRAY)], { stdio: "ignore" });
  process.env.SLURM_CONF = join(out, "slurm", "slurm.conf");
});
afterAll(() => {
  if (process.env.SLURM_CONF) execFileSync(starter, ["--stop", join(out, "slurm")], { stdio: "ignore" });
});
beforeEach(peer("sbatch"));
beforeEach(({ skip }) => skip(!isRoot, "Slurm and munge are started by root"));

const slurm = (program: string, ...args: string[]): string =>
  spawnSync(program, args, { encoding: "utf8" }).stdout;
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((later) => setTimeout(later, 100));
};
const states = (job: string): string[] =>
  slurm("squeue", "-h", "-r", "-j", job, "-t", "PENDING,RUNNING,COMPLETING", "-o", "%T")
    .split("\n")
    .filter(Boolean);
const numbers = async (path: string) => Array.from((await Cube.load(path).compute()).data);
const chain = (): Cube => Cube.load(small.folder).absorb().bin(2);
const small = smallExperiment({ nTimes: 9 });

test("nine cubes in four tasks, one killed, a node drained; submitted again: the local store", async () => {
  const plan = chain().savePlan(join(out, "plan.json"));
  const store = join(out, "reduced.zarr");
  const submitted = async (): Promise<string> => {
    const { code, out: said, error } = await run("reduce", plan, "--out", store, "--slurm", "--at-once", "2");
    expect([code, error]).toEqual([0, ""]);
    expect(said).toContain("9 cubes in 4 tasks");
    return /job (\d+)/.exec(said)?.[1] ?? "";
  };
  const job = await submitted();
  // A task that waits is canceled: its cubes will be missing.
  slurm("scancel", `${job}_4`);
  await until(() => states(job).includes("RUNNING"));
  slurm("scontrol", "update", "nodename=n2", "state=drain", "reason=test");
  await until(() => states(job).length === 0);
  const steps = join(store, "data", "steps");
  expect(existsSync(steps) ? readdirSync(steps).length : 0).toBeLessThan(9);
  slurm("scontrol", "update", "nodename=n2", "state=resume");

  const again = await submitted();
  await until(() => states(again).length === 0);
  expect(readdirSync(steps)).toHaveLength(9);
  expect(readFileSync(join(`${store}.logs`, "4.log"), "utf8")).toContain("saved in");
  const local = await chain().save(join(out, "local.zarr"));
  expect(await numbers(store)).toEqual(await numbers(local));
  const lacks = (path: string) => Cube.load(path).plan.source.store?.provenance.invalid;
  expect(lacks(store)).toEqual(lacks(local));
});

test("the script can be read; errors of Slurm are passed on", async () => {
  const plan = chain().savePlan(join(out, "plan.json"));
  const words = ["reduce", plan, "--out", join(out, "it's.zarr"), "--slurm"];
  const { out: script } = await run(...words, "--dry-run", "--before", "module load nodejs", "--strict");
  expect(script).toMatch(/^#!\/bin\/bash\n/);
  expect(script).toContain(`#SBATCH --array=1-${MAX_ARRAY - 1}\n`);
  expect(script).toMatch(
    /\nmodule load nodejs\nexec .* '\S*it'\\''s\.zarr' --strict --task "\$SLURM_ARRAY_TASK_ID\/4"\n$/,
  );
  const refused = await run(...words, "--sbatch", "--partition=none");
  expect([refused.code, refused.error]).toEqual([1, expect.stringContaining("invalid partition")]);
  expect((await run(...words, "--sbatch", "--array=1-3")).code).toBe(2);
  expect((await run(...words, "--task", "1/2")).code).toBe(2);
  expect((await run(...words.slice(0, -1), "--dry-run")).code).toBe(2);
});

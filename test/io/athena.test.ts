// Athena projects: both kinds, written and read, checked with Perl and Python; real projects where they are there.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ArgumentError, ShapeError } from "../../lib/errors.js";
import { normalize } from "../../lib/index.js";
import { readAthena, writeAthena } from "../../lib/io/athena.js";
import { fileError, put, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const energy = Array.from({ length: 60 }, (_, k) => 8250 + 5 * k);
const mu = energy.map((e) => 0.2 + 0.8 / (1 + Math.exp(-(e - 8340) / 3)) - (e - 8250) / 5000);
const normalization = { e0: 8340, pre: [-80, -20], post: [40, 190], degree: 1 } as const;
const group = {
  label: "it's \\ a 'name'",
  energy,
  mu,
  normalization,
  stddev: mu.map(() => 0.001),
  i0: mu.map(() => 1e5),
};

describe.each(["json", "perl"] as const)("%s", (kind) => {
  test.each([true, false])("what is written is read, gzip %s", async (gzip) => {
    const path = join(folder, `${kind}-${gzip}.prj`);
    await writeAthena(path, [group, { label: "normalized", energy, mu, normalized: true }], { kind, gzip });
    expect(readFileSync(path)[0] === 0x1f).toBe(gzip);
    const { groups, skipped } = await readAthena(path);
    expect(skipped).toEqual({});
    expect(groups.map(({ label }) => label)).toEqual([group.label, "normalized"]);
    expect(Array.from(groups[0].energy)).toEqual(energy);
    expect(Array.from(groups[0].mu)).toEqual(mu);
    expect(Array.from(groups[0].stddev as Float64Array)).toEqual(group.stddev);
    expect(Array.from(groups[0].i0 as Float64Array)).toEqual(group.i0);
    expect(groups[0].normalization).toEqual(normalization);
    expect(groups.map(({ normalized }) => normalized)).toEqual([false, true]);
    expect(groups[1].normalization).toBeUndefined();
  });
});

test("Perl and Python read the two kinds as their own", async (context) => {
  const [perl, json] = [join(folder, "peer-perl.prj"), join(folder, "peer-json.prj")];
  await writeAthena(perl, [group], { kind: "perl", gzip: false });
  await writeAthena(json, [group], { kind: "json", gzip: true });
  const script = `while (<>) { if (/^\\[record\\]/) { print join("|", $old_group, {@args}->{label}, scalar(@x), $y[3]), "\\n" } else { eval $_; die $@ if $@ } }`;
  const run = spawnSync("/usr/bin/perl", ["-e", script, perl], { encoding: "utf8" });
  if (run.error) context.skip("no Perl");
  expect(run.stdout).toBe(`odaaa|${group.label}|60|${mu[3]}\n`);
  const code =
    "import gzip, json, sys\nd = json.load(gzip.open(sys.argv[1]))\nprint(len(d['odaaa']['x']), d['odaaa']['args']['bkg_nnorm'], d['_____order'])";
  const python = spawnSync("/usr/bin/python3", ["-c", code, json], { encoding: "utf8" });
  if (python.status === 0) expect(python.stdout).toBe("60 2 ['odaaa']\n");
});

test("energies are shifted as the project says, and what is no spectrum is left out by name", async () => {
  const args = (more: string) =>
    `@args = ('label','a','bkg_eshift','1.5'${more});\n@x = ('8330','8331');\n@y = ('1',2);\n[record]\n`;
  const head = "# Athena project file -- Athena version 0.8.061\n";
  const path = put(
    folder,
    "shift.prj",
    `${head}$old_group = 'a';\n${args("")}$old_group = 'b';\n${args(",'label','k','is_chi',1")}@journal = ('one','two');\n1;\n`,
  );
  const { groups, skipped, journal } = await readAthena(path);
  expect(Array.from(groups[0].energy)).toEqual([8331.5, 8332.5]);
  expect(Object.keys(skipped)).toEqual(["k"]);
  expect(journal).toEqual(["one", "two"]);
});

describe("what is refused", () => {
  const head = "# Athena project file -- Athena version 0.8.061\n$old_group = 'a';\n";
  test.each([
    ["no record", `${head}@x = ('1');\n`, /no \[record\] for the last group/],
    ["an open list", `${head}@x = ('1',\n[record]\n`, /a list that does not end in line 3/],
    ["other Perl", `${head}@x = map { $_ } (1);\n[record]\n`, /no list of Perl in line 3/],
    [
      "no energies",
      `${head}@args = ('label','foil');\n@y = ('1');\n[record]\n`,
      /expected as many energies as values of mu in "foil", got none, 1/,
    ],
    ["other lengths", `${head}@x = (1,2);\n@y = ('1');\n[record]\n`, /got 2, 1, none, none/],
    [
      "no numbers",
      `${head}@x = (1,'two');\n@y = (1,2);\n[record]\n`,
      /expected numbers in x of "a", got "two" at place 1/,
    ],
    ["no groups", "# Athena project file -- Athena version 0.8.061\n1;\n", /with groups, got none/],
    [
      "half of JSON",
      '{"_____header1": "# Athena project file", "a": {"args": {"la',
      /expected an Athena project, got/,
    ],
  ])("%s", async (name, content, why) => {
    const path = put(folder, `odd ${name}.prj`, content);
    const error = await fileError(() => readAthena(path));
    expect(error.message).toMatch(why);
    expect(error.fields.path).toBe(path);
  });

  test("spectra that cannot be written", async () => {
    const path = join(folder, "never.prj");
    await expect(writeAthena(path, [])).rejects.toThrow(ArgumentError);
    await expect(writeAthena(path, [{ label: "a", energy, mu: mu.slice(1) }])).rejects.toThrow(ShapeError);
    await expect(writeAthena(path, [{ label: "a", energy, mu: mu.map(() => Number.NaN) }])).rejects.toThrow(
      /finite numbers in mu of "a", got NaN at place 0/,
    );
    await expect(writeAthena(path, [{ label: "", energy, mu }])).rejects.toThrow(/a label of spectrum 0/);
    await expect(writeAthena(path, [group], { kind: "xml" as never })).rejects.toThrow(
      /expected kind as json \| perl/,
    );
    await expect(writeAthena(path, [{ ...group, labels: 1 } as never])).rejects.toThrow(/an option "labels"/);
    expect(existsSync(path)).toBe(false);
  });
});

test("real projects: their spectra, and the edge steps that Athena found", async (context) => {
  const shared = join(import.meta.dirname, "../../../shared/data/athena");
  if (!existsSync(shared)) context.skip("../shared/data/athena is not there");
  const counts = {
    FeO: 1,
    athena1: undefined,
    FeFoil_QXAFS_Compare: undefined,
    Ni_FeNiS20_RT: undefined,
    json_unzipped: 4,
  };
  for (const [name, n] of Object.entries(counts)) {
    const path = join(shared, `${name}.prj`);
    const bytes = readFileSync(path);
    const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString("latin1");
    const { groups, skipped } = await readAthena(path);
    const records = text.match(/^\[record\]/gm)?.length ?? text.match(/"args":/g)?.length;
    expect([name, groups.length + Object.keys(skipped).length]).toEqual([name, records]);
    if (n !== undefined) expect(groups.length).toBe(n);
    for (const { energy, mu, normalization, label } of groups) {
      expect(energy.length).toBe(mu.length);
      if (!normalization?.edgeStep || normalization.degree < 1) continue;
      const { e0, pre, post, degree } = normalization;
      const inside = energy.filter((e) => e >= e0 + post[0] && e <= e0 + post[1]).length;
      const below = energy.filter((e) => e >= e0 + pre[0] && e <= e0 + pre[1]).length;
      // Windows that reach beyond the scan are cut by Athena and refused here.
      const reaches = energy[0] > e0 + pre[0] || (energy.at(-1) as number) < e0 + post[1];
      if (inside < 10 || below < 4 || reaches) continue;
      const own = normalize(energy, mu, { e0, pre: [...pre], post: [...post], degree });
      // Athena's fit above the edge is that of mu less the line below: within 5 % of the step.
      expect([name, label, Math.abs(own.edgeStep / normalization.edgeStep - 1) < 0.05]).toEqual([
        name,
        label,
        true,
      ]);
    }
  }
});

// What makes a page, and what it refuses.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, test } from "vitest";
import { modules, pageScript } from "../../lib/explore/script.js";
import { ArgumentError, Cube, DataError, type Explorer, SchemaError, ShapeError } from "../../lib/index.js";
import { smallExperiment } from "../support/small-experiment.js";

describe("the program of the page", () => {
  const program = pageScript();
  const source = ts.createSourceFile("page.js", program, ts.ScriptTarget.ES2022, true);

  test("is one script without imports that any page may hold", () => {
    expect(() => new Function(program)).not.toThrow();
    expect(program).not.toMatch(/^\s*(import|export)\b/m);
    expect(program.toLowerCase()).not.toContain("</script");
    expect(program.toLowerCase()).not.toContain("<!--");
    expect(program).not.toMatch(
      /innerHTML|document\.write|eval\(|fetch\(|XMLHttpRequest|https?:\/\/(?!www\.w3\.org)/,
    );
  });

  test("has each name once: its modules share one scope", () => {
    const names: string[] = [];
    const arrow = source.statements[0].getChildAt(0).getChildAt(0).getChildAt(1) as ts.ArrowFunction;
    for (const statement of (arrow.body as ts.Block).statements) {
      if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
        names.push(statement.name?.text ?? "");
      } else if (ts.isVariableStatement(statement)) {
        names.push(...statement.declarationList.declarations.map((d) => d.name.getText()));
      }
    }
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  test("has its modules in an order in which each knows those before it", () => {
    for (const [i, name] of modules.entries()) {
      const text = readFileSync(new URL(`../../lib/explore/page/${name}.ts`, import.meta.url), "utf8");
      for (const [, words, from] of text.matchAll(/^import ([^;]*?) from "(?:\.\/)?(.+?)\.js";/gms)) {
        if (words.startsWith("type ")) continue;
        // Classes and constants must be there before they are used; functions are hoisted.
        expect(modules.indexOf(from as (typeof modules)[number]), `${from} before ${name}`).toBeLessThan(i);
      }
    }
  });
});

describe("explore", () => {
  const small = smallExperiment();
  const cube = Cube.load(small.folder).absorb();
  let explorer: Explorer;
  beforeAll(async () => {
    explorer = await cube.average().explore({ title: "A & B" });
  });

  test("shows itself in a frame that holds the page and can reach nothing", () => {
    const display = (explorer as unknown as Record<symbol, () => Record<string, string>>)[
      Symbol.for("Jupyter.display")
    ]();
    expect(display["text/plain"]).toMatch(/^Explorer: A & B \(0\.\d\d MB\)$/);
    expect(display["text/html"]).toMatch(/^<iframe title="A &amp; B" sandbox="allow-scripts" /);
    const srcdoc = /srcdoc="([^"]*)"/.exec(display["text/html"])?.[1] ?? "";
    expect(srcdoc.replaceAll("&quot;", '"').replaceAll("&amp;", "&")).toBe(explorer.html);
  });

  test("lets only its own program run and nothing be loaded", () => {
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(explorer.html) ?? [];
    const [, program] = /<script>([\s\S]*?)<\/script>/.exec(explorer.html) ?? [];
    const hash = createHash("sha256").update(program).digest("base64");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${hash}';`);
    expect(explorer.html).not.toMatch(/<(script|img|link)[^>]+(src|href)=/);
  });

  test("says what was rounded, and the largest error", () => {
    expect(explorer.notes.join(" ")).toMatch(/rounded to multiples of [\d.]+: largest error/);
    expect(explorer.html).toContain(explorer.notes[0]);
    expect(explorer.bytes).toBe(Buffer.byteLength(explorer.html));
    expect(explorer.publishAs).toEqual({ folder: "explore", endings: ["html"] });
  });

  test("is written as a page, and as nothing else", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "operandose-explore-")), "x.html");
    await explorer.save(path);
    expect(readFileSync(path, "utf8")).toBe(explorer.html);
    await expect(explorer.save("x.svg")).rejects.toThrow(
      'explorer.save: expected a path that ends in .html, got "x.svg"; rename it',
    );
  });

  test("rounds more coarsely where the page would be too large, and says so", async () => {
    const tight = await cube.explore({ maxBytes: 220_000 });
    const free = await cube.explore();
    expect(free.bytes).toBeGreaterThan(220_000);
    expect(tight.bytes).toBeLessThanOrEqual(220_000);
    expect(tight.largestError).toBeGreaterThan(free.largestError);
    expect(tight.notes.join(" ")).toContain("coarser");
  });

  test("refuses options that it does not know", async () => {
    const wrong = async (
      options: object,
      message: string | RegExp,
      kind: new (message: string) => Error = ArgumentError,
    ) => {
      const error = await cube.explore(options).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(kind);
      expect((error as Error).message).toMatch(message);
    };
    await wrong(
      { component: 3 },
      /^explore: expected options \{ components\?, names\?, .*got an option "component"; did you mean "components"/,
    );
    await wrong({ title: 3 }, "expected title as text, got 3");
    await wrong({ maxBytes: 10 }, "expected maxBytes as a number of bytes");
    await wrong({ names: ["a"] }, "expected no names without components");
    const S = Array.from({ length: 9 }, (_, i) => small.energies.map((e) => Math.sin(e / (i + 20))));
    await wrong({ components: 3 }, /^explore: expected a matrix .*got 3$/, ShapeError);
    await wrong({ components: [[1, 2]] }, "components with 150 energies, got 2", ShapeError);
    await wrong({ components: [S[0], S[0]] }, "components that are independent", DataError);
    await wrong({ components: S }, "at most 8 components, got 9");
    await wrong({ components: S.slice(0, 2), names: ["a"] }, "names as 2 strings");
  });

  test("refuses chains that it cannot show, before anything is read", async () => {
    const counts = Cube.load(small.folder);
    const S = [small.species[0], small.species[1]];
    await expect(counts.explore({ components: S })).rejects.toThrow(
      /^explore: expected absorbance .*got counts; call .absorb\(\) first$/,
    );
    // As large as a full-size camera: a plan knows its sizes without files of them.
    const large = Object.assign(Object.create(Object.getPrototypeOf(cube)), {
      plan: { ...cube.normalize().plan, schema: { ...cube.normalize().schema, height: 1000, width: 2000 } },
    }) as Cube;
    const error = await large.explore().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SchemaError);
    expect((error as Error).message).toMatch(/call (\.average\(\d+\))?\.bin\(\d+\) before \.normalize\(\)$/);
  });

  test("names the remedy where there is no dose rate", () => {
    expect(explorer.html).toContain("Call .doseRate(stack), and .dose() for doses, before .explore().");
  });
});

describe("explore of results", () => {
  const small = smallExperiment();
  const series = Cube.load(small.folder).calibrate().absorb().doseRate();

  test("shows fits, resolutions and series, and chooses by maps of the same image", async () => {
    const { resolved, rate } = await series.compute({
      resolved: (c) => c.mcrAls(2),
      rate: (c) => c.map("doseRate"),
    });
    const fit = await series.average().fit(resolved);
    const page = fit.explore({ by: rate, names: ["pristine", "charged"] });
    expect(page.html).toContain("charged");
    expect(page.html).toContain("What is shown as a spectrum is the fit itself");
    expect(page.html).toContain('id="histogram"');
    expect(resolved.explore().html).toContain('id="profile"');
    const spectra = await series.normalize().spectra();
    expect(spectra.explore({ components: resolved }).html).toContain('id="concentration-1"');

    const coarse = await series.bin(2).map("doseRate");
    expect(() => fit.explore({ by: coarse })).toThrow(ShapeError);
    expect(() => fit.explore({ by: coarse })).toThrow(/expected a map of 18 x 13 pixels, got 9 x 6/);
    expect(() => resolved.explore({ by: rate })).toThrow(/expected no \{ by \} for a series/);
    // @ts-expect-error a map, not a number
    expect(() => fit.explore({ by: 3 })).toThrow(/expected \{ by \} as a map, got 3/);
    // @ts-expect-error a fit has its own components
    expect(() => fit.explore({ components: resolved })).toThrow(/got an option "components"/);
    // Components of twice the height: concentrations of about a half.
    const open = await series.average().fit(resolved.S.clone().mul(2), { closure: false });
    expect(() => open.explore()).toThrow(/expected concentrations that sum to one/);
    const absorbance = await series.spectra();
    expect(() => absorbance.explore({ components: resolved })).toThrow(/expected normalized spectra/);
  });
});

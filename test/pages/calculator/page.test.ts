// The built page without a browser: its program runs on linkedom's DOM, and its numbers are those of the library.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseHTML } from "linkedom";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withMenu } from "../../../kernel/site/with-menu.js";
import { Layer } from "../../../lib/dose/layer.js";
import { Material } from "../../../lib/dose/material.js";
import { materials } from "../../../lib/dose/materials.js";
import { rockCell } from "../../../lib/dose/rock-cell.js";
import { Stack } from "../../../lib/dose/stack.js";
import { examples } from "../../../lib/pages/calculator/examples.js";
import { fragmentOf } from "../../../lib/pages/calculator/link.js";
import { builtPage, columnsOf } from "./built.js";

const root = resolve(import.meta.dirname, "../../..");

/** Runs the page's program; the page is then as a browser shows it, without its layout. */
class OpenPage {
  readonly document: Document;
  private readonly timers: (() => void)[] = [];
  private readonly window: Window & typeof globalThis;

  constructor(html: string, hash = "") {
    const { document, window } = parseHTML(html);
    this.document = document as unknown as Document;
    this.window = window as unknown as Window & typeof globalThis;
    const location = { hash, href: `file:///dose-calculator.html${hash}` };
    const script = this.document.querySelector("script")?.textContent ?? "";
    const later = (work: () => void): number => this.timers.push(work);
    const screen = { addEventListener: () => {}, setTimeout: later, clearTimeout: () => {} };
    // The program sees only what a browser has: nothing of Node.
    const run = new Function(
      "document",
      "window",
      "location",
      "history",
      "process",
      "require",
      "Buffer",
      script,
    );
    run(document, screen, location, { replaceState: (_: unknown, __: string, to: string) => { location.hash = to; } }); // biome-ignore format: one line
    this.hash = () => location.hash;
  }

  readonly hash: () => string;

  part<T extends HTMLElement>(id: string): T {
    const found = this.document.getElementById(id);
    if (!found) throw new Error(`expected #${id} on the page, got none`);
    return found as T;
  }

  /** Writes into a field, and waits until the page has computed. */
  type(id: string, value: string): void {
    const field = this.part<HTMLInputElement>(id);
    if (field.localName === "select") {
      // linkedom takes the value of a select from its options alone.
      for (const option of field.querySelectorAll("option")) {
        if (option.getAttribute("value") === value) option.setAttribute("selected", "");
        else option.removeAttribute("selected");
      }
    } else field.value = value;
    this.fire(field, "input");
    this.fire(field, "change");
    for (const work of this.timers.splice(0)) work();
  }

  click(id: string): void {
    this.fire(this.part(id), "click");
    for (const work of this.timers.splice(0)) work();
  }

  /** The page's own table, with all digits. */
  table(): ReturnType<typeof columnsOf> {
    return columnsOf(this.part<HTMLTextAreaElement>("table-text").value);
  }

  note(id: string): string {
    return this.part(`${id}-note`).textContent ?? "";
  }

  private fire(target: Element, type: string): void {
    target.dispatchEvent(new this.window.Event(type, { bubbles: true, cancelable: true }));
  }
}

describe("the page", () => {
  const folder = mkdtempSync(join(tmpdir(), "operandose-calculator-"));
  let html: string;
  beforeAll(async () => {
    html = await builtPage();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is one file that loads nothing, and holds the tables that it needs alone", () => {
    // The policy forbids what the program could still ask for.
    expect(html.replace(/<script>.*<\/script>/s, "")).not.toMatch(/<(link|img|iframe)\b|src=|@import|url\(/);
    expect(html).toContain("default-src 'none'; script-src 'sha256-");
    // Documented: about 0.7 MB. Chantler's tables would triple it.
    expect(Buffer.byteLength(html)).toBeLessThan(0.8e6);
  });

  test("has the menu in a site, once, and none as a file of its own", () => {
    const place = { path: "dose-calculator.html", pages: new Set(["index.html", "dose-calculator.html"]) };
    const once = withMenu(html, place);
    expect(once).toContain('<a href="index.html">');
    expect(once).toContain('<a href="dose-calculator.html" aria-current="page">');
    expect(withMenu(once, place)).toBe(once);
    expect(html).not.toContain("index.html");
  });

  /** Largest relative difference of the page's numbers from stack.dose. */
  function difference(page: OpenPage, stack: Stack, beam: Parameters<Stack["dose"]>[0]): number {
    const expected = stack.dose(beam).columns();
    const shown = page.table();
    let worst = 0;
    let compared = 0;
    for (const [name, values] of Object.entries(expected)) {
      const column = [...shown].find(([title]) => title.replace(/ \([^()]*\)$/, "") === name)?.[1];
      values.forEach((value, i) => {
        if (typeof value !== "number") return;
        compared++;
        const got = column?.[i];
        if (typeof got !== "number") throw new Error(`${name} of layer ${i}: expected ${value}, got ${got}`);
        worst = Math.max(worst, value === 0 ? Math.abs(got) : Math.abs(got / value - 1));
      });
    }
    expect(compared).toBeGreaterThan(10 * stack.layers.length);
    return worst;
  }

  test("shows the SI's cell first, with the numbers of the library", () => {
    const page = new OpenPage(html);
    expect(page.document.body.dataset.state).toBe("ready");
    const beam = { energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5, exposure: 17_320 };
    expect(difference(page, rockCell(), beam)).toBeLessThan(1e-9);
    expect(page.part("headline").textContent).toMatch(/^Cathode \(porous\): 4\.134 kGy\/s, 71\.6 MGy/);
    expect(page.document.querySelectorAll("#results figure > svg").length).toBe(4);
    const text = page.part("results").textContent ?? "";
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    for (const number of ["2.646 kGy/s", "3.69 kGy/s", "4.134 kGy/s", "4.118 kGy/s", "0.1353 kGy/s"]) {
      expect(text).toContain(number);
    }
  });

  test.each(examples)("computes the example $id as its own files do", ({ form, id }) => {
    const page = new OpenPage(html, `#${fragmentOf(form)}`);
    expect(page.document.querySelectorAll(".note.wrong, .note.missing").length).toBe(0);
    const stack = Stack.from(JSON.parse(page.part<HTMLTextAreaElement>("stack-text").value));
    const { beam: b } = form;
    const seconds = { s: 1, min: 60, h: 3600 }[b.unit] as number;
    const beam = {
      energy: b.kind === "scan" ? Array.from({ length: Number(b.to) - Number(b.from) + 1 }, (_, i) => Number(b.from) + i) : Number(b.energy), // biome-ignore format: one line
      flux: Number(b.flux),
      width: Number(b.width),
      height: Number(b.height),
      exposure: Number(b.exposure) * seconds,
    };
    expect(difference(page, stack, beam)).toBeLessThan(1e-9);

    // The command of the page, with the file of the page, in the command line program.
    const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    writeFileSync(join(folder, "cell.json"), page.part<HTMLTextAreaElement>("stack-text").value);
    const [npx, program, ...args] = (page.part("command").textContent ?? "").split(" ");
    expect([npx, program]).toEqual(["npx", "operandose"]);
    const out = execFileSync(process.execPath, [join(root, bin.operandose), ...args, "--json"], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    const { layers } = JSON.parse(out) as { layers: { dose: { porous: number } }[] };
    const shown = page.table().get("dose porous (Gy)") ?? [];
    expect([id, layers.length]).toEqual([id, stack.layers.length]);
    layers.forEach(({ dose }, i) => {
      expect(Math.abs(dose.porous / Number(shown[i]) - 1)).toBeLessThan(1e-9);
    });
  });

  test("follows its fields", () => {
    const page = new OpenPage(html);
    const first = page.hash();
    page.type("layers-3-thickness", "20");
    page.type("beam-energy", "9000");
    page.type("beam-exposure", "2");
    page.type("beam-unit", "h");
    const layers = rockCell().layers.map((layer) =>
      layer.name === "Cathode" ? new Layer({ ...layer.toJSON(), thickness: 20 }) : layer,
    );
    const beam = { energy: 9000, flux: 1.041e12, width: 3315, height: 1202.5, exposure: 7200 };
    expect(difference(page, new Stack(layers), beam)).toBeLessThan(1e-9);
    expect(page.hash()).not.toBe(first);
    expect(difference(new OpenPage(html, page.hash()), new Stack(layers), beam)).toBeLessThan(1e-9);
  });

  test("takes a formula in place of a material of the list", () => {
    const page = new OpenPage(html);
    page.type("layers-3-solid", "formula");
    expect(page.note("layers-3-formula")).toBe("Needs a formula, such as LiFePO4.");
    expect(page.part("headline").textContent).toBe("No dose yet: 2 fields are empty.");
    page.type("layers-3-formula", "LiNi0.5Mn1.5O4");
    page.type("layers-3-density", "4.45");
    const layers = rockCell().layers.map((layer) =>
      layer.name === "Cathode"
        ? new Layer({ ...layer.toJSON(), solid: new Material({ formula: "LiNi0.5Mn1.5O4", density: 4.45 }) })
        : layer,
    );
    const beam = { energy: 8390, flux: 1.041e12, width: 3315, height: 1202.5, exposure: 17_320 };
    expect(difference(page, new Stack(layers), beam)).toBeLessThan(1e-9);
  });

  test("explains a bad value at its field, and lists it", () => {
    const page = new OpenPage(html);
    page.type("layers-3-porosity", "36");
    const field = page.part("layers-3-porosity");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    expect(field.getAttribute("aria-describedby")).toBe("layers-3-porosity-note");
    expect(page.note("layers-3-porosity")).toContain("fraction of the volume, not percent");
    expect(page.document.querySelector('#results [data-goto="layers-3-porosity"]')).not.toBeNull();
    expect(page.part("save-stack").hasAttribute("disabled")).toBe(true);
    page.type("layers-3-porosity", "0.36");
    expect(field.getAttribute("aria-invalid")).toBe("false");
    expect(page.note("layers-3-porosity")).toBe("");
  });

  test("adds, moves and removes layers; the absorber stays the absorber", () => {
    const page = new OpenPage(html);
    const names = (): string[] => (page.table().get("layer") ?? []).map(String);
    page.click("up-3");
    expect(names()).toEqual(["Diamond window", "Counter electrode", "Cathode", "Separator"]);
    expect(page.part("headline").textContent).toMatch(/^Cathode/);
    page.click("remove-0");
    expect(names()).toEqual(["Counter electrode", "Cathode", "Separator"]);
    expect(page.part("headline").textContent).toMatch(/^Cathode/);
    page.click("remove-1");
    expect(page.part("headline").textContent).toContain("No dose yet");
    page.click("add-layer");
    expect(page.note("layers-2-thickness")).toBe("Needs the thickness in µm.");
  });

  test("shows text from a link as text", () => {
    const hostile = `</script><img src=x onerror=alert(1)>"'&`;
    const { form } = examples[0];
    const layers = form.layers.map((layer) => ({
      ...layer,
      name: `${hostile}${layer.name}`,
      formula: hostile,
    }));
    const source = { ...form.limit, kind: "threshold", dose: "10", source: hostile };
    const page = new OpenPage(html, `#${fragmentOf({ ...form, layers, limit: source })}`);
    expect(page.document.querySelectorAll("img, [onerror]").length).toBe(0);
    expect(page.part("headline").textContent).toContain("No dose yet");
    const named = form.layers.map((layer) => ({ ...layer, name: `${hostile}${layer.name}` }));
    const shown = new OpenPage(html, `#${fragmentOf({ ...form, layers: named, limit: source })}`);
    expect(shown.document.querySelectorAll("img, [onerror]").length).toBe(0);
    expect(shown.part("headline").textContent).toContain(hostile);
  });

  test("says that a link is cut, and shows the first example", () => {
    const page = new OpenPage(html, `#${fragmentOf(examples[1].form).slice(0, 100)}`);
    expect(page.part("copied").textContent).toContain("copy it again");
    expect(page.part("headline").textContent).toMatch(/^Cathode \(porous\): 4\.134 kGy\/s/);
  });

  test("offers every material of the library", () => {
    const page = new OpenPage(html);
    const values = [...page.part("layers-0-solid").querySelectorAll("option")].map((o) => o.getAttribute("value")); // biome-ignore format: one line
    expect(values.sort()).toEqual(["formula", ...materials().map(({ name }) => name)].sort());
  });
});

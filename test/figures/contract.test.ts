// What every kind of figure keeps, whatever it shows.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parse, type TextBox, textBoxes, texts } from "./picture.js";
import { plainNames, samples } from "./samples.js";

const hostile = {
  species: ['<script>alert("1")</script>', '"><img src=x onerror=alert(2)>', "]]>&amp;<!--\u0000\ud800"],
  title: "</title></svg><script>alert('3')</script>",
  label: "'onload=alert(4) \"&<b>",
  unit: "</text><image href=javascript:alert(5)>",
} as const;

const python = "/usr/bin/python3";

describe.each(Object.entries(samples))("figures: %s", (_kind, make) => {
  const spies = ["log", "warn", "error", "info"] as const;
  beforeEach(() => {
    for (const name of spies) vi.spyOn(console, name);
  });
  afterEach(() => {
    for (const name of spies) expect(console[name]).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it("gives the same bytes for the same data", () => {
    const first = make(plainNames).svg;
    make({ ...plainNames, label: "another picture in between" });
    expect(make(plainNames).svg).toBe(first);
  });

  it("says what it is to those who do not see it", () => {
    const figure = make({ ...plainNames, title: "Some title" });
    const svg = parse(figure.svg).querySelector("svg")!;
    expect(svg.getAttribute("role")).toBe("img");
    const ids = svg.getAttribute("aria-labelledby")!.split(" ");
    const [title, description] = ids.map((id) => svg.querySelector(`#${id}`)?.textContent);
    expect(title).toBe(figure.title);
    expect(description).toBe(figure.description);
    expect(description!.length).toBeGreaterThan(20);
    expect(description).not.toMatch(/undefined|NaN|null|\[object/);
  });

  it("writes no numbers that are none", () => {
    expect(make(plainNames).svg).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it("cuts no text off and prints none over another", () => {
    const figure = make({ ...plainNames, title: "Some title" });
    const boxes = textBoxes(figure.svg);
    expect(boxes.length).toBeGreaterThan(5);
    const outside = boxes.filter(
      (b) => b.x < 0 || b.y < 0 || b.x + b.width > figure.width || b.y + b.height > figure.height,
    );
    expect(outside).toEqual([]);
    const collisions = boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter((b) => overlap(a, b))
        .map((b) => `${a.text} | ${b.text}`),
    );
    expect(collisions).toEqual([]);
  });

  it("shows strings from data as text, never as markup", () => {
    const figure = make(hostile);
    for (const html of [figure.svg, figure.html]) {
      const body = parse(html);
      expect(Array.from(body.children, (child) => child.localName)).toEqual(["svg"]);
      expect(body.querySelectorAll("script, img, b, iframe, foreignObject")).toHaveLength(0);
      for (const node of Array.from(body.querySelectorAll("*"))) {
        for (const { name, value } of Array.from(node.attributes)) {
          expect(name).not.toMatch(/^on/);
          if (/href$/.test(name)) expect(value).toMatch(/^data:image\/png;base64,[A-Za-z0-9+/=]+$/);
        }
      }
    }
    expect(texts(figure.svg).join(" ")).toContain("<");
  });

  it.skipIf(!existsSync(python))(
    "is well-formed XML even then (checked by Python's parser, if it is there)",
    () => {
      const code =
        "import sys, xml.dom.minidom as m; print(m.parse(sys.stdin.buffer).documentElement.tagName)";
      const result = spawnSync(python, ["-c", code], { input: make(hostile).svg, encoding: "utf8" });
      expect(result.stderr).toBe("");
      expect(result.stdout.trim()).toBe("svg");
    },
  );
});

function overlap(a: TextBox, b: TextBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

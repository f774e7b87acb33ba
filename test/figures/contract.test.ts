// What every kind of figure keeps, whatever it shows.
import { describe, expect, test } from "vitest";
import { theme } from "../../lib/figures/index.js";
import { ask, peer } from "../support/peers.js";
import { parse, type TextBox, textBoxes, texts } from "./picture.js";
import { plainNames, samples } from "./samples.js";
import { silently } from "./silently.js";

const hostile = {
  species: ['<script>alert("1")</script>', '"><img src=x onerror=alert(2)>', "]]>&amp;<!--\u0000\ud800"],
  title: "</title></svg><script>alert('3')</script>",
  label: "'onload=alert(4) \"&<b>",
  unit: "</text><image href=javascript:alert(5)>",
} as const;

describe.each(Object.entries(samples))("figures: %s", (_kind, make) => {
  silently();

  test("gives the same bytes for the same data", () => {
    const first = make(plainNames).svg;
    make({ ...plainNames, label: "another picture in between" });
    expect(make(plainNames).svg).toBe(first);
  });

  test("says what it is to those who do not see it", () => {
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

  test("writes no numbers that are none", () => {
    expect(make(plainNames).svg).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  test("cuts no text off and prints none over another", () => {
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

  test("shows strings from data as text, never as markup", () => {
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

  test("is no wider than a page, and a column or a page unless told", () => {
    expect(make(plainNames).width).toBeLessThanOrEqual(theme.width.page);
  });

  test("says the unit of every axis", () => {
    const labels = axisLabels(make(plainNames).svg);
    const bare = labels.filter((label) => !/\((?!rms)[^()]+\)$/.test(label));
    // A color bar inside a frame has the unit alone where its quantity is that of the axis.
    expect(bare.filter((label) => !UNITLESS.has(label) && label !== plainNames.unit)).toEqual([]);
  });
});

test("figures of hostile strings are well-formed XML for Python's parser", (context) => {
  peer("python3")(context);
  const svgs = Object.values(samples).map((make) => make(hostile).svg);
  const code = `
import xml.dom.minidom as m
print(json.dumps([m.parseString(s.encode()).documentElement.tagName for s in x]))`;
  expect(ask<string[]>(code, svgs)).toEqual(svgs.map(() => "svg"));
});

// Counts, ratios and names have no unit; absorption is normalized to the edge step.
const UNITLESS = new Set([
  "Normalized absorption",
  "Residual",
  "Component",
  "Iteration",
  "Number of pixels",
  "Singular value",
  "Edge step to noise, one pixel",
  "Response",
  "Error of prediction (rms)",
  "Score on the first axis",
  "Score on the second axis",
  // What samples call an axis, and rows of maps.
  "Dose rate",
  "B, 4.3 V",
  "Cp1, held at 4.3 V",
]);

// Labels of axes and color bars are the texts of that size that are not bold.
function axisLabels(svg: string): string[] {
  return Array.from(parse(svg).querySelectorAll(`text[font-size="${theme.text.label}"]`))
    .filter((node) => node.getAttribute("font-weight") !== "bold" && node.textContent !== "")
    .map((node) => node.textContent ?? "")
    .filter((label) => !plainNames.species.includes(label));
}

function overlap(a: TextBox, b: TextBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

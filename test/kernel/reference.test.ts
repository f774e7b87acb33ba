// The front page of the API reference: names that exist, each once, and the menu of the site.
import { describe, expect, test } from "vitest";
import { menu } from "../../kernel/site/menu.mjs";
import { topics } from "../../kernel/site/topics.mjs";
import { DoseCurve } from "../../lib/cube/results/dose-curve.js";
import { FitResult } from "../../lib/cube/results/fit-result.js";
import { McrResult } from "../../lib/cube/results/mcr-result.js";
import * as api from "../../lib/index.js";

const known: Record<string, unknown> = { ...api, DoseCurve, FitResult, McrResult };

describe.each(topics)("the topic $title", ({ names, words }) => {
  test("has public names only, and a sentence", () => {
    const missing = names.filter((name) => {
      const [first, member] = name.split(".");
      const holder = known[first] as Record<string, unknown> & { prototype?: object };
      if (member === undefined) return holder === undefined;
      return holder?.[member] === undefined && !(member in (holder?.prototype ?? {}));
    });
    expect(missing).toEqual([]);
    expect(words).toMatch(/^[A-Z].*\.$/);
  });
});

test("topics repeat no name, and follow the way of an analysis", () => {
  const names = topics.flatMap((topic) => topic.names);
  expect(new Set(names).size).toBe(names.length);
  expect(topics.map(({ title }) => title)).toEqual([
    "Load",
    "Prepare",
    "Dose",
    "Resolve",
    "Threshold",
    "Figures",
    "Beamline",
  ]);
  expect(menu.filter(({ href }) => href.startsWith("api/"))).toHaveLength(1);
});

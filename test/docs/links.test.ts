// Links in the texts and in the notebooks lead to files and headings that are there, and commands exist.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { blocksOf, brokenLink, documents, linksOf, notebooks, root } from "./markdown.js";

const texts = [...documents(), ...notebooks()];

test.each(texts.map((text) => [text.path, text] as const))("links in %s lead somewhere", (_, text) => {
  const broken = linksOf(text.markdown).flatMap((link) => {
    const why = brokenLink(text, link);
    return why === null ? [] : [`${link}: ${why}`];
  });
  expect(broken).toEqual([]);
});

test.each(documents().filter(({ path }) => !/^(CHANGELOG|docs\/decisions)/.test(path)))(
  "lines of $path have at most 110 columns",
  ({ markdown }) => {
    // Rows of tables, pictures, what a program prints and what a benchmark writes stand on one line.
    const own = markdown.replace(/<!-- (bench\S+) -->[\s\S]*?<!-- \/\1 -->/g, "");
    const long = own.split("\n").filter((line) => line.length > 110 && !/^(\||!\[| {4})/.test(line));
    expect(long).toEqual([]);
  },
);

describe("the check itself", () => {
  const text = { path: "docs/x.md", markdown: "## Two *words*\n\n## Two words\n" };

  test("finds links, not code", () => {
    const markdown = '[a](b.md#c) ![d](e.png "f") `[no](code)`\n```\n[no](block)\n```\n[g]: h.md\n';
    expect(linksOf(markdown)).toEqual(["b.md#c", "e.png", "h.md"]);
  });

  test("tells what leads nowhere", () => {
    expect(brokenLink(text, "none.md")).toBe("no such file");
    expect(brokenLink(text, "../../elsewhere.md")).toBe("leads out of the repository");
    expect(brokenLink(text, "#two")).toBe("no such heading");
    expect(brokenLink(text, "../README.md#no-such-heading")).toBe("no such heading");
    for (const good of [
      "#two-words",
      "#two-words-1",
      "../README.md#the-chain",
      "https://a.example/b",
      "../docs",
    ]) {
      expect(brokenLink(text, good)).toBeNull();
    }
  });
});

describe("commands in the texts", () => {
  const { scripts, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
    bin: Record<string, string>;
  };
  const lines = documents().flatMap((text) => {
    const blocks = blocksOf(text).filter(({ language }) => ["sh", "bash", "console"].includes(language));
    const inline = [...text.markdown.matchAll(/`((?:npm|npx|node|bash) [^`\n]+)`/g)].map((match) => match[1]);
    const all = [...blocks.flatMap(({ code }) => code.split("\n")), ...inline];
    return all.map((line) => ({ path: text.path, line: line.replace(/\s+#.*$/, "").trim() }));
  });

  test("are scripts, programs or files of this repository", () => {
    const unknown = lines.filter(({ line }) => {
      const [program, first, second] = line.split(/\s+/);
      if (program === "npm") {
        if (["ci", "init", "install", "pack", "publish"].includes(first)) return false;
        return !(first === "run" ? scripts[second] : ["start", "test"].includes(first) && scripts[first]);
      }
      if (program === "npx") return !(bin[first] || existsSync(join(root, "node_modules", ".bin", first)));
      // What npm start compiles may not be there yet: then its source has to be.
      if (program === "node" || program === "bash") {
        const file = [first, second].find((word) => /\.[a-z]+$|^\.ci\//.test(word ?? ""));
        const source = file
          ?.replace(/^dist\/kernel\/(.*)\.js$/, "kernel/$1.ts")
          .replace(/^dist\/(.*)\.js$/, "lib/$1.ts");
        return source !== undefined && !/[A-Z]{3}|\*/.test(source) && !existsSync(join(root, source));
      }
      return false;
    });
    expect(lines.length).toBeGreaterThan(5);
    expect(unknown).toEqual([]);
  });
});

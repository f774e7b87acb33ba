// @ts-check
// Damage, as disks, networks, editors and programs do it: each kind is one function of the bytes and a random source.
import { lstatSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** @typedef {{ uniform(): number }} Random */
/** @typedef {{ kind: string, file: string }} Mutation which damage, and to which file ("" where there is only one) */

const pick = (/** @type {Random} */ random, /** @type {number} */ n) => Math.floor(random.uniform() * n);
/** @template T @param {Random} random @param {readonly T[]} list */
const one = (random, list) => list[pick(random, list.length)];

/** A range that is not empty; short ones are as likely as long ones. */
function range(/** @type {Random} */ random, /** @type {number} */ length) {
  const from = pick(random, length);
  const most = Math.max(1, Math.round((length - from) ** random.uniform()));
  return /** @type {const} */ ([from, from + 1 + pick(random, most)]);
}

const odd = [
  "0",
  "-1",
  "1",
  "2",
  "65536",
  "2147483648",
  "4294967297",
  "9007199254740993",
  "1e308",
  "-1e-320",
  "nan",
];
const odder = ["", "null", "inf", "1,5", "0x10", "a", "\u00b5", "1e999", "--1", "1 2", "{}", "[]", '""'];

/** @type {Readonly<Record<string, (bytes: Buffer, random: Random) => Buffer>>} */
export const kinds = {
  flip(bytes, random) {
    const out = Buffer.from(bytes);
    for (let n = 1 + pick(random, 4); n > 0; n--) out[pick(random, out.length)] ^= 1 << pick(random, 8);
    return out;
  },
  overwrite(bytes, random) {
    const [from, to] = range(random, bytes.length);
    const value = one(random, [0, 255, 32, -1]);
    return Buffer.from(
      bytes.map((old, i) => (i < from || i >= to ? old : value < 0 ? pick(random, 256) : value)),
    );
  },
  cut: (bytes, random) => bytes.subarray(0, pick(random, bytes.length)),
  drop(bytes, random) {
    const [from, to] = range(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  repeat(bytes, random) {
    const [from, to] = range(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  insert(bytes, random) {
    const at = pick(random, bytes.length + 1);
    const added = Buffer.from(Array.from({ length: 1 + pick(random, 40) }, () => pick(random, 256)));
    return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)]);
  },
  line(bytes, random) {
    const lines = bytes.toString("latin1").split("\n");
    const at = pick(random, lines.length);
    lines.splice(at, pick(random, 2), ...(pick(random, 2) ? [one(random, lines)] : []));
    return Buffer.from(lines.join("\n"), "latin1");
  },
  number(bytes, random) {
    const text = bytes.toString("latin1");
    const found = [...text.slice(0, 20_000).matchAll(/-?\d+(\.\d+)?(e[-+]?\d+)?/gi)];
    if (found.length === 0) return kinds.flip(bytes, random);
    const { 0: old, index } = one(random, found);
    let value = one(random, [...odd, ...odder]);
    // Text blocks of fixed length keep theirs in half of the cases.
    if (pick(random, 2)) value = value.slice(0, old.length).padEnd(old.length);
    return Buffer.from(text.slice(0, index) + value + text.slice(index + old.length), "latin1");
  },
  json(bytes, random) {
    /** @type {unknown} */
    let tree;
    try {
      tree = JSON.parse(bytes.toString("utf8"));
    } catch {
      return kinds.number(bytes, random);
    }
    /** @type {{ of: any, key: string | number }[]} */
    const places = [];
    const walk = (/** @type {any} */ node) => {
      if (typeof node !== "object" || node === null) return;
      for (const key of Object.keys(node)) {
        places.push({ of: node, key });
        walk(node[key]);
      }
    };
    walk(tree);
    if (places.length === 0) return kinds.flip(bytes, random);
    const { of, key } = one(random, places);
    const values = [
      undefined,
      null,
      0,
      -1,
      1.5,
      1e308,
      2 ** 53,
      "",
      "x",
      "\u0000",
      "__proto__",
      [],
      {},
      true,
      [[]],
    ];
    of[key] = pick(random, 4)
      ? one(random, values)
      : one(
          random,
          places.map((place) => place.of[place.key]),
        );
    try {
      return Buffer.from(JSON.stringify(tree));
    } catch {
      return kinds.flip(bytes, random); // The value holds itself.
    }
  },
};

/**
 * Damages a file, or one file of a folder, in place.
 *
 * @param {string} path
 * @param {Random} random
 * @returns {Mutation[]}
 */
export function damage(path, random) {
  const folder = lstatSync(path).isDirectory();
  /** @type {Mutation[]} */
  const done = [];
  for (let n = 1 + pick(random, 8 * random.uniform()) / 2; n >= 1; n--) {
    const files = folder ? filesBelow(path) : [path];
    if (files.length === 0) break;
    const file = one(random, files);
    const inside = folder ? relative(path, file) : "";
    if (folder && pick(random, 20) === 0) {
      rmSync(file);
      done.push({ kind: "remove", file: inside });
    } else {
      const bytes = readFileSync(file);
      if (bytes.length === 0) break;
      const kind = one(random, Object.keys(kinds));
      writeFileSync(file, kinds[kind](bytes, random));
      done.push({ kind, file: inside });
    }
  }
  return done;
}

function filesBelow(/** @type {string} */ folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

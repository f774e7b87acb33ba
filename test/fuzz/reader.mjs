// @ts-check
// The process that reads damaged files, so that a crash, a hang or a full memory ends it and not the fuzzer.
import { createHash } from "node:crypto";
import { targets } from "./targets.mjs";

/**
 * @typedef {object} Outcome
 * @property {"read" | "refused" | "raw"} end
 * @property {Record<string, string>} [parts] digests of what was read
 * @property {string} [error]
 * @property {string} [stack]
 */

process.on("message", async (/** @type {{ target: string, path: string }} */ { target, path }) => {
  process.send?.(await outcome(target, path));
});

/** @param {string} name @param {string} path @returns {Promise<Outcome>} */
async function outcome(name, path) {
  const target = targets.find((one) => one.name === name);
  try {
    const parts = await target?.read(path);
    return {
      end: "read",
      parts: Object.fromEntries(Object.entries(parts ?? {}).map(([k, v]) => [k, digest(v)])),
    };
  } catch (error) {
    const { fields, message, stack } = /** @type {Error & { fields?: object }} */ (error ?? {});
    return { end: fields ? "refused" : "raw", error: message ?? String(error), stack };
  }
}

/** Equal for equal content: numbers by their bytes, objects by their keys in order. */
function digest(/** @type {unknown} */ value) {
  const hash = createHash("sha256");
  const add = (/** @type {any} */ node) => {
    if (ArrayBuffer.isView(node)) {
      hash.update(`${node.constructor.name} ${node.byteLength} `);
      hash.update(new Uint8Array(node.buffer, node.byteOffset, node.byteLength));
    } else if (typeof node === "object" && node !== null) {
      for (const key of Object.keys(node)) {
        hash.update(`${JSON.stringify(key)}:`);
        add(node[key]);
      }
    } else hash.update(`${typeof node} ${String(node)};`);
  };
  add(value);
  return hash.digest("hex").slice(0, 16);
}

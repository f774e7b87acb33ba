// @ts-check
// npm run repl: a terminal with the library (repl.ts, compiled by setup).
import { setup } from "../setup.mjs";

await setup();
await import(new URL("../../dist/kernel/cli/repl.js", import.meta.url).href);

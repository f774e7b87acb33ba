// @ts-check
// npm start: from a fresh clone to a page that shows what this library does. The road itself is start.ts, compiled by setup.
import { setup } from "../setup.mjs";

await setup();
await import(new URL("../../dist/kernel/cli/start.js", import.meta.url).href);

// @ts-check
// npm start: from a fresh clone to a page with the results. start.ts, compiled by setup, has the steps.
import { setup } from "../setup.mjs";

await setup();
await import(new URL("../../dist/kernel/cli/start.js", import.meta.url).href);

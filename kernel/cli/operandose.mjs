#!/usr/bin/env node
// @ts-check
// npx operandose COMMAND (cli/main.ts, compiled by setup); npm start, npm run lab and npm run repl call it, too.
import { setup } from "../setup.mjs";

await setup();
const { main } = await import(new URL("../../dist/kernel/cli/main.js", import.meta.url).href);
const code = await main(process.argv.slice(2));
// Idle workers of the library keep the process alive.
process.stdout.write("", () => process.exit(code));

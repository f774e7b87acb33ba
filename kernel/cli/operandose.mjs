#!/usr/bin/env node
// @ts-check
// npx operandose COMMAND: the library without a notebook (cli/main.ts, compiled by setup).
import { setup } from "../setup.mjs";

await setup();
const { main } = await import(new URL("../../dist/kernel/cli/main.js", import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));

// The terminal: the library's names are there, and await works.
import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { command } from "./notebooks.js";

test("public names and await", async () => {
  const repl = spawn(process.execPath, [command, "repl"], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  repl.stdout.on("data", (chunk) => (said += chunk));
  repl.stdin.end(
    'const mu = massAttenuation("Ni", 8400) > operandose.massAttenuation("Ni", 8300)\nmu\nawait 42\n',
  );
  const code = await new Promise((done) => repl.on("close", done));
  expect(code).toBe(0);
  expect(said.replaceAll("operandose> ", "").trim().split("\n")).toEqual(["true", "42"]);
}, 60_000);

// operandose doctor: what is missing on this machine, and the remedy.
import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { home, installed } from "../places.js";
import { nodeProblem } from "../setup.mjs";
import type { CommandFile } from "./command.js";
import { installedKernel, KERNEL, kernelFolder } from "./kernelspec.js";
import { findJupyter } from "./lab.js";
import { bytes } from "./say.js";

/** A check of the machine. */
interface Finding {
  what: string;
  /** Whether the package cannot work without it. */
  needed: boolean;
  ok: boolean;
  found: string;
  /** What to do where it is not. */
  remedy: string;
}

/** Disk space of the demonstration, bytes. */
const DEMONSTRATION = 3.5e9;

/** Memory with which all notebooks were run, bytes. */
const MEMORY = 4e9;

/** The command `doctor`. */
export const doctorCommand: CommandFile = {
  name: "doctor",
  group: "This machine",
  define(command, context) {
    command
      .description("says what is missing on this machine, and the remedy")
      .option("--json", "prints the findings as JSON")
      .addHelpText("after", "\nExit code 1 where something is missing without which nothing works.")
      .action(async ({ json }: { json?: boolean }) => {
        const findings = await examine();
        context.out(json ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(line).join(""));
        if (findings.some(({ needed, ok }) => needed && !ok)) context.code = 1;
      });
  },
};

function line({ what, needed, ok, found, remedy }: Finding): string {
  const mark = ok ? "ok      " : needed ? "missing " : "optional";
  return `${mark}  ${what}: ${found}\n${ok ? "" : `          ${remedy}\n`}`;
}

async function examine(): Promise<Finding[]> {
  const node = nodeProblem(process.versions.node);
  const jupyter = findJupyter();
  const { owner, root } = installedKernel(kernelFolder(KERNEL));
  const zmq = problemOf(() => createRequire(createRequire(import.meta.url).resolve("tslab"))("zeromq"));
  const library = await import("operandose");
  const compiled = problemOf(() => library.massAttenuation("Ni", 8390));
  const writable = problemOf(() => accessSync(home, constants.W_OK));
  const { bavail, bsize } = statfsSync(home);
  const demonstration = join(library.demonstrationFolder(), "experiment.json");
  return [
    {
      what: "Node.js",
      needed: true,
      ok: node === null,
      found: process.versions.node,
      remedy: node ?? "",
    },
    {
      what: "library and tables",
      needed: true,
      ok: compiled === null,
      found: compiled ?? "loaded",
      remedy: installed ? "install operandose again" : "npm run setup",
    },
    {
      what: "messages of the notebook kernel (zeromq)",
      needed: true,
      ok: zmq === null,
      found: zmq ?? "loaded",
      remedy: "npm rebuild zeromq; its compiled file is for Linux, macOS and Windows on x64 and arm64",
    },
    {
      what: "folder",
      needed: true,
      ok: writable === null,
      found: writable ?? home,
      remedy: "call operandose in a folder that you may write into",
    },
    {
      what: "Jupyter",
      needed: false,
      ok: jupyter !== null,
      found: jupyter ?? "none on PATH",
      remedy:
        "for notebooks: operandose lab installs Debian's, or install JupyterLab (https://jupyter.org/install)",
    },
    {
      what: "kernel for your own Jupyter or VS Code",
      needed: false,
      ok: owner === "operandose" && existsSync(root!),
      found:
        owner === "operandose"
          ? existsSync(root!)
            ? `of ${root}`
            : `of ${root}, which is not there any more`
          : owner === "none"
            ? "not installed"
            : "another kernel of this name",
      remedy: "operandose kernel install; operandose lab needs none",
    },
    {
      what: "disk",
      needed: false,
      ok: bavail * bsize > DEMONSTRATION,
      found: `${bytes(bavail * bsize)} free in ${home}`,
      remedy: `operandose start needs ${bytes(DEMONSTRATION)}; free some space, or call it in another folder`,
    },
    {
      what: "memory",
      needed: false,
      ok: totalmem() > MEMORY,
      found: `${bytes(totalmem())}, ${availableParallelism()} cores`,
      remedy: `large recordings need ${bytes(MEMORY)}; bin them when they are loaded`,
    },
    {
      what: "demonstration",
      needed: false,
      ok: existsSync(demonstration),
      found: existsSync(demonstration) ? library.demonstrationFolder() : "not recorded",
      remedy: "operandose start, for Cube.load() without an argument",
    },
    ...(installed
      ? []
      : [
          {
            what: "Chromium for the tests of pages",
            needed: false,
            ok: existsSync("/usr/bin/chromium"),
            found: existsSync("/usr/bin/chromium") ? "/usr/bin/chromium" : "none",
            remedy: "apt-get install chromium; tests that need it are skipped without it",
          },
        ]),
  ];
}

/** Reason why something fails, in one line; null if it does not. */
function problemOf(action: () => unknown): string | null {
  try {
    action();
    return null;
  } catch (error) {
    return (error as Error).message.split("\n")[0];
  }
}

// @ts-check
// npm run lab: opens the notebooks in Jupyter with the kernel of this repository. A missing Jupyter is
// installed from Debian's packages; this package installs nothing outside this folder.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setup } from "../setup.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const isRoot = process.getuid?.() === 0;

await setup();
const program = findJupyter() ?? installJupyter();
process.exit(open(program));

/** @returns {string | null} JupyterLab if it is installed, else the classic notebook */
function findJupyter() {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"];
  for (const name of ["jupyter-lab", "jupyter-notebook"]) {
    const folder = folders.find((f) => f !== "" && existsSync(join(f, name)));
    if (folder) return join(folder, name);
  }
  return null;
}

/** @returns {string} */
function installJupyter() {
  if (!existsSync("/usr/bin/apt-get")) {
    fail(
      "lab: expected Jupyter, found none, and no apt-get to install it; install JupyterLab (https://jupyter.org/install)",
    );
  }
  // sudo removes the environment.
  const asRoot = [...(isRoot ? [] : ["sudo"]), "env", "DEBIAN_FRONTEND=noninteractive"];
  process.stderr.write(
    `operandose: installing Debian's jupyter-notebook${isRoot ? "" : " (sudo may ask for a password)"}\n`,
  );
  run([...asRoot, "apt-get", "update", "-qq"]);
  run([...asRoot, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "jupyter-notebook"]);
  return findJupyter() ?? fail("lab: expected jupyter-notebook after its installation, found none on PATH");
}

/** @param {string[]} command */
function run([name, ...args]) {
  const { status, error } = spawnSync(name, args, { stdio: ["inherit", "ignore", "inherit"] });
  if (error || status !== 0) {
    fail(
      `lab: ${[name, ...args].join(" ")} failed${error ? `: ${error.message}` : ` with exit code ${status}`}`,
    );
  }
}

/**
 * @param {string} jupyter
 * @returns {number} the exit code
 */
function open(jupyter) {
  const paths = [join(root, "kernel", "jupyter"), process.env.JUPYTER_PATH].filter(Boolean);
  const env = { ...process.env, JUPYTER_PATH: paths.join(delimiter) };
  const args = [
    "--notebook-dir",
    join(root, "notebooks"),
    ...(isRoot ? ["--allow-root"] : []),
    ...process.argv.slice(2),
  ];
  const { status, error } = spawnSync(jupyter, args, { stdio: "inherit", env });
  if (error) fail(`lab: ${jupyter} could not be started: ${error.message}`);
  return status ?? 0;
}

/**
 * @param {string} text
 * @returns {never}
 */
function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

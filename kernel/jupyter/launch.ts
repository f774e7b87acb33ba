// The Jupyter kernel, started by Jupyter with the connection file as in kernels/tslab/kernel.json. tslab
// implements the protocol. This file adds the `error` and `execute_input` messages, which tslab omits, and a
// queue that drops the cells that Jupyter aborts.

import { installProgress } from "./install-progress.js";
import { KernelServer } from "./tslab/server.js";
import { createSession } from "./tslab/session.js";

const [connectionFile] = process.argv.slice(2);
if (!connectionFile) {
  process.stderr.write(
    "usage: node dist/kernel/jupyter/launch.js CONNECTION_FILE (Jupyter calls this; try: npm run lab)\n",
  );
  process.exit(2);
}

// Before the slow part: without a handler, an interrupt ends a kernel that is still starting. The handler
// cannot run before the session exists, because nothing waits in between.
process.on("SIGINT", () => session.interrupt());
const session = createSession(process.cwd());
await installProgress(session);
const server = new KernelServer(session, connectionFile);

process.on("uncaughtException", (error) => console.error("Uncaught exception:", error));
process.on("unhandledRejection", (error) => console.error("Unhandled promise rejection:", error));
exitWithParent();
await server.init();

/** Ends a kernel whose Jupyter process has ended, so that its memory is freed. */
function exitWithParent(): void {
  const parent = Number(process.env.JPY_PARENT_PID);
  if (!(parent > 1) || process.ppid !== parent) return;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, 1000).unref();
}

// @ts-check
// Compiles the kernels (AssemblyScript, lib/compute/wasm/) to dist/compute/kernels.wasm. Part of the build.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { filesBelow, hashOf } from "../../../kernel/stamp.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
mkdirSync(join(root, "dist", "compute"), { recursive: true });

const { error, stdout, stderr } = await asc.main([
  join(root, "lib", "compute", "wasm", "kernels.as.ts"),
  ...["--outFile", join(root, "dist", "compute", "kernels.wasm")],
  ...["-O3", "--converge", "--enable", "simd"],
  // No allocator: the caller places everything in memory.
  ...["--runtime", "stub"],
  // Vectors are exchanged inside of the module only.
  ...["--disableWarning", "112"],
]);
process.stdout.write(stdout.toString());
process.stderr.write(stderr.toString());
if (error) process.exitCode = 1;
else {
  // So that a test can tell when what is tested was made from other sources.
  const sources = filesBelow(join(root, "lib", "compute", "wasm"), /\.as\.ts$/);
  writeFileSync(join(root, "dist", "compute", "kernels.hash"), hashOf(sources, root));
}

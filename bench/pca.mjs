// @ts-check
// Principal components of a whole image, 95,744 x 580 in float32: this library, and NumPy's Gram matrix if
// available. One run; only the ratio of processor times is comparable.
//   npm run build && node bench/pca.mjs
import { spawnSync } from "node:child_process";
import { pca } from "operandose";

const [rows, columns] = [95_744, 580];
const data = new Float32Array(rows * columns);
for (let i = 0; i < rows; i++) {
  const share = Math.sin(i / 5000) ** 2;
  for (let k = 0; k < columns; k++) {
    const edge = 1 / (1 + Math.exp(-(k - 100 - 5 * share) / 6));
    // Noise without a generator: the low digits of a product.
    data[i * columns + k] = edge + 0.02 * (((i * 7919 + k * 104_729) % 65_537) / 65_537 - 0.5);
  }
}
/** @type {{ what: string, "processor time, s": number }[]} */
const table = [];
for (const components of [8, 12, 20]) {
  pca({ data, rows, columns }, { components });
  const before = process.cpuUsage();
  pca({ data, rows, columns }, { components });
  const { user, system } = process.cpuUsage(before);
  table.push({ what: `pca, ${components} components`, "processor time, s": (user + system) / 1e6 });
}
const program = `
import os; os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np, time
D = np.random.default_rng(1).random((${rows}, ${columns}), dtype=np.float32)
t = time.process_time(); D -= D.mean(0); np.linalg.eigh((D.T @ D).astype(float)); print(time.process_time() - t)`;
const numpy = spawnSync("/usr/bin/python3", ["-c", program], { encoding: "utf8" });
if (numpy.status === 0)
  table.push({ what: "numpy, Gram matrix, all", "processor time, s": Number(numpy.stdout) });
console.table(table);

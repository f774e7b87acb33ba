// Prints the reasons for skipped tests at the end of a report, with the number of tests and files of each.
import type { Reporter, TestModule } from "vitest/node";

export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = new Map<string, string[]>();
    for (const module of modules) {
      for (const test of module.children.allTests("skipped")) {
        const result = test.result();
        const reason =
          (result.state === "skipped" && result.note) || "left out by the test itself or by a filter";
        files.set(reason, [...(files.get(reason) ?? []), module.relativeModuleId]);
      }
    }
    for (const [reason, where] of files) {
      console.log(`  skipped ${where.length}: ${reason} [${[...new Set(where)].join(" ")}]`);
    }
  }
}

// The command line in this process, with what it prints.
import { main } from "../../kernel/cli/main.js";

/** Runs a command of the command line in this process. */
export async function run(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  let [out, error] = ["", ""];
  const code = await main(args, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
  });
  return { code, out, error };
}

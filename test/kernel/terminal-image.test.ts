// Images in the terminal: the terminal gets back the bytes of the file, and no other receiver gets any.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { imageSequence, terminalProtocol } from "../../kernel/cli/terminal-image.js";

/** Variables that name a terminal; the tests' own terminal must not count. */
const NAMES = [
  "TERM",
  "TERM_PROGRAM",
  "KITTY_WINDOW_ID",
  "LC_TERMINAL",
  "KONSOLE_VERSION",
  "WEZTERM_PANE",
  "TMUX",
  "STY",
];

beforeEach(() => {
  for (const name of NAMES) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const terminal = { isTTY: true };
const png = Uint8Array.from({ length: 10_000 }, (_, i) => (i * i) % 251);

test.each([
  [{ KITTY_WINDOW_ID: "1" }, "kitty"],
  [{ TERM: "xterm-ghostty" }, "kitty"],
  [{ TERM_PROGRAM: "iTerm.app", TERM_PROGRAM_VERSION: "3.4.1" }, "iterm2"],
  [{ TERM_PROGRAM: "vscode", TERM_PROGRAM_VERSION: "1.105.0" }, "iterm2"],
  [{ TERM: "xterm-256color" }, null],
  [{ TERM: "dumb" }, null],
] as const)("the terminal of %j understands %s", (environment, protocol) => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  expect(terminalProtocol(terminal)).toBe(protocol);
  expect(terminalProtocol({ isTTY: false }), "a pipe gets no image").toBeNull();
  vi.stubEnv("TMUX", "/tmp/tmux-0/default,1,0");
  expect(terminalProtocol(terminal), "a multiplexer does not pass images on").toBeNull();
});

test("Kitty: the pieces make up the file, and only the last one says so", () => {
  const sent = imageSequence("kitty", png, 40);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  const pieces = Array.from(sent.matchAll(/\u001B_G([^;]*);([^\u001B]*)\u001B\\/g), ([all, keys, data]) => ({
    all,
    keys,
    data,
  }));
  expect(pieces.map(({ all }) => all).join("")).toBe(sent);
  expect(pieces[0].keys).toBe("a=T,f=100,c=40,q=2,m=1");
  expect(pieces.slice(1).map(({ keys }) => keys)).toEqual([...pieces.slice(2).map(() => "m=1"), "m=0"]);
  for (const { data } of pieces) expect(data.length).toBeLessThanOrEqual(4096);
  expect(Uint8Array.from(Buffer.from(pieces.map(({ data }) => data).join(""), "base64"))).toEqual(png);
});

test("iTerm2: one sequence with the size and the file", () => {
  const sent = imageSequence("iterm2", png, 40);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  const [, keys, data] = /^\u001B\]1337;File=([^:]*):([^\u0007]*)\u0007$/.exec(sent) ?? [];
  expect(keys.split(";")).toEqual(expect.arrayContaining(["inline=1", "width=40", `size=${png.length}`]));
  expect(Uint8Array.from(Buffer.from(data, "base64"))).toEqual(png);
});

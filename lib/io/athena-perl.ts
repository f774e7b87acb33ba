// Athena projects of the older kind: assignments of Perl, one per line. They are read as text and never run.

/** A group as it stands in a project. */
export interface ParsedGroup {
  readonly name: string;
  readonly args: Readonly<Record<string, string>>;
  readonly arrays: Readonly<Record<string, readonly string[]>>;
}

/** The groups of a project. @throws Error that says what is wrong, and in which line */
export function parseAthenaPerl(text: string): { groups: ParsedGroup[]; journal: string[] } {
  const groups: ParsedGroup[] = [];
  let journal: string[] = [];
  let name: string | undefined;
  let args: Record<string, string> = {};
  let arrays: Record<string, string[]> = {};
  for (const [k, line] of text.split(/\r\n|\n|\r/).entries()) {
    const found = /^\s*([$@])(\w+)\s*=\s*(.*?);?\s*$/.exec(line);
    if (found) {
      const [, sigil, variable, value] = found;
      if (sigil === "$" && variable === "old_group") {
        if (name !== undefined) throw new Error(`no [record] for the group ${name} before line ${k + 1}`);
        name = listOf(`(${value})`, k)[0];
      } else if (sigil === "@" && variable === "args") {
        const cells = listOf(value, k);
        args = {};
        for (let i = 0; i + 1 < cells.length; i += 2) args[cells[i]] = cells[i + 1];
      } else if (sigil === "@" && variable === "journal") journal = listOf(value, k);
      else if (sigil === "@" && name !== undefined) arrays[variable] = listOf(value, k);
    } else if (/^\s*\[record\]/.test(line)) {
      if (name === undefined) throw new Error(`a [record] without a group in line ${k + 1}`);
      groups.push({ name, args, arrays });
      [name, args, arrays] = [undefined, {}, {}];
    }
  }
  if (name !== undefined) throw new Error(`no [record] for the last group, ${name}: the file is cut short`);
  return { groups, journal };
}

/** The cells of a list; lists in it are joined by line ends. */
function listOf(text: string, line: number): string[] {
  const cells: string[] = [];
  const inner: string[][] = [];
  const put = (cell: string): void => void (inner.at(-1) ?? cells).push(cell);
  const token =
    /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([-+]?[\w.]+(?:[eE][-+]?\d+)?)|(\[)|(\])|(,|=>)|(\()|(\)))/y;
  let depth = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found) {
      if (/^\s*$/.test(text.slice(at))) break;
      throw new Error(`no list of Perl in line ${line + 1}, from ${JSON.stringify(text.slice(at, at + 20))}`);
    }
    const [, single, double, word, open, close, , left, right] = found;
    if (single !== undefined || double !== undefined) put((single ?? double).replace(/\\(.)/g, "$1"));
    else if (word !== undefined) put(word === "undef" ? "" : word);
    else if (open) inner.push([]);
    else if (close) {
      const list = inner.pop();
      if (!list) throw new Error(`a bracket that closes nothing in line ${line + 1}`);
      put(list.join("\n"));
    } else if (left) depth++;
    else if (right) depth--;
  }
  if (depth !== 0 || inner.length > 0) throw new Error(`a list that does not end in line ${line + 1}`);
  return cells;
}

/** A project of the older kind. */
export function perlText(groups: readonly ParsedGroup[]): string {
  const cell = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;
  const list = (cells: readonly string[]): string => `(${cells.map(cell).join(",")})`;
  const lines = groups.flatMap(({ name, args, arrays }) => [
    `$old_group = ${cell(name)};`,
    `@args = ${list(Object.entries(args).flat())};`,
    ...Object.entries(arrays).map(([key, cells]) => `@${key} = ${list(cells)};`),
    "[record]   # create object and set arrays in ifeffit",
    "",
  ]);
  return [
    "# Athena project file -- Athena version 0.8.061",
    `# This file created at ${new Date().toISOString()}`,
    "# using operandose",
    "",
    ...lines,
    "@journal = ();",
    "",
    "1;",
    "",
  ].join("\n");
}

// Reads fields and collects what is wrong with them. The library itself judges the values: its messages are
// shown at the field that they are about.
import { OperandoseError, quote } from "../../errors.js";
import { fieldAt } from "./fields.js";

/** What is wrong with a field. */
export interface Problem {
  /** true: the field is empty. */
  readonly missing: boolean;
  /** A sentence. */
  readonly text: string;
}

/** Problems by the paths of their fields. */
export type Problems = ReadonlyMap<string, Problem>;

/** Collects problems; a method returns undefined where there was one. */
export class Reader {
  readonly problems = new Map<string, Problem>();

  /** The text of a field that must not be empty. */
  text(path: string, value: string): string | undefined {
    if (value.trim() !== "") return value.trim();
    this.problems.set(path, { missing: true, text: `Needs ${fieldAt(path).needs}.` });
    return undefined;
  }

  /** The number of a field that must not be empty. */
  number(path: string, value: string): number | undefined {
    const text = this.text(path, value);
    return text === undefined ? undefined : this.parse(path, text);
  }

  /** The number of a field that may be empty; undefined then. */
  optional(path: string, value: string): number | undefined {
    return value.trim() === "" ? undefined : this.parse(path, value.trim());
  }

  /** A problem that is not one of the library. */
  wrong(path: string, text: string): undefined {
    if (!this.problems.has(path)) this.problems.set(path, { missing: false, text });
    return undefined;
  }

  /**
   * What `make` returns. An error of the library is a problem of the field that it names.
   *
   * @param fields field path by the names that the library gives to its inputs
   * @param rest field of all other errors
   */
  attempt<T>(make: () => T, fields: Readonly<Record<string, string>>, rest: string): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof OperandoseError)) throw error;
      const { option, input } = error.fields;
      const named = [...Object.keys(error.fields), option, input].map(String);
      const name = named.find((one) => Object.hasOwn(fields, one));
      return this.wrong(name === undefined ? rest : fields[name], sentence(error.message));
    }
  }

  private parse(path: string, text: string): number | undefined {
    if (NUMBER.test(text)) return Number(text);
    const remedy = text.includes(",") ? "; write decimals with a point and no separators" : "";
    return this.wrong(path, `Expected a number such as 12.5 or 1.5e12, got ${quote(text)}${remedy}.`);
  }
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

// Without the call that the message begins with; a page has none.
function sentence(message: string): string {
  const text = message.replace(/^.*?(?=expected )/s, "").replaceAll(/\bum\b/g, "µm");
  return `${text[0].toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? "" : "."}`;
}

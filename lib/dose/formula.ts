// Chemical formulas: "LiNi0.8Mn0.1Co0.1O2", "(CH2)3CO3", "[Ni(NH3)6]Cl2", "CuSO4.5H2O", "0.5Li2O·0.5SiO2".
//
//  formula = part { separator part } separator: a middle dot, "*", or a "." that cannot belong to a number
//   part    = [ number ] group { group }
//   group   = ( element | "(" group { group } ")", or the same in [] or {} ) [ number ]

import { type Element, elements } from "../elements/elements.js";
import { ArgumentError, quote } from "../errors.js";

/** An element of a compound, and the number of its atoms in one formula unit. */
export interface Constituent {
  readonly element: Element;
  readonly count: number;
}

/**
 * The elements of a formula with their counts, in the order in which they first appear.
 *
 * A "." between digits is a decimal point, except before a final `nH2O`: "CuSO4.5H2O" and "Na2CO3.10H2O" are
 * hydrates. "Li0.5H2O" and "Li1.5H2O" are not, because hydrates are not written with a count of 0 or 1. A
 * middle dot (in any of its four characters) and "*" always separate.
 *
 * A charge ("Ni2+", "SO4^2-", "PF6-") is refused and never read as a count; electrons have no mass here.
 * Counts outside 1e-12 to 1e12, and more than 50 nested brackets, are refused as well.
 *
 * @throws ArgumentError with the formula and the position of the error, counted from 1
 */
export function parseFormula(formula: string): Constituent[] {
  if (typeof formula !== "string" || formula === "") {
    throw new ArgumentError(`formula: expected text such as "LiNiO2", got ${quote(formula)}`, { formula });
  }
  const parser = new Parser(formula);
  const counts = parser.formula();
  for (const [symbol, count] of counts) {
    if (count >= 1 / MOST && count <= MOST) continue;
    throw new ArgumentError(
      `formula ${quote(formula)}: expected counts from ${1 / MOST} to ${MOST}, got ${count} of ${symbol}`,
      { formula },
    );
  }
  return [...counts].map(([symbol, count]) => ({ element: elements().get(symbol)!, count }));
}

type Counts = Map<string, number>;

const MOST = 1e12;
const DEEPEST = 50;

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const NUMBER = /\d+(?:\.\d+)?/y;
// The 4 of CuSO4.5H2O matches.
const HYDRATE_COUNT = /(?:[2-9]|[1-9]\d+)(?=\.\d+(?:\.\d+)?H2O$)/y;
const HYDRATE_DOT = /\.(?=(?:\d+(?:\.\d+)?)?H2O$|[A-Z([])/y;
const SEPARATOR = /[·•∙⋅*]/y;
// The hyphen of Li-NiO2 does not match.
const CHARGE = /[\^+⁺⁻]|[-−](?=\d*(?:$|[)\]}]))/;
const SYMBOL = /[A-Z][a-z]?/y;

class Parser {
  private position = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  formula(): Counts {
    const charge = this.text.search(CHARGE);
    if (charge >= 0) throw this.error("a neutral formula, without a charge,", charge);
    const counts = this.part();
    while (this.position < this.text.length) {
      if (this.take(SEPARATOR) === undefined && this.take(HYDRATE_DOT) === undefined) {
        throw this.unexpected("an element, a bracket, a count or a separator");
      }
      add(counts, this.part(), 1);
    }
    return counts;
  }

  private part(): Counts {
    const factor = this.count();
    const counts: Counts = new Map();
    add(counts, this.groups(), factor);
    return counts;
  }

  private groups(): Counts {
    const counts: Counts = new Map();
    const start = this.position;
    for (;;) {
      const close = CLOSING[this.text[this.position]];
      if (close !== undefined) add(counts, this.bracket(close), this.count());
      else {
        const symbol = this.symbol();
        if (symbol === undefined) break;
        add(counts, new Map([[symbol, 1]]), this.count());
      }
    }
    if (this.position === start) throw this.unexpected("an element or an opening bracket");
    return counts;
  }

  private bracket(close: string): Counts {
    const open = this.position++;
    if (++this.depth > DEEPEST) throw this.error(`at most ${DEEPEST} brackets inside each other`, open);
    const inner = this.groups();
    this.depth--;
    if (this.text[this.position] !== close) {
      throw this.position < this.text.length
        ? this.unexpected(`"${close}" or an element`)
        : this.error(`"${close}" for the bracket`, open);
    }
    this.position++;
    return inner;
  }

  private symbol(): string | undefined {
    const start = this.position;
    const symbol = this.take(SYMBOL);
    if (symbol !== undefined && !elements().has(symbol)) throw this.error("an element from H to U", start);
    return symbol;
  }

  private count(): number {
    const start = this.position;
    const digits = this.take(HYDRATE_COUNT) ?? this.take(NUMBER);
    if (digits === undefined) return 1;
    if (!(Number(digits) > 0)) throw this.error("a count above zero", start);
    return Number(digits);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text)?.[0];
    this.position += match?.length ?? 0;
    return match;
  }

  private unexpected(expected: string): ArgumentError {
    return this.error(expected, this.position);
  }

  private error(expected: string, at: number): ArgumentError {
    const got = at < this.text.length ? quote(this.text.slice(at, at + 8)) : "the end";
    return new ArgumentError(
      `formula ${quote(this.text)}: expected ${expected} at position ${at + 1}, got ${got}`,
      { formula: this.text, position: at + 1 },
    );
  }
}

function add(into: Counts, counts: Counts, factor: number): void {
  for (const [symbol, count] of counts) into.set(symbol, (into.get(symbol) ?? 0) + factor * count);
}

// TypeScript with colors for comments, strings, numbers and keywords.
import { escapeHtml } from "../escape.js";

const keywords =
  "as async await break case catch class const continue default do else export extends false finally for from function if " +
  "import in instanceof interface let new null of return static super switch this throw true try type typeof undefined var " +
  "void while yield";

const token = new RegExp(
  [
    String.raw`(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))`,
    String.raw`(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\x60(?:[^\x60\\]|\\[\s\S])*\x60)`,
    String.raw`(?<number>\b(?:0[xob][\da-f_]+|\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)\b)`,
    String.raw`(?<keyword>(?<![.\w$])(?:${keywords.split(" ").join("|")})\b)`,
  ].join("|"),
  "gi",
);

/** Code as escaped HTML with a `<span class="...">` around each token. */
export function highlight(code: string): string {
  let html = "";
  let end = 0;
  for (const match of code.matchAll(token)) {
    const start = match.index ?? 0;
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0];
    html += `${escapeHtml(code.slice(end, start))}<span class="${kind}">${escapeHtml(match[0])}</span>`;
    end = start + match[0].length;
  }
  return html + escapeHtml(code.slice(end));
}

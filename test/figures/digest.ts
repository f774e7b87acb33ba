// A picture as lines that can be compared with tolerance: elements with rounded numbers, images as mean colors of their parts,
// long runs thinned out. Small, and a difference reads as what has moved.
import { decode } from "fast-png";

/** The lines of an SVG. */
export function digest(svg: string): string {
  const lines = svg
    .replace(/figure-[0-9a-f]{12}/g, "figure")
    .replace(/data:image\/png;base64,([A-Za-z0-9+/=]+)/g, (_, base64: string) => imageDigest(base64))
    .replace(/></g, ">\n<")
    .split("\n")
    .map((line) =>
      line
        .replace(/ d="([^"]*)"/, (_, d: string) => ` d="${thinPath(d)}"`)
        .replace(/^<[^>]*>/, (head) => head.replace(TOKEN, rounded)),
    );
  return `${thinRuns(lines).join("\n")}\n`;
}

/** Whether two digests show the same: the same words, places within 0.15 px, colors of images within 4 of 255. */
export function same(a: string, b: string): boolean {
  const [linesA, linesB] = [a.split("\n"), b.split("\n")];
  return linesA.length === linesB.length && linesA.every((line, i) => sameLine(line, linesB[i]));
}

function sameLine(a: string, b: string): boolean {
  if (a === b) return true;
  // What is written must be the same; only the attributes of its element may move.
  const [endA, endB] = [a.indexOf(">"), b.indexOf(">")];
  if (a.slice(endA) !== b.slice(endB)) return false;
  const [one, other] = [parts(a.slice(0, endA)), parts(b.slice(0, endB))];
  if (one.words !== other.words) return false;
  // Within [ ] are colors.
  const bracket = a.indexOf("[");
  const places = bracket < 0 ? Number.POSITIVE_INFINITY : parts(a.slice(0, bracket)).numbers.length;
  return one.numbers.every((v, i) => Math.abs(v - other.numbers[i]) <= (i < places ? 0.151 : 4));
}

// Colors, names of elements and attributes, and words keep their digits; everything else that is a number may move.
const TOKEN = /#\w+|[A-Za-z]{2}[\w-]*|[a-z]\d=|-?\d+(?:\.\d+)?/g;

function parts(line: string): { words: string; numbers: number[] } {
  const numbers: number[] = [];
  const words = line.replace(TOKEN, (token) => {
    const value = Number(token);
    if (Number.isNaN(value)) return token;
    numbers.push(value);
    return "0";
  });
  return { words, numbers };
}

function rounded(token: string): string {
  const value = Math.round(Number(token) * 10) / 10;
  return Number.isNaN(value) ? token : String(Object.is(value, -0) ? 0 : value);
}

// Mean colors of 6 x 2 parts.
function imageDigest(base64: string): string {
  const { width, height, data, palette = [] } = decode(Buffer.from(base64, "base64"));
  const [nx, ny] = [Math.min(6, width), Math.min(2, height)];
  const means: number[] = [];
  for (let py = 0; py < ny; py++) {
    for (let part = 0; part < nx; part++) {
      const sum = [0, 0, 0];
      let n = 0;
      for (let y = Math.floor((py * height) / ny); y < Math.floor(((py + 1) * height) / ny); y++) {
        for (let x = Math.floor((part * width) / nx); x < Math.floor(((part + 1) * width) / nx); x++, n++) {
          const [r, g, b, alpha = 255] = palette[data[y * width + x]];
          [r, g, b].forEach((v, i) => {
            sum[i] += (v * alpha) / 255;
          });
        }
      }
      means.push(...sum.map((v) => Math.round(v / n)));
    }
  }
  return `png ${width}x${height} [${means.join(" ")}]`;
}

// Every n-th command of a long path, and how many there were.
function thinPath(d: string): string {
  const commands = d.match(/[A-Za-z][^A-Za-z]*/g) ?? [];
  if (commands.length <= 24) return d;
  const every = Math.ceil(commands.length / 16);
  return `${commands.filter((_, i) => i % every === 0).join("")} ... ${commands.length} commands`;
}

// Of many elements alike, such as dots, every n-th, and how many there were.
function thinRuns(lines: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < lines.length; ) {
    let end = i + 1;
    while (end < lines.length && tag(lines[end]) === tag(lines[i]) && tag(lines[i]) !== "") end++;
    const every = end - i > 24 ? Math.ceil((end - i) / 12) : 1;
    for (let k = i; k < end; k += every) out.push(lines[k]);
    if (every > 1) out.push(`... ${end - i} of them`);
    i = end;
  }
  return out;
}

function tag(line: string): string {
  return /^<(\w+)\b[^>]*\/?>(?:<\/\1>)?$/.exec(line)?.[1] ?? "";
}

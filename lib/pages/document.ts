// A page as one HTML file: no requests, and a policy that lets only its own program run.
import { createHash } from "node:crypto";
import { escapeText } from "../compute/escape.js";
import { libraryVersion } from "../cube/version.js";
import { baseStyle } from "./style.js";

/** Parts of a page; all but title and lead are HTML. */
export interface PageParts {
  readonly title: string;
  readonly lead: string;
  /** Rules beside those of all pages. */
  readonly style: string;
  /** Choices below the title. */
  readonly start: string;
  readonly main: string;
  /** Paragraphs: what is assumed, and where numbers come from. */
  readonly footer: string;
  /** The bundled program. */
  readonly program: string;
}

/** The whole page. */
export function htmlDocument({ title, lead, style, start, main, footer, program }: PageParts): string {
  // The browser ends a script at this text, wherever it is in it.
  const script = program.replaceAll("</script", "<\\/script");
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(title)}</title>
<style>${baseStyle}${style}</style>
</head>
<body data-state="loading">
<header>
<h1>${escapeText(title)}</h1>
<p class="lead">${escapeText(lead)}</p>
<p id="state" role="status">Loading the page. If this text stays, scripts are not allowed to run here: save the page as a file and open it in a browser.</p>
<div class="start">${start}</div>
</header>
<main>
${main}
</main>
<footer>
${footer}
<p>Made with ${escapeText(`operandose ${libraryVersion()}`)}, from the source code of its functions.</p>
</footer>
<script>${script}</script>
</body>
</html>
`;
}

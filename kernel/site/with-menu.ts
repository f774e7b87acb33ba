// The menu on pages that the library makes: dose calculator, contact sheet, explorers.
import { menuHtml, type Place } from "./layout.js";
import { menuStyle } from "./stylesheet.js";

/** The page with the menu at its beginning; a menu that it already has is replaced. */
export function withMenu(html: string, place: Place): string {
  return html
    .replace(/<style class="menu">[\s\S]*?<\/style>\n/, "")
    .replace(/<nav class="menu"[\s\S]*?<\/nav>\n/, "")
    .replace("</head>", () => `<style class="menu">${menuStyle}</style>\n</head>`)
    .replace(/<body[^>]*>\n?/, (body) => `${body}${menuHtml(place)}\n`);
}

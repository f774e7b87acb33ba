// HTML output of cells (pictures, tables) without active content. The content security policy of the pages
// also forbids scripts and requests; this keeps the files themselves clean.
import { parseHTML } from "linkedom";
import { safeLink } from "./safe-link.js";

/** Elements that execute, load or navigate. */
const active =
  "script,noscript,iframe,frame,frameset,object,embed,applet,link,meta,base,form,input,button,textarea,select,template," +
  "portal,audio,video,source,track,foreignobject,foreignObject,animate,set,animateTransform,animatetransform,title:empty";

const links = /^(href|xlink:href|action|formaction|background|poster|src|srcset|data)$/i;

/** The same HTML without scripts, handlers, frames, forms and requests. */
export function sanitizeHtml(html: string): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  document.body.innerHTML = html;
  for (const element of document.body.querySelectorAll(active)) element.remove();
  for (const element of document.body.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      if (/^on/i.test(name) || (links.test(name) && !acceptable(element.tagName, name, value))) {
        element.removeAttribute(name);
      }
    }
  }
  return document.body.innerHTML;
}

function acceptable(tag: string, attribute: string, value: string): boolean {
  if (/^data:image\/(png|jpeg|gif|webp);base64,/.test(value)) return /^(img|image)$/i.test(tag);
  if (value.startsWith("#")) return true;
  return /^a$/i.test(tag) && /href$/i.test(attribute) && safeLink(value) !== null;
}

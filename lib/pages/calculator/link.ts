// The inputs as the fragment of a link: base64url of JSON, which mail programs and chats leave as it is. Fields
// that are empty are left out.
import { ArgumentError, reason } from "../../errors.js";
import { blankForm, blankLayer, type Form, formOf } from "./form.js";

const VERSION = "1.";

/** The fragment, without `#`. */
export function fragmentOf(form: Form): string {
  const { layers, absorber, beam, convention, spread, limit, plan } = form;
  const blank = blankForm();
  const kept = {
    layers: layers.map((layer) => changed(blankLayer(), layer)),
    absorber,
    beam: changed(blank.beam, beam),
    convention,
    spread: changed(blank.spread, spread),
    limit: changed(blank.limit, limit),
    plan: changed(blank.plan, plan),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(kept));
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return VERSION + base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The inputs of a fragment. @throws ArgumentError for a link that was cut or comes from elsewhere */
export function formOfFragment(fragment: string): Form {
  const text = fragment.replace(/^#/, "");
  if (!text.startsWith(VERSION)) {
    throw new ArgumentError(`link: expected inputs that begin with ${VERSION}, got another version`);
  }
  let data: unknown;
  try {
    const base64 = text.slice(VERSION.length).replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    data = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ArgumentError(
      `link: expected the whole link, got a part of it (${reason(cause)}); copy it again`,
      {},
      { cause },
    );
  }
  return formOf(data);
}

function changed<T extends object>(blank: T, given: T): Partial<T> {
  const entries = Object.entries(given).filter(([name, value]) => value !== blank[name as keyof T]);
  return Object.fromEntries(entries) as Partial<T>;
}

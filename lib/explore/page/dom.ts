// Small helpers for elements. Whatever comes from data enters the page as text, never as markup.

type Attributes = Readonly<Record<string, string | number>>;

/** Colors of curves and of what is less important, in the light and in the dark scheme. */
export const INK = "var(--ink)";
export const MUTED = "var(--muted)";

/** An element of the page that is known to be there. */
export function part<T extends Element = HTMLElement>(id: string): T {
  return document.getElementById(id) as unknown as T;
}

/** An SVG element with its children. */
export function svg(name: string, attributes: Attributes, ...children: (Element | string)[]): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, typeof value === "number" ? String(Math.round(value * 100) / 100) : value);
  }
  element.append(...children);
  return element;
}

/** Calls back once before the next repaint, no matter how many requests came before it. */
export function beforeNextPicture(work: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      work();
    });
  };
}

/** Follows a drag that begins on an element; positions are px from its upper left corner. */
export function onDrag(
  element: Element,
  begin: (x: number, y: number, event: PointerEvent) => ((x: number, y: number) => void) | null,
): void {
  element.addEventListener("pointerdown", (start) => {
    const event = start as PointerEvent;
    if (event.button !== 0) return;
    const place = (e: PointerEvent): [number, number] => {
      const box = element.getBoundingClientRect();
      return [e.clientX - box.left, e.clientY - box.top];
    };
    const move = begin(...place(event), event);
    if (!move) return;
    // Else the browser would select text along the way.
    event.preventDefault();
    if (element instanceof HTMLElement || element instanceof SVGElement)
      element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    const follow = (e: Event): void => move(...place(e as PointerEvent));
    const end = (): void => {
      element.removeEventListener("pointermove", follow);
      element.removeEventListener("pointerup", end);
      element.removeEventListener("pointercancel", end);
    };
    element.addEventListener("pointermove", follow);
    element.addEventListener("pointerup", end);
    element.addEventListener("pointercancel", end);
  });
}

// Parts of images.

/** Rows [top, bottom) and columns [left, right). */
export interface Window {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Number of pixels. */
export function areaOf({ top, bottom, left, right }: Window): number {
  return (bottom - top) * (right - left);
}

/** Whether two windows are the same. */
export function sameWindow(a: Window, b: Window): boolean {
  return a.top === b.top && a.bottom === b.bottom && a.left === b.left && a.right === b.right;
}

/**
 * The smallest window around the wanted pixels of rows [r0, r1); null where there are none.
 *
 * A window wider than three quarters of the image becomes as wide as the image: few columns would be saved,
 * and the flat of whole rows can be used by other jobs.
 *
 * @param wanted 1 or 0, [height, width]
 */
export function windowOf(wanted: Uint8Array, width: number, r0: number, r1: number): Window | null {
  let [top, bottom, left, right] = [r1, r0, width, 0];
  for (let r = r0; r < r1; r++) {
    const row = wanted.subarray(r * width, (r + 1) * width);
    const first = row.indexOf(1);
    if (first < 0) continue;
    top = Math.min(top, r);
    bottom = r + 1;
    left = Math.min(left, first);
    right = Math.max(right, row.lastIndexOf(1) + 1);
  }
  if (top >= bottom) return null;
  return right - left > 0.75 * width ? { top, bottom, left: 0, right: width } : { top, bottom, left, right };
}

// Connected components of a mask.

/** Connectivity: the 4 pixels that share a side, or the 8 that share a side or a corner. */
export type Neighbors = 4 | 8;

/** The components of a mask. */
export interface Components {
  /**
   * Component of each pixel, counted from 1 in the order of their first pixels; 0 where not selected.
   * [height, width]
   */
  readonly labels: Int32Array;
  /** Pixels of each component: `sizes[label - 1]`. */
  readonly sizes: Int32Array;
}

/**
 * Labels the components of a mask.
 *
 * @param values above 0 where selected, row-major, [height, width]
 */
export function components(values: Uint8Array, width: number, neighbors: Neighbors): Components {
  const labels = new Int32Array(values.length);
  const sizes: number[] = [];
  // Each pixel is in the queue at most once.
  const waiting = new Int32Array(values.length);
  for (let seed = 0; seed < values.length; seed++) {
    if (!values[seed] || labels[seed]) continue;
    const label = sizes.length + 1;
    labels[seed] = label;
    waiting[0] = seed;
    let size = 1;
    for (let next = 0; next < size; next++) {
      const p = waiting[next];
      const x = p % width;
      const [left, right] = [x > 0 ? -1 : 0, x < width - 1 ? 1 : 0];
      for (let row = -width; row <= width; row += width) {
        for (let dx = left; dx <= right; dx++) {
          if (neighbors === 4 && row !== 0 && dx !== 0) continue;
          const q = p + row + dx;
          if (q < 0 || q >= values.length || !values[q] || labels[q]) continue;
          labels[q] = label;
          waiting[size++] = q;
        }
      }
    }
    sizes.push(size);
  }
  return { labels, sizes: Int32Array.from(sizes) };
}

// Order of components.

/**
 * Components by the centroid of their concentrations along the rows, sum i c_ij / sum c_ij: in a series the
 * first to appear comes first. In a multiset rows count from the beginning of their block. Components that
 * stay keep their place; absent ones come last.
 *
 * @param C shape [rows, n]
 * @param stays whether a component keeps its place, length n
 * @param bounds first row of each block, and `rows`
 * @returns for each place the index of its component
 */
export function orderOfAppearance(
  C: Float64Array,
  rows: number,
  n: number,
  stays: readonly boolean[],
  bounds: readonly number[] = [0, rows],
): number[] {
  const centroid = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    let sum = 0;
    let moment = 0;
    for (let i = 0, block = 0; i < rows; i++) {
      while (i >= bounds[block + 1]) block++;
      sum += C[i * n + j];
      moment += (i - bounds[block]) * C[i * n + j];
    }
    centroid[j] = sum > 0 ? moment / sum : Number.POSITIVE_INFINITY;
  }
  const movable = stays.flatMap((s, j) => (s ? [] : [j]));
  // Infinite centroids have no difference.
  movable.sort((a, b) => (centroid[a] === centroid[b] ? a - b : centroid[a] < centroid[b] ? -1 : 1));
  return stays.map((s, j) => (s ? j : (movable.shift() as number)));
}

/**
 * A copy of the rows or columns of a row-major matrix at their places among `wanted` ones; the others are
 * zero.
 *
 * @param order for each place in `places` its row or column
 * @param places indices below `wanted`
 */
export function inPlaces(
  a: Float64Array,
  rows: number,
  columns: number,
  order: readonly number[],
  places: readonly number[],
  wanted: number,
  axis: "rows" | "columns",
): Float64Array {
  const out = new Float64Array(axis === "rows" ? wanted * columns : rows * wanted);
  order.forEach((from, k) => {
    const to = places[k];
    if (axis === "rows") out.set(a.subarray(from * columns, (from + 1) * columns), to * columns);
    else for (let i = 0; i < rows; i++) out[i * wanted + to] = a[i * columns + from];
  });
  return out;
}

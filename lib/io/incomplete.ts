// What a reader does with a recording that has room for more images than it holds: a scan that was stopped.

/** Refuse the file, or keep the images that are whole. */
export const INCOMPLETE = ["refuse", "keep"] as const;

/** One of {@link INCOMPLETE}. */
export type Incomplete = (typeof INCOMPLETE)[number];

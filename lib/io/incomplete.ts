// What a reader does with a recording that lacks images, because the scan was stopped.

/** Refuse the file, or keep the images that are whole. */
export const INCOMPLETE = ["refuse", "keep"] as const;

/** One of {@link INCOMPLETE}. */
export type Incomplete = (typeof INCOMPLETE)[number];

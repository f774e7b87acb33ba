/** A page in a list of links. */
export interface PageEntry {
  /** Relative to the first page. */
  href: string;
  title: string;
  /** Short summary. */
  summary: string;
}

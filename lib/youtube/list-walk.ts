import type { UploadsRead } from "./read-uploads";

/** More than the 20,000 items that a playlist shows can fill. */
const MOST_PAGES = 1000;
const MOST_EMPTY_PAGES = 10;

/** Why a list has to be read again from its first page: what moved up past a page's edge was missed. */
export const SHRINKS = "the list shrinks";

/** One way through the pages of a list, from the first on. */
export class ListWalk {
  readonly #tokens = new Set<string>();
  /** How many items the list was last said to have. */
  #items = 0;
  #emptyPages = 0;

  /** Notes a page. @returns why the walk cannot be gone on with; null where it can */
  problemWith({ refused, items, isEmpty, nextPageToken }: UploadsRead): string | null {
    if (refused !== null) return refused;
    if (items !== null && items < this.#items) return SHRINKS;
    this.#items = items ?? 0;
    if (nextPageToken === null) return null;
    if (this.#tokens.has(nextPageToken)) return "page tokens lead in a circle";
    this.#tokens.add(nextPageToken);
    this.#emptyPages = isEmpty ? this.#emptyPages + 1 : 0;
    return this.#emptyPages > MOST_EMPTY_PAGES || this.#tokens.size > MOST_PAGES ? "pages without end" : null;
  }
}

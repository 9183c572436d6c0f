import type { SearchPage } from "../store";

type Query = Pick<SearchPage, "niche" | "query">;

/** A query that YouTube refused to continue with. */
export interface OpenSearch extends Query {
  reason: string;
}

/** What one run knows of queries that were refused: each begins once more at its first page, and stays open after that. */
export class RefusedSearches {
  /** Refused tokens of the queries that are to begin again; null once they did. */
  readonly #restarts = new Map<string, string | null>();
  readonly #open = new Map<string, OpenSearch>();

  /** Notes a refused page. @param pageToken null for a first page */
  refuse({ niche, query }: Query, pageToken: string | null, reason: string): void {
    const key = keyOf({ niche, query });
    if (pageToken === null || this.#restarts.has(key)) this.#open.set(key, { niche, query, reason });
    else this.#restarts.set(key, pageToken);
  }

  /** The token at which a query was refused that is to begin again; null if it is not. */
  restartTime(query: Query): string | null {
    return this.#restarts.get(keyOf(query)) ?? null;
  }

  /** Notes that a query's first page was answered. */
  begin(query: Query): void {
    if (this.#restarts.has(keyOf(query))) this.#restarts.set(keyOf(query), null);
  }

  /** Whether a query is not to be asked any more in this run. */
  isOpen(query: Query): boolean {
    return this.#open.has(keyOf(query));
  }

  get open(): OpenSearch[] {
    return [...this.#open.values()];
  }
}

const keyOf = ({ niche, query }: Query): string => `${niche}\n${query}`;

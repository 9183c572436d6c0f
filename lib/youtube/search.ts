import type { SearchPage } from "../store";
import { Page, SearchItem } from "./answers";
import type { Call } from "./call";
import { ItemRefused } from "./errors";
import { queriesOf } from "./niches";
import type { RefusedSearches } from "./refused-searches";

const RESULTS_PER_PAGE = 50;
/** A search returns at most about 500 results, even if it gives further page tokens. */
const MOST_PAGES = 10;
/** Search quota is scarce, and a page token that is refused twice is usually stale. */
const REFUSED_ATTEMPTS = 2;

/** The next page of a search to request. */
export interface NextSearch extends Pick<SearchPage, "niche" | "query" | "page"> {
  /** Null for the first page. */
  pageToken: string | null;
}

/**
 * The next search page for a niche, taking its queries one after the other, each to its end.
 * @param pages all pages that were searched so far
 * @returns null if all its queries have ended or stay open
 */
export function nextSearch(niche: string, pages: readonly SearchPage[], refused: RefusedSearches): NextSearch | null {
  for (const query of queriesOf(niche)) {
    if (refused.isOpen({ niche, query })) continue;
    const last = selectPages({ niche, query }, pages).at(-1);
    if (last === undefined || refused.restartTime({ niche, query }) !== null)
      return { niche, query, page: 0, pageToken: null };
    if (last.nextPageToken !== null) return { niche, query, page: last.page + 1, pageToken: last.nextPageToken };
  }
  return null;
}

/**
 * Searches for channels, one page in one call of search.list.
 * @param pages all pages that were searched so far
 * @returns the page, or why it cannot be continued
 * @throws what a call throws, except for ItemRefused
 */
export async function searchChannels(
  call: Call,
  search: NextSearch,
  language: string | null,
  pages: readonly SearchPage[],
): Promise<SearchPage | { refused: string }> {
  const { pageToken, ...page } = search;
  try {
    const answer = await call({
      method: "search.list",
      send: (api) =>
        api.search.list({
          part: ["snippet"],
          type: ["channel"],
          q: search.query,
          maxResults: RESULTS_PER_PAGE,
          fields: "nextPageToken,items/id/channelId",
          ...(language === null ? {} : { relevanceLanguage: language }),
          ...(pageToken === null ? {} : { pageToken }),
        }),
      answer: Page,
      isLaterPage: pageToken !== null,
      refusedAttempts: REFUSED_ATTEMPTS,
    });
    const channelIds = answer.items.flatMap((item) => SearchItem.safeParse(item).data?.id.channelId ?? []);
    const before = selectPages(search, pages).filter((each) => each.page < search.page);
    const next = answer.nextPageToken ?? null;
    if (next !== null && before.some(({ nextPageToken }) => nextPageToken === next))
      return { refused: "page tokens lead in a circle" };
    // A single empty page may be followed by more results; two in a row end the search.
    const isDry = channelIds.length === 0 && before.at(-1)?.channelIds.length === 0;
    const isLast = isDry || search.page + 1 >= MOST_PAGES;
    return { ...page, nextPageToken: isLast ? null : next, channelIds };
  } catch (thrown) {
    if (!(thrown instanceof ItemRefused)) throw thrown;
    return { refused: thrown.reason };
  }
}

const selectPages = ({ niche, query }: Pick<SearchPage, "niche" | "query">, pages: readonly SearchPage[]) =>
  pages.filter((page) => page.niche === niche && page.query === query);

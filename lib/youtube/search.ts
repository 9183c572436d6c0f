import type { SearchPage } from "../store";
import { Page, SearchItem } from "./answers";
import type { Call } from "./call";
import { ItemRefused } from "./errors";
import { queriesOf } from "./niches";

const RESULTS_PER_PAGE = 50;
/** A search gives some 500 results at most, whatever its tokens promise. */
const MOST_PAGES = 10;

/** A page of a search that is to be asked for. */
export interface NextSearch extends Pick<SearchPage, "niche" | "query" | "page"> {
  /** Null for the first page. */
  pageToken: string | null;
}

/**
 * The next page of a niche: its queries one after the other, each to its end.
 * @param pages all pages that were searched so far
 * @returns null where all its queries have ended
 */
export function nextSearch(niche: string, pages: readonly SearchPage[]): NextSearch | null {
  for (const query of queriesOf(niche)) {
    const searched = pages.filter((page) => page.niche === niche && page.query === query);
    const last = searched.at(-1);
    if (last === undefined) return { niche, query, page: 0, pageToken: null };
    if (last.nextPageToken !== null) return { niche, query, page: last.page + 1, pageToken: last.nextPageToken };
  }
  return null;
}

/**
 * Searches channels. A page that YouTube refuses (a token that is no longer valid) ends its query.
 * @throws what a call throws, but for ItemRefused
 */
export async function searchChannels(call: Call, search: NextSearch, language: string | null): Promise<SearchPage> {
  const { niche, query, page, pageToken } = search;
  try {
    const { nextPageToken, items } = await call({
      method: "search.list",
      send: (api) =>
        api.search.list({
          part: ["snippet"],
          type: ["channel"],
          q: query,
          maxResults: RESULTS_PER_PAGE,
          fields: "nextPageToken,items/id/channelId",
          ...(language === null ? {} : { relevanceLanguage: language }),
          ...(pageToken === null ? {} : { pageToken }),
        }),
      answer: Page,
    });
    const channelIds = items.flatMap((item) => SearchItem.safeParse(item).data?.id.channelId ?? []);
    const isLast = items.length === 0 || page + 1 >= MOST_PAGES;
    return { niche, query, page, nextPageToken: isLast ? null : (nextPageToken ?? null), channelIds };
  } catch (thrown) {
    if (!(thrown instanceof ItemRefused)) throw thrown;
    return { niche, query, page, nextPageToken: null, channelIds: [] };
  }
}

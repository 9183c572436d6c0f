import type { Progress } from "../base";
import type { FoundChannel, SearchPage } from "../store";
import type { CollectContext } from "./context";
import { judge } from "./judge";
import { divideChannels } from "./niches";
import { readChannels } from "./read-channels";
import { IDS_PER_CALL } from "./read-videos";
import { RefusedSearches } from "./refused-searches";
import { nextSearch, searchChannels } from "./search";

const STAGE = "find channels";

/**
 * Searches and judges channels in turn until each niche has its share or its searches have ended. The next step depends
 * only on the store: the niche with the fewest accepted channels is searched, and channels are judged in the order in
 * which they were found.
 * @param refused collects the queries that YouTube refuses to continue
 * @returns whether all wanted channels were found
 * @throws what a call throws; the channels found so far are stored
 */
export async function* findChannels(
  context: CollectContext,
  refused = new RefusedSearches(),
): AsyncGenerator<Progress, boolean> {
  const { store, youtube, settings, signal } = context;
  while (!signal?.aborted) {
    const channels = await store.foundChannels();
    const wanted = countWanted(channels, settings.niches, settings.channels);
    const missing = [...wanted.values()].reduce((sum, open) => sum + open, 0);
    yield { stage: STAGE, done: settings.channels - missing, total: settings.channels };
    if (missing === 0) return true;
    const batch = channels.filter(({ state, niche }) => state === "found" && (wanted.get(niche) ?? 0) > 0);
    if (batch.length > 0) {
      await judgeBatch(context, batch.slice(0, IDS_PER_CALL), wanted);
      continue;
    }
    const pages = await store.searchPages();
    const search = chooseNextSearch(wanted, channels, pages, refused);
    if (search === null) return false;
    const page = await searchChannels(youtube.call, search, settings.language, pages);
    if ("refused" in page) refused.refuse(search, search.pageToken, page.refused);
    else {
      await store.saveSearchPage(page, refused.restartTime(search));
      refused.begin(search);
    }
  }
  return false;
}

/** How many more channels each niche needs. */
export function countWanted(
  channels: readonly FoundChannel[],
  niches: readonly string[],
  count: number,
): Map<string, number> {
  const accepted = countAccepted(channels);
  return new Map(
    [...divideChannels(niches, count)].map(([niche, share]) => [
      niche,
      Math.max(0, share - (accepted.get(niche) ?? 0)),
    ]),
  );
}

function countAccepted(channels: readonly FoundChannel[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { state, niche } of channels) {
    if (state === "accepted") counts.set(niche, (counts.get(niche) ?? 0) + 1);
  }
  return counts;
}

async function judgeBatch(context: CollectContext, batch: FoundChannel[], wanted: Map<string, number>): Promise<void> {
  const { store, youtube, settings, now } = context;
  const ids = batch.map(({ channelId }) => channelId);
  const items = await readChannels(youtube.call, ids);
  await store.judgeChannels(judge(batch, items, wanted, settings, now()));
}

/** The next search page of the niche that has the fewest channels (the first of equals) and still needs more. */
function chooseNextSearch(
  wanted: ReadonlyMap<string, number>,
  channels: readonly FoundChannel[],
  pages: readonly SearchPage[],
  refused: RefusedSearches,
) {
  const accepted = countAccepted(channels);
  const open = [...wanted].filter(([, missing]) => missing > 0).map(([niche]) => niche);
  const searches = open.flatMap((niche) => nextSearch(niche, pages, refused) ?? []);
  const poorest = Math.min(...searches.map(({ niche }) => accepted.get(niche) ?? 0));
  return searches.find(({ niche }) => (accepted.get(niche) ?? 0) === poorest) ?? null;
}

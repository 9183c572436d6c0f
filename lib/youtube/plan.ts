import type { CollectSettings } from "../config";
import type { Collection, CollectionCounts, FoundChannel, QuotaBucket } from "../store";
import { countWanted } from "./find-channels";
import { divideChannels } from "./niches";
import type { QuotaLimits } from "./quota";
import { IDS_PER_CALL } from "./read-videos";
import { isOpen } from "./uploads";

const RESULTS_PER_CALL = 50;
/** Lower bound for estimates from the results so far, since a few bad pages say little. */
const LEAST_YIELD = 0.05;

/** Calls that one stage still has to make; each costs one unit of its bucket. */
export interface PlannedStage {
  stage: string;
  method: string;
  bucket: QuotaBucket | null;
  calls: number;
  /** Human-readable result, at most. */
  yields: string;
}

/** Quota that a collection still has to spend, and what it will add. */
export interface CollectPlan {
  searches: number;
  units: number;
  /** Pacific days on which quota is spent, including today; infinite if a limit is 0. */
  days: number;
  videos: number;
  stages: PlannedStage[];
}

/** The state that a plan is based on. */
export interface PlanState {
  channels: readonly FoundChannel[];
  counts: Pick<CollectionCounts, "searches" | "videos" | "pictures">;
  /** What is left of today's quota; a collection does not spend that of statistics. */
  left: Pick<QuotaLimits, "search" | "units">;
}

/** Loads the state of a store. */
export async function loadPlanState(store: Collection, left: PlanState["left"]): Promise<PlanState> {
  return { channels: await store.foundChannels(), counts: await store.collectionCounts(), left };
}

/** The state before anything was collected. */
export function freshState(left: PlanState["left"]): PlanState {
  const videos = { listed: 0, stored: 0, skipped: 0, removed: 0, purged: 0 };
  return { channels: [], counts: { searches: 0, videos, pictures: { wanted: 0, kept: 0, refused: 0 } }, left };
}

/**
 * Estimates the remaining work, assuming that channels have as many videos as are wanted and that searches keep their
 * yield so far. Before the first search it assumes that every channel found is accepted, the fewest possible searches.
 */
export function makePlan(settings: CollectSettings, state: PlanState, limits: PlanState["left"]): CollectPlan {
  const { channels, counts, left } = state;
  const { perChannel } = settings;
  const missing = countMissing(settings, channels);
  const toFind = missing.reduce((sum, { count }) => sum + count, 0);
  const searches = missing.reduce((sum, { count, found }) => sum + searchesFor(count, found, state), 0);
  // The results of each search are judged before the next search.
  const judged = Math.max(searches, Math.ceil(toFind / acceptance(channels) / IDS_PER_CALL));
  const open = channels.filter((channel) => isOpen(channel, perChannel)).map(({ listed }) => perChannel - listed);
  const listings = [...open, ...Array<number>(toFind).fill(perChannel)];
  const pages = listings.reduce((sum, videos) => sum + Math.ceil(videos / RESULTS_PER_CALL), 0);
  const videos = counts.videos.listed + listings.reduce((sum, each) => sum + each, 0);
  const reads = Math.ceil(videos / IDS_PER_CALL);
  const units = judged + pages + reads;
  const stages: PlannedStage[] = [
    {
      stage: "search channels",
      method: "search.list",
      bucket: "search",
      calls: searches,
      yields: `${counted(toFind)} channels`,
    },
    { stage: "judge channels", method: "channels.list", bucket: "units", calls: judged, yields: "" },
    {
      stage: "list uploads",
      method: "playlistItems.list",
      bucket: "units",
      calls: pages,
      yields: `${counted(videos)} videos`,
    },
    { stage: "read videos", method: "videos.list", bucket: "units", calls: reads, yields: "" },
    { stage: "fetch pictures", method: "thumbnails", bucket: null, calls: videos + counts.pictures.wanted, yields: "" },
  ];
  const days = Math.max(daysFor(searches, left.search, limits.search), daysFor(units, left.units, limits.units));
  return { searches, units, days, videos, stages: settings.pictures ? stages : stages.slice(0, -1) };
}

/** For each niche, the channels it still needs, and those that are found but not judged yet. */
function countMissing({ niches, channels: count }: CollectSettings, channels: readonly FoundChannel[]) {
  const wanted = countWanted(channels, niches, count);
  const isFound = (niche: string) => (channel: FoundChannel) => channel.state === "found" && channel.niche === niche;
  return [...divideChannels(niches, count).keys()].map((niche) => ({
    count: wanted.get(niche) ?? 0,
    found: channels.filter(isFound(niche)).length,
  }));
}

function searchesFor(missing: number, found: number, { channels, counts }: PlanState): number {
  const yielded = counts.searches === 0 ? 1 : channels.length / counts.searches / RESULTS_PER_CALL;
  const perSearch = RESULTS_PER_CALL * Math.max(LEAST_YIELD, Math.min(1, yielded));
  return Math.max(0, Math.ceil((missing / acceptance(channels) - found) / perSearch));
}

/** Share of the judged channels that were accepted; 1 before any was judged. */
function acceptance(channels: readonly FoundChannel[]): number {
  const judged = channels.filter(({ state }) => state !== "found");
  const accepted = judged.filter(({ state }) => state === "accepted");
  return judged.length === 0 ? 1 : Math.max(LEAST_YIELD, accepted.length / judged.length);
}

/** Days that a number of calls takes, using what is left today first. */
function daysFor(calls: number, left: number, limit: number): number {
  if (calls === 0) return 0;
  if (calls <= left) return 1;
  return (left > 0 ? 1 : 0) + Math.ceil((calls - left) / limit);
}

const counted = (count: number): string => count.toLocaleString("en-US");

import { languageTag, primaryLanguage } from "../base";
import type { CollectSettings } from "../config";
import type { FoundChannel, JudgedChannel } from "../store";
import type { ChannelItem } from "./answers";

/**
 * Decides on channels in the order in which they were found. Those of a niche that has its share stay undecided: a
 * larger collection continues with them.
 * @param items what channels.list gave of them, as `readChannels` returns it
 * @param wanted how many channels each niche still takes; what is accepted is taken from it
 */
export function judge(
  channels: readonly FoundChannel[],
  items: ReadonlyMap<string, ChannelItem | null>,
  wanted: Map<string, number>,
  settings: CollectSettings,
  readAt: Date,
): JudgedChannel[] {
  return channels.flatMap(({ channelId, niche }): JudgedChannel[] => {
    const open = wanted.get(niche) ?? 0;
    if (open === 0) return [];
    const item = items.get(channelId);
    const reason = item === undefined ? "gone" : item === null ? "unreadable details" : reasonAgainst(item, settings);
    if (reason === null) wanted.set(niche, open - 1);
    return [{ channelId, ...toChannelFacts(item), state: reason === null ? "accepted" : "rejected", reason, readAt }];
  });
}

/** Null if the channel hides them. */
export function subscribersOf(item: ChannelItem | null | undefined): number | null {
  return item?.statistics.hiddenSubscriberCount ? null : (item?.statistics.subscriberCount ?? null);
}

function toChannelFacts(item: ChannelItem | null | undefined) {
  return {
    title: item?.snippet.title ?? null,
    subscribers: subscribersOf(item),
    uploads: item?.contentDetails.relatedPlaylists.uploads || null,
  };
}

/** Why a channel is not taken; null if it is. */
function reasonAgainst(item: ChannelItem, settings: CollectSettings): string | null {
  const { hiddenSubscriberCount, subscriberCount, videoCount = 0 } = item.statistics;
  if (hiddenSubscriberCount || subscriberCount === undefined) return "subscribers hidden";
  if (subscriberCount < settings.minSubscribers) return "too few subscribers";
  if (videoCount < settings.minVideos) return "too few videos";
  if (!item.contentDetails.relatedPlaylists.uploads) return "no uploads";
  return languageAgainst(item, settings.language);
}

/** The channel's own word counts; without it, what is mostly spoken in its country. Who says neither is taken. */
function languageAgainst({ snippet }: ChannelItem, wanted: string | null): string | null {
  if (wanted === null) return null;
  const isOther = (tag: string) => primaryLanguage(tag) !== primaryLanguage(languageTag(wanted) ?? wanted);
  const own = languageTag(snippet.defaultLanguage ?? "");
  if (own !== null) return isOther(own) ? "other language" : null;
  const spoken = languageOfCountry(snippet.country ?? "");
  return spoken !== null && isOther(spoken) ? "other country" : null;
}

/** What is mostly spoken in a country such as "MX" (likely subtags of Unicode's CLDR); null if it is no country. */
function languageOfCountry(country: string): string | null {
  try {
    return languageTag(new Intl.Locale(`und-${country}`).maximize().language);
  } catch {
    return null;
  }
}

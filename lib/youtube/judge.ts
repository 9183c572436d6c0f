import { languageTag, primaryLanguage } from "../base";
import type { CollectSettings } from "../config";
import type { FoundChannel, JudgedChannel } from "../store";
import type { ChannelItem } from "./answers";

/**
 * Accepts or rejects channels in the order in which they were found. Channels of a niche that has its share stay
 * undecided: a larger collection continues with them.
 * @param items their details, as `readChannels` returns them
 * @param wanted how many channels each niche still needs; reduced for each accepted channel
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

/** Subscribers of a channel; null if it hides them or has no details. */
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

/** Why a channel is rejected; null if it is accepted. */
function reasonAgainst(item: ChannelItem, settings: CollectSettings): string | null {
  const { hiddenSubscriberCount, subscriberCount, videoCount = 0 } = item.statistics;
  if (hiddenSubscriberCount || subscriberCount === undefined) return "subscribers hidden";
  if (subscriberCount < settings.minSubscribers) return "too few subscribers";
  if (videoCount < settings.minVideos) return "too few videos";
  if (!item.contentDetails.relatedPlaylists.uploads) return "no uploads";
  return languageAgainst(item, settings.language);
}

/**
 * Why a channel's language rejects it. The channel's own setting counts, otherwise the main language of its country; a
 * channel that gives neither is accepted.
 */
function languageAgainst({ snippet }: ChannelItem, wanted: string | null): string | null {
  if (wanted === null) return null;
  const isOther = (tag: string) => primaryLanguage(tag) !== primaryLanguage(languageTag(wanted) ?? wanted);
  const own = languageTag(snippet.defaultLanguage ?? "");
  if (own !== null) return isOther(own) ? "other language" : null;
  const spoken = languageOfCountry(snippet.country ?? "");
  return spoken !== null && isOther(spoken) ? "other country" : null;
}

/** Main language of a country such as "MX" (likely subtags of Unicode's CLDR); null if there is no such country. */
function languageOfCountry(country: string): string | null {
  try {
    return languageTag(new Intl.Locale(`und-${country}`).maximize().language);
  } catch {
    return null;
  }
}

import type { Channel } from "./channel";
import { bitsOf, uniformOf } from "./draw";
import { NICHES } from "./niches";
import type { World } from "./world";

/** What search.list is asked for, of channels. */
export interface ChannelQuery {
  q: string;
  order: string;
  relevanceLanguage: string | undefined;
  publishedAfter: number | undefined;
  publishedBefore: number | undefined;
}

/** No search yields more, however many there are. */
export const MAX_RESULTS = 500;

const SALT = { match: 61, rank: 62, repeat: 63 };
const hash = (text: string) => [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7);

/** A niche's own name finds all of its channels, each other word of it 45 in 100; the rest of words look in titles. */
function matches(seed: number, channel: Channel, word: string): boolean {
  const niche = NICHES.find(({ words }) => words.includes(word));
  if (niche === undefined) return channel.title.toLowerCase().includes(word);
  if (niche !== channel.niche) return false;
  return word === niche.words[0] || uniformOf(seed, SALT.match + hash(word), channel.index) < 0.45;
}

function isFound(seed: number, channel: Channel, q: string): boolean {
  const alternatives = q.toLowerCase().split("|");
  return alternatives.some((alternative) => {
    const words = alternative.match(/-?[\p{L}\p{N}]+/gu) ?? [];
    const unwanted = words.filter((word) => word.startsWith("-")).map((word) => word.slice(1));
    const wanted = words.filter((word) => !word.startsWith("-"));
    const isWanted = wanted.length === 0 || wanted.some((word) => matches(seed, channel, word));
    return isWanted && !unwanted.some((word) => matches(seed, channel, word));
  });
}

/** Sorts as `order` asks; relevance puts channels of the language first, for the most part. */
function rankOf(seed: number, channel: Channel, query: ChannelQuery): number | string {
  if (query.order === "date") return -channel.createdAt;
  if (query.order === "title") return channel.title;
  if (query.order === "viewCount" || query.order === "videoCount") return -channel.subscribers;
  const stranger = query.relevanceLanguage && !query.relevanceLanguage.startsWith(channel.language) ? 0.5 : 0;
  return uniformOf(seed, SALT.rank + hash(query.q), channel.index) + stranger;
}

/** As YouTube's index does now and then, shows a channel a second time some places on. */
function withRepeats(seed: number, channels: Channel[]): Channel[] {
  return channels.flatMap((channel, at) => {
    const earlier = channels[at - 20];
    return earlier && bitsOf(seed, SALT.repeat, channel.index) % 23 === 0 ? [channel, earlier] : [channel];
  });
}

/** The channels a query finds, best first, at most 500, some of them twice. */
export function searchChannels(world: World, query: ChannelQuery): Channel[] {
  const { seed } = world.options;
  const all = Array.from({ length: world.channelCount }, (_, index) => world.channelAt(index));
  const after = query.publishedAfter ?? -Infinity;
  const before = query.publishedBefore ?? Infinity;
  const found = all
    .filter(({ createdAt }) => createdAt >= after && createdAt < before)
    .filter((channel) => isFound(seed, channel, query.q));
  const ranked = found.map((channel) => ({ channel, rank: rankOf(seed, channel, query) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
  return withRepeats(
    seed,
    ranked.map(({ channel }) => channel),
  ).slice(0, MAX_RESULTS);
}

/** Search queries of each niche, most specific first. A niche that is not listed is searched by its name. */
const QUERIES: Record<string, readonly string[]> = {
  tech: ["tech", "technology review", "gadgets", "smartphone review", "programming", "pc build"],
  gaming: ["gaming", "gameplay", "minecraft", "esports", "game walkthrough", "speedrun"],
  education: ["education", "science explained", "history", "math lessons", "learn english", "documentary"],
  entertainment: ["entertainment", "comedy", "challenge", "vlog", "movie review", "podcast"],
  beauty: ["beauty", "makeup", "skincare", "hair", "fashion", "nails"],
  news: ["news", "politics", "world news", "economy", "breaking news", "journalism"],
};

/** Search queries for a niche's channels. */
export const queriesOf = (niche: string): readonly string[] => QUERIES[niche] ?? [niche];

/** Divides a number of channels among niches as equally as possible; the first niches get the remainder. */
export function divideChannels(niches: readonly string[], channels: number): Map<string, number> {
  const each = Math.floor(channels / niches.length);
  const over = channels % niches.length;
  return new Map(niches.map((niche, i) => [niche, each + (i < over ? 1 : 0)]));
}

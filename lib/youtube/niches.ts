/** What channels of a niche are searched by, most telling first. A niche that is not here is searched by its name. */
const QUERIES: Record<string, readonly string[]> = {
  tech: ["tech", "technology review", "gadgets", "smartphone review", "programming", "pc build"],
  gaming: ["gaming", "gameplay", "minecraft", "esports", "game walkthrough", "speedrun"],
  education: ["education", "science explained", "history", "math lessons", "learn english", "documentary"],
  entertainment: ["entertainment", "comedy", "challenge", "vlog", "movie review", "podcast"],
  beauty: ["beauty", "makeup", "skincare", "hair", "fashion", "nails"],
  news: ["news", "politics", "world news", "economy", "breaking news", "journalism"],
};

/** Texts to search a niche's channels by. */
export const queriesOf = (niche: string): readonly string[] => QUERIES[niche] ?? [niche];

/** How many of so many channels each niche is to have: as equal as can be, the first ones taking what is left over. */
export function divideChannels(niches: readonly string[], channels: number): Map<string, number> {
  const each = Math.floor(channels / niches.length);
  const over = channels % niches.length;
  return new Map(niches.map((niche, i) => [niche, each + (i < over ? 1 : 0)]));
}

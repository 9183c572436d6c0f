import type { TrainingData } from "../features";

/** Name of the niche of channels whose source gave none. */
export const UNKNOWN_NICHE = "unknown";

/** The niche of each channel: the one most of its videos name; of equals, the first by name. */
export function nicheOfChannels(data: TrainingData): Map<string, string> {
  const votes = new Map<string, Map<string, number>>();
  for (const { channelId, niche } of data.videos) {
    const counts = votes.get(channelId) ?? new Map<string, number>();
    votes.set(channelId, counts);
    if (niche !== null) counts.set(niche, (counts.get(niche) ?? 0) + 1);
  }
  return new Map([...votes].map(([channelId, counts]) => [channelId, mostVotes(counts)]));
}

function mostVotes(counts: Map<string, number>): string {
  const [first] = [...counts].sort(([a, votesA], [b, votesB]) => votesB - votesA || a.localeCompare(b));
  return first?.[0] ?? UNKNOWN_NICHE;
}

import { createHash } from "node:crypto";
import type { PairOptions } from "../../lib/config";
import type { RatedVideo } from "../../lib/store";

const DAY_MS = 86_400_000;

interface Drawn {
  draw: string;
  winner: number;
  loser: number;
}

/** What a loop over typed arrays builds: rows of winners and losers with their margins. */
export interface LoopPairs {
  winners: Int32Array;
  losers: Int32Array;
  margins: Float64Array;
}

/** The pairs that the store builds, by the plain loop one would write without it. */
export function loopOverPairs(videos: RatedVideo[], options: PairOptions, seed: number): LoopPairs {
  const proxies = Float64Array.from(videos, (video) => video.proxy);
  const times = Float64Array.from(videos, (video) => video.publishedAt.getTime());
  const winners: number[] = [];
  const losers: number[] = [];
  const margins: number[] = [];
  const keep = (winner: number, loser: number) => {
    winners.push(winner);
    losers.push(loser);
    margins.push(marginOf(proxies, winner, loser));
  };
  for (const rows of groups(videos)) {
    const drawn: Drawn[] = [];
    for (const winner of rows) {
      for (const loser of rows) {
        const high = proxies[winner] ?? 0;
        const low = proxies[loser] ?? 0;
        const apart = Math.abs((times[winner] ?? 0) - (times[loser] ?? 0));
        if (!(high > low) || apart > options.windowDays * DAY_MS) continue;
        if (marginOf(proxies, winner, loser) < options.minMargin) continue;
        if (options.maxPairsPerChannel === null) keep(winner, loser);
        else drawn.push({ draw: drawOf(seed, videos[winner], videos[loser]), winner, loser });
      }
    }
    drawn.sort((a, b) => (a.draw < b.draw ? -1 : 1));
    for (const { winner, loser } of drawn.slice(0, options.maxPairsPerChannel ?? 0)) keep(winner, loser);
  }
  return { winners: Int32Array.from(winners), losers: Int32Array.from(losers), margins: Float64Array.from(margins) };
}

function groups(videos: RatedVideo[]): number[][] {
  const rows = new Map<string, number[]>();
  for (const [row, { channelId, fold }] of videos.entries()) {
    const key = `${channelId} ${fold}`;
    const group = rows.get(key);
    if (group === undefined) rows.set(key, [row]);
    else group.push(row);
  }
  return [...rows.values()];
}

function marginOf(proxies: Float64Array, winner: number, loser: number): number {
  const high = proxies[winner] ?? 0;
  return (high - (proxies[loser] ?? 0)) / high;
}

function drawOf(seed: number, winner: RatedVideo | undefined, loser: RatedVideo | undefined): string {
  return createHash("md5").update(`${seed}:${winner?.videoId}:${loser?.videoId}`).digest("hex");
}

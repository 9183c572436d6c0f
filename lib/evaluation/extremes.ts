import { at } from "../base";
import { type Calibration, winProbability } from "../metrics";
import type { Part } from "./groups";
import type { RankedPair } from "./report";

/** Most pairs of one channel in a list, so that a large channel does not fill the page. */
const PER_CHANNEL = 3;

/**
 * The pairs that the model is most confident about: rightly (`best`) and wrongly (`worst`), most confident first. No
 * video appears twice in a list.
 */
export function extremePairs(
  part: Part,
  scores: ArrayLike<number>,
  calibration: Calibration,
  count: number,
): { best: RankedPair[]; worst: RankedPair[] } {
  const { winners, losers } = part.pairs;
  const gap = (pair: number) => at(scores, at(winners, pair)) - at(scores, at(losers, pair));
  const order = Array.from(winners.keys()).sort((a, b) => gap(b) - gap(a) || a - b);
  const shown = (pair: number): RankedPair => {
    const winner = at(winners, pair);
    const loser = at(losers, pair);
    return {
      winner,
      loser,
      probability: winProbability(calibration, at(scores, winner), at(scores, loser)),
    };
  };
  const right = order.filter((pair) => gap(pair) > 0);
  const wrong = order.filter((pair) => gap(pair) < 0).reverse();
  return { best: varied(part, right, count).map(shown), worst: varied(part, wrong, count).map(shown) };
}

/** The first `count` of `order` that repeat no video and include at most PER_CHANNEL of a channel. */
function varied({ pairs, channelOf }: Part, order: number[], count: number): number[] {
  const used = new Set<number>();
  const ofChannel = new Map<number, number>();
  return order.filter((pair) => {
    const winner = at(pairs.winners, pair);
    const loser = at(pairs.losers, pair);
    const channel = at(channelOf, winner);
    const already = ofChannel.get(channel) ?? 0;
    if (used.size >= 2 * count || already >= PER_CHANNEL || used.has(winner) || used.has(loser)) return false;
    ofChannel.set(channel, already + 1);
    used.add(winner).add(loser);
    return true;
  });
}

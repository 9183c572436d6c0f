import { at, permutation, random } from "../base";
import type { PairRows } from "../metrics";

/**
 * Scores of a "model" that looks at neither picture nor title: the share of the given pairs that each video won, one
 * half if it is in none. Whatever it achieves on other pairs is leaked by the split.
 * @param videos number of videos
 * @returns [videos], 0-1
 */
export function memorisedScores(videos: number, { winners, losers }: PairRows): Float64Array {
  const won = new Float64Array(videos);
  const played = new Float64Array(videos);
  for (let pair = 0; pair < winners.length; pair++) {
    const winner = at(winners, pair);
    const loser = at(losers, pair);
    won[winner] = at(won, winner) + 1;
    played[winner] = at(played, winner) + 1;
    played[loser] = at(played, loser) + 1;
  }
  return won.map((wins, video) => (played[video] === 0 ? 0.5 : wins / at(played, video)));
}

/** Splits pairs into two halves at random, as a careless split does: most videos are then in both. */
export function splitInHalf({ winners, losers }: PairRows, seed: number): [PairRows, PairRows] {
  const order = permutation(winners.length, random(seed, "halves"));
  const offset = (pairs: Int32Array): PairRows => ({
    winners: pairs.map((pair) => at(winners, pair)),
    losers: pairs.map((pair) => at(losers, pair)),
  });
  const middle = Math.floor(order.length / 2);
  return [offset(order.subarray(0, middle)), offset(order.subarray(middle))];
}

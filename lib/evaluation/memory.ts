import { permutation, random } from "../base";
import type { PairRows } from "../metrics";

/**
 * Scores of a "model" that looks at no picture and no title: the share of the given pairs that each video won, one half
 * where it is in none. Whatever it reaches on other pairs, a split has given away.
 * @param videos number of videos
 * @returns [videos], 0-1
 */
export function rememberedScores(videos: number, { winners, losers }: PairRows): Float64Array {
  const [won, played] = [new Float64Array(videos), new Float64Array(videos)];
  for (let pair = 0; pair < winners.length; pair++) {
    const [winner, loser] = [winners[pair] as number, losers[pair] as number];
    won[winner] = (won[winner] as number) + 1;
    played[winner] = (played[winner] as number) + 1;
    played[loser] = (played[loser] as number) + 1;
  }
  return won.map((wins, video) => (played[video] === 0 ? 0.5 : wins / (played[video] as number)));
}

/** Pairs cut in two halves at random, as a careless split does: most videos are then in both. */
export function halvesAtRandom({ winners, losers }: PairRows, seed: number): [PairRows, PairRows] {
  const order = permutation(winners.length, random(seed, "halves"));
  const at = (pairs: Int32Array): PairRows => ({
    winners: pairs.map((pair) => winners[pair] as number),
    losers: pairs.map((pair) => losers[pair] as number),
  });
  const middle = Math.floor(order.length / 2);
  return [at(order.subarray(0, middle)), at(order.subarray(middle))];
}

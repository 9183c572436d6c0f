import type { Progress } from "./progress";

/**
 * Work split into pieces that any process on any machine may do, in any order and any number of times, with the same
 * result: pending pieces are read from the store, and doing a piece changes only what is still pending.
 */
export interface Stage<Piece> {
  /** Such as "read videos". */
  name: string;
  /** Pieces in progress at once. */
  concurrency: number;
  /** Number of items in all pending pieces, such as videos. */
  count(): Promise<number>;
  /** The pending pieces, read from the store. */
  pending(): AsyncIterable<Piece>;
  /** Does one piece and returns the number of items done. */
  perform(piece: Piece): Promise<number>;
}

/** Gets the pieces of a stage done, in this process (`runStage`) or elsewhere, and returns the number of items done. */
export type StageRunner<Piece> = (stage: Stage<Piece>) => AsyncGenerator<Progress, number>;

/**
 * Does all pending pieces of a stage in this process, several at once. If it is stopped, even by SIGKILL, running it
 * again completes the work.
 * @throws the first error of a piece, after the pieces in progress have ended; no further piece is started
 */
export async function* runStage<Piece>(stage: Stage<Piece>): AsyncGenerator<Progress, number> {
  const { name, concurrency } = stage;
  const total = await stage.count();
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let done = 0;
  const begin = (piece: Piece) => {
    const count = (items: number) => {
      done += items;
    };
    const work: Promise<void> = stage
      .perform(piece)
      .then(count, (thrown: unknown) => void failures.push(thrown))
      .finally(() => underWay.delete(work));
    underWay.add(work);
  };
  try {
    for await (const piece of stage.pending()) {
      if (failures.length > 0) break;
      begin(piece);
      if (underWay.size < concurrency) continue;
      await Promise.race(underWay);
      yield { stage: name, done, total };
    }
  } finally {
    await Promise.all(underWay);
  }
  if (failures.length > 0) throw failures[0];
  yield { stage: name, done, total: done };
  return done;
}

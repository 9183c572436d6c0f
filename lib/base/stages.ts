import type { Progress } from "./progress";

/**
 * Work that is cut into pieces which any program on any machine may do, in any order and any number of times, with one
 * effect: what is pending is read from the store, and doing a piece changes only what is still pending.
 */
export interface Stage<Piece> {
  /** Such as "read videos". */
  name: string;
  /** Pieces in progress at once. */
  concurrency: number;
  /** Items of all pending pieces, such as videos. */
  count(): Promise<number>;
  /** The pending pieces, read from the store. */
  pending(): AsyncIterable<Piece>;
  /** Does one piece and returns how many items it did. */
  perform(piece: Piece): Promise<number>;
}

/** Has the pieces of a stage done, here as `runStage` or elsewhere, and returns the items that were done. */
export type StageRunner<Piece> = (stage: Stage<Piece>) => AsyncGenerator<Progress, number>;

/**
 * Does all pending pieces of a stage in this process, several at once. Stopped anywhere, even by SIGKILL, it is
 * completed by running it again.
 * @throws what a piece throws, after those in progress have ended; no further piece is begun
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

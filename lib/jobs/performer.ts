import { z } from "zod";
import { PieceUnreadable } from "./errors";
import type { QueueName } from "./queues";

/** What follows a failure: the job is retried, the job is postponed to another day, or the worker stops. */
export type Verdict = "retry" | "stop" | { postponedUntil: Date };

/** What a worker does with the jobs of a queue. */
export interface Performer {
  queue: QueueName;
  /** Does the piece in a job's data and returns how many items it did. @throws PieceUnreadable */
  perform(data: unknown): Promise<number>;
  judgeFailure(thrown: unknown): Verdict;
}

/** How to do the pieces of a queue. */
export interface PieceWork<Piece> {
  queue: QueueName;
  schema: z.ZodType<Piece>;
  perform(piece: Piece): Promise<number>;
  /** "retry" if omitted. */
  verdictOf?: (thrown: unknown) => Verdict;
}

/** Makes a performer that parses each job's data before it performs the piece. */
export function performer<Piece>({ queue, schema, perform, verdictOf }: PieceWork<Piece>): Performer {
  const data = z.object({ items: z.array(z.string()), piece: schema });
  return {
    queue,
    async perform(given) {
      const parsed = data.safeParse(given);
      if (!parsed.success) throw new PieceUnreadable(queue, parsed.error.issues[0]?.message ?? "no piece");
      return perform(parsed.data.piece);
    },
    judgeFailure: (thrown) => verdictOf?.(thrown) ?? "retry",
  };
}

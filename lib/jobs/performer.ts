import { z } from "zod";
import { PieceUnreadable } from "./errors";
import type { QueueName } from "./queues";

/** What a failure means for its job: later tries, another day, or that this worker cannot continue. */
export type Verdict = "retry" | "stop" | { postponedUntil: Date };

/** What a worker does with the jobs of a queue. */
export interface Performer {
  queue: QueueName;
  /** Does the piece that a job holds and returns how many items it did. @throws PieceUnreadable */
  perform(data: unknown): Promise<number>;
  judgeFailure(thrown: unknown): Verdict;
}

/** How the pieces of a queue are done. */
export interface PieceWork<Piece> {
  queue: QueueName;
  schema: z.ZodType<Piece>;
  perform(piece: Piece): Promise<number>;
  /** "retry" if omitted. */
  verdictOf?: (thrown: unknown) => Verdict;
}

/** A performer of pieces, which are parsed before. */
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

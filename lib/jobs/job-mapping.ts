import type { JobSettings, QueueName } from "./queues";

/** A job's data: a piece of work, and the names of its items. */
export interface JobData {
  items: string[];
  piece: unknown;
}

/** How the pieces of a stage become jobs. */
export interface JobMapping<Piece> {
  queue: QueueName;
  /** Names of the items in a piece, such as video ids. */
  itemsOf(piece: Piece): string[];
  /** The part of a piece that a job contains if only some of its items are wanted. */
  partOf(piece: Piece, items: ReadonlySet<string>): unknown;
  settings?: Partial<JobSettings>;
  /** How often progress is checked. */
  pollMs?: number;
  /** If aborted, the coordinator stops waiting; its jobs continue. */
  signal?: AbortSignal | undefined;
}

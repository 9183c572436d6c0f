import type { JobSettings, QueueName } from "./queues";

/** What a job holds: a piece of work, and the names of the items it is made of. */
export interface JobData {
  items: string[];
  piece: unknown;
}

/** How the pieces of a stage become jobs. */
export interface JobMapping<Piece> {
  queue: QueueName;
  /** Names of what is done by a piece, such as ids of videos. */
  itemsOf(piece: Piece): string[];
  /** What a job holds of a piece of which only some items are wanted. */
  partOf(piece: Piece, items: ReadonlySet<string>): unknown;
  settings?: Partial<JobSettings>;
  /** How often progress is looked at. */
  pollMs?: number;
  /** Aborted: the coordinator waits no longer; what is a job continues. */
  signal?: AbortSignal | undefined;
}

import type { Progress } from "../base";
import type { QueueName } from "./queues";

/** A worker's progress in a queue: items so far, and what went wrong with the last job. */
export interface WorkProgress extends Progress {
  stage: QueueName;
  trouble?: string;
}

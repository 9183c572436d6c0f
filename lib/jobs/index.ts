// Runs collecting and embedding as jobs that any number of workers on any number of machines share, using pg-boss in
// the store's PostgreSQL: leases, heartbeats, retries, dead letters. What a piece of work does is up to its stage; this
// folder only relies on it being safe to repeat.

export { type CollectPlace, type CollectSharing, collectPerformer, collectRunners } from "./collect";
export { runOnQueue } from "./coordinate";
export { type QueueCounts, queueCounts, settled } from "./counts";
export { clearQueue, type DeadLetter, deadLetters, retryDeadLetters } from "./dead-letters";
export { EMBED_PLACEMENT, embedPerformer } from "./embed";
export { enqueue } from "./enqueue";
export * from "./errors";
export type { JobData, JobMapping } from "./job-mapping";
export { type Jobs, type JobsRole, openJobs } from "./jobs";
export { queuesNamed } from "./named";
export { type Performer, type PieceWork, performer, type Verdict } from "./performer";
export { JOB_SETTINGS, type JobSettings, QUEUES, type QueueName } from "./queues";
export { type WorkOptions, work } from "./work";
export type { WorkProgress } from "./work-progress";

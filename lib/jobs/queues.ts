import { QUEUES } from "../config";

export { QUEUES };
export type QueueName = (typeof QUEUES)[number];

/** Name of the queue for jobs that failed in every attempt. */
export const deadLetterOf = (queue: QueueName): string => `${queue}-dead`;

/** PostgreSQL schema of the jobs, in the store's database. */
export const SCHEMA = "thumbrank_jobs";

/** How long a worker may hold a job, and how often a job is tried. */
export interface JobSettings {
  /** A job still held after this time goes to another worker, even if its holder still sends heartbeats. */
  leaseSeconds: number;
  /** A worker loses its jobs after this time without a heartbeat; at least 10. */
  heartbeatSeconds: number;
  /** Further attempts after the first. */
  retryLimit: number;
  /** Delay before the second attempt; doubled before each later one. */
  retryDelaySeconds: number;
  retryDelayMaxSeconds: number;
}

export const JOB_SETTINGS: JobSettings = {
  leaseSeconds: 900,
  heartbeatSeconds: 60,
  retryLimit: 5,
  retryDelaySeconds: 5,
  retryDelayMaxSeconds: 300,
};

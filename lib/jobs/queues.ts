import { QUEUES } from "../config";

export { QUEUES };
export type QueueName = (typeof QUEUES)[number];

/** Where jobs end that failed more often than they may. */
export const deadLetterOf = (queue: QueueName): string => `${queue}-dead`;

/** The schema of the jobs, in the database of the store. */
export const SCHEMA = "thumbrank_jobs";

/** How long a worker may hold a job, and how often one is tried. */
export interface JobSettings {
  /** A job that is still held after so long goes to another worker, whatever its holder says. */
  leaseSeconds: number;
  /** A holder that has not been heard of for so long has lost its jobs; at least 10. */
  heartbeatSeconds: number;
  /** Further tries after the first. */
  retryLimit: number;
  /** Before the second try; doubled before each later one. */
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

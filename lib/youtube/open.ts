import { hostname } from "node:os";
import { type Random, random, readWebAddress, unquoted } from "../base";
import { configure, QuotaOptions } from "../config";
import type { QuotaLedger } from "../store";
import { RETRIES, type RetryOptions, type Sleep, sleep } from "./backoff";
import { type Call, createCall } from "./call";
import { type ClientOptions, openClient } from "./client";
import { YoutubeKeyMissing } from "./errors";
import { createQuota, type Method, type Quota, type QuotaLimits } from "./quota";
import { type ReadStatistics, readStatistics } from "./read-statistics";
import { type ReadVideos, readVideos } from "./read-videos";

const TIMEOUT_MS = 30_000;

/** Everything except the ledger has a default; the key and root URL come only from the environment. */
export interface YoutubeOptions {
  /** Counts the quota spent by all programs on one store. */
  ledger: QuotaLedger;
  limits?: Partial<QuotaOptions>;
  environment?: NodeJS.ProcessEnv;
  /** Ends waits before a retry. */
  signal?: AbortSignal | undefined;
  retries?: Partial<RetryOptions>;
  /** For tests. */
  random?: Random;
  sleep?: Sleep;
  now?: () => Date;
}

/** The Data API with quota, retries and errors taken care of. No property exposes the key, so printing it is safe. */
export interface Youtube {
  call: Call;
  quota: Quota;
  /** Limits of the project for a day. */
  limits: QuotaLimits;
  /** Calls sent by this object, by method. */
  spent: Readonly<Record<Method, number>>;
  /** Reads up to 50 videos by id; see `readVideos`. */
  readVideos(ids: readonly string[]): Promise<ReadVideos>;
  /** Reads the statistics of up to 50 videos by id; see `readStatistics`. */
  readStatistics(ids: readonly string[]): Promise<ReadStatistics>;
}

/**
 * Opens the Data API with the key in YOUTUBE_API_KEY. YOUTUBE_ROOT_URL replaces Google's root, for stand-ins and tests.
 * @throws YoutubeKeyMissing, AddressInvalid
 */
export function openYoutube(options: YoutubeOptions): Youtube {
  const { ledger, environment = process.env, signal, now = () => new Date() } = options;
  const { key, rootUrl } = readYoutubeAccess(environment);
  const limits = toQuotaLimits(configure(QuotaOptions, options.limits ?? {}));
  const spent: Record<Method, number> = {
    "search.list": 0,
    "channels.list": 0,
    "playlistItems.list": 0,
    "videos.list": 0,
    "videos.batchGetStats": 0,
  };
  const quota = createQuota(ledger, limits, now, (method) => {
    spent[method]++;
  });
  const call = createCall({
    send: openClient({ key, rootUrl, timeoutMs: TIMEOUT_MS }),
    quota,
    retries: { ...RETRIES, ...options.retries },
    random: options.random ?? random("youtube", hostname(), process.pid, Date.now()),
    sleep: options.sleep ?? sleep,
    now,
    signal,
  });
  return {
    call,
    quota,
    limits,
    spent,
    readVideos: (ids) => readVideos(call, ids, now),
    readStatistics: (ids) => readStatistics(call, ids, now),
  };
}

export const toQuotaLimits = ({ searchLimit, unitsLimit, statisticsLimit }: QuotaOptions): QuotaLimits => ({
  search: searchLimit,
  units: unitsLimit,
  statistics: statisticsLimit,
});

/** Reads the Data API's key and, if it is set, its root URL. @throws YoutubeKeyMissing, AddressInvalid */
export function readYoutubeAccess(environment: NodeJS.ProcessEnv): Pick<ClientOptions, "key" | "rootUrl"> {
  const key = unquoted(environment.YOUTUBE_API_KEY ?? "");
  if (key === "") throw new YoutubeKeyMissing();
  return { key, rootUrl: readWebAddress("YOUTUBE_ROOT_URL", environment) };
}

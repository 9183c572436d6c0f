import { hostname } from "node:os";
import { type Random, random, readWebAddress, unquoted } from "../base";
import { configure, QuotaOptions } from "../config";
import type { QuotaLedger } from "../store";
import { RETRIES, type RetryOptions, type Sleep, sleep } from "./backoff";
import { type Call, createCall } from "./call";
import { type ClientOptions, openClient } from "./client";
import { YoutubeKeyMissing } from "./errors";
import { createQuota, type Method, type Quota, type QuotaLimits } from "./quota";
import { type ReadVideos, readVideos } from "./read-videos";

const TIMEOUT_MS = 30_000;

/** Everything but the ledger has a default; key and root come from the environment alone. */
export interface YoutubeOptions {
  /** Counts what is spent, for all programs on one store. */
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

/** The Data API with quota and faults dealt with. Nothing of it holds the key where it could be printed. */
export interface Youtube {
  call: Call;
  quota: Quota;
  /** Of the project, a day. */
  limits: QuotaLimits;
  /** Calls sent by this object, by method. */
  spent: Readonly<Record<Method, number>>;
  /** Reads up to 50 videos by id; see `readVideos`. */
  readVideos(ids: readonly string[]): Promise<ReadVideos>;
}

/**
 * Opens the Data API. YOUTUBE_API_KEY is the key; YOUTUBE_ROOT_URL another root than Google's, for stand-ins and tests.
 * @throws YoutubeKeyMissing, AddressInvalid
 */
export function openYoutube(options: YoutubeOptions): Youtube {
  const { ledger, environment = process.env, signal, now = () => new Date() } = options;
  const { key, rootUrl } = readYoutubeAccess(environment);
  const limits = toQuotaLimits(configure(QuotaOptions, options.limits ?? {}));
  const spent = { "search.list": 0, "channels.list": 0, "playlistItems.list": 0, "videos.list": 0 };
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
  return { call, quota, limits, spent, readVideos: (ids) => readVideos(call, ids, now) };
}

export const toQuotaLimits = ({ searchLimit, unitsLimit }: QuotaOptions): QuotaLimits => ({
  search: searchLimit,
  units: unitsLimit,
});

/** With which key the Data API is asked, and where, if not at Google's. @throws YoutubeKeyMissing, AddressInvalid */
export function readYoutubeAccess(environment: NodeJS.ProcessEnv): Pick<ClientOptions, "key" | "rootUrl"> {
  const key = unquoted(environment.YOUTUBE_API_KEY ?? "");
  if (key === "") throw new YoutubeKeyMissing();
  return { key, rootUrl: readWebAddress("YOUTUBE_ROOT_URL", environment) };
}

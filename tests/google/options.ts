import { z } from "zod";
import { FAULTS } from "./fault-names";
import { WorldOptions } from "./world";

const KeyError = z.enum(["keyInvalidOld", "keyInvalidCurrent", "accessNotConfigured", "apiDisabled", "keyBlocked"]);

const ApiKey = z.object({
  key: z.string(),
  /** Keys of one project share its quota. */
  project: z.string().default("100000000001"),
  /** What every call with this key is answered. */
  error: KeyError.optional(),
});

/** A fault for the n-th call (1-based) of a method, or of all; `every` repeats it for all calls from then on. */
export const Scripted = z.object({
  n: z.number().int().positive(),
  method: z.string().optional(),
  fault: z.enum(FAULTS),
  every: z.boolean().default(false),
  /** Only calls with a page token, or without one, are counted and fail. */
  isLaterPage: z.boolean().optional(),
  /** Only calls for this playlist, or with these words to search for. */
  about: z.string().optional(),
});

const OAuth = z.object({
  clientId: z.string().default("stand-in.apps.example"),
  clientSecret: z.string().default("stand-in-client-secret"),
  project: z.string().default("100000000001"),
  /** What the person at the consent page does. */
  consent: z.enum(["granted", "denied"]).default("granted"),
  /** Scopes the person unticks. */
  refusedScopes: z.array(z.string()).default([]),
  /** Index of the channel that the person owns. */
  ownerChannel: z.number().int().default(0),
  accessTokenSeconds: z.number().int().default(3_599),
});

const PICTURE_BREAKS = ["wrongType", "truncated", "empty", "html", "missing"] as const;

/** How the stand-in behaves; all but world, certificate and port may be changed while it runs. */
export const Options = z.object({
  world: WorldOptions.prefault({}),
  apiKeys: z.array(ApiKey).default([{ key: "stand-in-key", project: "100000000001" }]),
  /** Per project and Pacific day. */
  quotas: z
    .object({
      search: z.number().default(100),
      units: z.number().default(10_000),
      statistics: z.number().default(10_000),
    })
    .prefault({}),
  /** Share of the calls of APIs that fail, by kinds drawn from `faultKinds`. */
  faultRate: z.number().min(0).max(1).default(0),
  faultSeed: z.number().int().default(1),
  faultKinds: z
    .array(z.enum(FAULTS))
    .default([
      "rateLimited",
      "userRateLimited",
      "backendError",
      "unavailable",
      "resetBefore",
      "resetMiddle",
      "cutBody",
      "truncatedJson",
      "proxyPage",
    ]),
  scripted: z.array(Scripted).default([]),
  /** How long a slow answer takes. */
  slowMs: z.number().default(30_000),
  latencyMs: z.number().default(0),
  /** The clock stands at this time (ISO 8601) until it is advanced; without it, it is the machine's. */
  now: z.iso.datetime().optional(),
  /** Videos that videos.list no longer shows and whose pictures are gone. */
  removed: z.array(z.string()).default([]),
  /** Videos that videos.batchGetStats leaves out, though they are there. */
  unanswered: z.array(z.string()).default([]),
  /** Channels that are gone: not listed, their playlists not found. */
  goneChannels: z.array(z.string()).default([]),
  /** Uploads are not listed by their time: each seventh stands forty places further down. */
  uploadsOutOfOrder: z.boolean().default(false),
  /** Playlists that answer 403. */
  forbiddenPlaylists: z.array(z.string()).default([]),
  /** Pictures (video ids) that are broken for good, and how. */
  brokenPictures: z.record(z.string(), z.enum(PICTURE_BREAKS)).default({}),
  /** Share of the calls for pictures that fail, by the kinds above, a reset or a 503. */
  pictureFaultRate: z.number().min(0).max(1).default(0),
  /** Answers are compressed where the client takes it. */
  gzip: z.boolean().default(true),
  oauth: OAuth.prefault({}),
});

export type Scripted = z.infer<typeof Scripted>;
export type Options = z.infer<typeof Options>;
export type GoogleOptions = z.input<typeof Options>;
export type KeyError = z.infer<typeof KeyError>;
export type PictureBreak = (typeof PICTURE_BREAKS)[number];

/** @returns the options with some of them changed; the world and its clock stay */
export function changed(options: Options, changes: GoogleOptions): Options {
  const { world: _, now: __, ...some } = changes;
  const quotas = { ...options.quotas, ...some.quotas };
  return Options.parse({ ...options, ...some, quotas, oauth: { ...options.oauth, ...some.oauth } });
}

import { ThumbrankError } from "../base";
import type { QuotaBucket } from "../store";

const GET_A_KEY =
  "create an API key in the Google Cloud console (APIs & Services, Credentials; docs/COLLECTING.md shows how), and set YOUTUBE_API_KEY";

/** There is no YouTube API key. */
export class YoutubeKeyMissing extends ThumbrankError {
  constructor() {
    super("YOUTUBE_KEY_MISSING", {
      what: "YOUTUBE_API_KEY is not set, and YouTube requires a key",
      next: `${GET_A_KEY}; \`thumbrank collect --plan\` needs none`,
    });
  }
}

/** YouTube does not know the key, or does not accept it from this machine. */
export class YoutubeKeyRefused extends ThumbrankError {
  constructor(readonly reason: string) {
    super("YOUTUBE_KEY_REFUSED", {
      what: `YouTube refuses the key of YOUTUBE_API_KEY (${reason})`,
      next: `${GET_A_KEY}; a restricted key must allow the YouTube Data API v3 and this machine's address`,
    });
  }
}

/** The API is not enabled for the key's project. */
export class YoutubeApiDisabled extends ThumbrankError {
  constructor(readonly reason: string) {
    super("YOUTUBE_API_DISABLED", {
      what: `the project of YOUTUBE_API_KEY may not use the YouTube Data API (${reason})`,
      next: 'enable "YouTube Data API v3" for it in the Google Cloud console (APIs & Services, Library), wait a few minutes, and repeat the command',
    });
  }
}

/** YouTube refuses a call for a reason that retrying does not fix. */
export class YoutubeCallRefused extends ThumbrankError {
  constructor(
    readonly method: string,
    readonly status: number,
    readonly reason: string,
  ) {
    super("YOUTUBE_CALL_REFUSED", {
      what: `YouTube refuses ${method} with status ${status}: ${reason}`,
      next: "check the options of the command against the message; what was collected before is kept",
    });
  }
}

/** YouTube gave no usable answer in any attempt. */
export class YoutubeUnreachable extends ThumbrankError {
  constructor(
    readonly method: string,
    readonly attempts: number,
    readonly reason: string,
  ) {
    super("YOUTUBE_UNREACHABLE", {
      what: `YouTube gave no usable answer to ${method} in ${attempts} attempts, the last: ${reason}`,
      next: "check the connection and repeat the command: it continues where it stopped",
    });
  }
}

/** The thumbnail server does not answer. */
export class ThumbnailsUnreachable extends ThumbrankError {
  constructor(
    readonly host: string,
    readonly attempts: number,
    readonly reason: string,
  ) {
    super("YOUTUBE_PICTURES_UNREACHABLE", {
      what: `${host} gave no thumbnail in ${attempts} attempts, the last: ${reason}`,
      next: "check the connection and repeat the command: it continues with the pictures that are missing",
    });
  }
}

/** What a bucket counts. */
const COUNTED: Record<QuotaBucket, string> = {
  search: "calls of search.list",
  units: "units",
  statistics: "calls of videos.batchGetStats",
};

/** The day's quota is used up. Exits with sysexits' EX_TEMPFAIL, so that scripts can distinguish it from a failure. */
export class YoutubeQuotaSpent extends ThumbrankError {
  override readonly exitCode = 75;

  /** @param left human-readable description of the remaining work */
  constructor(
    readonly bucket: QuotaBucket,
    readonly resetsAt: Date,
    readonly left?: string,
  ) {
    super("YOUTUBE_QUOTA_SPENT", {
      what: `the day's ${COUNTED[bucket]} are used up${left === undefined ? "" : `; left to do: ${left}`}`,
      next: `repeat the command after ${resetsAt.toISOString()}, midnight in California (it continues where it stopped), or give --wait`,
    });
  }
}

/** YouTube refuses one playlist, channel or video; the caller records why and continues. */
export class ItemRefused extends ThumbrankError {
  constructor(readonly reason: string) {
    super("YOUTUBE_ITEM_REFUSED", {
      what: `YouTube refuses this item: ${reason}`,
      next: "leave it out; it may be private or gone",
    });
  }
}

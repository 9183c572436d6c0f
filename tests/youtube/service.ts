import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { random } from "../../lib/base/random";
import { QUOTA_BUCKETS, type QuotaLedger } from "../../lib/store";
import { openYoutube, type Youtube, type YoutubeOptions } from "../../lib/youtube";

export const KEY = "AIza-planted+key/of=tests";

/** How one call is answered: the first answer to the first call, and so on, the last one to all that follow. */
export type Reply = (response: ServerResponse, request: IncomingMessage) => void;

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Reply =>
  (response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

/** A server of one test that answers as it is told. */
export interface Service {
  url: string;
  requests: { path: string; parameters: URLSearchParams; at: number; connection: number }[];
  close(): Promise<void>;
}

export async function serve(...replies: Reply[]): Promise<Service> {
  const requests: Service["requests"] = [];
  const connections = new Map<unknown, number>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const connection = connections.get(request.socket) ?? connections.size;
    connections.set(request.socket, connection);
    requests.push({ path: pathname, parameters: searchParams, at: requests.length, connection });
    (replies[requests.length - 1] ?? replies.at(-1))?.(response, request);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    requests,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** A ledger in memory that keeps to its limits. */
export function memoryLedger(): QuotaLedger & { spent: Map<string, number>; exhausted: Set<string> } {
  const spent = new Map<string, number>();
  const exhausted = new Set<string>();
  return {
    spent,
    exhausted,
    async spendQuota({ day, bucket, units, limit }) {
      const name = `${day} ${bucket}`;
      const total = (spent.get(name) ?? 0) + units;
      if (exhausted.has(name) || total > limit) return false;
      spent.set(name, total);
      return true;
    },
    async exhaustQuota(day, bucket) {
      exhausted.add(`${day} ${bucket}`);
    },
    async quotaSpent(day) {
      return QUOTA_BUCKETS.map((bucket) => ({
        day,
        bucket,
        units: spent.get(`${day} ${bucket}`) ?? 0,
        exhausted: exhausted.has(`${day} ${bucket}`),
        methods: {},
      }));
    },
  };
}

/** The API at a server, with waits that take no time; `waits` says how long they would have been. */
export function youtubeAt(
  url: string,
  options: Partial<YoutubeOptions> = {},
): { youtube: Youtube; waits: number[]; ledger: ReturnType<typeof memoryLedger> } {
  const waits: number[] = [];
  const ledger = memoryLedger();
  const youtube = openYoutube({
    ledger,
    environment: { YOUTUBE_API_KEY: KEY, YOUTUBE_ROOT_URL: url },
    random: random("tests"),
    now: () => new Date("2026-11-28T12:00:00Z"),
    sleep: async (ms) => void waits.push(ms),
    ...options,
  });
  return { youtube, waits, ledger };
}

/** An item of videos.list. */
export function videoItem(id: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    snippet: {
      publishedAt: "2026-10-01T10:00:00Z",
      channelId: "UCchannel",
      channelTitle: "Channel",
      title: `Video ${id}`,
      liveBroadcastContent: "none",
      defaultAudioLanguage: "en-US",
      thumbnails: {
        default: { url: `https://i.ytimg.com/vi/${id}/default.jpg`, width: 120, height: 90 },
        maxres: { url: `https://i.ytimg.com/vi/${id}/maxresdefault.jpg`, width: 1280, height: 720 },
        high: { url: `https://i.ytimg.com/vi/${id}/hqdefault.jpg`, width: 480, height: 360 },
      },
    },
    contentDetails: { duration: "PT4M13S" },
    statistics: { viewCount: "12345", likeCount: "100", commentCount: "7" },
    ...changes,
  };
}

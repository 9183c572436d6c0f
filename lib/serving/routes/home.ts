import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { z } from "zod";
import type { App } from "../app";
import { ResourceMissing } from "../errors";
import { Home } from "../home/home";
import { problemAnswers } from "../schemas";
import type { Service } from "../service";

const MOST_COMPETITORS = 100;

const ChannelsAnswer = z.object({
  channels: z.array(z.object({ channelId: z.string(), title: z.string().nullable() })),
});
const CompetitorsAnswer = z.object({
  videos: z.array(
    z.object({
      videoId: z.string(),
      title: z.string(),
      channelTitle: z.string(),
      durationSeconds: z.number().nullable(),
      image: z.string().describe("Path of the thumbnail on this service."),
    }),
  ),
});

/** What the page needs of the home: the channels that the model knows, and other videos' thumbnails. */
export function addHome(app: App, service: Service): void {
  const { paths, report } = service.options;
  const home = new Home(paths, report);
  const tags = ["home"];

  app.get(
    "/v1/channels",
    { schema: { tags, summary: "The channels that the model knows", response: { 200: ChannelsAnswer } } },
    () =>
      service.use(async ({ loaded }) => {
        const { channelTitles } = await home.videos();
        const known = Object.keys(loaded.card.percentiles.channels);
        return { channels: known.map((channelId) => ({ channelId, title: channelTitles.get(channelId) || null })) };
      }),
  );

  app.get(
    "/v1/competitors",
    {
      schema: {
        tags,
        summary: "Videos of the home's store, to see a thumbnail among others",
        querystring: z.object({ count: z.coerce.number().int().min(1).max(MOST_COMPETITORS).default(12) }),
        response: { 200: CompetitorsAnswer, ...problemAnswers(400) },
      },
    },
    async ({ query: { count } }) => {
      const { videos } = await home.videos();
      const shown = videos.slice(0, count).map(({ videoId, title, channelTitle, durationSeconds, picture }) => ({
        videoId,
        title,
        channelTitle: channelTitle ?? "",
        durationSeconds,
        image: `/v1/thumbnails/${picture?.sha256}`,
      }));
      return { videos: shown };
    },
  );

  app.get(
    "/v1/thumbnails/:sha256",
    {
      schema: {
        tags,
        summary: "A stored thumbnail",
        params: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
      },
    },
    async ({ params: { sha256 } }, reply) => {
      for (const { format, path } of home.picturePaths(sha256)) {
        const found = await stat(path).catch(() => undefined);
        if (!found?.isFile()) continue;
        // The name is the content's hash, so what it names never changes.
        void reply.header("cache-control", "private, max-age=86400, immutable").type(`image/${format}`);
        return reply.send(createReadStream(path));
      }
      throw new ResourceMissing("there is no such thumbnail", "see GET /v1/competitors");
    },
  );
}

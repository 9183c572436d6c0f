import { z } from "zod";
import type { PairOptions } from "../config";
import { paged } from "./batches";
import type { Database } from "./database";
import type { Store } from "./store";

const Labels = z.object({
  channel_id: z.string(),
  published_at: z.coerce.date(),
  age_hours: z.number(),
  views_per_hour: z.number(),
  age_adjusted: z.number(),
  residual: z.number(),
  snapshots: z.number().nullable(),
  channel: z.number(),
  neighbours: z.number(),
});

/** Every proxy and CTR target of one rated video, whichever of them the pairs were built with. */
export interface VideoLabels {
  channelId: string;
  publishedAt: Date;
  /** When its views were read. */
  ageHours: number;
  proxies: Record<PairOptions["proxy"], number | null>;
  ctrTargets: { neighbours: number; channel: number };
}

/** See `Store.labels`. */
export function createLabels(database: Database): Pick<Store, "labels"> {
  return {
    async *labels(pairs, growthExponent) {
      await database.call("measure_rates", { options: { ...pairs, proxy: "snapshots" } });
      const asked = { exponent: growthExponent ?? 1, size: database.pageRows };
      const rows = paged(
        "",
        (after) => database.call<{ video_id: string }>("labels_after", { ...asked, after }),
        (row) => row.video_id,
      );
      for await (const row of rows) yield toLabels(row);
    },
  };
}

function toLabels(row: unknown): VideoLabels {
  const { channel_id, published_at, age_hours, views_per_hour, age_adjusted, ...rest } = Labels.parse(row);
  const { residual, snapshots, neighbours, channel } = rest;
  return {
    channelId: channel_id,
    publishedAt: published_at,
    ageHours: age_hours,
    proxies: { viewsPerHour: views_per_hour, ageAdjusted: age_adjusted, residual, snapshots },
    ctrTargets: { neighbours, channel },
  };
}

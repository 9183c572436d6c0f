import { z } from "zod";
import { VIEWS_UNITS } from "../config";
import { paged } from "./batches";
import type { Database } from "./database";
import type { Store } from "./store";
import type { VideoLabels } from "./types";

const Labels = z.object({
  channel_id: z.string(),
  count_unit: z.enum(VIEWS_UNITS),
  published_at: z.coerce.date(),
  age_hours: z.number(),
  views_per_hour: z.number(),
  age_adjusted: z.number(),
  residual: z.number(),
  snapshots: z.number().nullable(),
  channel: z.number(),
  neighbours: z.number(),
});

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
  const { channel_id, count_unit, published_at, age_hours, views_per_hour, age_adjusted, ...rest } = Labels.parse(row);
  const { residual, snapshots, neighbours, channel } = rest;
  return {
    channelId: channel_id,
    countUnit: count_unit,
    publishedAt: published_at,
    ageHours: age_hours,
    proxies: { viewsPerHour: views_per_hour, ageAdjusted: age_adjusted, residual, snapshots },
    ctrTargets: { neighbours, channel },
  };
}

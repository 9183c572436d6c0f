import { z } from "zod";
import { MOST_DAYS } from "../config";
import type { PurgePreview } from "../store";
import type { PurgeReport } from "../youtube";
import { defineCommand } from "./command";
import { answer, type CommonFlags, CommonSettings, withStore } from "./context";
import { progressBar } from "./progress";
import { type Cell, table } from "./table";

const DAY_MS = 86_400_000;

const PurgeSettings = z
  .strictObject({
    olderThanDays: z.number().min(0).max(MOST_DAYS).default(30).meta({
      unit: "days",
      description: "delete collected videos last read at least this long ago; YouTube's policies allow 30",
    }),
    dryRun: z.boolean().default(false).meta({ description: "only show what would be deleted" }),
  })
  .meta({ title: "Purge" });

export const purgeCommand = defineCommand({
  name: "purge",
  group: "Data",
  summary:
    "delete collected videos that were not refreshed in time or are gone from YouTube, with their pictures and vectors",
  settings: { purge: PurgeSettings, common: CommonSettings },
  examples: ["--dry-run", "--older-than-days 14"],
  notes: `What was imported from a table is left alone. If it is killed, the next purge completes it. docs/RETENTION.md says what YouTube's
policies ask for, and what to train again afterwards.`,
  async run({ purge: { olderThanDays, dryRun }, common }) {
    const before = new Date(Date.now() - olderThanDays * DAY_MS);
    if (dryRun) return preview(common, before);
    const report = await purged(common, before);
    answer(common, report, purgeText(report));
  },
});

async function preview(flags: CommonFlags, before: Date): Promise<void> {
  const plan = await withStore(flags, (store) => store.previewPurge(before));
  answer(flags, plan, `${table(["would be deleted", ""], toRows(plan))}\nNothing was deleted: this was --dry-run.`);
}

async function purged(flags: CommonFlags, before: Date): Promise<PurgeReport> {
  const { purge } = await import("../youtube");
  const { forgetVectors } = await import("../embedding");
  const { finish } = await import("../base");
  return withStore(flags, (store, paths) =>
    finish(purge({ store, paths, before, forgetVectors: (ids) => forgetVectors(paths, ids) }), progressBar()),
  );
}

/** Formats what was deleted, as a table. */
export function purgeText(report: PurgeReport): string {
  const { fileVectors, ...deleted } = report;
  const went = table(["deleted", ""], [...toRows(deleted), ["vectors in the local files", fileVectors]]);
  const next =
    "Next: thumbrank pairs, then train: what was learned from deleted videos disappears with the next model.";
  return deleted.stale + deleted.removed === 0 ? went : `${went}\n${next}`;
}

const toRows = ({ stale, removed, channels, readings, vectors, pairs, pictures }: PurgePreview): Cell[][] => [
  ["videos not refreshed in time", stale],
  ["videos gone from YouTube", removed],
  ["channels left without a video", channels],
  ["readings of views", readings],
  ["training pairs", pairs],
  ["vectors in the store", vectors],
  ["pictures", pictures],
];

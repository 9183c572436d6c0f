import type { Database } from "./database";
import type { FoldCounts, PairsReport, QualityOutcome } from "./report";
import type { Store } from "./store";
import { FOLDS, type Fold } from "./types";

/** What the SQL function `rebuild` returns: folds without videos are not in it. */
type Rebuilt = Omit<PairsReport, "folds"> & { folds: Partial<Record<Fold, FoldCounts>> };

const REWRITTEN = ["thumbnails", "training_pairs", "channel_baselines"];

/** Quality rules, folds and pairs, built by a database. */
export function trainingDataOf(database: Database): Pick<Store, "applyQuality" | "buildPairs"> {
  return {
    applyQuality: (options) => database.call<QualityOutcome>("apply_quality", { options }),
    async buildPairs(options) {
      const [row] = await database.call<{ report: Rebuilt }>("rebuild", { options: { ...options } });
      if (row === undefined) throw new Error("rebuild returned no row");
      // Every video was rewritten: give the old rows' room back, which PGlite does not do by itself.
      await database.vacuum(REWRITTEN);
      return { ...row.report, folds: everyFold(row.report.folds) };
    },
  };
}

function everyFold(counts: Partial<Record<Fold, FoldCounts>>): Record<Fold, FoldCounts> {
  const empty: FoldCounts = { channels: 0, videos: 0, pairs: 0 };
  const entries = FOLDS.map((fold) => [fold, counts[fold] ?? empty] as const);
  return Object.fromEntries(entries) as Record<Fold, FoldCounts>;
}

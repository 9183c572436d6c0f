import { existsSync } from "node:fs";
import { z } from "zod";
import { CollectSettings, resolvePaths } from "../config";
import type { Store } from "../store";
import type { CollectOptions, CollectPlan, CollectReport, PlanState } from "../youtube";
import { defineCommand } from "./command";
import { answer, type CommonFlags, CommonSettings, withStore } from "./context";
import { WaitForQuota } from "./fields";
import { withJobs } from "./jobs";
import { progressBar } from "./progress";
import { isComplete, planText, reportText } from "./show-collection";
import { STOPPED, stopSignal } from "./signals";

const RunSettings = z
  .strictObject({
    plan: z.boolean().default(false).meta({
      description: "only show what is left to do: calls, units, days, videos; spends nothing and needs no key",
    }),
    queue: z.boolean().default(false).meta({
      description:
        "search and choose channels here, and leave the rest to workers (`thumbrank worker`); needs DATABASE_URL",
    }),
    wait: WaitForQuota,
  })
  .meta({ title: "Work" });
type CollectFlags = CommonFlags & z.output<typeof RunSettings>;

/** Exit code if something remains open, for example because the quota is used up: EX_TEMPFAIL of sysexits.h. */
const INCOMPLETE = 75;

export const collectCommand = defineCommand({
  name: "collect",
  group: "Data",
  summary:
    "collect channels, videos and thumbnails from YouTube with the key in YOUTUBE_API_KEY, within the day's quota",
  settings: { collection: CollectSettings, work: RunSettings, common: CommonSettings },
  examples: ["--plan", "--niches tech,gaming --channels 200 --wait", "--language none --no-pictures"],
  notes: `After a stop, a kill or used-up quota, the same command continues where it stopped; what is complete costs nothing.
Exit codes: 0 complete, 75 not complete (the day's quota is used up, or YouTube refused a page of a listing or search) and
to be tried again, 130 stopped by a signal, 1 anything else.
YOUTUBE_ROOT_URL replaces Google's root address, for stand-ins and tests. See docs/COLLECTING.md.`,
  async run({ collection, work, common }) {
    const flags = { ...work, ...common };
    if (flags.plan) showPlan(flags, await planned(flags, collection));
    else showReport(flags, await collected(flags, collection));
  },
});

async function collected(flags: CollectFlags, settings: CollectSettings): Promise<CollectReport> {
  const { collect, readYoutubeAccess } = await import("../youtube");
  // Fails before a store is made if there is no key.
  readYoutubeAccess(process.env);
  const { finish } = await import("../base");
  const signal = stopSignal("finishing the work in progress");
  const options = { settings, signal, wait: flags.wait };
  const run = (sharing: Pick<CollectOptions, "runners">) =>
    withStore(flags, (store, paths) => finish(collect({ store, paths, ...options, ...sharing }), progressBar()));
  if (!flags.queue) return run({});
  const { collectRunners } = await import("../jobs");
  return withJobs((jobs) => run({ runners: collectRunners(jobs, { settings, signal }) }));
}

function showReport(flags: CommonFlags, report: CollectReport): void {
  answer(flags, report, reportText(report));
  if (!isComplete(report)) process.exitCode = report.stopped ? STOPPED : INCOMPLETE;
}

async function planned(flags: CollectFlags, settings: CollectSettings): Promise<CollectPlan> {
  const { freshState, toQuotaLimits, makePlan } = await import("../youtube");
  const limits = toQuotaLimits(settings);
  // Planning does not make a store.
  const isFresh = !process.env.DATABASE_URL && !existsSync(resolvePaths(flags.dataDir).store);
  const state = isFresh ? freshState(limits) : await withStore(flags, (store) => loadPlanState(store, settings));
  return makePlan(settings, state, limits);
}

async function loadPlanState(store: Store, settings: CollectSettings): Promise<PlanState> {
  const { computeQuotaLeft, toQuotaLimits, loadPlanState } = await import("../youtube");
  return loadPlanState(store, await computeQuotaLeft(store, toQuotaLimits(settings), new Date()));
}

function showPlan(flags: CommonFlags, plan: CollectPlan): void {
  const { searches, units, days, videos } = plan;
  answer(flags, { searches, units, days, videos }, planText(plan));
}

import type { Progress, Stage, StageRunner } from "../base";
import type { CollectContext } from "./context";
import { loadPlanState, makePlan, type PlanState } from "./plan";
import { nextReset } from "./quota";

const LOOK_MS = 1000;
const DAY_MS = 24 * 3600 * 1000;

/** Adds the remaining quota to progress; reads the ledger at intervals, not for every fact. */
export type Note = (fact: Progress) => Promise<Progress>;

/** @param waits whether the collection waits for new quota, so that the remaining time includes whole days */
export function createNote({ youtube, store, settings, now }: CollectContext, waits: boolean): Note {
  let lookedAt: number = 0;
  let left: PlanState["left"] = { search: 0, units: 0 };
  let resetMs: number | null = null;
  const look = async () => {
    left = await youtube.quota.left();
    if (!waits) return;
    const { days } = makePlan(settings, await loadPlanState(store, left), youtube.limits);
    resetMs = days > 1 ? nextReset(now()).getTime() + (days - 2) * DAY_MS : null;
  };
  return async (fact) => {
    const at = now().getTime();
    if (at - lookedAt >= (waits ? 20 * LOOK_MS : LOOK_MS)) {
      lookedAt = at;
      await look();
    }
    const quota = `${left.units} units and ${left.search} searches left today`;
    const note = fact.note === undefined ? quota : `${fact.note}, ${quota}`;
    return resetMs === null ? { ...fact, note } : { ...fact, note, remainingMs: Math.max(0, resetMs - at) };
  };
}

/**
 * Runs a stage; its progress includes the work of earlier runs.
 * @param before number of items that earlier runs did
 */
export async function* runNoted<Piece>(
  stage: Stage<Piece>,
  before: number,
  note: Note,
  run: StageRunner<Piece>,
): AsyncGenerator<Progress, void> {
  for await (const { done, total, ...fact } of run(stage)) {
    yield await note({ ...fact, done: before + done, already: before, total: before + (total ?? done) });
  }
}

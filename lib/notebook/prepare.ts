import { ThumbrankError } from "../base";
import type { NotebookSettings } from "./profile";
import { STAGES, type Stage } from "./stages";
import { watch } from "./watch";

/** A notebook of real data was opened before the one whose work it builds on. */
export class NotebookMissing extends ThumbrankError {
  constructor(
    readonly stage: Stage,
    readonly home: string,
  ) {
    super("NOTEBOOK_PREDECESSOR_MISSING", {
      what: `there is nothing to continue with in ${home}: its ${stage} are missing, or older than what they were made of`,
      next: `run notebooks/${STAGES[stage]}.ipynb first, with the same profile and home`,
    });
  }
}

/**
 * Makes what the notebooks before this one leave, where it is missing or older than what it was made of, and says so.
 * What is there stays as it is: also pairs or a run that a reader made with other settings.
 * @throws NotebookMissing for the profile `full`: your own data, and days of computing, are your own business
 */
export async function prepare(settings: NotebookSettings, upTo: Stage): Promise<void> {
  // Whatever the stages need is loaded only here, so that a notebook's first cell answers at once.
  const { isDone } = await import("./done");
  const { MAKE } = await import("./make");
  const stages = Object.keys(STAGES) as Stage[];
  for (const stage of stages.slice(0, stages.indexOf(upTo) + 1)) {
    if (await isDone(stage, settings)) continue;
    if (settings.profile === "full") throw new NotebookMissing(stage, settings.paths.home);
    console.log(`notebook ${STAGES[stage]} has left no ${stage} in this home: doing what it does`);
    await watch(MAKE[stage](settings));
  }
}

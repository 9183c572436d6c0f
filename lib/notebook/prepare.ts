import { ThumbrankError } from "../base";
import type { NotebookSettings } from "./profile";
import { STAGES, type Stage } from "./stages";
import { watch } from "./watch";

/** A notebook of real data was opened before the one that it builds on. */
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
 * Does the work of earlier notebooks if its output is missing or older than its input, and says so. Existing output is
 * kept, even pairs or a run that the reader made with other settings.
 * @throws NotebookMissing for the profile `full`, where the data is the reader's own and the work may take days
 */
export async function prepare(settings: NotebookSettings, upTo: Stage): Promise<void> {
  // What the stages need is loaded only here, so that a notebook's first cell responds at once.
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

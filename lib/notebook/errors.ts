import { ThumbrankError } from "../base";

/** A promise that a notebook made was not kept. */
export class PromiseBroken extends ThumbrankError {
  constructor(
    readonly promise: string,
    readonly facts: string | undefined,
  ) {
    super("NOTEBOOK_PROMISE_BROKEN", {
      what: `not so: ${promise}${facts === undefined ? "" : ` (${facts})`}`,
      next: "run the notebook from its first cell; if it persists, a changed setting or a changed line of lib is why",
    });
  }
}

/** The reader stopped a job. */
export class Interrupted extends ThumbrankError {
  constructor(
    /** How far the job was, such as `embed images, 40 of 1,200`. */
    readonly where: string,
  ) {
    super("NOTEBOOK_INTERRUPTED", {
      what: `interrupted: ${where}`,
      next: "run the cell again; what was finished is kept",
    });
  }
}

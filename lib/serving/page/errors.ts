import { messageOf, ThumbrankError } from "../../base";

/** The service that the page came from does not answer. */
export class ServiceUnreachable extends ThumbrankError {
  constructor(cause: unknown) {
    super("SERVICE_UNREACHABLE", {
      what: "the service does not answer",
      next: "see that `thumbrank serve` is still running and this device is connected to it, then try again",
      cause,
    });
  }
}

/** The service answered with something that is not of its kind, as a proxy in between may. */
export class ServiceAnswerInvalid extends ThumbrankError {
  constructor(status: number) {
    super("SERVICE_ANSWER_INVALID", {
      what: `the service's answer (HTTP ${status}) cannot be read`,
      next: "reload the page; if this persists, see the log of `thumbrank serve` and of any proxy in front of it",
    });
  }
}

/** An error that the service named, with its code. */
export class ServiceProblem extends ThumbrankError {
  constructor(
    /** Of the HTTP answer. */
    readonly status: number,
    code: string,
    facts: { what: string; next: string },
  ) {
    super(code, facts);
  }
}

/** The model beside the page cannot be fetched or opened. */
export class PageModelUnusable extends ThumbrankError {
  constructor(reason: string, cause?: unknown) {
    super("PAGE_MODEL_UNUSABLE", {
      what: `the model beside this page cannot be used: ${reason}`,
      next: "make the page's folder again with `thumbrank page FOLDER`, and copy all of it to the server",
      cause,
    });
  }
}

/** Something failed that the page has no better words for. */
export class PageFailed extends ThumbrankError {
  constructor(cause: unknown) {
    super("PAGE_FAILED", { what: messageOf(cause), next: "reload the page and try again", cause });
  }
}

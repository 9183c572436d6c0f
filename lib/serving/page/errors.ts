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
      next: "make the page's folder again with `thumbrank export --page FOLDER`, and copy all of it to the server",
      cause,
    });
  }
}

/** The model beside the page was trained with an encoder that is not part of the page. */
export class PageEncoderMissing extends ThumbrankError {
  constructor(names: readonly string[]) {
    super("PAGE_ENCODER_MISSING", {
      what: `this model was trained with ${names.join(" and ")}, which this page cannot run in a browser`,
      next: "rank with `thumbrank serve` or `thumbrank rank`, or train a model with the built-in encoders descriptor and title-hash",
    });
  }
}

/** Something failed that the page has no better words for. */
export class PageFailed extends ThumbrankError {
  constructor(cause: unknown) {
    super("PAGE_FAILED", { what: messageOf(cause), next: "reload the page and try again", cause });
  }
}

import { type ErrorFacts, ThumbrankError } from "../base";
import { PICTURES_TAKEN, type ThumbnailRefusalCode } from "../thumbnails";

/** An error that the client is told of, with the HTTP status of the answer. */
export class RequestError extends ThumbrankError {
  constructor(
    code: string,
    readonly status: number,
    facts: ErrorFacts,
    /** Further headers of the answer. */
    readonly headers: Record<string, string> = {},
  ) {
    super(code, facts);
  }
}

/** A request that cannot be read, or that its schema refuses. */
export class RequestInvalid extends RequestError {
  constructor(what: string, status = 400) {
    super("REQUEST_INVALID", status, { what, next: "correct the request; /docs describes what each route takes" });
  }
}

/** A request, or a part of it, that is larger than the service takes. */
export class RequestTooLarge extends RequestError {
  constructor(what: string) {
    super("REQUEST_TOO_LARGE", 413, {
      what,
      next: "send fewer or smaller pictures; thumbnails are shown at most 1280 pixels wide",
    });
  }
}

/** A body of a type that the route does not take. */
export class RequestTypeUnknown extends RequestError {
  constructor() {
    super("REQUEST_TYPE_UNKNOWN", 415, {
      what: "the request's Content-Type is not one that this route takes",
      next: "send multipart/form-data or application/json; /docs describes what each route takes",
    });
  }
}

/** A picture that cannot be used, by its place in the request. */
export interface RefusedPicture {
  index: number;
  image: string;
  code: ThumbnailRefusalCode;
  reason: string;
}

/** Pictures that cannot be used; an answer about the others alone would not be the one that was asked for. */
export class PicturesRefused extends RequestError {
  constructor(readonly refusals: RefusedPicture[]) {
    const list = refusals.map(({ image, reason }) => `${image} (${reason})`).join("; ");
    super("RANK_PICTURES_REFUSED", 422, {
      what: `these pictures cannot be used: ${list}`,
      next: `replace them or leave them out; accepted are ${PICTURES_TAKEN}`,
    });
  }
}

/** A request that arrived too slowly. */
export class RequestTooSlow extends RequestError {
  constructor() {
    super(
      "REQUEST_TOO_SLOW",
      408,
      { what: "the request arrived too slowly", next: "send it again over a faster connection, or with less data" },
      { connection: "close" },
    );
  }
}

/** A path or method that does not exist. */
export class RouteMissing extends RequestError {
  constructor() {
    super("ROUTE_MISSING", 404, { what: "there is no such route", next: "see /docs for the routes" });
  }
}

/** A model, version or picture that the service does not have. */
export class ResourceMissing extends RequestError {
  constructor(what: string, next: string, cause?: unknown) {
    super("RESOURCE_MISSING", 404, { what, next, cause });
  }
}

/** A request without a valid token. */
export class TokenMissing extends RequestError {
  constructor() {
    super(
      "TOKEN_MISSING",
      401,
      {
        what: "the request has no valid token",
        next: "send the header `Authorization: Bearer TOKEN` with one of the service's tokens",
      },
      { "www-authenticate": "Bearer" },
    );
  }
}

/** A route that only token holders may use, in a service without tokens. */
export class TokensUnset extends RequestError {
  constructor() {
    super("TOKENS_UNSET", 403, {
      what: "this route needs a token, and the service has none",
      next: "start the service with THUMBRANK_TOKENS",
    });
  }
}

/** A request from a web page elsewhere, or with a host name that is not this machine's. */
export class OriginRefused extends RequestError {
  constructor() {
    super("ORIGIN_REFUSED", 403, {
      what: "the request comes from a page of another origin, or names another host",
      next: "open the service by its own address, or start it with --cors-origin",
    });
  }
}

/** More requests than a token or address may send. */
export class TooManyRequests extends RequestError {
  constructor(retryAfterSeconds: number) {
    super(
      "TOO_MANY_REQUESTS",
      429,
      { what: "more requests were sent than the limit allows", next: "wait as long as the header Retry-After says" },
      { "retry-after": String(retryAfterSeconds) },
    );
  }
}

/** More work than the service has room for. */
export class ServiceBusy extends RequestError {
  /** @param retryAfterSeconds estimate of the time until there is room; a short while where nothing is known */
  constructor(retryAfterSeconds = 2) {
    super(
      "SERVICE_BUSY",
      503,
      { what: "the queue of the service is full", next: "send the request again after as long as Retry-After says" },
      { "retry-after": String(retryAfterSeconds) },
    );
  }
}

/** A request that was not answered before its deadline. */
export class DeadlinePassed extends RequestError {
  constructor() {
    super("DEADLINE_PASSED", 504, {
      what: "the request took longer than the service's deadline, and was given up",
      next: "send fewer pictures, or try again when the service has less to do",
    });
  }
}

/** A request whose client closed the connection; nobody receives this answer. */
export class ClientGone extends RequestError {
  constructor() {
    super("CLIENT_GONE", 499, { what: "the client closed the connection", next: "send the request again" });
  }
}

/** A model that is not loaded, or a version that cannot be used. */
export class ModelNotReady extends RequestError {
  constructor(what: string) {
    super("MODEL_NOT_READY", 503, { what, next: "load a version that works; the service's log says what is wrong" });
  }
}

/** A version that was refused when it was to be loaded; the one before stays in use. */
export class ModelRefused extends RequestError {
  /** @param reason the code of the error that says why */
  constructor(name: string, reason: string, cause: unknown) {
    super("MODEL_REFUSED", 409, {
      cause,
      what: `a version of ${name} was refused (${reason}); what was in use before still is`,
      next: "export it again; the service's log says what is wrong with it",
    });
  }
}

/** Anything unforeseen; the cause is in the service's log, not in the answer. */
export class ServiceFailed extends RequestError {
  constructor() {
    super("SERVICE_FAILED", 500, {
      what: "the service failed to answer",
      next: "try again; if it persists, the service's log says why",
    });
  }
}

/** A service that is to be reachable from elsewhere, but has no tokens. */
export class TokensRequired extends ThumbrankError {
  constructor(host: string) {
    super("SERVE_TOKENS_REQUIRED", {
      what: `the service is to listen on ${host}, where others can reach it, but THUMBRANK_TOKENS is not set`,
      next: "set THUMBRANK_TOKENS to one or more tokens, separated by commas, such as `openssl rand -hex 32` makes; or leave out --host",
    });
  }
}

/** Tokens that are too short to be secret, or that a header cannot hold. */
export class TokensInvalid extends ThumbrankError {
  constructor(least: number) {
    super("SERVE_TOKENS_INVALID", {
      what: `THUMBRANK_TOKENS holds a token with fewer than ${least} characters, or with others than letters, digits and -._~+/=`,
      next: "make tokens with `openssl rand -hex 32`, and separate them by commas",
    });
  }
}

/** An address that cannot be listened on. */
export class AddressUnusable extends ThumbrankError {
  constructor(host: string, port: number, reason: string, cause: unknown) {
    super("SERVE_ADDRESS_UNUSABLE", {
      what: `the service cannot listen on port ${port} of ${host}: ${reason}`,
      next: "stop what uses it, or choose another with --port",
      cause,
    });
  }
}

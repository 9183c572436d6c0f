import type { IncomingMessage } from "node:http";
import { type Answer, html, json, Refused } from "./answer";
import { Clock } from "./clock";
import { insufficientScopes, unauthenticated } from "./errors";
import { FAULT_ANSWERS } from "./fault-answers";
import type { Fault, WireFault } from "./fault-names";
import { type Asked, Faults, isOfPage, isOnWire } from "./faults";
import { keyInvalidCurrent, keyMissing } from "./key-errors";
import { CallLog } from "./log";
import { OAuth } from "./oauth";
import { changed, type GoogleOptions, type Options } from "./options";
import { Quota } from "./quota";
import { Reporting, reportingMethodOf } from "./reporting";
import { Thumbnails } from "./thumbnails";
import { World } from "./world";
import { answerYoutube, methodOf } from "./youtube";
import type { Context } from "./youtube/context";

const ANALYTICS = "https://www.googleapis.com/auth/yt-analytics.readonly";
const MONETARY = "https://www.googleapis.com/auth/yt-analytics-monetary.readonly";
const YOUTUBE_SCOPES = ["youtube.readonly", "youtube", "youtube.force-ssl"].map(
  (scope) => `https://www.googleapis.com/auth/${scope}`,
);

/** What a request ends with: an answer, whole or spoiled on its way, or a connection that ends. */
export type Outcome = { answer: Answer; fault?: WireFault | undefined } | "reset";

/** Who calls: a project, and the scopes of its token, if it has one. */
interface Caller {
  project: string;
  scopes: string[] | undefined;
}

/** Everything of the stand-in but its sockets. */
export class Google {
  readonly clock: Clock;
  readonly world: World;
  readonly faults = new Faults();
  readonly log = new CallLog();
  readonly oauth = new OAuth();
  readonly quota = new Quota();
  readonly thumbnails = new Thumbnails();
  readonly #reporting = new Reporting();

  constructor(
    public options: Options,
    public origin = "",
  ) {
    this.clock = new Clock(options.now);
    this.world = new World(options.world);
  }

  set(changes: GoogleOptions): void {
    this.options = changed(this.options, changes);
    if (changes.scripted) this.faults.reset();
  }

  #context(scopes?: string[], fault?: Fault): Context {
    const { world, options, origin } = this;
    const owner = scopes && world.channelCount > 0 ? world.channelAt(options.oauth.ownerChannel) : undefined;
    return { world, options, at: this.clock.now(), origin, owner, pageFault: isOfPage(fault) ? fault : undefined };
  }

  /** Answers a request of any of the hosts. */
  async respond(request: IncomingMessage, body: string): Promise<Outcome> {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.origin);
    if (pathname.startsWith("/vi/")) {
      const answer = await this.thumbnails.answer(pathname, this.#context(), request.headers["if-none-match"]);
      return answer === "reset" ? answer : { answer };
    }
    const sign = this.#signIn(request, pathname, searchParams, body);
    if (sign)
      return this.#logged(`oauth.${pathname.split("/").at(-1)}`, undefined, searchParams, undefined, () => sign);
    return this.#api(request, pathname, searchParams, body);
  }

  #signIn(request: IncomingMessage, path: string, query: URLSearchParams, body: string): Answer | undefined {
    const at = this.clock.now();
    const form = new URLSearchParams(body);
    const token = form.get("token") ?? query.get("token") ?? "";
    const access = form.get("access_token") ?? query.get("access_token") ?? bearerOf(request) ?? "";
    if (path === "/o/oauth2/v2/auth") return this.oauth.authorize(query, this.options, at);
    if (path === "/token" && request.method === "POST") return this.oauth.token(form, this.options, at);
    if (path === "/revoke") return this.oauth.revoke(token);
    return path === "/tokeninfo" ? this.oauth.tokenInfo(access, this.options, at) : undefined;
  }

  #api(request: IncomingMessage, path: string, query: URLSearchParams, body: string): Outcome {
    const data = methodOf(path);
    const reports = reportingMethodOf(request.method ?? "GET", path);
    if (data && request.method === "GET") return this.#data(data, request, query);
    if (reports && !path.startsWith("/youtube/")) return this.#report(reports, request, path, query, body);
    return { answer: html("<html><title>Error 404 (Not Found)!!1</title></html>", 404) };
  }

  #data(method: string, request: IncomingMessage, query: URLSearchParams): Outcome {
    const fault = this.faults.next(askedOf(method, query), this.options);
    return this.#logged(method, fault, query, request, () => {
      const caller = this.#caller(request, query);
      this.quota.book(method, caller.project, this.clock.now(), this.options.quotas);
      if (fault && !isOnWire(fault) && !isOfPage(fault)) throw FAULT_ANSWERS[fault](caller.project);
      return answerYoutube(method, query, this.#context(caller.scopes, fault), request.headers["if-none-match"]);
    });
  }

  #report(method: string, request: IncomingMessage, path: string, query: URLSearchParams, body: string): Outcome {
    const fault = this.faults.next(askedOf(method, query), this.options);
    return this.#logged(method, fault, query, request, () => {
      const token = bearerOf(request) ?? query.get("access_token") ?? "";
      const scopes = this.oauth.scopesOf(token, this.clock.now());
      if (!scopes) throw unauthenticated();
      if (!scopes.includes(ANALYTICS) && !scopes.includes(MONETARY))
        throw insufficientScopes("youtubereporting.googleapis.com");
      if (fault && !isOnWire(fault) && !isOfPage(fault)) throw FAULT_ANSWERS[fault](this.options.oauth.project);
      const acceptsGzip = acceptsGzipOf(request);
      const asked = {
        httpMethod: request.method ?? "GET",
        path,
        query,
        body,
        range: request.headers.range,
        acceptsGzip,
      };
      return this.#reporting.answer(method, asked, this.#context(scopes));
    });
  }

  /** @throws Refused where the key or the token is not good */
  #caller(request: IncomingMessage, query: URLSearchParams): Caller {
    const token = bearerOf(request) ?? query.get("access_token");
    if (token) {
      const scopes = this.oauth.scopesOf(token, this.clock.now());
      if (!scopes) throw unauthenticated();
      if (!YOUTUBE_SCOPES.some((scope) => scopes.includes(scope))) throw insufficientScopes("youtube.googleapis.com");
      return { project: this.options.oauth.project, scopes };
    }
    const given = query.get("key") ?? request.headers["x-goog-api-key"];
    if (!given) throw keyMissing();
    const known = this.options.apiKeys.find(({ key }) => key === given);
    if (!known) throw keyInvalidCurrent();
    if (known.error) throw FAULT_ANSWERS[known.error](known.project);
    return { project: known.project, scopes: undefined };
  }

  #logged(
    method: string,
    fault: Fault | undefined,
    query: URLSearchParams,
    request: IncomingMessage | undefined,
    make: () => Answer,
  ): Outcome {
    const [answer, reason] = answered(make);
    const project = this.options.apiKeys.find(({ key }) => key === query.get("key"))?.project;
    const entry = {
      at: new Date(this.clock.now()).toISOString(),
      method,
      project,
      status: answer.status,
      fault,
      reason,
    };
    this.log.add(entry, query);
    return fault && isOnWire(fault) && request ? { answer, fault } : { answer };
  }
}

const askedOf = (method: string, query: URLSearchParams): Asked => ({
  method,
  isLaterPage: query.has("pageToken"),
  about: query.get("playlistId") ?? query.get("q") ?? undefined,
});

function answered(make: () => Answer): [Answer, string | undefined] {
  try {
    return [make(), undefined];
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    const { error } = thrown.body as { error?: { errors?: { reason?: string }[] } };
    return [json(thrown.body, thrown.status), error?.errors?.[0]?.reason];
  }
}

export const acceptsGzipOf = (request: IncomingMessage): boolean =>
  /\bgzip\b/.test(request.headers["accept-encoding"]?.toString() ?? "");

const bearerOf = (request: IncomingMessage): string | undefined =>
  /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];

import { hostname } from "node:os";
import type { OAuth2Client } from "google-auth-library";
import { type Random, random, readWebAddress } from "../../base";
import { delayMs, RETRIES, type RetryOptions, type Sleep, sleep } from "../backoff";
import { NoAnswer } from "../client";
import { classifyFault, type Fault } from "../fault";
import { CtrApiDisabled, CtrAuthorisationEnded, CtrCallRefused, CtrScopeMissing, CtrUnreachable } from "./errors";
import { oauthClient } from "./oauth";
import { type Answered, type Asked, readText, send } from "./send";
import { consentFile, readConsent } from "./token-file";

const GOOGLE_ROOT = "https://youtubereporting.googleapis.com/";
/** Status if a requested range starts at the end of the file. */
export const NOTHING_MORE = 416;
const SCOPE_REASON = /insufficient.*(permission|scope)|SCOPE_INSUFFICIENT/i;

/** The Reporting API with consent, errors and retries taken care of. No property exposes a token. */
export interface ReportingApi {
  root: URL;
  /**
   * Sends a request and passes a success, or a 416, to `use`; repeats both if either fails transiently (NoAnswer).
   * @param asked builds a new request for each attempt
   * @returns what `use` returns; null on a 404
   * @throws CtrAuthorisationEnded, CtrClientRefused, CtrScopeMissing, CtrApiDisabled, CtrCallRefused, CtrUnreachable
   */
  ask<Result>(asked: () => Asked | Promise<Asked>, use: (answer: Answered) => Promise<Result>): Promise<Result | null>;
}

export interface ReportingOptions {
  environment?: NodeJS.ProcessEnv;
  /** Ends waits before a retry. */
  signal?: AbortSignal | undefined;
  retries?: Partial<RetryOptions>;
  /** For tests. */
  random?: Random;
  sleep?: Sleep;
}

/**
 * Opens the Reporting API. YOUTUBE_REPORTING_ROOT_URL replaces Google's root, for stand-ins and tests.
 * @throws CtrClientMissing, CtrNotConnected, CtrTokenExposed, CtrTokenDamaged
 */
export async function openReporting(options: ReportingOptions = {}): Promise<ReportingApi> {
  const { environment = process.env, signal, sleep: wait = sleep } = options;
  const client = oauthClient(environment);
  const { refreshToken } = await readConsent(consentFile(environment));
  const retries = { ...RETRIES, ...options.retries };
  const source = options.random ?? random("reporting", hostname(), process.pid, Date.now());
  const begin = () => client.setCredentials({ refresh_token: refreshToken });
  begin();
  return {
    root: new URL(readWebAddress("YOUTUBE_REPORTING_ROOT_URL", environment) ?? GOOGLE_ROOT),
    async ask(asked, use) {
      let renewed = false;
      for (let attempt = 1; ; attempt++) {
        const request = await asked();
        const outcome = await attempted(client, request, use);
        if (outcome.kind === "done") return outcome.result;
        if (outcome.kind === "absent") return null;
        if (outcome.kind === "token") {
          if (renewed) throw new CtrAuthorisationEnded("its access tokens are refused");
          renewed = true;
          begin();
          continue;
        }
        if (attempt >= retries.attempts) throw new CtrUnreachable(request.call, attempt, outcome.reason);
        await wait(delayMs(attempt, source, retries), signal);
      }
    },
  };
}

type Outcome<Result> =
  | { kind: "done"; result: Result }
  | { kind: "absent" }
  /** The access token was refused: it may have expired earlier than expected. */
  | { kind: "token" }
  | { kind: "retry"; reason: string };

async function attempted<Result>(
  client: OAuth2Client,
  asked: Asked,
  use: (answer: Answered) => Promise<Result>,
): Promise<Outcome<Result>> {
  try {
    const answer = await send(client, asked);
    if (answer.status === NOTHING_MORE || (answer.status >= 200 && answer.status < 300))
      return { kind: "done", result: await use(answer) };
    return judged(asked.call, answer.status, await readText(answer));
  } catch (thrown) {
    if (!(thrown instanceof NoAnswer)) throw thrown;
    return { kind: "retry", reason: thrown.message };
  }
}

/** Classifies an error answer. @throws errors that retrying does not fix */
function judged(call: string, status: number, body: string): Outcome<never> {
  if (status === 401) return { kind: "token" };
  if (status === 404) return { kind: "absent" };
  const fault = classifyFault(status, body);
  if (fault.kind === "retry") return fault;
  if (fault.kind === "disabled") throw new CtrApiDisabled(fault.reason);
  const reason = reasonIn(fault);
  throw SCOPE_REASON.test(reason) ? new CtrScopeMissing() : new CtrCallRefused(call, reason);
}

function reasonIn(fault: Exclude<Fault, { kind: "retry" }>): string {
  return fault.kind === "quota" ? "the project's quota is used up" : fault.reason;
}

import { createHash } from "node:crypto";
import { join } from "node:path";
import { connectOwner } from "../../lib/youtube";
import type { GoogleStandIn } from "../google/start";

/** The stand-in's OAuth client. */
export const CLIENT = { id: "stand-in.apps.example", secret: "stand-in-client-secret" };

/** The environment of a program that talks to servers at these roots for an owner. */
export function ownerEnvironment(home: string, rootUrl: string, apiRootUrl = rootUrl): Record<string, string> {
  return {
    GOOGLE_CLIENT_ID: CLIENT.id,
    GOOGLE_CLIENT_SECRET: CLIENT.secret,
    GOOGLE_OAUTH_ROOT_URL: rootUrl,
    YOUTUBE_REPORTING_ROOT_URL: apiRootUrl,
    XDG_CONFIG_HOME: join(home, "config"),
  };
}

/** Opens the consent page, where the stand-in's person answers at once, and follows it back. */
export async function visit(address: string): Promise<Response> {
  const page = await fetch(address, { redirect: "manual" });
  return fetch(page.headers.get("location") ?? "");
}

/** Connects a home to the stand-in. @returns the file of the consent */
export function connected(google: GoogleStandIn, home: string): Promise<string> {
  const answer = (address: string) => void visit(address);
  return connectOwner({
    environment: ownerEnvironment(home, google.rootUrl),
    port: 0,
    timeoutMs: 20_000,
    visit: answer,
  });
}

/** Codes, refresh and access tokens that the stand-in has given or may give next. */
export function secretsOfStandIn(): string[] {
  const tails = Array.from({ length: 60 }, (_, n) => createHash("sha256").update(`stand-in ${n}`).digest("base64url"));
  return [CLIENT.secret, ...tails];
}

/** All that an error would show anywhere: message, stack, cause, properties. */
export function shown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const own = Object.fromEntries(Object.getOwnPropertyNames(thrown).map((name) => [name, Reflect.get(thrown, name)]));
  return `${thrown.message} ${thrown.stack} ${JSON.stringify(own)} ${thrown.cause === undefined ? "" : shown(thrown.cause)}`;
}

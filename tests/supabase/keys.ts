import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { pgrst, Refusal } from "./refusal";

/** The keys of one project, in both forms, and the secret its tokens are signed with. */
export interface Keys {
  secret: string;
  anonKey: string;
  serviceKey: string;
  publishableKey: string;
  secretKey: string;
}

/** Who a request comes from. */
export interface Caller {
  role: string;
  claims: Record<string, unknown>;
}

const YEAR_S = 365 * 24 * 3600;
const ALLOWED_SKEW_S = 30;
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const nowS = (): number => Math.floor(Date.now() / 1000);

/** New random keys: JWTs for ten years as the dashboard shows them, and the opaque forms. */
export function makeKeys(): Keys {
  const secret = randomBytes(32).toString("base64");
  const legacy = (role: string) =>
    signToken(secret, { iss: "supabase", ref: "standin", role, iat: nowS(), exp: nowS() + 10 * YEAR_S });
  const opaque = (kind: string) =>
    `sb_${kind}_${randomBytes(16).toString("base64url")}_${randomBytes(4).toString("hex")}`;
  return {
    secret,
    anonKey: legacy("anon"),
    serviceKey: legacy("service_role"),
    publishableKey: opaque("publishable"),
    secretKey: opaque("secret"),
  };
}

/** A JWT (HS256) with these claims. */
export function signToken(secret: string, claims: Record<string, unknown>): string {
  const signed = `${base64url({ alg: "HS256", typ: "JWT" })}.${base64url(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** Who sends these headers. Throws the gateway's 401 on a key it does not know, PostgREST's on a bad token. */
export function callerOf(keys: Keys, apikey: string | undefined, authorization: string | undefined): Caller {
  if (!apikey) throw refusedKey("No API key found in request", "No `apikey` request header or url param was found.");
  const role = roleOfKey(keys, apikey);
  const bearer = /^Bearer (.*)$/i.exec(authorization ?? "")?.[1] ?? apikey;
  if (bearer === apikey) return { role, claims: { role } };
  const claims = verifiedClaims(keys.secret, bearer);
  return { role: typeof claims.role === "string" ? claims.role : "anon", claims };
}

function roleOfKey(keys: Keys, apikey: string): string {
  if ([keys.serviceKey, keys.secretKey].includes(apikey)) return "service_role";
  if ([keys.anonKey, keys.publishableKey].includes(apikey)) return "anon";
  if (!apikey.startsWith("sb_")) {
    throw refusedKey("Invalid API key", "Double check your Supabase `anon` or `service_role` API key.");
  }
  throw refusedKey(
    "Unregistered API key",
    "Double check the provided API key as it is not registered for this project.",
  );
}

function refusedKey(message: string, hint: string): Refusal {
  return new Refusal(401, { message, hint });
}

function verifiedClaims(secret: string, token: string): Record<string, unknown> {
  const parts = token.split(".");
  if (parts.length !== 3) throw badToken("PGRST301", `Expected 3 parts in JWT; got ${parts.length}`);
  const [head = "", body = "", signature = ""] = parts;
  const header = parsed(head);
  if (header === null) throw badToken("PGRST301", "JWT cryptographic operation failed");
  if (header.alg !== "HS256") throw badToken("PGRST301", "Wrong or unsupported encoding algorithm");
  const expected = createHmac("sha256", secret).update(`${head}.${body}`).digest();
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw badToken("PGRST301", "No suitable key or wrong key type", "None of the keys was able to decode the JWT");
  }
  const claims = parsed(body);
  if (claims === null) throw badToken("PGRST303", "Parsing claims failed");
  return timely(claims);
}

function timely(claims: Record<string, unknown>): Record<string, unknown> {
  const second = (name: string): number | null => {
    const value = claims[name];
    if (value === undefined || value === null) return null;
    if (typeof value !== "number") throw badToken("PGRST303", `The JWT '${name}' claim must be a number`);
    return value;
  };
  const expires = second("exp");
  const notBefore = second("nbf");
  const issued = second("iat");
  if (expires !== null && expires < nowS() - ALLOWED_SKEW_S) throw badToken("PGRST303", "JWT expired");
  if (notBefore !== null && notBefore > nowS() + ALLOWED_SKEW_S) throw badToken("PGRST303", "JWT not yet valid");
  if (issued !== null && issued > nowS() + ALLOWED_SKEW_S) throw badToken("PGRST303", "JWT issued at future");
  return claims;
}

function badToken(code: string, message: string, details: string | null = null): Refusal {
  const refusal = pgrst(401, code, message, details);
  refusal.headers["WWW-Authenticate"] = `Bearer error="invalid_token", error_description=${JSON.stringify(message)}`;
  return refusal;
}

function parsed(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

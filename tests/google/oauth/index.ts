import { createHash } from "node:crypto";
import { type Answer, html, json } from "../answer";
import type { Options } from "../options";

/** What somebody agreed to. */
interface Grant {
  scopes: string[];
  revoked: boolean;
}

interface Code {
  grant: Grant;
  redirectUri: string;
  challenge: string;
  expiresAt: number;
  offline: boolean;
}

interface Access {
  grant: Grant;
  expiresAt: number;
}

const CODE_MS = 600_000;
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/.*)?$/;

const refusal = (error: string, description: string, status = 400): Answer =>
  json({ error, error_description: description }, status);

const page = (error: string): Answer => html(`<html><body>Error 400: ${error}</body></html>`, 400);

/** Google's authorization server, for a desktop program: consent page, tokens, revocation. */
export class OAuth {
  readonly #codes = new Map<string, Code>();
  readonly #refresh = new Map<string, Grant>();
  readonly #access = new Map<string, Access>();
  #made = 0;

  /** The scopes of a token that still holds, or undefined. */
  scopesOf(token: string, at: number): string[] | undefined {
    const access = this.#access.get(token);
    return access && !access.grant.revoked && at < access.expiresAt ? access.grant.scopes : undefined;
  }

  /** The consent page, where the person answers at once. */
  authorize(query: URLSearchParams, { oauth }: Options, at: number): Answer {
    const redirectUri = query.get("redirect_uri") ?? "";
    if (query.get("client_id") !== oauth.clientId) return page("invalid_client");
    if (!LOOPBACK.test(redirectUri)) return page("redirect_uri_mismatch");
    if (query.get("response_type") !== "code") return page("unsupported_response_type");
    const challenge = query.get("code_challenge") ?? "";
    if (query.get("code_challenge_method") !== "S256" || !challenge)
      return page("invalid_request: code_challenge (S256)");
    const scopes = (query.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
    if (scopes.length === 0) return page("invalid_request: scope");
    const state = query.has("state") ? { state: query.get("state") ?? "" } : {};
    const granted = scopes.filter((scope) => !oauth.refusedScopes.includes(scope));
    if (oauth.consent === "denied" || granted.length === 0)
      return back(redirectUri, { error: "access_denied", ...state });
    const code = this.#token("4/0");
    const offline = query.get("access_type") === "offline";
    this.#codes.set(code, {
      grant: { scopes: granted, revoked: false },
      redirectUri,
      challenge,
      expiresAt: at + CODE_MS,
      offline,
    });
    return back(redirectUri, { ...state, code, scope: granted.join(" ") });
  }

  /** Exchanges a code or a refresh token. */
  token(form: URLSearchParams, { oauth }: Options, at: number): Answer {
    if (form.get("client_id") !== oauth.clientId)
      return refusal("invalid_client", "The OAuth client was not found.", 401);
    if (form.get("client_secret") !== oauth.clientSecret) return refusal("invalid_client", "Unauthorized", 401);
    const type = form.get("grant_type");
    if (type === "authorization_code") return this.#exchange(form, oauth.accessTokenSeconds, at);
    if (type !== "refresh_token") return refusal("unsupported_grant_type", `Invalid grant_type: ${type ?? ""}`);
    const grant = this.#refresh.get(form.get("refresh_token") ?? "");
    if (!grant || grant.revoked) return refusal("invalid_grant", "Token has been expired or revoked.");
    return json(this.#issue(grant, oauth.accessTokenSeconds, at));
  }

  #exchange(form: URLSearchParams, seconds: number, at: number): Answer {
    const code = this.#codes.get(form.get("code") ?? "");
    this.#codes.delete(form.get("code") ?? "");
    if (!code || at >= code.expiresAt) return refusal("invalid_grant", "Malformed auth code.");
    if (form.get("redirect_uri") !== code.redirectUri) return refusal("redirect_uri_mismatch", "Bad Request");
    const verifier = form.get("code_verifier");
    if (!verifier) return refusal("invalid_grant", "Missing code verifier.");
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    if (challenge !== code.challenge) return refusal("invalid_grant", "Invalid code verifier.");
    const refresh = code.offline ? { refresh_token: this.#token("1//") } : {};
    if (refresh.refresh_token) this.#refresh.set(refresh.refresh_token, code.grant);
    return json({ ...this.#issue(code.grant, seconds, at), ...refresh });
  }

  #issue(grant: Grant, seconds: number, at: number) {
    const token = this.#token("ya29.");
    this.#access.set(token, { grant, expiresAt: at + 1000 * seconds });
    return { access_token: token, expires_in: seconds, scope: grant.scopes.join(" "), token_type: "Bearer" };
  }

  /** Revokes what a refresh or access token was granted. */
  revoke(token: string): Answer {
    const grant = this.#refresh.get(token) ?? this.#access.get(token)?.grant;
    if (!grant || grant.revoked) return refusal("invalid_token", "Token expired or revoked");
    grant.revoked = true;
    return json({});
  }

  /** As if every person withdrew consent in their account's settings. */
  revokeAll(): void {
    for (const grant of this.#refresh.values()) grant.revoked = true;
    for (const { grant } of this.#access.values()) grant.revoked = true;
  }

  /** What a token stands for. */
  tokenInfo(token: string, { oauth }: Options, at: number): Answer {
    const scopes = this.scopesOf(token, at);
    if (!scopes) return refusal("invalid_token", "Invalid Value");
    const left = Math.floor(((this.#access.get(token)?.expiresAt ?? at) - at) / 1000);
    return json({
      aud: oauth.clientId,
      azp: oauth.clientId,
      scope: scopes.join(" "),
      expires_in: String(left),
      access_type: "offline",
    });
  }

  #token(prefix: string): string {
    return (
      prefix +
      createHash("sha256")
        .update(`stand-in ${this.#made++}`)
        .digest("base64url")
    );
  }
}

function back(redirectUri: string, answers: Record<string, string>): Answer {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(answers)) url.searchParams.set(name, value);
  return { status: 302, headers: { location: url.href }, body: "" };
}

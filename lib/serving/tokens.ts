import { createHash, timingSafeEqual } from "node:crypto";
import { listTokens } from "../base";
import { TokensInvalid } from "./errors";

const LEAST_LENGTH = 16;
/** What RFC 6750 allows in a bearer token. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** Checks tokens, of which it keeps only hashes. */
export class Tokens {
  readonly #hashes: readonly Buffer[];

  /**
   * @param listed tokens separated by commas, as in THUMBRANK_TOKENS
   * @throws TokensInvalid
   */
  constructor(listed: string | undefined) {
    const tokens = listTokens(listed);
    if (tokens.some((token) => token.length < LEAST_LENGTH || !TOKEN.test(token)))
      throw new TokensInvalid(LEAST_LENGTH);
    this.#hashes = tokens.map(hash);
  }

  /** Whether there are any; without, everyone who can reach the service may use it. */
  get areSet(): boolean {
    return this.#hashes.length > 0;
  }

  /**
   * Finds the token of an `Authorization` header, in a time that does not depend on how much of it is right.
   * @returns a short name of the token for rate limits; undefined if it is not valid
   */
  identify(authorization: string | undefined): string | undefined {
    const given = /^Bearer +(\S{1,512})$/i.exec(authorization ?? "")?.[1];
    const presented = hash(given ?? "");
    const matches = this.#hashes.filter((known) => timingSafeEqual(known, presented));
    return given === undefined || matches.length === 0 ? undefined : presented.toString("hex", 0, 8);
  }
}

const hash = (token: string) => createHash("sha256").update(token).digest();

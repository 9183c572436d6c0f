import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema";

/** The answer of `POST /v1/rank`. */
export type Ranking = components["schemas"]["Ranking"];

/**
 * Opens a client of `thumbrank serve`, typed by the service's OpenAPI document.
 * @param baseUrl such as http://127.0.0.1:8080
 * @param token one of THUMBRANK_TOKENS, if the service was started with any
 */
export function openClient(baseUrl: string, token?: string): Client<paths> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return createClient<paths>({ baseUrl, headers });
}

/** Writes a request as a form, in which a field with several values is repeated; for `bodySerializer`. */
export function toForm(fields: object): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    const values: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
    for (const one of values) form.append(name, one instanceof Blob ? one : String(one));
  }
  return form;
}

import { inspect } from "node:util";
import { afterEach, expect, test } from "vitest";
import { type ErrorFacts, ThumbrankError } from "../../lib/base/errors";
import { BODIES } from "./bodies";
import { json, KEY, type Reply, type Service, serve, youtubeAt } from "./service";

let service: Service | undefined;
afterEach(() => service?.close());

const SHAPES = [KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString("base64")];

/** Everything that a program may come to print of a value. */
function printedOf(value: unknown): string {
  const error = value instanceof Error ? [value.message, value.stack, String(value.cause), JSON.stringify(value)] : [];
  return [...error, inspect(value, { depth: 20, showHidden: true }), JSON.stringify(value)].join("\n");
}

const echo: Reply = (response, request) =>
  json(400, { error: { message: `bad call ${request.url}` } })(response, request);
const echoPage: Reply = (response, request) => response.writeHead(200).end(`<html>${request.url} ${KEY}</html>`);
const reset: Reply = (response) => response.socket?.destroy();

test.each<[string, Reply]>([
  ...Object.entries(BODIES).map(([name, body]): [string, Reply] => [
    name,
    json("code" in body.error ? Number(body.error.code) : 400, body),
  ]),
  ["a refusal that repeats the call", echo],
  ["a page that repeats the call", echoPage],
  ["a reset", reset],
])("the key is in nothing that comes of %s", async (_, reply) => {
  service = await serve(reply);
  const { youtube } = youtubeAt(service.url, { retries: { attempts: 2 } });
  const result: unknown = await youtube.readVideos(["a"]).catch((thrown: unknown) => thrown);
  if (result instanceof Error) expect(result).toBeInstanceOf(ThumbrankError);
  for (const shape of SHAPES) expect(printedOf(result)).not.toContain(shape);
});

test("the key is in nothing that can be seen of the opened API, nor in what an unusable root comes to", async () => {
  const { youtube } = youtubeAt("http://127.0.0.1:1/");
  const result: unknown = await youtube.readVideos(["a"]).catch((thrown: unknown) => thrown);
  const other: unknown = await Promise.resolve()
    .then(() => youtubeAt("no address at all"))
    .catch((thrown: unknown) => thrown);
  expect(result).toMatchObject({ code: "YOUTUBE_UNREACHABLE" } satisfies Partial<ThumbrankError & ErrorFacts>);
  expect(other).toBeInstanceOf(ThumbrankError);
  for (const value of [youtube, result, other]) {
    for (const shape of SHAPES) expect(printedOf(value)).not.toContain(shape);
  }
});
